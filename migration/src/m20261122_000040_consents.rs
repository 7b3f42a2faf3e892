//! What people agreed to, so that it can be shown, proved and taken back.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, id, index, refers, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut consent = Table::create();
        consent
            .table("consent")
            .col(id())
            .col(uuid("person_id"))
            .col(text("purpose"))
            .col(text("version"))
            .col(text("evidence"))
            .col(at("given_at"))
            .col(at_null("withdrawn_at"))
            .foreign_key(&mut refers("consent", "person_id", "person"));
        let indexes = vec![
            index("consent", &["person_id", "id"]),
            // One that holds, per purpose.
            index("consent", &["person_id", "purpose"])
                .unique()
                .and_where(Expr::col("withdrawn_at").is_null())
                .take(),
        ];
        create(manager, vec![consent], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["consent"]).await
    }
}
