//! 晒单: what the organisation shows of a finished task.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, id, index, int, one_of, refers, text, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut story = Table::create();
        story
            .table("story")
            .col(id())
            .col(uuid("task_id"))
            .col(uuid_null("request_id"))
            .col(uuid("org_id"))
            .col(text("title"))
            .col(text("words"))
            .col(one_of(
                "state",
                &["draft", "pending_review", "published", "rejected", "withdrawn"],
            ))
            .col(uuid("author_id"))
            .col(uuid_null("reviewer_id"))
            .col(text_null("reason"))
            .col(int("people"))
            .col(int("minutes"))
            .col(at_null("published_at"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("story", "task_id", "task"))
            .foreign_key(&mut refers("story", "org_id", "org"));
        let indexes = vec![
            // One living story per task.
            index("story", &["task_id"])
                .unique()
                .and_where(Expr::col("state").ne("withdrawn"))
                .take(),
            index("story", &["state", "id"]),
            index("story", &["org_id", "state", "id"]),
            index("story", &["request_id"]),
        ];
        create(manager, vec![story], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["story"]).await
    }
}
