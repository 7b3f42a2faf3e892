//! What the office does about messages: try again, let go, and note what came of phoning. Each is audited.

use ::entity::push::{ActiveModel, CallOutcome, Column, Entity, Model, PushState};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryFilter, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    identity::Reviewer,
    kernel::Error,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
    },
};

#[derive(Debug, thiserror::Error)]
pub enum PushError {
    #[error("no such message, or out of reach")]
    NotFound,
    #[error("not now: it is {0:?}")]
    NotNow(PushState),
    #[error("nobody needs it any more")]
    TooLate,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PushError> for Problem {
    fn from(error: PushError) -> Self {
        match error {
            PushError::NotFound => NOT_FOUND.into(),
            PushError::NotNow(state) => {
                Self::state(state, "这条消息现在不能这样处理", "Not with this message now")
            }
            PushError::TooLate => Self::state(
                "too_late",
                "这条消息已经过了时候，不用再发",
                "Nobody needs this message any more",
            ),
            PushError::Broken(error) => error.into(),
        }
    }
}

/// Sends a message once more that is dead, or of which nobody knows whether it arrived.
///
/// # Errors
/// `NotFound`, `NotNow`, `TooLate`.
pub(super) async fn retry(state: &AppState, me: &Reviewer, id: Uuid) -> Result<Model, PushError> {
    let (tx, now) = (state.db.write().await?, state.clock.now());
    let row = locked(&tx, me, id).await?;
    if !matches!(row.state, PushState::Dead | PushState::Unknown) {
        return Err(PushError::NotNow(row.state));
    }
    if row.useful_until <= now {
        return Err(PushError::TooLate);
    }
    let mut row: ActiveModel = row.into();
    (row.state, row.next_at) = (Set(PushState::Retry), Set(now));
    (row.attempts, row.updated_at) = (Set(0), Set(now));
    finish(tx, state, me, row, Act::PushRetried).await
}

/// Lets a message go: no phone rings for it. The line in the inbox stays.
///
/// # Errors
/// `NotFound`, `NotNow`.
pub(super) async fn give_up(state: &AppState, me: &Reviewer, id: Uuid) -> Result<Model, PushError> {
    let (tx, now) = (state.db.write().await?, state.clock.now());
    let row = locked(&tx, me, id).await?;
    if matches!(row.state, PushState::Sending | PushState::Sent | PushState::Refused) {
        return Err(PushError::NotNow(row.state));
    }
    let mut row: ActiveModel = row.into();
    (row.state, row.updated_at) = (Set(PushState::Refused), Set(now));
    row.last_class = Set(Some("dropped".to_owned()));
    finish(tx, state, me, row, Act::PushDropped).await
}

/// Notes what came of phoning somebody on the call list.
///
/// # Errors
/// `NotFound`; `NotNow` for a message nobody has to phone for.
pub(super) async fn called(
    state: &AppState,
    me: &Reviewer,
    id: Uuid,
    outcome: CallOutcome,
) -> Result<(), PushError> {
    let (tx, now) = (state.db.write().await?, state.clock.now());
    let row = locked(&tx, me, id).await?;
    let missed = matches!(row.state, PushState::Refused | PushState::Dead | PushState::Unknown);
    if !(row.urgent && missed) {
        return Err(PushError::NotNow(row.state));
    }
    let mut row: ActiveModel = row.into();
    (row.called_by, row.called_at) = (Set(Some(me.id())), Set(Some(now)));
    (row.call_outcome, row.updated_at) = (Set(Some(outcome)), Set(now));
    finish(tx, state, me, row, Act::CallMade).await.map(drop)
}

async fn locked(tx: &Tx, me: &Reviewer, id: Uuid) -> Result<Model, PushError> {
    let mine = Entity::find_by_id(id).filter(me.scope().reach(Column::OrgId));
    let found = mine.lock(LockType::NoKeyUpdate).one(&**tx).await;
    found.step("lock a message")?.ok_or(PushError::NotFound)
}

async fn finish(
    tx: Tx,
    state: &AppState,
    me: &Reviewer,
    row: ActiveModel,
    act: Act,
) -> Result<Model, PushError> {
    let row = row.update(&*tx).await.step("change a message")?;
    let (actor_id, org_id, subject_id) = (Some(me.id()), Some(row.org_id), Some(row.id));
    audit::record(&tx, state, Deed { act, actor_id, org_id, subject_id, why: None }).await?;
    tx.commit().await?;
    Ok(row)
}
