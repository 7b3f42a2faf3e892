//! 点单 and 群众评价: what residents ask for and what they say of it.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, degrees, drop, flag, id, index, int_null, one_of, refers, text, text_null,
    uuid, uuid_null,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut request = Table::create();
        request
            .table("request")
            .col(id())
            .col(uuid("org_id"))
            .col(uuid("requester_id"))
            .col(text("category"))
            .col(text("title"))
            .col(text("detail"))
            .col(text_null("place_name"))
            .col(text_null("address"))
            .col(degrees("lat"))
            .col(degrees("lng"))
            .col(at_null("wanted_from"))
            .col(at_null("wanted_to"))
            .col(flag("urgent"))
            .col(one_of(
                "state",
                &[
                    "submitted",
                    "needs_info",
                    "dispatched",
                    "returned",
                    "fulfilled",
                    "reopened",
                    "closed",
                    "declined",
                    "merged",
                    "withdrawn",
                ],
            ))
            .col(text_null("reason"))
            .col(at("first_answer_due"))
            .col(at("done_due"))
            .col(uuid_null("task_id"))
            .col(at_null("work_started_at"))
            .col(at("created_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("request", "org_id", "org"))
            .foreign_key(&mut refers("request", "requester_id", "person"));
        let mut answer = Table::create();
        answer
            .table("answer")
            .col(id())
            .col(uuid("request_id"))
            .col(uuid("task_id"))
            .col(uuid("person_id"))
            .col(one_of("verdict", &["done", "partly", "not_done"]))
            .col(int_null("stars").check(Expr::col("stars").between(1, 5)))
            .col(text_null("words"))
            .col(at("created_at"))
            .foreign_key(&mut refers("answer", "request_id", "request"))
            .foreign_key(&mut refers("answer", "person_id", "person"));
        let indexes = vec![
            index("request", &["org_id", "state", "id"]),
            index("request", &["requester_id", "id"]),
            index("answer", &["request_id", "task_id"]).unique().take(),
        ];
        create(manager, vec![request, answer], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["answer", "request"]).await
    }
}
