//! 扩大范围: how far a task is put, how far it goes by itself, and when the house next looks whether it fills.

use sea_orm_migration::prelude::*;

use crate::columns::{at_null, index, int, one_of};

#[derive(DeriveMigrationName)]
pub struct Migration;

const RINGS: [&str; 5] = ["named", "branch", "community", "street", "district"];
const OF_RINGS: [&str; 3] = ["ring", "first_ring", "last_ring"];

/// Tasks of earlier days stay where they are.
const AS_THEY_ARE: &str = "UPDATE task SET ring = CASE WHEN named THEN 'named' ELSE \
    (SELECT CASE WHEN org.kind IN ('branch', 'group') THEN 'branch' \
    WHEN org.kind IN ('community', 'unit') THEN 'community' \
    WHEN org.kind = 'street' THEN 'street' ELSE 'district' END \
    FROM org WHERE org.id = task.ring_org_id) END";
const AND_NO_FURTHER: &str = "UPDATE task SET first_ring = ring, last_ring = ring";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ring = |name| one_of(name, &RINGS).default("community").take();
        let mut added: Vec<ColumnDef> = OF_RINGS.into_iter().map(ring).collect();
        added.extend([int("level").default(0).take(), at_null("escalate_at")]);
        for mut column in added {
            let change = Table::alter().table("task").add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        for fill in [AS_THEY_ARE, AND_NO_FURTHER] {
            manager.get_connection().execute_unprepared(fill).await?;
        }
        let mut due = index("task", &["state", "escalate_at"]);
        due.and_where(Expr::col("escalate_at").is_not_null());
        manager.create_index(due).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = Index::drop().name("ix_task_state_escalate_at").table("task").to_owned();
        manager.drop_index(drop).await?;
        for column in ["escalate_at", "level"].into_iter().chain(OF_RINGS) {
            let change = Table::alter().table("task").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
