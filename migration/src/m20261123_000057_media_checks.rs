//! 图片核对: which version of a photo was looked at and what came of it; verdicts that came before it was known what
//! they are about; and, of each photo uploaded from now on, the fingerprint that tells its versions apart.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, big, create, drop, id, index, int_null, one_of, refers, text, text_null, uuid,
    uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn check() -> TableCreateStatement {
    Table::create()
        .table("media_check")
        .col(id())
        .col(text_null("trace_id"))
        .col(uuid("object_id"))
        .col(text("object_version"))
        .col(uuid("org_id"))
        .col(uuid("author_id"))
        .col(one_of("state", &["pending", "passed", "refused", "review", "expired"]))
        .col(text_null("suggest"))
        .col(int_null("label"))
        .col(at("created_at"))
        .col(at_null("asked_at"))
        .col(at_null("heard_at"))
        .col(uuid_null("decided_by"))
        .col(at_null("decided_at"))
        .col(text_null("reason"))
        .foreign_key(&mut refers("media_check", "org_id", "org"))
        .foreign_key(&mut refers("media_check", "author_id", "person"))
        .take()
}

fn verdict() -> TableCreateStatement {
    Table::create()
        .table("media_verdict")
        .col(text("trace_id").primary_key())
        .col(big("code"))
        .col(text("suggest"))
        .col(big("label"))
        .col(at("heard_at"))
        .take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut change = Table::alter();
        change.table("file").add_column(text_null("digest"));
        manager.alter_table(change.take()).await?;
        let indexes = vec![
            // Each version is asked about once, whoever looks after it.
            index("media_check", &["object_id", "object_version"]).unique().take(),
            index("media_check", &["trace_id"]).unique().take(),
            index("media_check", &["org_id", "state", "id"]),
            index("media_check", &["state", "asked_at"]),
            index("media_check", &["object_version"]),
            index("media_check", &["author_id"]),
            index("media_verdict", &["heard_at"]),
            // What was attached lately is compared with what was looked at.
            index("file_use", &["created_at"]),
        ];
        create(manager, vec![check(), verdict()], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let lately = Index::drop().name("ix_file_use_created_at").table("file_use").to_owned();
        manager.drop_index(lately).await?;
        drop(manager, &["media_verdict", "media_check"]).await?;
        let mut change = Table::alter();
        change.table("file").drop_column("digest");
        manager.alter_table(change.take()).await
    }
}
