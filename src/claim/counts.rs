//! 对账: whether the counters of tasks are what can be counted. Nothing mends itself here: a difference is a fault in the
//! code, and somebody has to look.

use sea_orm::{FromQueryResult, Statement};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::gate::LOOK_BACK;

const COUNTS: &str = include_str!("counts.sql");

/// A task whose counters are wrong.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Wrong {
    pub id: Uuid,
    pub ver: i64,
}

/// One round over the tasks that changed lately; says which are wrong, in the log and as `linli_seats_wrong`.
///
/// # Errors
/// When they cannot be counted.
pub async fn wrong(state: &AppState) -> Result<Vec<Wrong>, Error> {
    let (db, since) = (state.db.read(), state.clock.now().minus(LOOK_BACK));
    let all =
        Statement::from_sql_and_values(db.get_database_backend(), COUNTS, [since.ms().into()]);
    let wrong = Wrong::find_by_statement(all).all(db).await.step("count seats")?;
    for task in &wrong {
        tracing::error!(task.id = %task.id, task.ver = task.ver, "the counters of a task are not its counts");
    }
    #[allow(clippy::cast_precision_loss)]
    metrics::gauge!("linli_seats_wrong").set(wrong.len() as f64);
    Ok(wrong)
}
