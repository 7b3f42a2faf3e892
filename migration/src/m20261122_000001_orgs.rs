//! The tree everything hangs on, and what each node has set for its subtree.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, create, drop, id, index, one_of, path, refers, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        let mut org = Table::create();
        org.table("org")
            .col(id())
            .col(uuid_null("parent_id"))
            .col(one_of(
                "kind",
                &["province", "city", "district", "street", "community", "unit", "branch", "group"],
            ))
            .col(text_null("code"))
            .col(text("name"))
            .col(path("path", backend))
            .col(at("created_at"))
            .foreign_key(&mut refers("org", "parent_id", "org"));
        let mut org_setting = Table::create();
        org_setting
            .table("org_setting")
            .col(uuid("org_id"))
            .col(text("key"))
            .col(ColumnDef::new("value").json_binary().not_null())
            .col(uuid("set_by"))
            .col(at("set_at"))
            .foreign_key(&mut refers("org_setting", "org_id", "org"))
            .primary_key(Index::create().col("org_id").col("key"));
        let indexes = vec![
            index("org", &["path"]).unique().take(),
            index("org", &["code"]).unique().take(),
            index("org", &["parent_id", "name"]),
        ];
        create(manager, vec![org, org_setting], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["org_setting", "org"]).await
    }
}
