//! Doing what is due: a run is taken by lease and fence and worked through chunk by chunk. Each chunk is one
//! transaction that inserts notices and moves the cursor; who no longer holds the fence writes nothing.

use std::{collections::BTreeMap, time::Duration};

use ::entity::{
    At,
    schedule_run::{Column, Counts, Entity, Model, RunState},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, SimpleExpr},
};

use crate::{
    kernel::{Error, clock::Stopwatch},
    platform::{AppState, Tx, db::Step as _, pace::give_way},
};

use super::{Chunk, Job, Run, TOO_LATE, store::skipped_by};

/// A taker that is silent for so long is taken for dead. A chunk may take 2 s a statement.
pub const LEASE: Duration = Duration::from_secs(60);
/// After so many takers in a row that got nothing done a run waits for a person.
const TRIES: i32 = 8;
/// The wait after the first failure; it doubles.
const WAIT: Duration = Duration::from_secs(30);
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// A run in one's hands.
#[derive(Clone, Debug)]
pub struct Taken {
    pub run: Run,
    fence: i32,
    tries: i32,
    cursor: Option<String>,
    counts: Counts,
}

/// What became of a run that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    Done,
    /// A chunk failed; it waits, or stays failed.
    Failed,
    /// Somebody else has it by now.
    Lost,
}

/// Takes the longest due of the runs that are free, of these jobs. What came too late is passed over on the way.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn take(state: &AppState, jobs: &[Job]) -> Result<Option<Taken>, Error> {
    let free = Condition::all()
        .add(Column::EndedAt.is_null())
        .add(Column::LeaseUntil.lte(state.clock.now()))
        .add(Column::JobKey.is_in(jobs.iter().map(|job| job.key)));
    loop {
        let tx = state.db.write().await?;
        let Some(row) = locked(&tx, free.clone()).await? else { return Ok(None) };
        let now = state.clock.now();
        let catch_up = jobs.iter().find(|job| job.key == row.job_key).map(|job| job.catch_up);
        if catch_up.is_some_and(|catch_up| row.due_at <= now.minus(catch_up)) {
            end(&tx, &row, RunState::Skipped, Some(TOO_LATE.to_owned()), now).await?;
            tx.commit().await?;
            skipped_by(&row.job_key, 1);
            continue;
        }
        // Whoever had it died over it: a chunk that kills its process must not do so for ever.
        let tries = row.tries + i32::from(row.state == RunState::Running);
        if tries >= TRIES {
            end(&tx, &row, RunState::Failed, Some("died".to_owned()), now).await?;
            tx.commit().await?;
            given_up(&row.job_key, &row.period_key);
            continue;
        }
        let taken = hold(&tx, row, tries, now).await?;
        tx.commit().await?;
        return Ok(Some(taken));
    }
}

/// Takes one run that waits, however late it is: a person asks for it.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn take_late(state: &AppState, job: &str, period: &str) -> Result<Option<Taken>, Error> {
    let now = state.clock.now();
    let this = Condition::all()
        .add(Column::JobKey.eq(job))
        .add(Column::PeriodKey.eq(period))
        .add(Column::EndedAt.is_null())
        .add(Column::LeaseUntil.lte(now));
    let tx = state.db.write().await?;
    let Some(row) = locked(&tx, this).await? else { return Ok(None) };
    let tries = row.tries;
    let taken = hold(&tx, row, tries, now).await?;
    tx.commit().await?;
    Ok(Some(taken))
}

async fn locked(tx: &Tx, which: Condition) -> Result<Option<Model>, Error> {
    Entity::find()
        .filter(which)
        .order_by_asc(Column::LeaseUntil)
        .limit(1)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&**tx)
        .await
        .step("take a run")
}

async fn hold(tx: &Tx, row: Model, tries: i32, now: At) -> Result<Taken, Error> {
    let fence = row.fence + 1;
    let sets = vec![
        (Column::State, Expr::value(RunState::Running)),
        (Column::Fence, Expr::value(fence)),
        (Column::Tries, Expr::value(tries)),
        (Column::LeaseUntil, Expr::value(now.plus(LEASE))),
        (Column::StartedAt, Expr::value(row.started_at.unwrap_or(now))),
    ];
    set(tx, (&row.job_key, &row.period_key, row.fence), sets).await?;
    let run = Run {
        job: row.job_key,
        period: row.period_key,
        due_at: row.due_at,
        org_id: row.org_id,
        subject_id: row.subject_id,
    };
    Ok(Taken { run, fence, tries, cursor: row.cursor, counts: row.counts })
}

/// Works a run through to its end, or until something fails or somebody else has it.
///
/// # Errors
/// When even the failure cannot be noted; the lease then runs out.
pub async fn work(state: &AppState, job: &Job, mut taken: Taken) -> Result<Worked, Error> {
    loop {
        let watch = Stopwatch::start();
        match chunk(state, job, &mut taken).await {
            Ok(Some(worked)) => return Ok(worked),
            Ok(None) => give_way(&state.lanes, watch.elapsed()).await,
            Err(error) => {
                let Run { job, period, .. } = &taken.run;
                tracing::error!(job.key = job, job.period = period, %error, "a chunk of {job} failed");
                return fail(state, &taken, &error).await;
            }
        }
    }
}

/// One chunk in its transaction. None: there is more.
async fn chunk(state: &AppState, job: &Job, taken: &mut Taken) -> Result<Option<Worked>, Error> {
    let tx = state.db.write().await?;
    let Chunk { cursor, told, passed } =
        (job.chunk)(state, &tx, &taken.run, taken.cursor.clone()).await?;
    if cursor.is_some() && cursor == taken.cursor {
        return Err(Error::impossible("move the cursor of a job on"));
    }
    let counts = sum(&taken.counts, told, &passed);
    let now = state.clock.now();
    let mut sets = vec![
        (Column::Counts, Expr::value(serde_json::to_value(&counts).map_err(unreadable)?)),
        (Column::Cursor, Expr::value(cursor.clone())),
        (Column::LeaseUntil, Expr::value(now.plus(LEASE))),
        (Column::Tries, Expr::value(0)),
    ];
    if cursor.is_none() {
        sets.extend([
            (Column::State, Expr::value(RunState::Done)),
            (Column::EndedAt, Expr::value(now)),
        ]);
    }
    let Run { job: key, period, .. } = &taken.run;
    if !set(&tx, (key, period, taken.fence), sets).await? {
        return Ok(Some(Worked::Lost));
    }
    tx.commit().await?;
    (taken.counts, taken.tries) = (counts, 0);
    taken.cursor = cursor;
    Ok(taken.cursor.is_none().then_some(Worked::Done))
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::broken("write the counts of a run", error)
}

fn sum(counts: &Counts, told: u64, passed: &BTreeMap<&'static str, u64>) -> Counts {
    let mut sum = counts.clone();
    sum.told += told;
    for (why, n) in passed {
        *sum.passed.entry((*why).to_owned()).or_default() += n;
    }
    sum
}

/// Notes a failure: the run waits, longer each time, and in the end for a person.
async fn fail(state: &AppState, taken: &Taken, error: &Error) -> Result<Worked, Error> {
    let Run { job, period, .. } = &taken.run;
    let (tries, now) = (taken.tries + 1, state.clock.now());
    let wait = WAIT * 2_u32.saturating_pow(tries.unsigned_abs() - 1);
    let over = tries >= TRIES;
    let state_now = if over { RunState::Failed } else { RunState::Waiting };
    let mut sets = vec![
        (Column::State, Expr::value(state_now)),
        (Column::Tries, Expr::value(tries)),
        (Column::LeaseUntil, Expr::value(now.plus(wait.min(LONGEST_WAIT)))),
    ];
    if over {
        sets.extend([
            (Column::EndedAt, Expr::value(now)),
            (Column::SkippedReason, Expr::value(error.step)),
        ]);
    }
    let tx = state.db.write().await?;
    let ours = set(&tx, (job, period, taken.fence), sets).await?;
    tx.commit().await?;
    if ours && over {
        given_up(job, period);
    }
    Ok(if ours { Worked::Failed } else { Worked::Lost })
}

fn given_up(job: &str, period: &str) {
    metrics::counter!("linli_schedule_failed_total", "job" => job.to_owned()).increment(1);
    tracing::error!(
        job.key = job,
        job.period = period,
        "{job} failed {TRIES} times and waits for a person: linli jobs run {job}"
    );
}

async fn end(
    tx: &Tx,
    row: &Model,
    state: RunState,
    why: Option<String>,
    now: At,
) -> Result<(), Error> {
    let sets = vec![
        (Column::State, Expr::value(state)),
        (Column::Fence, Expr::value(row.fence + 1)),
        (Column::SkippedReason, Expr::value(why)),
        (Column::EndedAt, Expr::value(now)),
    ];
    set(tx, (&row.job_key, &row.period_key, row.fence), sets).await.map(drop)
}

/// Writes to the run while the fence is still this one. Says whether it was.
async fn set(
    tx: &Tx,
    (job, period, fence): (&str, &str, i32),
    sets: Vec<(Column, SimpleExpr)>,
) -> Result<bool, Error> {
    let mut update = Entity::update_many()
        .filter(Column::JobKey.eq(job))
        .filter(Column::PeriodKey.eq(period))
        .filter(Column::EndedAt.is_null())
        .filter(Expr::col(Column::Fence).eq(fence));
    for (column, value) in sets {
        update = update.col_expr(column, value);
    }
    Ok(update.exec(&**tx).await.step("write to a run")?.rows_affected == 1)
}

/// What a run would do, chunk by chunk in one transaction that is thrown away.
///
/// # Errors
/// What the job itself fails with.
pub async fn rehearse(state: &AppState, job: &Job, run: &Run) -> Result<Counts, Error> {
    let tx = state.db.write().await?;
    let (mut counts, mut cursor) = (Counts::default(), None);
    loop {
        let chunk = (job.chunk)(state, &tx, run, cursor).await?;
        counts = sum(&counts, chunk.told, &chunk.passed);
        cursor = chunk.cursor;
        if cursor.is_none() {
            return Ok(counts);
        }
    }
}
