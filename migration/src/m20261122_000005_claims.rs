//! 接单: claims, the answers retries get, and the hours they earn.

use sea_orm_migration::prelude::*;

use crate::columns::{
    at, at_null, create, drop, flag, id, index, int, int_null, one_of, refers, text, uuid,
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut claim = Table::create();
        claim
            .table("claim")
            .col(id())
            .col(uuid("task_id"))
            .col(uuid("person_id"))
            .col(one_of(
                "state",
                &[
                    "active",
                    "checked_in",
                    "checked_out",
                    "confirmed",
                    "released",
                    "no_show",
                    "cancelled",
                ],
            ))
            .col(at("claimed_at"))
            .col(at_null("ended_at"))
            .col(at_null("checked_in_at"))
            .col(at_null("checked_out_at"))
            .col(flag("flagged"))
            .col(int_null("minutes"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("claim", "task_id", "task"))
            .foreign_key(&mut refers("claim", "person_id", "person"));
        let mut idempotency_key = Table::create();
        idempotency_key
            .table("idempotency_key")
            .col(uuid("actor_id"))
            .col(text("route"))
            .col(text("key"))
            .col(text("body_hash"))
            .col(int("status"))
            .col(text("body"))
            .col(at("created_at"))
            .primary_key(Index::create().col("actor_id").col("route").col("key"));
        let mut hours_entry = Table::create();
        hours_entry
            .table("hours_entry")
            .col(id())
            .col(uuid("claim_id"))
            .col(one_of("kind", &["service"]))
            .col(uuid("person_id"))
            .col(uuid("org_id"))
            .col(uuid("task_id"))
            .col(int("minutes").check(Expr::col("minutes").gte(0)))
            .col(text("served_on"))
            .col(at("created_at"))
            .foreign_key(&mut refers("hours_entry", "claim_id", "claim"))
            .foreign_key(&mut refers("hours_entry", "person_id", "person"));
        let indexes = vec![
            // One seat of a task per person, whatever else goes wrong.
            index("claim", &["task_id", "person_id"])
                .unique()
                .and_where(Expr::col("state").is_not_in(["released", "cancelled"]))
                .take(),
            index("claim", &["person_id", "state"]),
            index("claim", &["person_id", "id"]),
            index("idempotency_key", &["created_at"]),
            index("hours_entry", &["claim_id", "kind"]).unique().take(),
            index("hours_entry", &["person_id", "id"]),
            index("hours_entry", &["task_id"]),
        ];
        create(manager, vec![claim, idempotency_key, hours_entry], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["hours_entry", "idempotency_key", "claim"]).await
    }
}
