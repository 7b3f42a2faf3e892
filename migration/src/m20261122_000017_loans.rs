//! 派单: a community asks a neighbouring one for its people, and that one agrees or not.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, id, index, one_of, refers, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut loan = Table::create();
        loan.table("task_loan")
            .col(id())
            .col(uuid("task_id"))
            .col(uuid("org_id"))
            .col(one_of("state", &["pending", "accepted", "refused"]))
            .col(text_null("note"))
            .col(text_null("reason"))
            .col(uuid("asked_by"))
            .col(uuid_null("decided_by"))
            .col(at_null("decided_at"))
            .col(at("created_at"))
            .foreign_key(&mut refers("task_loan", "task_id", "task"))
            .foreign_key(&mut refers("task_loan", "org_id", "org"));
        let indexes = vec![
            // One question at a time; after a no it may be asked again.
            index("task_loan", &["task_id", "org_id"])
                .unique()
                .and_where(Expr::col("state").ne("refused"))
                .take(),
            index("task_loan", &["org_id", "state", "task_id"]),
        ];
        create(manager, vec![loan], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["task_loan"]).await
    }
}
