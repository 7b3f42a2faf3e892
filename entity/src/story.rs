//! 晒单 · the published result of a task.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::At;

/// Where a story is.
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
pub enum StoryState {
    /// 草稿
    Draft,
    /// 待审核
    PendingReview,
    /// 已发布
    Published,
    /// 未通过
    Rejected,
    /// 已撤下
    Withdrawn,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "story")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub task_id: Uuid,
    pub request_id: Option<Uuid>,
    pub org_id: Uuid,
    pub title: String,
    pub words: String,
    pub state: StoryState,
    pub author_id: Uuid,
    pub reviewer_id: Option<Uuid>,
    /// Why rejected or withdrawn.
    pub reason: Option<String>,
    /// How many served, from the ledger.
    pub people: i32,
    /// Minutes served in all, from the ledger.
    pub minutes: i32,
    pub published_at: Option<At>,
    pub created_at: At,
    pub updated_at: At,
    /// The author's word: residents in the photos agreed, for minors their guardians.
    pub resident_consents: bool,
}

impl ActiveModelBehavior for ActiveModel {}
