//! 定期任务 · a task that comes round by a rule.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_series")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub org_id: Uuid,
    /// The outline of each task as JSON; sealed, for it holds an address and may name people.
    pub outline: Sealed,
    /// iCalendar RRULE without UNTIL, in Asia/Shanghai.
    pub rule: String,
    /// Where counting begins; its time of day is every occurrence's.
    pub first_at: At,
    /// None starts after.
    pub until_at: Option<At>,
    /// How many days ahead the tasks are made.
    pub ahead_days: i32,
    /// Open them at once instead of leaving drafts.
    pub publish: bool,
    pub paused: bool,
    /// The date in Asia/Shanghai on which the days ahead were last looked through.
    pub seen_on: Option<String>,
    /// Why the last look made nothing, in words for the office.
    pub trouble: Option<String>,
    pub written_by: Uuid,
    pub created_at: At,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
