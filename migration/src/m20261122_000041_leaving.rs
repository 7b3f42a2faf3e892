//! An account its owner closed stays as a bare row, so that hours and counts under its id keep their sums.

use sea_orm_migration::prelude::*;

use crate::columns::at_null;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut left = Table::alter();
        left.table("person").add_column(at_null("left_at"));
        manager.alter_table(left).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut left = Table::alter();
        left.table("person").drop_column("left_at");
        manager.alter_table(left).await
    }
}
