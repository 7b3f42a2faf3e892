//! 签到签退: coming and going. The code is shown at the place; the window does the rest.

use ::entity::{
    At,
    claim::{ActiveModel, ClaimState, Model},
    task::{self, TaskState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    dispatch,
    identity::{Resident, Scope, people},
    kernel::{Error, Event, day::spoken},
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
    request,
};

use super::{
    NOT_NOW, WRONG_CODE,
    model::{EARLY, said},
    store,
};

#[derive(Debug, thiserror::Error)]
pub enum PresenceError {
    #[error("not one's own claim")]
    NotFound,
    #[error("not from state {0:?}")]
    WrongState(ClaimState),
    #[error("outside of the task's window")]
    OutsideWindow { from: At, to: At },
    #[error("wrong code")]
    WrongCode,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PresenceError> for Problem {
    fn from(error: PresenceError) -> Self {
        match error {
            PresenceError::NotFound => NOT_FOUND.into(),
            PresenceError::WrongState(state) => Self::state(
                state,
                format!("现在是「{}」，不能这样操作", said(state)),
                "Not possible in the claim's state",
            ),
            PresenceError::OutsideWindow { from, to } => Self::from(NOT_NOW)
                .say(
                    format!("签到时间是 {} 到 {}", spoken(from), spoken(to)),
                    "Check in from half an hour before the start to the end",
                )
                .with("from", from)
                .with("to", to),
            PresenceError::WrongCode => WRONG_CODE.into(),
            PresenceError::Broken(error) => error.into(),
        }
    }
}

/// One's own claim and its task, the person and the task locked in this order.
async fn locked(tx: &Tx, me: &Resident, id: Uuid) -> Result<(Model, task::Model), PresenceError> {
    people::lock(tx, me.id()).await?;
    let own = me.own_scope();
    let claim = store::own(&**tx, &own, id).await?.ok_or(PresenceError::NotFound)?;
    let task = dispatch::lock(tx, &Scope::house(), claim.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("lock the claim's task"))?;
    let claim = store::own(&**tx, &own, id).await?.ok_or(PresenceError::NotFound)?;
    Ok((claim, task))
}

/// Checks in with the code shown at the place. Once in, asking again changes nothing.
///
/// # Errors
/// `OutsideWindow` before half an hour ahead of the start or after the end; `WrongCode`; `WrongState`.
pub async fn check_in(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    code: &str,
) -> Result<(Model, task::Model), PresenceError> {
    let tx = state.db.write().await?;
    let (claim, task) = locked(&tx, me, id).await?;
    match claim.state {
        ClaimState::CheckedIn => return Ok((claim, task)),
        ClaimState::Active => {}
        other => return Err(PresenceError::WrongState(other)),
    }
    let now = state.clock.now();
    let (from, to) = (task.starts_at.minus(EARLY), task.ends_at);
    if task.state != TaskState::Open || now < from || to < now {
        return Err(PresenceError::OutsideWindow { from, to });
    }
    let given = code.trim().to_uppercase();
    if !bool::from(given.as_bytes().ct_eq(task.check_in_code.as_bytes())) {
        return Err(PresenceError::WrongCode);
    }
    let mut row: ActiveModel = claim.into();
    row.state = Set(ClaimState::CheckedIn);
    row.checked_in_at = Set(Some(now));
    row.updated_at = Set(now);
    let claim = row.update(&*tx).await.step("check in")?;
    if let Some(request_id) = task.request_id {
        request::work_started(&tx, state, request_id).await?;
    }
    let fact = store::fact(&task, &claim, Event::ClaimCheckedIn, Some(me.id()), None);
    outbox::record(&*tx, state, [fact]).await?;
    tx.commit().await?;
    Ok((claim, task))
}

/// Checks out. Only presence within the window counts, however late this is; once out, asking again changes nothing.
///
/// # Errors
/// `WrongState` without a check-in.
pub async fn check_out(
    state: &AppState,
    me: &Resident,
    id: Uuid,
) -> Result<(Model, task::Model), PresenceError> {
    let tx = state.db.write().await?;
    let (claim, task) = locked(&tx, me, id).await?;
    match claim.state {
        ClaimState::CheckedOut => return Ok((claim, task)),
        ClaimState::CheckedIn => {}
        other => return Err(PresenceError::WrongState(other)),
    }
    let now = state.clock.now();
    let mut row: ActiveModel = claim.into();
    row.state = Set(ClaimState::CheckedOut);
    row.checked_out_at = Set(Some(now));
    row.updated_at = Set(now);
    let claim = row.update(&*tx).await.step("check out")?;
    let fact = store::fact(&task, &claim, Event::ClaimCheckedOut, Some(me.id()), None);
    outbox::record(&*tx, state, [fact]).await?;
    tx.commit().await?;
    Ok((claim, task))
}
