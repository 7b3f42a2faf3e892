//! Leaving: the seat goes back, or to the next in line, in the transaction that ends the claim.

use ::entity::{
    claim::{ActiveModel, ClaimState, Model},
    task,
};
use entity::At;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{self, give_seat_back},
    identity::{Resident, Scope, people},
    kernel::{Error, Event, day::spoken},
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
};

use super::{LEAVE_CLOSED, hand_over, model::said, offers, store};

#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    #[error("not one's own claim")]
    NotFound,
    #[error("the time to leave has passed")]
    TooLate(At),
    #[error("not from state {0:?}")]
    NotNow(ClaimState),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<ReleaseError> for Problem {
    fn from(error: ReleaseError) -> Self {
        match error {
            ReleaseError::NotFound => NOT_FOUND.into(),
            ReleaseError::TooLate(at) => Self::from(LEAVE_CLOSED)
                .say(
                    format!("退出截止时间是 {}，现在请直接联系社区", spoken(at)),
                    "Too late to leave, please call the office",
                )
                .with("leave_until", at),
            ReleaseError::NotNow(state) => Self::state(
                state,
                format!("现在是「{}」，不能退出", said(state)),
                "Only an active claim can be released",
            ),
            ReleaseError::Broken(error) => error.into(),
        }
    }
}

/// Ends one's own claim and gives the seat back. A claim that was released stays so: asking again changes nothing.
///
/// # Errors
/// `NotFound` for another's; `TooLate` after the task's leave time; `NotNow` once one has come.
pub async fn release(state: &AppState, me: &Resident, id: Uuid) -> Result<Model, ReleaseError> {
    let tx = state.db.write().await?;
    people::lock(&tx, me.id()).await?;
    let own = me.own_scope();
    let claim = store::own(&*tx, &own, id).await?.ok_or(ReleaseError::NotFound)?;
    let task = dispatch::lock(&tx, &Scope::house(), claim.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("lock the claim's task"))?;
    // Read again: the task's lock is what protects a claim's state.
    let claim = store::own(&*tx, &own, id).await?.ok_or(ReleaseError::NotFound)?;
    let now = state.clock.now();
    match claim.state {
        ClaimState::Released => return Ok(claim),
        ClaimState::Active if now > task.leave_until => {
            return Err(ReleaseError::TooLate(task.leave_until));
        }
        ClaimState::Active => {}
        other => return Err(ReleaseError::NotNow(other)),
    }
    let claim = vacate(&tx, state, task, claim, Event::ClaimReleased, Some(me.id())).await?;
    tx.commit().await?;
    Ok(claim)
}

/// Ends an active claim of a locked task. Its seat goes to the next in line, or is free.
pub(super) async fn vacate(
    tx: &Tx,
    state: &AppState,
    task: task::Model,
    claim: Model,
    event: Event,
    actor: Option<Uuid>,
) -> Result<Model, Error> {
    let now = state.clock.now();
    let claim = end(tx, claim, now).await?;
    let fact = store::fact(&task, &claim, event, actor, None);
    outbox::record(&**tx, state, [fact]).await?;
    hand_over::call_back(tx, state, &task, claim.id).await?;
    let freed = give_seat_back(tx, claim.task_id, now).await?;
    let freed = freed.ok_or_else(|| Error::impossible("give the claim's seat back"))?;
    offers::fill(tx, state, freed).await?;
    Ok(claim)
}

/// Marks a claim as released.
pub(super) async fn end(tx: &Tx, claim: Model, now: At) -> Result<Model, Error> {
    let mut row: ActiveModel = claim.into();
    row.state = Set(ClaimState::Released);
    row.ended_at = Set(Some(now));
    row.updated_at = Set(now);
    row.update(&**tx).await.step("release the claim")
}
