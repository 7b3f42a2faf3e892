//! 候补: the queue behind a full task, and the timed offers by which a seat goes to somebody.

use sea_orm_migration::prelude::*;

use crate::columns::{at, at_null, create, drop, flag, id, index, one_of, refers, uuid, uuid_null};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut waitlist = Table::create();
        waitlist
            .table("waitlist")
            .col(id())
            .col(uuid("task_id"))
            .col(uuid("person_id"))
            .col(one_of("state", &["waiting", "offered", "promoted", "passed", "left"]))
            .col(flag("at_once"))
            .col(at("joined_at"))
            .col(at("updated_at"))
            .foreign_key(&mut refers("waitlist", "task_id", "task"))
            .foreign_key(&mut refers("waitlist", "person_id", "person"));
        let mut offer = Table::create();
        offer
            .table("offer")
            .col(id())
            .col(uuid("task_id"))
            .col(uuid("person_id"))
            .col(one_of("kind", &["waitlist", "named", "hand_over"]))
            .col(one_of("state", &["live", "accepted", "declined", "expired", "cancelled"]))
            .col(uuid_null("claim_id"))
            .col(at("made_at"))
            .col(at("expires_at"))
            .col(at_null("ended_at"))
            .foreign_key(&mut refers("offer", "task_id", "task"))
            .foreign_key(&mut refers("offer", "person_id", "person"))
            .foreign_key(&mut refers("offer", "claim_id", "claim"));
        let indexes = vec![
            // One place in the queue per person, and one offer at a time.
            index("waitlist", &["task_id", "person_id"])
                .unique()
                .and_where(Expr::col("state").is_in(["waiting", "offered"]))
                .take(),
            index("waitlist", &["task_id", "state", "id"]),
            index("waitlist", &["person_id", "id"]),
            index("offer", &["task_id", "person_id"])
                .unique()
                .and_where(Expr::col("state").eq("live"))
                .take(),
            index("offer", &["state", "expires_at"]),
            index("offer", &["person_id", "id"]),
            index("offer", &["claim_id"]),
        ];
        create(manager, vec![waitlist, offer], indexes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["offer", "waitlist"]).await
    }
}
