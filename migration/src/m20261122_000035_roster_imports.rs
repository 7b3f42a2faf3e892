//! 花名册导入: what an import of a roster is doing and what came of it, for those who wait for a big one.

use sea_orm_migration::prelude::*;

use crate::columns::{at, create, drop, flag, id, index, int, one_of, refers, text_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut import = Table::create();
        import
            .table("roster_import")
            .col(id())
            .col(uuid("org_id"))
            .col(uuid("by_id"))
            .col(flag("dry_run"))
            .col(one_of("state", &["running", "done", "refused", "failed"]))
            .col(int("rows"))
            .col(int("checked"))
            .col(int("added"))
            .col(int("changed"))
            .col(int("unchanged"))
            .col(text_null("findings"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("roster_import", "org_id", "org"))
            .foreign_key(&mut refers("roster_import", "by_id", "person"));
        let indexes = vec![
            index("roster_import", &["org_id", "id"]),
            index("roster_import", &["state", "dry_run"]),
        ];
        create(manager, vec![import], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["roster_import"]).await
    }
}
