//! 缺席: who did not come, what they say about it, and how that was decided. One row per claim.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, flag, id, index, refers, text_null, uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn ruling(name: &'static str) -> ColumnDef {
    text_null(name).check(Expr::col(name).is_in(["accepted", "refused"])).take()
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut absence = Table::create();
        absence
            .table("absence")
            .col(id())
            .col(uuid("claim_id"))
            .col(uuid("task_id"))
            .col(uuid("person_id"))
            .col(uuid("org_id"))
            .col(at_null("missed_at"))
            .col(uuid_null("marked_by"))
            .col(text_null("excuse"))
            .col(at_null("excuse_at"))
            .col(ruling("ruling"))
            .col(text_null("ruling_words"))
            .col(uuid_null("ruled_by"))
            .col(at_null("ruled_at"))
            .col(text_null("appeal"))
            .col(at_null("appeal_at"))
            .col(ruling("appeal_ruling"))
            .col(text_null("appeal_words"))
            .col(uuid_null("appeal_ruled_by"))
            .col(at_null("appeal_ruled_at"))
            .col(flag("excused"))
            .col(at("created_at"))
            .foreign_key(&mut refers("absence", "claim_id", "claim"))
            .foreign_key(&mut refers("absence", "person_id", "person"))
            .foreign_key(&mut refers("absence", "org_id", "org"));
        let indexes = vec![
            index("absence", &["claim_id"]).unique().take(),
            index("absence", &["person_id", "missed_at"]),
            index("absence", &["org_id", "id"]),
        ];
        create(manager, vec![absence], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["absence"]).await
    }
}
