//! `/live`: the process answers. `/ready`: it may be sent work — the database really takes a write, the schema is
//! current, it is not stopping. A missing Redis reads `degraded` and is still ready.

use std::sync::LazyLock;

use migration::Migrator;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use utoipa::ToSchema;

use crate::kernel::{Error, clock::Stopwatch};

use super::{AppState, Db, db::Step};

static STOPPING: LazyLock<CancellationToken> = LazyLock::new(CancellationToken::new);

/// From now on `/ready` says no, so that the balancer sends nothing new.
pub fn begin_stopping() {
    STOPPING.cancel();
}

/// Whether the process was asked to stop: nothing new is begun.
pub fn is_stopping() -> bool {
    STOPPING.is_cancelled()
}

/// Waits until the process is asked to stop.
pub async fn stopping() {
    STOPPING.cancelled().await;
}

/// How one part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Ok,
    /// Works, slower.
    Degraded,
    /// Not installed here.
    Absent,
    Failing,
}

/// What `/ready` tells.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    pub status: Health,
    pub database: Health,
    pub redis: Health,
    /// Whether the machine's clock and the database's agree; `degraded`: nobody is told anything on time.
    pub clock: Health,
    /// What is amiss, in words for an operator.
    pub words: Option<String>,
    pub stopping: bool,
}

impl Readiness {
    pub fn is_ready(&self) -> bool {
        !self.stopping && self.database == Health::Ok
    }
}

/// Tries each part.
pub async fn readiness(state: &AppState) -> Readiness {
    let watch = Stopwatch::start();
    let database = match probe(&state.db).await {
        Ok(()) => Health::Ok,
        Err(error) => {
            tracing::error!(%error, duration_ms = watch.ms(), "the database probe failed");
            Health::Failing
        }
    };
    let redis = match &state.redis {
        None => Health::Absent,
        Some(redis) if redis.ping().await => Health::Ok,
        Some(_) => Health::Degraded,
    };
    let (clock, words) = clock(state, database).await;
    let stopping = is_stopping();
    let fine = |part: Health| matches!(part, Health::Ok | Health::Absent);
    let status = match database {
        _ if stopping => Health::Failing,
        Health::Ok if fine(redis) && fine(clock) => Health::Ok,
        Health::Ok => Health::Degraded,
        _ => Health::Failing,
    };
    Readiness { status, database, redis, clock, words, stopping }
}

async fn clock(state: &AppState, database: Health) -> (Health, Option<String>) {
    if state.db.is_sqlite() {
        return (Health::Absent, None);
    }
    if database != Health::Ok {
        return (Health::Failing, None);
    }
    match state.wall.wrong_by(state).await {
        Ok(None) => (Health::Ok, None),
        Ok(Some(seconds)) => {
            let words = format!(
                "数据库的时钟比本机快 {seconds} 秒，定时通知已暂停；两边都打开对时后自动恢复 (clock skew)"
            );
            (Health::Degraded, Some(words))
        }
        Err(error) => {
            tracing::error!(%error, "the database's clock cannot be read");
            (Health::Failing, None)
        }
    }
}

/// A write that changes nothing and is rolled back, and a look at the schema.
///
/// # Errors
/// At the step that failed.
pub async fn probe(db: &Db) -> Result<(), Error> {
    let tx = db.write().await?;
    tx.execute_unprepared("UPDATE event SET attempts = attempts WHERE 1 = 0")
        .await
        .step("probe")?;
    drop(tx);
    let pending = Migrator::pending(db.read()).await.step("compare the schema")?;
    if pending.is_empty() {
        return Ok(());
    }
    Err(Error::broken(
        "compare the schema",
        anyhow::anyhow!("{} migrations wait: run `linli migrate`", pending.len()),
    ))
}
