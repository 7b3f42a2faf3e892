//! 一批一批地请: who was asked for a task, in which wave, why, and what they answered; and when the next wave is due.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, id, index, int, one_of, refers, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [int("wave").default(0).take(), at_null("wave_at")] {
            let change = Table::alter().table("task").add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        let mut due = index("task", &["state", "wave_at"]);
        due.and_where(Expr::col("wave_at").is_not_null());
        manager.create_index(due).await?;
        let mut ask = Table::create();
        ask.table("ask")
            .col(id())
            .col(uuid("task_id"))
            .col(uuid("org_id"))
            .col(uuid("person_id"))
            .col(uuid("wave_id"))
            .col(int("wave"))
            .col(int("chance"))
            .col(text("reason"))
            .col(text("why_you"))
            .col(at("asked_at"))
            .col(at("answer_by"))
            .col(at_null("answered_at"))
            .col(one_of("answer", &["waiting", "yes", "no"]))
            .foreign_key(&mut refers("ask", "task_id", "task"))
            .foreign_key(&mut refers("ask", "org_id", "org"))
            .foreign_key(&mut refers("ask", "person_id", "person"));
        let indexes = vec![
            // Nobody is asked twice for one task.
            index("ask", &["task_id", "person_id"]).unique().take(),
            index("ask", &["person_id", "asked_at"]),
        ];
        create(manager, vec![ask], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["ask"]).await?;
        let due = Index::drop().name("ix_task_state_wave_at").table("task").to_owned();
        manager.drop_index(due).await?;
        for column in ["wave_at", "wave"] {
            let change = Table::alter().table("task").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
