//! 留名额: seats that are kept for those who serve for the first time, and for somebody who has led before, until a time.

use sea_orm_migration::prelude::*;

use crate::columns::{at_null, index, int};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let col = Expr::col;
        let all = col("used").add(col("held")).add(col("keep_new")).add(col("keep_lead"));
        let added = [
            int("keep_new").default(0).check(col("keep_new").gte(0)).take(),
            // With the older CHECK, the last guard against one seat too many.
            int("keep_lead")
                .default(0)
                .check(col("keep_lead").gte(0).and(all.lte(col("slots"))))
                .take(),
            at_null("keep_until"),
        ];
        for mut column in added {
            let change = Table::alter().table("task").add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        let mut due = index("task", &["state", "keep_until"]);
        due.and_where(Expr::col("keep_until").is_not_null());
        manager.create_index(due).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Index::drop().name("ix_task_state_keep_until").table("task").to_owned();
        manager.drop_index(drop).await?;
        for column in ["keep_until", "keep_lead", "keep_new"] {
            let change = Table::alter().table("task").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
