//! 日历订阅: random, revocable links under which a phone's calendar reads theme days. Only a hash is kept.

use sea_orm_migration::prelude::*;

use crate::columns::{at, create, drop, id, index, refers, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut feed = Table::create();
        feed.table("calendar_feed")
            .col(id())
            .col(uuid("person_id"))
            .col(uuid_null("org_id"))
            .col(text("token_hash"))
            .col(at("created_at"))
            .foreign_key(&mut refers("calendar_feed", "person_id", "person"))
            .foreign_key(&mut refers("calendar_feed", "org_id", "org"));
        let indexes = vec![
            index("calendar_feed", &["token_hash"]).unique().take(),
            index("calendar_feed", &["person_id"]),
            index("calendar_feed", &["org_id"]),
        ];
        create(manager, vec![feed], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["calendar_feed"]).await
    }
}
