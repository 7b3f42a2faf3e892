//! One date of a series: the task made for it, or none where it is skipped. Each date stands here once.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "task_occurrence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub series_id: Uuid,
    /// A date in Asia/Shanghai, `2026-11-28`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub on_day: String,
    /// None: the office skips it.
    pub task_id: Option<Uuid>,
    pub created_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
