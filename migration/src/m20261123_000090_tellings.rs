//! 分段通知: what very many hear is told chunk by chunk, and how far that is outlives a crash. And messages to phones
//! are found by lane and org, so that taking the next few costs the same however many wait.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, big, create, drop, flag, index, int, text, text_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Those that wait, as every statement that means to use the index has to write it.
const WAITING: &str = "state IN ('pending', 'retry')";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut telling = Table::create();
        telling
            .table("telling")
            .col(uuid("event_id").primary_key())
            .col(uuid("subject_id"))
            .col(text("kind"))
            .col(int("lane"))
            .col(text_null("cursor"))
            .col(big("told"))
            .col(int("attempts"))
            .col(at("due_at"))
            .col(at("created_at"))
            .col(at_null("ended_at"))
            .col(flag("overtaken"));
        let mut open = index("telling", &["lane", "due_at", "event_id"]);
        open.and_where(Expr::col("ended_at").is_null());
        let mut waiting = index("push", &["lane", "org_id", "next_at", "id"]);
        waiting.and_where(Expr::cust(WAITING));
        let indexes = vec![open, index("telling", &["subject_id", "event_id"]), waiting];
        create(manager, vec![telling], indexes).await?;
        // What was picked by it is found by lane and org now.
        let by_state = Index::drop().name("ix_push_state_next_at").table("push").to_owned();
        manager.drop_index(by_state).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let waiting = Index::drop().name("ix_push_lane_org_id_next_at_id").table("push").to_owned();
        manager.drop_index(waiting).await?;
        manager.create_index(index("push", &["state", "next_at"])).await?;
        drop(manager, &["telling"]).await
    }
}
