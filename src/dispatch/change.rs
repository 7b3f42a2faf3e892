//! Changes of a task's state: publish, resize, cancel; and the two the work itself brings, report and confirm.

use ::entity::{
    At,
    task::{ActiveModel, Model, TaskState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event, Fact, day},
    platform::{
        AppState,
        db::Step,
        http::{
            Kind, Problem,
            problem::{FieldFault, NOT_FOUND},
        },
        outbox,
    },
};

use super::{
    BELOW_TAKEN, EDITED,
    model::{self, Command, NotNow},
    safety, seats, store,
};

#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error("no such task in this scope")]
    NotFound,
    #[error("not possible in state {:?}", .0.state)]
    NotNow(NotNow),
    #[error("the time to claim has passed")]
    TooLate(At),
    #[error("{taken} seats are taken")]
    BelowTaken { taken: i32 },
    #[error("somebody wrote in between: edit {rev}")]
    Edited { rev: i64 },
    #[error("refused: {}", .0.code)]
    Refused(Kind),
    #[error("a field is not right")]
    Field(FieldFault),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<TaskError> for Problem {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::NotFound => NOT_FOUND.into(),
            TaskError::NotNow(NotNow { state, .. }) => {
                let zh = format!("任务现在是「{}」，不能这样操作", model::spoken(state));
                Self::state(state, zh, "Not possible in the task's state")
            }
            TaskError::TooLate(until) => Self::state(
                TaskState::Draft,
                format!("接单截止 {} 已过，请改时间后再发布", day::spoken(until)),
                "The time to claim has passed",
            ),
            TaskError::BelowTaken { taken } => Self::from(BELOW_TAKEN)
                .say(
                    format!("已有 {taken} 人占用名额，不能少于这个数"),
                    format!("{taken} seats are taken"),
                )
                .with("taken", taken),
            TaskError::Edited { rev } => Self::from(EDITED).with("rev", rev),
            TaskError::Refused(kind) => kind.into(),
            TaskError::Field(fault) => Self::fields(vec![fault]),
            TaskError::Broken(error) => error.into(),
        }
    }
}

/// A fact about a task.
pub(super) fn fact(task: &Model, event: Event, actor: Option<Uuid>, words: Option<String>) -> Fact {
    Fact {
        event,
        org_id: task.org_id,
        request_id: task.request_id,
        task_id: Some(task.id),
        subject_id: task.id,
        actor_id: actor,
        words,
    }
}

/// Moves a locked task and records the fact; `change` sets what else the step brings.
pub(super) async fn apply(
    tx: &DatabaseTransaction,
    state: &AppState,
    task: Model,
    command: Command,
    by: (Option<Uuid>, Option<String>),
    change: impl FnOnce(&mut ActiveModel),
) -> Result<Model, TaskError> {
    let (next, event) = model::step(task.state, command).map_err(TaskError::NotNow)?;
    let mut row: ActiveModel = task.clone().into();
    row.state = Set(next);
    row.ver = Set(task.ver + 1);
    row.updated_at = Set(state.clock.now());
    change(&mut row);
    if matches!(command, Command::Publish | Command::Reschedule) {
        // Whoever looks first plans how far it goes, and when.
        row.escalate_at = Set(row.opens_at.try_as_ref().copied());
        row.wave_at = row.escalate_at.clone();
    }
    let row = row.update(tx).await.step("change a task")?;
    outbox::record(tx, state, [fact(&row, event, by.0, by.1)]).await?;
    Ok(row)
}

/// Opens a draft to its ring.
///
/// # Errors
/// `NotFound` outside the scope; `NotNow` unless it is a draft; `TooLate` when nobody could claim any more; a fault
/// where it does not keep to its safety rules: a copy may have lost its lead.
pub(super) async fn publish(
    tx: &DatabaseTransaction,
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    actor: Uuid,
) -> Result<Model, TaskError> {
    let task = store::lock(tx, scope, id).await?.ok_or(TaskError::NotFound)?;
    if task.state == TaskState::Draft && task.claim_until <= state.clock.now() {
        return Err(TaskError::TooLate(task.claim_until));
    }
    safety::check(tx, task.category_id, task.slots, task.lead_id).await?;
    apply(tx, state, task, Command::Publish, (Some(actor), None), |_| ()).await
}

/// Changes how many seats there are, never below those taken. The claim room calls it with those who wait for one.
///
/// # Errors
/// `NotFound`, `NotNow` once it is over, `BelowTaken`; a fault of `slots` where two people go together.
pub async fn resize(
    tx: &DatabaseTransaction,
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    slots: i32,
    actor: Uuid,
) -> Result<Model, TaskError> {
    let task = store::lock(tx, scope, id).await?.ok_or(TaskError::NotFound)?;
    let (_, event) = model::step(task.state, Command::Resize).map_err(TaskError::NotNow)?;
    let asked = safety::asked(tx, task.category_id).await?;
    safety::enough_seats(asked.as_ref(), slots).map_err(TaskError::Field)?;
    let resized = seats::resize(tx, id, slots, state.clock.now()).await?;
    let resized = resized.ok_or(TaskError::BelowTaken { taken: task.taken() })?;
    let words = format!("名额 {} → {slots}", task.slots);
    outbox::record(tx, state, [fact(&resized, event, Some(actor), Some(words))]).await?;
    Ok(resized)
}

/// Calls a task off. Its claims and its request follow as reactions.
///
/// # Errors
/// `NotFound`; `NotNow` once the work was reported.
pub(super) async fn cancel(
    tx: &DatabaseTransaction,
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    actor: Uuid,
    reason: String,
) -> Result<Model, TaskError> {
    let task = store::lock(tx, scope, id).await?.ok_or(TaskError::NotFound)?;
    let by = (Some(actor), Some(reason.clone()));
    apply(tx, state, task, Command::Cancel, by, |row| row.reason = Set(Some(reason))).await
}

/// The request behind a task was withdrawn or returned: the task is called off too. Nothing where it is over.
pub async fn recall(
    tx: &DatabaseTransaction,
    state: &AppState,
    id: Uuid,
    reason: &str,
) -> Result<(), Error> {
    let Some(task) = store::lock(tx, &Scope::house(), id).await? else { return Ok(()) };
    let by = (None, Some(reason.to_owned()));
    let because = Some(reason.to_owned());
    match apply(tx, state, task, Command::Cancel, by, |row| row.reason = Set(because)).await {
        Err(TaskError::Broken(error)) => Err(error),
        // Over already: nothing to call off.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// How a task ends well.
#[derive(Clone, Debug)]
pub enum Finish {
    /// The lead's or the office's words on what was done.
    Reported { words: String },
    /// A second person stands for it.
    Confirmed,
}

/// Moves a locked task to `reported` or `confirmed`; the claim room calls it with the claims it settles. Without an
/// actor it is the house that confirms.
///
/// # Errors
/// `NotNow` in the wrong state.
pub async fn finish(
    tx: &DatabaseTransaction,
    state: &AppState,
    task: Model,
    actor: Option<Uuid>,
    how: Finish,
) -> Result<Model, TaskError> {
    let now = state.clock.now();
    match how {
        Finish::Reported { words } => {
            let by = (actor, Some(words.clone()));
            apply(tx, state, task, Command::Report, by, |row| {
                row.report = Set(Some(words));
                row.reported_by = Set(actor);
                row.reported_at = Set(Some(now));
            })
            .await
        }
        Finish::Confirmed => {
            apply(tx, state, task, Command::Confirm, (actor, None), |row| {
                row.confirmed_at = Set(Some(now));
            })
            .await
        }
    }
}
