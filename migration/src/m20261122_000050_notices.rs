//! 通知: what each person must be told, once.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, id, index, refers, text, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut notice = Table::create();
        notice
            .table("notice")
            .col(id())
            .col(uuid("person_id"))
            .col(text("kind"))
            .col(text("dedup_key"))
            .col(uuid("org_id"))
            .col(uuid_null("request_id"))
            .col(uuid_null("task_id"))
            .col(uuid("subject_id"))
            .col(text("body"))
            .col(at("at"))
            .col(at_null("read_at"))
            .foreign_key(&mut refers("notice", "person_id", "person"))
            .foreign_key(&mut refers("notice", "org_id", "org"));
        let mut unread = index("notice", &["person_id", "read_at"]);
        unread.and_where(Expr::col("read_at").is_null());
        let indexes = vec![
            index("notice", &["dedup_key"]).unique().take(),
            index("notice", &["person_id", "id"]),
            unread,
        ];
        create(manager, vec![notice], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["notice"]).await
    }
}
