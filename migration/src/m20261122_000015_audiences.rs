//! 派单: tasks for people the office named, times that were moved, a turnout that was too small.

use sea_orm_migration::prelude::*;

use crate::columns::{at_null, flag, index, refers, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn added() -> Vec<ColumnDef> {
    vec![flag("named").default(false).take(), at_null("reconfirm_by"), at_null("short_at")]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in added() {
            let change = Table::alter().table("task").add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        let mut open = index("task", &["state", "claim_until"]);
        open.and_where(Expr::col("state").eq("open").and(Expr::col("short_at").is_null()));
        manager.create_index(open).await?;
        let mut people = Table::create();
        people
            .table("task_person")
            .col(uuid("task_id"))
            .col(uuid("person_id"))
            .primary_key(Index::create().col("task_id").col("person_id"))
            .foreign_key(&mut refers("task_person", "task_id", "task"))
            .foreign_key(&mut refers("task_person", "person_id", "person"));
        manager.create_table(people).await?;
        manager.create_index(index("task_person", &["person_id", "task_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("task_person").to_owned()).await?;
        let drop = Index::drop().name("ix_task_state_claim_until").table("task").to_owned();
        manager.drop_index(drop).await?;
        for column in ["short_at", "reconfirm_by", "named"] {
            let change = Table::alter().table("task").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
