//! 通知 · something a person must be told. The row is the delivery; a message through WeChat may follow it.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// Stable name of what it is about, e.g. `task.cancelled`.
    pub kind: String,
    /// What and for whom; unique, so that a thing is said once.
    pub dedup_key: String,
    /// Whose business it is.
    pub org_id: Uuid,
    pub request_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    /// The row it is about: a claim, an offer, a story.
    pub subject_id: Uuid,
    /// May name people and what they need.
    pub body: Sealed,
    pub at: At,
    pub read_at: Option<At>,
}

impl ActiveModelBehavior for ActiveModel {}
