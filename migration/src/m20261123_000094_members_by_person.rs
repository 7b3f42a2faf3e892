//! 花名册 by person: what everybody is told is written down in the order of its indexes, so that what is written together
//! lies together.

use sea_orm_migration::prelude::*;

use crate::columns::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "membership";
const BY_PERSON: [&str; 4] = ["org_id", "kind", "state", "person_id"];
const BY_PLACE: [&str; 4] = ["org_id", "kind", "state", "id"];

async fn swap(
    manager: &SchemaManager<'_>,
    old: [&'static str; 4],
    new: [&'static str; 4],
) -> Result<(), DbErr> {
    manager.create_index(index(TABLE, &new)).await?;
    let name = format!("ix_{TABLE}_{}", old.join("_"));
    manager.drop_index(Index::drop().name(name).table(TABLE).to_owned()).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        swap(manager, BY_PLACE, BY_PERSON).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        swap(manager, BY_PERSON, BY_PLACE).await
    }
}
