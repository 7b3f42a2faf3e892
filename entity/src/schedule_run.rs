//! 定时任务的一次 · one time a job was due, and what became of it.

use std::collections::BTreeMap;

use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// How far it is.
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
pub enum RunState {
    /// 等待
    Waiting,
    /// 正在进行
    Running,
    /// 已完成
    Done,
    /// 已错过
    Skipped,
    /// 多次失败，等人处理
    Failed,
}

/// How many people were told, and how many left out for which reason.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult, ToSchema,
)]
#[serde(default)]
pub struct Counts {
    pub told: u64,
    pub passed: BTreeMap<String, u64>,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule_run")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_key: String,
    /// A civil date, a month, or a row with its step; never the present moment.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period_key: String,
    /// For pages, newest first.
    pub id: Uuid,
    pub due_at: At,
    pub state: RunState,
    /// Moves with every taker: an older one can write nothing more.
    pub fence: i32,
    /// Nobody takes it before then.
    pub lease_until: At,
    /// Takers in a row that got nothing done.
    pub tries: i32,
    /// Where the next chunk begins.
    pub cursor: Option<String>,
    pub counts: Counts,
    /// Why it was skipped or failed.
    pub skipped_reason: Option<String>,
    /// Whose it is, where it is one org's.
    pub org_id: Option<Uuid>,
    /// The row it is about.
    pub subject_id: Option<Uuid>,
    pub started_at: Option<At>,
    pub ended_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
