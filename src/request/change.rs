//! Every change of a request's state: one function, so that row, timeline and outbox always move together.

use std::time::Duration;

use ::entity::request::{ActiveModel, Model, RequestState};
use entity::At;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

use crate::{
    content::{self, photo},
    file::Attached,
    identity::Scope,
    kernel::{Error, Event, Fact},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
};

use super::{
    model::{self, Command, LATE_ANSWER, NotNow, Promise, Stand},
    store,
};

#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("no such request in this scope")]
    NotFound,
    #[error("not possible in state {:?}", .0.state)]
    NotNow(NotNow),
    #[error(transparent)]
    Held(#[from] content::Held),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::NotFound => NOT_FOUND.into(),
            RequestError::NotNow(refused) => not_now(refused),
            RequestError::Held(held) => held.into(),
            RequestError::Broken(error) => error.into(),
        }
    }
}

fn not_now(refused: NotNow) -> Problem {
    let now = spoken(refused.state);
    let (zh, en) = match refused.command {
        Command::Withdraw if refused.started => ("志愿者已经开始服务", "The work has begun"),
        Command::Answer(_) => {
            ("服务完成并上报后才能评价", "It can be answered once the work is reported")
        }
        Command::Amend => ("社区受理后不能再修改", "It can no longer be changed"),
        Command::Dispatch => {
            ("只有待处理、退回或重新办理的需求才能派单", "Only waiting requests are dispatched")
        }
        Command::Pass | Command::Refer | Command::Merge => {
            ("已经派单的请先收回，办结的不用再转", "Take it back from its task first")
        }
        Command::Assign => ("这个需求已经结束，不用再交接", "It is over, nobody needs to own it"),
        _ => ("这个状态下不能这样操作", "Not possible in this state"),
    };
    Problem::state(refused.state, format!("需求现在是「{now}」：{zh}"), en)
}

/// A state in a resident's words.
pub fn spoken(state: RequestState) -> &'static str {
    match state {
        RequestState::Submitted => "待处理",
        RequestState::NeedsInfo => "待补充",
        RequestState::Dispatched => "已派单",
        RequestState::Returned => "退回待派",
        RequestState::Fulfilled => "待评价",
        RequestState::Reopened => "重新办理",
        RequestState::Closed => "已办结",
        RequestState::Declined => "不受理",
        RequestState::Merged => "已合并",
        RequestState::Withdrawn => "已撤回",
    }
}

/// A fact about a request.
pub(super) fn fact(row: &Model, event: Event, by: &By) -> Fact {
    Fact {
        event,
        org_id: row.org_id,
        request_id: Some(row.id),
        task_id: row.task_id,
        subject_id: row.id,
        actor_id: by.actor,
        words: by.words.clone(),
    }
}

/// Who does something, and what they say with it.
#[derive(Clone, Debug, Default)]
pub(super) struct By {
    /// None: the house itself.
    pub actor: Option<Uuid>,
    pub words: Option<String>,
}

/// Moves a locked request and records the fact.
pub(super) async fn apply(
    tx: &DatabaseTransaction,
    state: &AppState,
    row: Model,
    command: Command,
    by: By,
) -> Result<Model, RequestError> {
    let now = state.clock.now();
    let hearable = row.unconfirmed && row.closed_at.is_some_and(|at| at.plus(LATE_ANSWER) > now);
    let stand = Stand { state: row.state, started: row.work_started_at.is_some(), hearable };
    let (next, event) = model::step(stand, command).map_err(RequestError::NotNow)?;
    let happened = fact(&row, event, &by);
    let promise = Promise { first_answer: row.first_answer_due, done: row.done_due };
    let due_at = model::due(command, (row.state, next), row.due_at, promise);
    let closes_at = match next {
        _ if command == Command::Assign => row.closes_at,
        RequestState::Fulfilled => Some(silence_closes(tx, &row, now).await?),
        _ => None,
    };
    let closed_at = (next == RequestState::Closed).then(|| row.closed_at.unwrap_or(now));
    let owner_id = row.owner_id.or(by.actor.filter(|_| command.is_first_hand()));
    let reason = by.words.map(|words| state.crypto.seal("request.reason", row.id, &words));
    let mut row: ActiveModel = row.into();
    if command != Command::Assign {
        row.reason = Set(reason);
    }
    row.state = Set(next);
    row.owner_id = Set(owner_id);
    row.due_at = Set(due_at);
    row.closes_at = Set(closes_at);
    row.closed_at = Set(closed_at);
    row.unconfirmed = Set(command == Command::CloseSilently);
    row.to_hotline = Set(command == Command::Refer);
    row.updated_at = Set(now);
    let row = row.update(tx).await.step("change a request")?;
    outbox::record(tx, state, [happened]).await?;
    Ok(row)
}

/// When silence closes a request whose work is reported now.
async fn silence_closes(tx: &DatabaseTransaction, row: &Model, now: At) -> Result<At, Error> {
    let rules = org::settings_of(tx, [row.org_id]).await?.remove(&row.org_id).unwrap_or_default();
    let days = u64::from(rules.silence_closes_days.unsigned_abs());
    Ok(now.plus(Duration::from_secs(days * 24 * 3600)))
}

/// Finds, locks, moves and commits: the whole of a simple step.
///
/// # Errors
/// `NotFound` outside the scope; `NotNow` in the wrong state.
pub(super) async fn act(
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    command: Command,
    by: By,
) -> Result<Model, RequestError> {
    let tx = state.db.write().await?;
    let row = store::locked(&tx, scope, id).await?.ok_or(RequestError::NotFound)?;
    let row = apply(&tx, state, row, command, by).await?;
    tx.commit().await?;
    Ok(row)
}

/// Marks a request as dispatched to a task, in the transaction that makes the task.
///
/// # Errors
/// `NotFound` outside the scope; `NotNow` unless it waits in the inbox; `Held` until its words have passed.
pub async fn dispatch(
    tx: &Tx,
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    task_id: Uuid,
    actor: Uuid,
) -> Result<Model, RequestError> {
    let row = store::locked(tx, scope, id).await?.ok_or(RequestError::NotFound)?;
    content::gate(&**tx, id).await??;
    let mut row: ActiveModel = row.into();
    row.task_id = Set(Some(task_id));
    row.work_started_at = Set(None);
    let row = row.update(&**tx).await.step("name the task")?;
    // Photos that have not passed keep nobody waiting for help: they are not shown, and the queue has them.
    let _ = photo::look(tx, state, actor, Attached::Request, id).await?;
    apply(tx, state, row, Command::Dispatch, By { actor: Some(actor), words: None }).await
}

/// The work on its task was reported: the resident is asked. Nothing where the request has moved on meanwhile.
pub async fn fulfil(
    tx: &DatabaseTransaction,
    state: &AppState,
    id: Uuid,
    task_id: Uuid,
    actor: Uuid,
) -> Result<(), Error> {
    move_on(tx, state, id, task_id, Command::Fulfil, By { actor: Some(actor), words: None }).await
}

/// Its task was cancelled: back to the inbox. Nothing where the request has moved on meanwhile.
pub async fn take_back(
    tx: &DatabaseTransaction,
    state: &AppState,
    id: Uuid,
    task_id: Uuid,
    reason: Option<String>,
) -> Result<(), Error> {
    move_on(tx, state, id, task_id, Command::TakeBack, By { actor: None, words: reason }).await
}

async fn move_on(
    tx: &DatabaseTransaction,
    state: &AppState,
    id: Uuid,
    task_id: Uuid,
    command: Command,
    by: By,
) -> Result<(), Error> {
    let row = store::locked(tx, &Scope::house(), id).await?;
    let Some(row) = row.filter(|row| row.task_id == Some(task_id)) else { return Ok(()) };
    match apply(tx, state, row, command, by).await {
        Ok(_) | Err(RequestError::NotNow(_) | RequestError::NotFound | RequestError::Held(_)) => {
            Ok(())
        }
        Err(RequestError::Broken(error)) => Err(error),
    }
}

/// Somebody checked in: from now on it cannot be withdrawn.
pub async fn work_started(
    tx: &DatabaseTransaction,
    state: &AppState,
    id: Uuid,
) -> Result<(), Error> {
    let row = store::locked(tx, &Scope::house(), id).await?;
    let Some(row) = row.filter(|row| row.work_started_at.is_none()) else { return Ok(()) };
    let mut row: ActiveModel = row.into();
    row.work_started_at = Set(Some(state.clock.now()));
    row.update(tx).await.step("note the start of work")?;
    Ok(())
}
