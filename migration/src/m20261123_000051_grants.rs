//! 订阅授权: who agreed to how many messages of which template, and what was heard of it.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, big, create, drop, flag, id, index, int, one_of, refers, text, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut grant = Table::create();
        grant
            .table("subscribe_grant")
            .col(uuid("person_id"))
            .col(text("template_id"))
            .col(int("balance").check(Expr::col("balance").gte(0)))
            .col(flag("permanent"))
            .col(text("last_status"))
            .col(at("last_event_at"))
            .col(at_null("accepted_at"))
            .col(big("version"))
            .foreign_key(&mut refers("subscribe_grant", "person_id", "person"))
            .primary_key(Index::create().col("person_id").col("template_id"));
        let mut event = Table::create();
        event
            .table("subscribe_event")
            .col(id())
            .col(uuid("person_id"))
            .col(text("template_id"))
            .col(one_of("source", &["client", "popup", "change", "sent"]))
            .col(text("status"))
            .col(at("at"))
            .col(text("event_key"))
            .col(uuid_null("pair_of"))
            .foreign_key(&mut refers("subscribe_event", "person_id", "person"));
        let indexes = vec![
            index("subscribe_grant", &["template_id", "person_id"]),
            index("subscribe_event", &["event_key"]).unique().take(),
            index("subscribe_event", &["pair_of"]).unique().take(),
            index("subscribe_event", &["person_id", "template_id", "at"]),
            index("subscribe_event", &["at"]),
        ];
        create(manager, vec![grant, event], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["subscribe_event", "subscribe_grant"]).await
    }
}
