//! 到场: how somebody came, who saw to it, and whether they came without having claimed before.

use sea_orm_migration::prelude::*;

use crate::columns::{index, text_null, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn alter() -> TableAlterStatement {
    Table::alter().table("claim").to_owned()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let ways = ["code", "place", "staff", "late"];
        let came_by = text_null("came_by").check(Expr::col("came_by").is_in(ways)).take();
        let walk_in = ColumnDef::new("walk_in").boolean().not_null().default(false).take();
        for column in [came_by, uuid_null("checked_in_by"), uuid_null("checked_out_by"), walk_in] {
            manager.alter_table(alter().add_column(column).take()).await?;
        }
        // What the rounds look for: people still inside, and tasks that wait to be confirmed.
        let inside = index("claim", &["task_id", "state"])
            .and_where(Expr::col("state").eq("checked_in"))
            .take();
        manager.create_index(inside).await?;
        // The state leads although it is always the same: without it SQLite takes another index and sorts.
        let waiting = index("task", &["state", "reported_at"])
            .and_where(Expr::col("state").eq("reported"))
            .take();
        manager.create_index(waiting).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table) in
            [("ix_task_state_reported_at", "task"), ("ix_claim_task_id_state", "claim")]
        {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for column in ["walk_in", "checked_out_by", "checked_in_by", "came_by"] {
            manager.alter_table(alter().drop_column(column).take()).await?;
        }
        Ok(())
    }
}
