//! One row per fact: the timeline a resident reads and the outbox the house works from.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, id, index, int, text, text_null, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut event = Table::create();
        event
            .table("event")
            .col(id())
            .col(text("kind"))
            .col(uuid("org_id"))
            .col(uuid_null("request_id"))
            .col(uuid_null("task_id"))
            .col(uuid("subject_id"))
            .col(uuid_null("actor_id"))
            .col(text_null("words"))
            .col(at("at"))
            .col(at_null("handled_at"))
            .col(int("attempts"));
        let indexes = vec![
            index("event", &["request_id", "id"]),
            index("event", &["task_id", "id"]),
            // The outbox: what nobody has reacted to yet.
            index("event", &["handled_at", "id"])
                .and_where(Expr::col("handled_at").is_null())
                .take(),
        ];
        create(manager, vec![event], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["event"]).await
    }
}
