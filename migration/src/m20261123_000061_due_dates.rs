//! What the timetable asks for again and again: tasks about to start, requests past their promise, reports nobody has
//! answered.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("task", &["starts_at", "state"])).await?;
        manager.create_index(index("event", &["kind", "at"])).await?;
        let mut open = index("request", &["due_at"]);
        open.and_where(Expr::col("due_at").is_not_null());
        manager.create_index(open).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [
            ("request", "ix_request_due_at"),
            ("event", "ix_event_kind_at"),
            ("task", "ix_task_starts_at_state"),
        ] {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        Ok(())
    }
}
