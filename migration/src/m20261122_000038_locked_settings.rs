//! 减负: a switch that an org forbids for everybody below it.

use sea_orm_migration::prelude::*;

use crate::columns::flag;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let locked = flag("locked").default(false).take();
        manager.alter_table(Table::alter().table("org_setting").add_column(locked).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("org_setting").drop_column("locked").to_owned())
            .await
    }
}
