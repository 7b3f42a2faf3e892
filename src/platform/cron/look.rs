//! Looking at the calendar: what has fallen due becomes a row, in whatever replica looks first.

use std::{collections::BTreeMap, time::Duration};

use ::entity::{At, schedule, schedule_run::RunState};

use crate::{kernel::Error, platform::AppState};

use super::{
    Job, Occurrence, TOO_LATE, When, calendar,
    store::{self, Entry},
};

/// After a long absence the calendar is gone through in stretches of so long, each kept when it is done.
const STRETCH: Duration = Duration::from_secs(24 * 3600);
/// How far it was looked through need not be written more often.
const MINUTE: Duration = Duration::from_secs(60);

/// Looks at each job's calendar. Answers how many occurrences are new.
///
/// # Errors
/// When the database cannot be read or written; what was noted before stays.
pub async fn look(state: &AppState, jobs: &[Job]) -> Result<usize, Error> {
    let now = state.clock.now();
    let known = store::know(state, jobs, now).await?;
    let known: BTreeMap<_, _> = known.into_iter().map(|row| (row.job_key.clone(), row)).collect();
    let mut noted = 0;
    for job in jobs {
        if let Some(known) = known.get(job.key) {
            noted += one(state, job, known, now).await?;
        }
    }
    let behind = known.values().filter(|row| row.looked_until.plus(MINUTE) <= now);
    store::looked(state, behind.map(|row| row.job_key.as_str()).collect(), now).await?;
    Ok(noted)
}

/// One job. What is older than it may be late is gone through once, and passed over with a reason; what is not is
/// looked at anew each time: a row may have come, or its hour may have changed.
async fn one(
    state: &AppState,
    job: &Job,
    known: &schedule::Model,
    now: At,
) -> Result<usize, Error> {
    let still = now.minus(job.catch_up);
    let mut noted = 0;
    let mut from = known.looked_until.max(known.known_since);
    while from < still {
        let until = from.plus(STRETCH).min(still);
        let late = due(state, job, from, until).await?;
        let entries = late.into_iter().map(|what| Entry { what, state: RunState::Skipped });
        noted += store::note(state, job, entries.collect(), now).await?;
        store::looked(state, vec![job.key], until).await?;
        from = until;
    }
    let fresh = due(state, job, still.max(known.known_since), now).await?;
    let entries = fresh.into_iter().map(|what| Entry { what, state: RunState::Waiting });
    Ok(noted + store::note(state, job, entries.collect(), now).await?)
}

/// The occurrences of a job in (from, until].
///
/// # Errors
/// When its line, or the rows it is planned by, cannot be read.
pub async fn due(
    state: &AppState,
    job: &Job,
    from: At,
    until: At,
) -> Result<Vec<Occurrence>, Error> {
    let mut due = match job.when {
        When::Cron(spec) => calendar::occurrences(spec, from, until)?,
        When::Planned(plan) => plan(state, from, until).await?,
    };
    // A plan that answers more than it was asked for makes nothing early.
    due.retain(|one| from < one.due_at && one.due_at <= until);
    Ok(due)
}

/// Why an occurrence was passed over while nobody looked.
pub(super) fn reason(state: RunState) -> Option<String> {
    (state == RunState::Skipped).then(|| TOO_LATE.to_owned())
}
