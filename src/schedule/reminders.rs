//! 任务提醒: a day and two hours before a task starts, those who hold a seat and its lead are reminded. A task that was
//! moved or called off meanwhile reminds nobody; for its new time it has a reminder of its own.

use std::time::Duration;

use ::entity::{
    At,
    task::{Model as Task, TaskState},
};
use uuid::Uuid;

use crate::{
    claim, dispatch,
    identity::Scope,
    kernel::{Day, Error},
    notify::{self, Matter, Notice, Subject},
    platform::{
        AppState, Tx,
        cron::{Chunk, Occurrence, Run, Step},
    },
};

const DAY: Duration = Duration::from_secs(24 * 3600);
const SOON: Duration = Duration::from_secs(2 * 3600);

/// By the day of the start: moved within it, what the change said is enough.
fn of_day(task: Uuid, starts_at: At) -> String {
    format!("{task}|{}", Day::of(starts_at))
}

/// By the very start.
fn of_start(task: Uuid, starts_at: At) -> String {
    format!("{task}|{starts_at}")
}

/// Reminders due a day before the start.
pub fn a_day_before(state: &AppState, from: At, until: At) -> Step<'_, Vec<Occurrence>> {
    Box::pin(due(state, (from, until), DAY, of_day))
}

/// Reminders due two hours before the start.
pub fn two_hours_before(state: &AppState, from: At, until: At) -> Step<'_, Vec<Occurrence>> {
    Box::pin(due(state, (from, until), SOON, of_start))
}

async fn due(
    state: &AppState,
    (from, until): (At, At),
    before: Duration,
    period: fn(Uuid, At) -> String,
) -> Result<Vec<Occurrence>, Error> {
    let (from, until) = (from.plus(before), until.plus(before));
    let tasks = dispatch::starting(state.db.read(), &Scope::house(), from, until).await?;
    let occurrence = |(id, org_id, starts_at)| Occurrence {
        period: period(id, starts_at),
        due_at: starts_at.minus(before),
        org_id: Some(org_id),
        subject_id: Some(id),
    };
    Ok(tasks.into_iter().map(occurrence).collect())
}

/// Reminds a part of those concerned, a day before.
pub fn day<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    cursor: Option<String>,
) -> Step<'a, Chunk> {
    Box::pin(remind(state, tx, run, cursor, of_day))
}

/// Reminds a part of those concerned, two hours before.
pub fn soon<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    cursor: Option<String>,
) -> Step<'a, Chunk> {
    Box::pin(remind(state, tx, run, cursor, of_start))
}

async fn remind(
    state: &AppState,
    tx: &Tx,
    run: &Run,
    cursor: Option<String>,
    period: fn(Uuid, At) -> String,
) -> Result<Chunk, Error> {
    let house = Scope::house();
    let Some(id) = run.subject_id else { return Ok(Chunk::passing("gone", 1)) };
    let Some(task) = dispatch::find(&**tx, &house, id).await? else {
        return Ok(Chunk::passing("gone", 1));
    };
    if let Some(why) = lapsed(&task, state.clock.now(), run, period) {
        return Ok(Chunk::passing(why, 1));
    }
    let mut people = claim::expected(&**tx, &house, id).await?;
    people.extend(task.lead_id);
    let (people, cursor) = run.part(people, cursor)?;
    let notice = Notice {
        subject: Subject::TaskReminder,
        matter: Matter {
            place: task.place_name.filter(|_| task.request_id.is_none()),
            task: Some((task.title, task.starts_at)),
            ..Matter::default()
        },
        occasion: run.occasion(),
        org_id: task.org_id,
        // A resident's task is not called by its title on a phone.
        request_id: task.request_id,
        task_id: Some(id),
        subject_id: id,
        begins_at: Some(task.starts_at),
    };
    let told = notify::tell(tx, state, &notice, &people).await?;
    Ok(Chunk { cursor, told, ..Chunk::default() })
}

/// Why nobody is reminded any more.
fn lapsed(task: &Task, now: At, run: &Run, period: fn(Uuid, At) -> String) -> Option<&'static str> {
    match task.state {
        TaskState::Open if period(task.id, task.starts_at) != run.period => Some("moved"),
        TaskState::Open if task.starts_at <= now => Some("begun"),
        TaskState::Open => None,
        _ => Some("over"),
    }
}
