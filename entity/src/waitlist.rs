//! 候补 · one person's place in the queue behind a full task.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// Where a place in the queue is. It is live while waiting or offered.
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
pub enum WaitState {
    /// 候补中
    Waiting,
    /// 轮到了，等回复
    Offered,
    /// 已递补
    Promoted,
    /// 没有接，轮空
    Passed,
    /// 已退出候补
    Left,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "waitlist")]
pub struct Model {
    /// The order of the queue: ids are drawn in the order people came.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    pub person_id: Uuid,
    pub state: WaitState,
    /// Takes a seat that frees without being asked again.
    pub at_once: bool,
    pub joined_at: At,
    pub updated_at: At,
}

impl ActiveModelBehavior for ActiveModel {}
