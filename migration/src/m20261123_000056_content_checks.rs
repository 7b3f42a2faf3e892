//! 内容核对: which version of somebody's words was looked at, what came of it, and what waits for people to look.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, id, index, int_null, one_of, refers, text, text_null, uuid,
    uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut check = Table::create();
        check
            .table("content_check")
            .col(id())
            .col(one_of("kind", &["request", "answer", "story"]))
            .col(uuid("subject_id"))
            .col(uuid("org_id"))
            .col(uuid("author_id"))
            .col(text("version"))
            .col(one_of("state", &["passed", "pending", "refused", "replaced"]))
            .col(text_null("suggest"))
            .col(int_null("label"))
            .col(text_null("trace_id"))
            .col(text_null("words"))
            .col(at("created_at"))
            .col(uuid_null("decided_by"))
            .col(at_null("decided_at"))
            .col(text_null("reason"))
            .foreign_key(&mut refers("content_check", "org_id", "org"))
            .foreign_key(&mut refers("content_check", "author_id", "person"));
        let mut traces = index("content_check", &["trace_id"]);
        traces.unique();
        let indexes = vec![
            index("content_check", &["subject_id", "state"]),
            index("content_check", &["org_id", "state", "id"]),
            index("content_check", &["author_id"]),
            traces,
        ];
        create(manager, vec![check], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["content_check"]).await
    }
}
