//! 积分月结: a month of an org is closed with the sums of its people, which nobody edits. From then on no entry is dated
//! into it: what comes to light later is entered in the open month and names the closed one.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::{
    append_only,
    columns::{at, big, create, drop, id, index, one_of, refers, text, text_null, uuid},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

const CLOSED: &str = "SELECT 1 FROM points_freeze f WHERE f.org_id = NEW.org_id \
    AND f.period = substr(NEW.occurred_on, 1, 7)";

fn guards(backend: DbBackend) -> [String; 2] {
    if backend == DbBackend::Postgres {
        return [
            format!(
                "CREATE FUNCTION points_month_open() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
                 IF EXISTS ({CLOSED}) THEN RAISE EXCEPTION 'this month is closed'; END IF; \
                 RETURN NEW; END $$"
            ),
            "CREATE TRIGGER points_entry_month BEFORE INSERT ON points_entry \
             FOR EACH ROW EXECUTE FUNCTION points_month_open()"
                .to_owned(),
        ];
    }
    let guard = format!(
        "CREATE TRIGGER points_entry_month BEFORE INSERT ON points_entry WHEN EXISTS ({CLOSED}) \
         BEGIN SELECT RAISE(ABORT, 'this month is closed'); END"
    );
    [guard, String::new()]
}

fn undo(backend: DbBackend) -> [&'static str; 2] {
    match backend {
        DbBackend::Postgres => {
            ["DROP TRIGGER points_entry_month ON points_entry", "DROP FUNCTION points_month_open()"]
        }
        _ => ["DROP TRIGGER points_entry_month", ""],
    }
}

async fn each(
    manager: &SchemaManager<'_>,
    statements: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<(), DbErr> {
    for statement in statements {
        if !statement.as_ref().is_empty() {
            manager.get_connection().execute_unprepared(statement.as_ref()).await?;
        }
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut freeze = Table::create();
        freeze
            .table("points_freeze")
            .col(id())
            .col(uuid("org_id"))
            .col(text("period"))
            .col(at("frozen_at"))
            .foreign_key(&mut refers("points_freeze", "org_id", "org"));
        let mut frozen = Table::create();
        frozen
            .table("points_frozen")
            .col(uuid("freeze_id"))
            .col(uuid("person_id"))
            .col(one_of("kind", &["base", "pioneer", "deduction"]))
            .col(big("amount"))
            .primary_key(Index::create().col("freeze_id").col("person_id").col("kind"))
            .foreign_key(&mut refers("points_frozen", "freeze_id", "points_freeze"))
            .foreign_key(&mut refers("points_frozen", "person_id", "person"));
        let indexes = vec![
            index("points_freeze", &["org_id", "period"]).unique().take(),
            index("points_frozen", &["person_id"]),
            index("points_entry", &["period", "org_id"]),
        ];
        create(manager, vec![freeze, frozen], indexes).await?;
        let mut change = Table::alter();
        change.table("points_entry").add_column(text_null("corrects"));
        manager.alter_table(change.take()).await?;
        append_only::protect(manager, "points_freeze").await?;
        append_only::protect(manager, "points_frozen").await?;
        each(manager, guards(manager.get_database_backend())).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        each(manager, undo(manager.get_database_backend())).await?;
        let index =
            Index::drop().name("ix_points_entry_period_org_id").table("points_entry").to_owned();
        manager.drop_index(index).await?;
        let mut change = Table::alter();
        change.table("points_entry").drop_column("corrects");
        manager.alter_table(change.take()).await?;
        drop(manager, &["points_frozen", "points_freeze"]).await
    }
}
