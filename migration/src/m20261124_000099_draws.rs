//! 抽签: people sign up for a task until a time, and chance decides who has its seats.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, id, index, int, int_null, refers, text, text_null, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let added = [
            at_null("draw_at"),
            at_null("drawn_at"),
            text_null("draw_seed"),
            text_null("draw_commitment"),
            text_null("draw_digest"),
        ];
        for mut column in added {
            let change = Table::alter().table("task").add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        let mut due = index("task", &["state", "draw_at"]);
        due.and_where(Expr::col("draw_at").is_not_null().and(Expr::col("drawn_at").is_null()));
        manager.create_index(due).await?;
        let mut entry = Table::create();
        entry
            .table("draw_entry")
            .col(id())
            .col(uuid("task_id"))
            .col(int("number"))
            .col(uuid("person_id"))
            .col(text("receipt"))
            .col(int_null("place"))
            .col(at("entered_at"))
            .foreign_key(&mut refers("draw_entry", "task_id", "task"))
            .foreign_key(&mut refers("draw_entry", "person_id", "person"));
        let once = |columns: &[&'static str]| index("draw_entry", columns).unique().take();
        let indexes = vec![
            once(&["task_id", "number"]),
            once(&["task_id", "person_id"]),
            index("draw_entry", &["person_id"]),
        ];
        create(manager, vec![entry], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["draw_entry"]).await?;
        let due = Index::drop().name("ix_task_state_draw_at").table("task").to_owned();
        manager.drop_index(due).await?;
        for column in ["draw_digest", "draw_commitment", "draw_seed", "drawn_at", "draw_at"] {
            let change = Table::alter().table("task").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
