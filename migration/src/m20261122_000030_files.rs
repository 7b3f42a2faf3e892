//! 照片: what was uploaded, and what each photo belongs to. The pictures themselves rest in the file store.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, flag, id, index, int, refers, text, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut file = Table::create();
        file.table("file")
            .col(id())
            .col(uuid("person_id"))
            .col(text("name"))
            .col(int("width"))
            .col(int("height"))
            .col(int("bytes"))
            .col(flag("ready"))
            .col(at_null("discarded_at"))
            .col(at("created_at"));
        // Kinds of owner grow with the rooms, and a CHECK could not.
        let mut file_use = Table::create();
        file_use
            .table("file_use")
            .col(uuid("file_id"))
            .col(text("kind"))
            .col(uuid("owner_id"))
            .col(uuid("org_id"))
            .col(int("place"))
            .col(flag("published"))
            .col(at("created_at"))
            .primary_key(Index::create().col("file_id").col("kind").col("owner_id"))
            .foreign_key(&mut refers("file_use", "file_id", "file"));
        let indexes = vec![
            index("file", &["person_id", "created_at"]),
            index("file", &["created_at"]),
            index("file", &["discarded_at"])
                .and_where(Expr::col("discarded_at").is_not_null())
                .take(),
            index("file_use", &["kind", "owner_id", "place"]),
        ];
        create(manager, vec![file, file_use], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["file_use", "file"]).await
    }
}
