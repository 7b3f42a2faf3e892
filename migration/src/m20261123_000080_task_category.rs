//! 安全要求跟着任务走: a task names the category whose safety rules it keeps to, so that a copy of a resident's task
//! keeps to them too, though it is no longer about the request.

use sea_orm_migration::prelude::*;

use crate::columns::{index, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut change = Table::alter();
        change.table("task").add_column(uuid_null("category_id"));
        manager.alter_table(change.take()).await?;
        let fill = "UPDATE task SET category_id = \
            (SELECT category_id FROM request WHERE request.id = task.request_id) \
            WHERE request_id IS NOT NULL";
        manager.get_connection().execute_unprepared(fill).await?;
        manager.create_index(index("task", &["category_id"])).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("ix_task_category_id").table("task").to_owned();
        manager.drop_index(index).await?;
        let mut change = Table::alter();
        change.table("task").drop_column("category_id");
        manager.alter_table(change.take()).await
    }
}
