//! Hours may be corrected by two people: entries learn another kind and their month, and nobody edits what is
//! entered. SQLite cannot change a CHECK, so the table is made anew; nothing refers to it.

use sea_orm_migration::prelude::*;

use crate::{
    append_only,
    columns::{
        at, at_null, create, drop, id, index, int, one_of, refers, text, text_null, uuid, uuid_null,
    },
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const NEW: &str = "hours_entry_new";
const KEPT: &str = "id, claim_id, kind, person_id, org_id, task_id, minutes, served_on, created_at";

/// The ledger of hours under a name it keeps until the old one is gone.
fn ledger(kinds: &'static [&'static str]) -> TableCreateStatement {
    let mut table = Table::create();
    table
        .table(NEW)
        .col(id())
        .col(uuid("claim_id"))
        .col(one_of("kind", kinds))
        .col(uuid("person_id"))
        .col(uuid("org_id"))
        .col(uuid("task_id"))
        .foreign_key(&mut refers(NEW, "claim_id", "claim"))
        .foreign_key(&mut refers(NEW, "person_id", "person"));
    table
}

/// Puts the new ledger in the old one's place.
async fn swap(
    manager: &SchemaManager<'_>,
    table: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
) -> Result<(), DbErr> {
    manager.create_table(table).await?;
    let copy =
        format!("INSERT INTO {NEW} ({KEPT}) SELECT {KEPT} FROM hours_entry WHERE kind = 'service'");
    manager.get_connection().execute_unprepared(&copy).await?;
    drop(manager, &["hours_entry"]).await?;
    manager.rename_table(Table::rename().table(NEW, "hours_entry").to_owned()).await?;
    create(manager, vec![], indexes).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let served = Expr::col("kind").ne("service").or(Expr::col("minutes").gte(0));
        let mut entry = ledger(&["service", "correction"]);
        entry
            .col(uuid_null("source_id"))
            .col(int("minutes").check(served))
            .col(text("served_on"))
            .col(append_only::month_of("served_on"))
            .col(at("created_at"));
        let entries = vec![
            // One entry of service per claim, one per correction.
            index("hours_entry", &["claim_id", "kind"])
                .unique()
                .and_where(Expr::col("kind").eq("service"))
                .take(),
            index("hours_entry", &["source_id"]).unique().take(),
            index("hours_entry", &["claim_id"]),
            index("hours_entry", &["person_id", "id"]),
            index("hours_entry", &["person_id", "period"]),
            index("hours_entry", &["task_id"]),
        ];
        swap(manager, entry, entries).await?;
        let mut correction = Table::create();
        correction
            .table("hours_correction")
            .col(id())
            .col(uuid("claim_id"))
            .col(uuid("person_id"))
            .col(uuid("org_id"))
            .col(uuid("task_id"))
            .col(int("minutes_from"))
            .col(int("minutes_to").check(Expr::col("minutes_to").gte(0)))
            .col(text("served_on"))
            .col(text("reason"))
            .col(one_of("state", &["pending", "approved", "refused"]))
            .col(uuid("proposed_by"))
            .col(at("created_at"))
            .col(uuid_null("decided_by"))
            .col(at_null("decided_at"))
            .col(text_null("answer"))
            .foreign_key(&mut refers("hours_correction", "claim_id", "claim"))
            .foreign_key(&mut refers("hours_correction", "person_id", "person"));
        let indexes = vec![
            // One question at a time about a claim.
            index("hours_correction", &["claim_id"])
                .unique()
                .and_where(Expr::col("state").eq("pending"))
                .take(),
            index("hours_correction", &["org_id", "state", "id"]),
            index("hours_correction", &["person_id", "id"]),
        ];
        create(manager, vec![correction], indexes).await?;
        append_only::prepare(manager).await?;
        append_only::protect(manager, "hours_entry").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, &["hours_correction"]).await?;
        let mut entry = ledger(&["service"]);
        entry
            .col(int("minutes").check(Expr::col("minutes").gte(0)))
            .col(text("served_on"))
            .col(at("created_at"));
        let indexes = vec![
            index("hours_entry", &["claim_id", "kind"]).unique().take(),
            index("hours_entry", &["person_id", "id"]),
            index("hours_entry", &["task_id"]),
        ];
        swap(manager, entry, indexes).await?;
        append_only::forget(manager).await
    }
}
