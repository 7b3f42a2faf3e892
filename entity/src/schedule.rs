//! 定时任务 · a job the house knows, and how far its calendar was looked through.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "schedule")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub job_key: String,
    /// When it is due: six cron fields, or `planned`.
    pub spec: String,
    /// The same in Chinese.
    pub words: String,
    /// Where its wall clock hangs.
    pub tz: String,
    /// What was due before is not caught up with.
    pub known_since: At,
    /// How late it still makes sense, seconds.
    pub catch_up_s: i64,
    /// What becomes of what is later than that: `skip`.
    pub late_policy: String,
    /// Everything due until then stands in `schedule_run`.
    pub looked_until: At,
}

impl ActiveModelBehavior for ActiveModel {}
