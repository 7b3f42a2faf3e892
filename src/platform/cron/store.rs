//! What the house knows of its jobs, and each time one was due.

use std::collections::BTreeSet;

use ::entity::{
    At, schedule,
    schedule_run::{ActiveModel, Column, Counts, Entity, Model, RunState},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::{Job, Occurrence, TOO_LATE, look::reason};

/// Rows of one statement.
const AT_ONCE: usize = 200;

/// An occurrence to be noted, and as what.
#[derive(Debug)]
pub(super) struct Entry {
    pub what: Occurrence,
    pub state: RunState,
}

/// What is known of the jobs; one that is new is known from now on, and a line that changed is kept as it now is.
pub(super) async fn know(
    state: &AppState,
    jobs: &[Job],
    now: At,
) -> Result<Vec<schedule::Model>, Error> {
    use schedule::Column;
    let keys = || jobs.iter().map(|job| job.key);
    let query = || schedule::Entity::find().filter(Column::JobKey.is_in(keys()));
    let known = query().all(state.db.read()).await.step("read what jobs are known")?;
    let same = |job: &&Job| {
        known.iter().any(|row| {
            row.job_key == job.key
                && row.spec == job.when.spec()
                && row.words == job.words
                && row.catch_up_s == seconds(job)
        })
    };
    let fresh: Vec<_> = jobs.iter().filter(|job| !same(job)).map(|job| line(job, now)).collect();
    if fresh.is_empty() {
        return Ok(known);
    }
    let again = OnConflict::column(Column::JobKey)
        .update_columns([Column::Spec, Column::Words, Column::CatchUpS])
        .to_owned();
    let tx = state.db.write().await?;
    let insert = schedule::Entity::insert_many(fresh).on_conflict(again);
    insert.exec_without_returning(&*tx).await.step("make jobs known")?;
    let known = query().all(&*tx).await.step("read what jobs are known")?;
    tx.commit().await?;
    Ok(known)
}

fn seconds(job: &Job) -> i64 {
    i64::try_from(job.catch_up.as_secs()).unwrap_or(i64::MAX)
}

fn line(job: &Job, now: At) -> schedule::ActiveModel {
    schedule::ActiveModel {
        job_key: Set(job.key.to_owned()),
        spec: Set(job.when.spec().to_owned()),
        words: Set(job.words.to_owned()),
        tz: Set("Asia/Shanghai".to_owned()),
        known_since: Set(now),
        catch_up_s: Set(seconds(job)),
        late_policy: Set("skip".to_owned()),
        looked_until: Set(now),
    }
}

/// Notes occurrences that are not known yet, in one transaction. What was skipped because the clock had run ahead waits
/// again. Answers how many are new.
pub(super) async fn note(
    state: &AppState,
    job: &Job,
    entries: Vec<Entry>,
    now: At,
) -> Result<usize, Error> {
    let mut fresh = Vec::new();
    for some in entries.chunks(AT_ONCE) {
        let settled = settled(state, job, some).await?;
        fresh.extend(some.iter().filter(|entry| !settled.contains(&entry.what.period)));
    }
    if fresh.is_empty() {
        return Ok(0);
    }
    let tx = state.db.write().await?;
    let mut noted = 0;
    for some in fresh.chunks(AT_ONCE) {
        let rows = some.iter().map(|entry| row(state, job, entry, now));
        let insert = Entity::insert_many(rows).on_conflict(once(some[0].state));
        noted += insert.exec_without_returning(&*tx).await.step("note what is due")?;
    }
    tx.commit().await?;
    if fresh[0].state == RunState::Skipped {
        skipped_by(job.key, noted);
    }
    Ok(usize::try_from(noted).unwrap_or(usize::MAX))
}

/// Keeps how far the calendar was looked through; never back.
pub(super) async fn looked(state: &AppState, jobs: Vec<&str>, until: At) -> Result<(), Error> {
    use schedule::Column;
    if jobs.is_empty() {
        return Ok(());
    }
    let tx = state.db.write().await?;
    schedule::Entity::update_many()
        .col_expr(Column::LookedUntil, Expr::value(until))
        .filter(Column::JobKey.is_in(jobs))
        .filter(Column::LookedUntil.lt(until))
        .exec(&*tx)
        .await
        .step("note how far the calendar was looked through")?;
    tx.commit().await
}

/// Passing over is told to the operator, never silent.
pub(super) fn skipped_by(job: &str, how_many: u64) {
    if how_many == 0 {
        return;
    }
    metrics::counter!("linli_schedule_skipped_total", "job" => job.to_owned()).increment(how_many);
    tracing::warn!(
        job.key = job,
        job.skipped = how_many,
        "{how_many} runs of {job} were skipped: nobody was there while they made sense"
    );
}

/// The periods among these that need no writing: known, and not waiting to be found due again.
async fn settled(
    state: &AppState,
    job: &Job,
    entries: &[Entry],
) -> Result<BTreeSet<String>, Error> {
    let fresh = entries.first().is_some_and(|entry| entry.state == RunState::Waiting);
    let mut query = Entity::find()
        .select_only()
        .column(Column::PeriodKey)
        .filter(Column::JobKey.eq(job.key))
        .filter(Column::PeriodKey.is_in(entries.iter().map(|entry| entry.what.period.as_str())));
    if fresh {
        query = query.filter(Column::State.ne(RunState::Skipped));
    }
    let known: Vec<String> =
        query.into_tuple().all(state.db.read()).await.step("read what is noted")?;
    Ok(known.into_iter().collect())
}

/// A period is noted once. Only one that was passed over as too late, and is in time after all, waits again.
fn once(state: RunState) -> OnConflict {
    let mut once = OnConflict::columns([Column::JobKey, Column::PeriodKey]);
    if state != RunState::Waiting {
        return once.do_nothing().to_owned();
    }
    let late = Expr::col((Entity, Column::State))
        .eq(RunState::Skipped)
        .and(Expr::col((Entity, Column::SkippedReason)).eq(TOO_LATE));
    once.update_columns([
        Column::State,
        Column::DueAt,
        Column::LeaseUntil,
        Column::SkippedReason,
        Column::EndedAt,
    ])
    .action_and_where(late)
    .to_owned()
}

fn row(state: &AppState, job: &Job, entry: &Entry, now: At) -> ActiveModel {
    let what = &entry.what;
    ActiveModel {
        job_key: Set(job.key.to_owned()),
        period_key: Set(what.period.clone()),
        id: Set(state.rng.id(now)),
        due_at: Set(what.due_at),
        state: Set(entry.state),
        fence: Set(0),
        lease_until: Set(what.due_at),
        tries: Set(0),
        cursor: Set(None),
        counts: Set(Counts::default()),
        skipped_reason: Set(reason(entry.state)),
        org_id: Set(what.org_id),
        subject_id: Set(what.subject_id),
        started_at: Set(None),
        ended_at: Set((entry.state == RunState::Skipped).then_some(now)),
    }
}

/// How many runs failed for good and wait for a person.
///
/// # Errors
/// When the database cannot be read.
pub async fn failed(db: &impl ConnectionTrait) -> Result<u64, Error> {
    let failed = Entity::find().filter(Column::State.eq(RunState::Failed));
    failed.count(db).await.step("count failed runs")
}

/// The newest runs of a job, or of all, for whoever sits at the machine.
///
/// # Errors
/// When the database cannot be read.
pub async fn history(
    db: &impl ConnectionTrait,
    job: Option<&str>,
    failed_only: bool,
    few: u64,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(few);
    if let Some(job) = job {
        query = query.filter(Column::JobKey.eq(job));
    }
    if failed_only {
        query = query.filter(Column::State.eq(RunState::Failed));
    }
    query.all(db).await.step("read what ran")
}

/// One run.
///
/// # Errors
/// When the database cannot be read.
pub async fn run_of(
    db: &impl ConnectionTrait,
    job: &str,
    period: &str,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id((job.to_owned(), period.to_owned())).one(db).await;
    found.step("read a run")
}

/// Lets runs that ended without being done wait again: a person has mended what was wrong. A run that is done stays
/// done. Answers how many.
///
/// # Errors
/// When the database cannot be written.
pub async fn again(state: &AppState, job: &Job, what: &[Occurrence]) -> Result<u64, Error> {
    let now = state.clock.now();
    let tx = state.db.write().await?;
    let mut again = 0;
    for some in what.chunks(AT_ONCE) {
        let entries: Vec<_> = some
            .iter()
            .map(|what| Entry { what: what.clone(), state: RunState::Waiting })
            .collect();
        let rows = entries.iter().map(|entry| row(state, job, entry, now));
        let nothing =
            OnConflict::columns([Column::JobKey, Column::PeriodKey]).do_nothing().to_owned();
        let insert = Entity::insert_many(rows).on_conflict(nothing);
        again += insert.exec_without_returning(&*tx).await.step("note a run")?;
        again += Entity::update_many()
            .col_expr(Column::State, Expr::value(RunState::Waiting))
            .col_expr(Column::Tries, Expr::value(0))
            .col_expr(Column::LeaseUntil, Expr::value(now))
            .col_expr(Column::EndedAt, Expr::value(None::<At>))
            .col_expr(Column::SkippedReason, Expr::value(None::<String>))
            .filter(Column::JobKey.eq(job.key))
            .filter(Column::PeriodKey.is_in(some.iter().map(|what| what.period.as_str())))
            .filter(Column::State.is_in([RunState::Skipped, RunState::Failed]))
            .exec(&*tx)
            .await
            .step("let a run wait again")?
            .rows_affected;
    }
    tx.commit().await?;
    Ok(again)
}
