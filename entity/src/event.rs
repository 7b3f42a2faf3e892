//! 事件 · a fact: the timeline row and the outbox row in one.

use sea_orm::entity::prelude::*;

use crate::{At, Sealed};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Name of the fact, past tense, e.g. `request.dispatched`.
    pub kind: String,
    pub org_id: Uuid,
    pub request_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    /// The row the fact is about.
    pub subject_id: Uuid,
    /// None: the house itself.
    pub actor_id: Option<Uuid>,
    /// What was said with it (a reason, a question); shown on the timeline alone.
    pub words: Option<Sealed>,
    pub at: At,
    /// When the reactions to it were stored.
    pub handled_at: Option<At>,
    pub attempts: i32,
}

impl ActiveModelBehavior for ActiveModel {}
