//! 接单 · one person's hold on one slot; the unit that earns hours.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// Where a claim is. It holds a seat in every state but `released` and `cancelled`.
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
pub enum ClaimState {
    /// 已接单
    Active,
    /// 已签到
    CheckedIn,
    /// 已签退
    CheckedOut,
    /// 已确认
    Confirmed,
    /// 已退出
    Released,
    /// 未到场
    NoShow,
    /// 随任务取消
    Cancelled,
}

/// How somebody showed that they were there.
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
pub enum CameBy {
    /// 现场签到码
    Code,
    /// 定位
    Place,
    /// 由工作人员或负责人签到
    Staff,
    /// 现场没有信号，事后补传
    Late,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "claim")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    pub person_id: Uuid,
    pub state: ClaimState,
    pub claimed_at: At,
    /// When it was released or cancelled.
    pub ended_at: Option<At>,
    pub checked_in_at: Option<At>,
    pub checked_out_at: Option<At>,
    /// The check-out was forgotten; the end of the window was taken.
    pub flagged: bool,
    /// Whole minutes served, once confirmed.
    pub minutes: Option<i32>,
    pub updated_at: At,
    /// Who arranged it, where the office did.
    pub assigned_by: Option<Uuid>,
    /// The times were changed: by when the claimant says that they still come.
    pub reconfirm_by: Option<At>,
    /// When they last said so.
    pub reconfirmed_at: Option<At>,
    /// Once they have come.
    pub came_by: Option<CameBy>,
    /// Who checked them in, where it was not they themselves.
    pub checked_in_by: Option<Uuid>,
    /// Who checked them out, where it was not they themselves.
    pub checked_out_by: Option<Uuid>,
    /// Came without a claim and was given a free seat on the spot.
    pub walk_in: bool,
}

impl ActiveModelBehavior for ActiveModel {}
