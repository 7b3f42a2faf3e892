//! 微信推送: what WeChat tells us is kept before it is answered, and seen to afterwards. The hash makes sure that
//! what is told twice happens once.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, id, index, int, text, text_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut push = Table::create();
        push.table("wechat_push")
            .col(id())
            .col(text("digest"))
            .col(text("kind"))
            .col(text_null("body"))
            .col(at("received_at"))
            .col(at("due_at"))
            .col(at_null("handled_at"))
            .col(int("attempts"));
        let indexes = vec![
            index("wechat_push", &["digest"]).unique().take(),
            index("wechat_push", &["handled_at", "due_at"]),
        ];
        create(manager, vec![push], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["wechat_push"]).await
    }
}
