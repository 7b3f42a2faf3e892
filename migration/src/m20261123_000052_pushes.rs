//! 推送: messages to phones, each with what became of it.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, big, create, drop, flag, id, index, int, one_of, refers, text, text_null, uuid,
    uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const STATES: &[&str] = &["pending", "sending", "sent", "retry", "refused", "dead", "unknown"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut push = Table::create();
        push.table("push")
            .col(id())
            .col(text("dedup_key"))
            .col(uuid("org_id"))
            .col(uuid("person_id"))
            .col(uuid_null("task_id"))
            .col(text("kind"))
            .col(text("template"))
            .col(int("lane"))
            .col(flag("urgent"))
            .col(flag("resend"))
            .col(text("page"))
            .col(text("words"))
            .col(at_null("begins_at"))
            .col(at("useful_until"))
            .col(one_of("state", STATES))
            .col(at("next_at"))
            .col(int("attempts"))
            .col(flag("paid"))
            .col(big("fence"))
            .col(at_null("lease_until"))
            .col(text_null("last_class"))
            .col(text_null("msg_id"))
            .col(uuid_null("called_by"))
            .col(at_null("called_at"))
            .col(text_null("call_outcome"))
            .col(at("at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("push", "person_id", "person"))
            .foreign_key(&mut refers("push", "org_id", "org"));
        let sending = || Expr::col("state").eq("sending");
        let indexes = vec![
            index("push", &["dedup_key"]).unique().take(),
            // WeChat refuses a second message while one is on its way to the same person.
            index("push", &["person_id"]).unique().and_where(sending()).take(),
            index("push", &["lease_until"]).and_where(sending()).take(),
            index("push", &["person_id", "id"]),
            index("push", &["state", "next_at"]),
            index("push", &["org_id", "state", "id"]),
            index("push", &["org_id", "urgent", "state", "useful_until"]),
            index("push", &["updated_at"]),
        ];
        create(manager, vec![push], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["push"]).await
    }
}
