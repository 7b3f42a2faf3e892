//! Whether our clock can be believed: it is held against that of PostgreSQL before anything is fanned out, because an
//! early greeting cannot be unsent. A SQLite file has no clock of its own.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use sea_orm::{ConnectionTrait, Statement};
use tokio::sync::Notify;

use crate::{
    kernel::{Clock, Error, clock::SystemClock},
    platform::{AppState, Db, db::Step},
};

/// The clock on the wall, and the bell under it. It is the machine's own clock whatever clock the rooms are handed:
/// a time moved by hand is no fault of the machine.
#[derive(Debug)]
pub struct Wall {
    clock: Clock,
    ahead_ms: AtomicI64,
    /// Rung by the bell: something may be due.
    pub rung: Arc<Notify>,
}

impl Default for Wall {
    fn default() -> Self {
        Self::with(Arc::new(SystemClock))
    }
}

impl Wall {
    /// With a clock that may be wrong.
    pub fn with(clock: Clock) -> Self {
        Self { clock, ahead_ms: AtomicI64::new(0), rung: Arc::default() }
    }

    /// Holds the clock against the database's, and says by how much theirs is too far ahead of ours (negative: behind),
    /// whole seconds; none: near enough, or nothing to compare with.
    ///
    /// # Errors
    /// When the database does not say.
    pub async fn wrong_by(&self, state: &AppState) -> Result<Option<i64>, Error> {
        if state.db.is_sqlite() {
            return Ok(None);
        }
        let ms = ahead_of_us(&state.db, &self.clock).await?;
        self.note(ms, state.settings.schedule.max_skew_seconds)
    }

    fn note(&self, ms: i64, limit_s: u64) -> Result<Option<i64>, Error> {
        #[allow(clippy::cast_precision_loss)]
        metrics::gauge!("linli_clock_skew_seconds").set(ms as f64 / 1000.0);
        let far = |ms: i64| ms.unsigned_abs() > limit_s * 1000;
        let before = self.ahead_ms.swap(ms, Ordering::SeqCst);
        let seconds = ms / 1000;
        match (far(before), far(ms)) {
            (false, true) => tracing::error!(
                clock.skew_s = seconds,
                "the database's clock is {seconds} s ahead of ours: the timetable waits"
            ),
            (true, false) => tracing::info!("clock and database agree: the timetable goes on"),
            _ => {}
        }
        Ok(far(ms).then_some(seconds))
    }
}

/// How far ahead of a clock of ours that of PostgreSQL is, milliseconds; half of the way there and back is taken off.
///
/// # Errors
/// When the database does not say.
pub async fn ahead_of_us(db: &Db, ours: &Clock) -> Result<i64, Error> {
    const STEP: &str = "ask the database for the time";
    let ask = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS ms";
    let asked = Statement::from_string(db.read().get_database_backend(), ask);
    let before = ours.now().ms();
    let row = db.read().query_one_raw(asked).await.step(STEP)?;
    let after = ours.now().ms();
    let row = row.ok_or_else(|| Error::impossible(STEP))?;
    let theirs: i64 = row.try_get("", "ms").step(STEP)?;
    Ok(theirs - before.midpoint(after))
}
