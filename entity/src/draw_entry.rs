//! 报名抽签的人。

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "draw_entry")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    /// From 1, in the order they signed up; a number that was taken back is not given again.
    pub number: i32,
    pub person_id: Uuid,
    /// Random, of their own; goes into the draw and is published afterwards.
    pub receipt: String,
    /// From 1, once it is drawn.
    pub place: Option<i32>,
    pub entered_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
