//! 点单 · what a resident asks for.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{At, Sealed};

/// Where a request is. `submitted`, `returned` and `reopened` wait in the inbox.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// 待处理
    Submitted,
    /// 待补充
    NeedsInfo,
    /// 已派单
    Dispatched,
    /// 退回待派
    Returned,
    /// 待评价
    Fulfilled,
    /// 重新办理
    Reopened,
    /// 已办结
    Closed,
    /// 不受理
    Declined,
    /// 已合并
    Merged,
    /// 已撤回
    Withdrawn,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "request")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    pub requester_id: Uuid,
    pub category: String,
    pub title: String,
    /// May tell of health; sealed.
    pub detail: Sealed,
    pub place_name: Option<String>,
    pub address: Option<Sealed>,
    /// GCJ-02, degrees.
    pub lat: Option<f64>,
    /// GCJ-02, degrees.
    pub lng: Option<f64>,
    pub wanted_from: Option<At>,
    pub wanted_to: Option<At>,
    pub urgent: bool,
    pub state: RequestState,
    /// Words that came with the current state: why declined or returned, what was asked.
    pub reason: Option<Sealed>,
    /// By when the office promised to react.
    pub first_answer_due: At,
    /// By when it promised to have it done.
    pub done_due: At,
    /// The task it was last dispatched to.
    pub task_id: Option<Uuid>,
    /// First check-in of its current task; from then on it cannot be withdrawn.
    pub work_started_at: Option<At>,
    pub created_at: At,
    pub updated_at: At,
    /// The category in force when it was posted; None: free words.
    pub category_id: Option<Uuid>,
    /// What was answered to the category's questions, as JSON; sealed.
    pub answers: Option<Sealed>,
    /// 首接负责: the one of the office who looks after it until it is closed.
    pub owner_id: Option<Uuid>,
    /// By when the office must do the next thing; None: nothing waits for the office.
    pub due_at: Option<At>,
    /// When silence closes it; set while it waits for the resident's answer.
    pub closes_at: Option<At>,
    pub closed_at: Option<At>,
    /// Closed by silence: nobody has said that it was done.
    pub unconfirmed: bool,
    /// The request it was merged into.
    pub merged_into: Option<Uuid>,
    /// It ended here because the city hotline took it over.
    pub to_hotline: bool,
}

impl ActiveModelBehavior for ActiveModel {}
