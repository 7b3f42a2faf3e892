//! 请谁来 · one person who was asked for one task, in one wave.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// What they made of it.
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
pub enum AskAnswer {
    /// 还没有回应
    Waiting,
    /// 接单或者候补了
    Yes,
    /// 这次来不了
    No,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ask")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    /// The task's org.
    pub org_id: Uuid,
    pub person_id: Uuid,
    /// The same for all who were asked at once.
    pub wave_id: Uuid,
    /// Which wave of the task it was, from 1.
    pub wave: i32,
    /// How likely they were thought to come, in thousandths.
    pub chance: i32,
    /// Why them, as the office reads it.
    pub reason: String,
    /// Why them, as they read it.
    pub why_you: String,
    pub asked_at: At,
    /// By when an answer counts for the wave; a later one is welcome too.
    pub answer_by: At,
    pub answered_at: Option<At>,
    pub answer: AskAnswer,
}

impl ActiveModelBehavior for ActiveModel {}
