//! 类别: what kinds of help an org offers, what it asks about each, what it promises, what keeps people safe.

use sea_orm_migration::prelude::*;

use crate::columns::{at, create, drop, flag, id, index, int_null, refers, text, text_null, uuid};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut category = Table::create();
        category
            .table("category")
            .col(id())
            .col(uuid("org_id"))
            .col(text("name"))
            .col(ColumnDef::new("questions").json_binary().not_null())
            .col(int_null("promise_first_hours"))
            .col(int_null("promise_done_days"))
            .col(flag("two_people"))
            .col(flag("adult_with_minors"))
            .col(text_null("insurance_note"))
            .col(flag("active"))
            .col(uuid("changed_by"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("category", "org_id", "org"));
        let indexes = vec![index("category", &["org_id", "name"]).unique().take()];
        create(manager, vec![category], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["category"]).await
    }
}
