//! 首接负责、合并、转交、沉默办结: who owns a request, by when something is due, where it went, how it was closed.
//! Rows that are there get the due time and the closing time their state asks for.

use sea_orm_migration::prelude::*;

use crate::columns::{at_null, flag, index, text_null, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn columns() -> Vec<ColumnDef> {
    vec![
        uuid_null("category_id"),
        text_null("answers"),
        uuid_null("owner_id"),
        at_null("due_at"),
        at_null("closes_at"),
        at_null("closed_at"),
        flag("unconfirmed").default(false).take(),
        uuid_null("merged_into"),
        flag("to_hotline").default(false).take(),
    ]
}

const FILL: &[&str] = &[
    "UPDATE request SET due_at = first_answer_due WHERE state = 'submitted'",
    "UPDATE request SET due_at = done_due WHERE state IN ('dispatched', 'returned', 'reopened')",
    // Seven days, as `silence_closes_days` has it by default.
    "UPDATE request SET closes_at = updated_at + 604800000 WHERE state = 'fulfilled'",
    "UPDATE request SET closed_at = updated_at WHERE state = 'closed'",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in columns() {
            let add = Table::alter().table("request").add_column(&mut column).to_owned();
            manager.alter_table(add).await?;
        }
        for sql in FILL {
            manager.get_connection().execute_unprepared(sql).await?;
        }
        manager.create_index(index("request", &["closes_at"])).await?;
        manager.create_index(index("request", &["merged_into"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in ["ix_request_merged_into", "ix_request_closes_at"] {
            manager.drop_index(Index::drop().name(name).table("request").to_owned()).await?;
        }
        for column in columns().into_iter().rev() {
            let name = column.get_column_name().to_owned();
            let less = Table::alter().table("request").drop_column(Alias::new(name)).to_owned();
            manager.alter_table(less).await?;
        }
        Ok(())
    }
}
