//! Ledgers: tables whose rows are written once, guarded by the database itself.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

use crate::columns::text;

const FUNCTION: &str = "CREATE FUNCTION ledger_stays() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'ledger entries stay as they are'; END $$";

/// The month, `YYYY-MM`, of a column that holds a civil date; kept by the database, so that the two never differ.
pub fn month_of(date: &'static str) -> ColumnDef {
    let month = Expr::cust(format!("substr({date}, 1, 7)"));
    text("period").generated(month, true).take()
}

/// Makes what PostgreSQL's triggers call; SQLite's say it themselves.
pub async fn prepare(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager.get_connection().execute_unprepared(FUNCTION).await?;
    }
    Ok(())
}

/// The other way.
pub async fn forget(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::Postgres {
        manager.get_connection().execute_unprepared("DROP FUNCTION ledger_stays()").await?;
    }
    Ok(())
}

/// From here on rows of the table are neither changed nor taken away; dropping the table drops the guard.
pub async fn protect(manager: &SchemaManager<'_>, table: &str) -> Result<(), DbErr> {
    let guards = if manager.get_database_backend() == DbBackend::Postgres {
        vec![format!(
            "CREATE TRIGGER {table}_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} \
             FOR EACH STATEMENT EXECUTE FUNCTION ledger_stays()"
        )]
    } else {
        let guard = |name: &str, act: &str| {
            format!(
                "CREATE TRIGGER {table}_{name} BEFORE {act} ON {table} \
                 BEGIN SELECT RAISE(ABORT, 'ledger entries stay as they are'); END"
            )
        };
        vec![guard("stays", "UPDATE"), guard("remains", "DELETE")]
    };
    for guard in guards {
        manager.get_connection().execute_unprepared(&guard).await?;
    }
    Ok(())
}
