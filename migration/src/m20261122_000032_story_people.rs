//! 晒单: who is shown or named in a story, and whether they agreed.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, flag, index, one_of, refers, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut shown = Table::create();
        shown
            .table("story_person")
            .col(uuid("story_id"))
            .col(uuid("person_id"))
            .col(flag("shown"))
            .col(one_of("consent", &["asked", "given", "refused"]))
            .col(at("created_at"))
            .col(at_null("answered_at"))
            .primary_key(Index::create().col("story_id").col("person_id"))
            .foreign_key(&mut refers("story_person", "story_id", "story"));
        let indexes = vec![index("story_person", &["person_id", "story_id"])];
        create(manager, vec![shown], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["story_person"]).await
    }
}
