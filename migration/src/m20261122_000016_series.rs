//! 派单: task templates an org and those below it use again, and series that come round by themselves. The key of
//! an occurrence is what makes each date come once.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, flag, id, index, int, refers, text, text_null, uuid, uuid_null,
};

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
            .table("task_template")
            .col(id())
            .col(uuid("org_id"))
            .col(text("name"))
            .col(text("outline"))
            .col(uuid("written_by"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("task_template", "org_id", "org"));
        let mut series = Table::create();
        series
            .table("task_series")
            .col(id())
            .col(uuid("org_id"))
            .col(text("outline"))
            .col(text("rule"))
            .col(at("first_at"))
            .col(at_null("until_at"))
            .col(int("ahead_days"))
            .col(flag("publish"))
            .col(flag("paused"))
            .col(text_null("seen_on"))
            .col(text_null("trouble"))
            .col(uuid("written_by"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("task_series", "org_id", "org"));
        let mut occurrence = Table::create();
        occurrence
            .table("task_occurrence")
            .col(uuid("series_id"))
            .col(text("on_day"))
            .col(uuid_null("task_id"))
            .col(at("created_at"))
            .primary_key(Index::create().col("series_id").col("on_day"))
            .foreign_key(&mut refers("task_occurrence", "series_id", "task_series"))
            .foreign_key(&mut refers("task_occurrence", "task_id", "task"));
        let indexes = vec![
            index("task_template", &["org_id", "id"]),
            index("task_series", &["org_id", "id"]),
            index("task_series", &["paused", "seen_on"]),
        ];
        create(manager, vec![template, series, occurrence], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["task_occurrence", "task_series", "task_template"]).await
    }
}
