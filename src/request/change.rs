//! Every change of a request's state: one function, so that row, timeline and outbox always move together.

use ::entity::request::{ActiveModel, Model, RequestState};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Fact},
    platform::{
        AppState,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
};

use super::{
    model::{self, Command, NotNow},
    store,
};

#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error("no such request in this scope")]
    NotFound,
    #[error("not possible in state {:?}", .0.state)]
    NotNow(NotNow),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::NotFound => NOT_FOUND.into(),
            RequestError::NotNow(refused) => not_now(refused),
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
    let (next, event) = model::step(row.state, row.work_started_at.is_some(), command)
        .map_err(RequestError::NotNow)?;
    let fact = Fact {
        event,
        org_id: row.org_id,
        request_id: Some(row.id),
        task_id: row.task_id,
        subject_id: row.id,
        actor_id: by.actor,
        words: by.words.clone(),
    };
    let reason = by.words.map(|words| state.crypto.seal("request.reason", row.id, &words));
    let mut row: ActiveModel = row.into();
    row.state = Set(next);
    row.reason = Set(reason);
    row.updated_at = Set(state.clock.now());
    let row = row.update(tx).await.step("change a request")?;
    outbox::record(tx, state, [fact]).await?;
    Ok(row)
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
/// `NotFound` outside the scope; `NotNow` unless it waits in the inbox.
pub async fn dispatch(
    tx: &DatabaseTransaction,
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    task_id: Uuid,
    actor: Uuid,
) -> Result<Model, RequestError> {
    let row = store::locked(tx, scope, id).await?.ok_or(RequestError::NotFound)?;
    let mut row: ActiveModel = row.into();
    row.task_id = Set(Some(task_id));
    row.work_started_at = Set(None);
    let row = row.update(tx).await.step("name the task")?;
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
        Ok(_) | Err(RequestError::NotNow(_) | RequestError::NotFound) => Ok(()),
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
