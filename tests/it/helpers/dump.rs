//! What a database really holds: its tables, and everything in them as text.

use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// The tables, in the order they were made: what is referred to comes first.
pub async fn tables(db: &impl ConnectionTrait) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT CAST(relname AS text) AS one FROM pg_class \
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace \
             AND relname <> 'seaql_migrations' ORDER BY oid"
        }
        _ => {
            "SELECT name AS one FROM sqlite_master WHERE type = 'table' \
             AND name NOT LIKE 'sqlite%' AND name <> 'seaql_migrations' ORDER BY rowid"
        }
    };
    texts(db, sql).await
}

/// The first column of each row.
pub async fn texts(db: &impl ConnectionTrait, sql: &str) -> Vec<String> {
    let asked = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(asked).await.expect(sql);
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

/// Every row of a table, a text each.
pub async fn rows(db: &impl ConnectionTrait, table: &str) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => format!("SELECT CAST(t AS text) FROM \"{table}\" t"),
        _ => {
            let columns = format!("SELECT name FROM pragma_table_info('{table}')");
            let columns = texts(db, &columns).await;
            let quoted = columns.iter().map(|name| format!("quote(\"{name}\")"));
            let quoted: Vec<_> = quoted.collect();
            format!("SELECT {} FROM \"{table}\"", quoted.join(" || ',' || "))
        }
    };
    texts(db, &sql).await
}

/// Every row of every table, a line each.
pub async fn everything(db: &impl ConnectionTrait) -> String {
    let mut lines = Vec::new();
    for table in tables(db).await {
        lines.extend(rows(db, &table).await.into_iter().map(|row| format!("{table}: {row}")));
    }
    lines.join("\n")
}
