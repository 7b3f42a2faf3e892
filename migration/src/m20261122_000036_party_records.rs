//! 党员档案: what a branch keeps of a member as a Party member, apart from the person, sealed as one.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, refers, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut record = Table::create();
        record
            .table("party_record")
            .col(uuid("person_id").primary_key())
            .col(text("facts"))
            .col(at_null("consented_at"))
            .col(uuid("updated_by"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("party_record", "person_id", "person"));
        create(manager, vec![record], vec![]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["party_record"]).await
    }
}
