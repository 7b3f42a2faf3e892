//! 分段通知 · a fact that very many people hear of, and how far telling them has come. What happened stands in `event`.

use sea_orm::entity::prelude::*;

use crate::At;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "telling")]
pub struct Model {
    /// The fact. Of two about the same row the later id is the newer one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    /// The row it is about.
    pub subject_id: Uuid,
    /// Stable name of the notice, e.g. `theme_day.planned`.
    pub kind: String,
    /// The smaller, the sooner.
    pub lane: i32,
    /// Where the next chunk begins; none: at the beginning.
    pub cursor: Option<String>,
    /// Inboxes that got a line.
    pub told: i64,
    /// Chunks in a row that failed.
    pub attempts: i32,
    /// Not before; of those in a lane the one that waits longest is next.
    pub due_at: At,
    pub created_at: At,
    pub ended_at: Option<At>,
    /// It ended because something newer is to be said.
    pub overtaken: bool,
}

impl ActiveModelBehavior for ActiveModel {}
