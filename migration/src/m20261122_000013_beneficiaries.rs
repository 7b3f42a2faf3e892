//! 代为点单: for whom somebody else asked, and that they agreed. And 草稿: what a resident has begun to write.

use sea_orm_migration::prelude::*;

use crate::columns::{at, create, drop, index, refers, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut beneficiary = Table::create();
        beneficiary
            .table("beneficiary")
            .col(uuid("request_id").primary_key())
            .col(text("name"))
            .col(text("phone"))
            .col(text("phone_index"))
            .col(text("consent"))
            .col(at("consent_at"))
            .foreign_key(&mut refers("beneficiary", "request_id", "request"));
        let mut draft = Table::create();
        draft
            .table("request_draft")
            .col(uuid("person_id").primary_key())
            .col(text("content"))
            .col(at("saved_at"))
            .foreign_key(&mut refers("request_draft", "person_id", "person"));
        let indexes = vec![index("beneficiary", &["phone_index", "request_id"])];
        create(manager, vec![beneficiary, draft], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["request_draft", "beneficiary"]).await
    }
}
