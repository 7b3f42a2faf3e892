//! 花名册: the confirmed members of orgs in the order of their places, so that what everybody is told can be told in
//! chunks.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 4] = ["org_id", "kind", "state", "id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_index(index("membership", &COLUMNS)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = format!("ix_membership_{}", COLUMNS.join("_"));
        manager.drop_index(Index::drop().name(name).table("membership").to_owned()).await
    }
}
