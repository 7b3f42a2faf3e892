//! The floor: as many plain rows, in chunks of the same size, each a transaction; nothing but a primary key.

use linli::{kernel::clock::Stopwatch, platform::Db};
use sea_orm::{ConnectionTrait, Statement};

/// Makes the table.
///
/// # Panics
/// When the database refuses.
pub async fn lay(db: &Db) {
    let sql =
        "CREATE TABLE floor (id BIGINT PRIMARY KEY, person BIGINT NOT NULL, body TEXT NOT NULL)";
    db.read().execute_unprepared(sql).await.expect("a table");
}

/// Writes `rows` rows; answers how many a second.
///
/// # Panics
/// When the database refuses.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_wrap)]
pub async fn rows_a_second(db: &Db, from: usize, rows: usize, chunk: usize) -> f64 {
    let body = "x".repeat(160);
    let watch = Stopwatch::start();
    for start in (from..from + rows).step_by(chunk) {
        let tx = db.write().await.expect("begin");
        let mut values = Vec::new();
        let mut marks = Vec::new();
        for id in start..start + chunk {
            let at = values.len();
            marks.push(format!("(${}, ${}, ${})", at + 1, at + 2, at + 3));
            values.extend([(id as i64).into(), (id as i64).into(), body.clone().into()]);
        }
        let sql = format!("INSERT INTO floor VALUES {}", marks.join(","));
        let insert = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
        tx.execute_raw(insert).await.expect("rows");
        tx.commit().await.expect("commit");
    }
    rows as f64 / watch.elapsed().as_secs_f64()
}
