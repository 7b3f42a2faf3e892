//! 消息模板: what WeChat last listed.

use sea_orm_migration::prelude::*;

use crate::columns::{at, create, drop, flag, text};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut template = Table::create();
        template
            .table("message_template")
            .col(text("template_id").primary_key())
            .col(text("title"))
            .col(flag("long_term"))
            .col(text("fault"))
            .col(at("seen_at"));
        create(manager, vec![template], vec![]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["message_template"]).await
    }
}
