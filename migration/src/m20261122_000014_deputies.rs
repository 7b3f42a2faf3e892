//! 代管: who looks after an absent colleague's requests, and until when.

use sea_orm_migration::prelude::*;

use crate::columns::{at, create, drop, index, refers, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut deputy = Table::create();
        deputy
            .table("deputy")
            .col(uuid("person_id").primary_key())
            .col(uuid("deputy_id"))
            .col(at("until"))
            .foreign_key(&mut refers("deputy", "person_id", "person"))
            .foreign_key(&mut refers("deputy", "deputy_id", "person"));
        create(manager, vec![deputy], vec![index("deputy", &["deputy_id"])]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["deputy"]).await
    }
}
