//! `/live`: the process answers. `/ready`: it may be sent work — the database really takes a write, the schema is
//! current, it is not stopping. A missing Redis reads `degraded` and is still ready.

use std::sync::atomic::{AtomicBool, Ordering};

use migration::Migrator;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use crate::kernel::{Error, clock::Stopwatch};

use super::{AppState, Db, db::Step};

static STOPPING: AtomicBool = AtomicBool::new(false);

/// From now on `/ready` says no, so that the balancer sends nothing new.
pub fn begin_stopping() {
    STOPPING.store(true, Ordering::SeqCst);
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
    let stopping = STOPPING.load(Ordering::SeqCst);
    let status = match (database, redis) {
        _ if stopping => Health::Failing,
        (Health::Ok, Health::Ok | Health::Absent) => Health::Ok,
        (Health::Ok, _) => Health::Degraded,
        _ => Health::Failing,
    };
    Readiness { status, database, redis, stopping }
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
