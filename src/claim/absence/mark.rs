//! Saying that somebody did not come, and taking it back when they do.

use std::time::Duration;

use ::entity::{
    absence::ActiveModel,
    claim::{self, ClaimState},
    points_rule::PointsTrigger,
    task::{self, TaskState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

use crate::{
    claim::{hand_over, store as claims},
    dispatch,
    identity::{Dispatcher, Scope},
    kernel::{Day, Error, Event},
    ledger::points::{self, Missed},
    org,
    platform::{AppState, Tx, db::Step, outbox},
};

use super::{
    AbsenceError,
    store::{self, Draft},
};

/// A seat was held and nobody came: the claim is a no-show, and the absence counts from the day of the work. The caller
/// has the task locked.
pub async fn miss(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: claim::Model,
    actor: Option<Uuid>,
) -> Result<claim::Model, Error> {
    let now = state.clock.now();
    let known = store::of_claim(&**tx, &Scope::house(), claim.id).await?;
    let mut draft = Draft::of(state, task, &claim, known);
    draft.row.missed_at = Set(Some(task.starts_at));
    draft.row.marked_by = Set(actor);
    draft.keep(tx).await?;
    let mut row: claim::ActiveModel = claim.into();
    row.state = Set(ClaimState::NoShow);
    row.ended_at = Set(Some(now));
    row.updated_at = Set(now);
    let claim = row.update(&**tx).await.step("mark a no-show")?;
    let fact = claims::fact(task, &claim, Event::ClaimMissed, actor, None);
    outbox::record(&**tx, state, [fact]).await?;
    hand_over::call_back(tx, state, task, claim.id).await?;
    Ok(claim)
}

/// Marks a claimant as not come, some time after the start. Marked already, it stays so.
///
/// # Errors
/// `NotFound` outside the office; `TooEarly` before the org's grace after the start; `WrongState` of who came or left.
pub(super) async fn mark(
    state: &AppState,
    office: &Dispatcher,
    claim_id: Uuid,
) -> Result<(claim::Model, task::Model), AbsenceError> {
    let tx = state.db.write().await?;
    let scope = office.scope();
    let found = claims::find(&*tx, &scope, claim_id).await?.ok_or(AbsenceError::NotFound)?;
    let task = dispatch::lock(&tx, &scope, found.task_id).await?.ok_or(AbsenceError::NotFound)?;
    let claim = claims::find(&*tx, &scope, claim_id).await?.ok_or(AbsenceError::NotFound)?;
    match claim.state {
        ClaimState::NoShow => return Ok((claim, task)),
        ClaimState::Active if matches!(task.state, TaskState::Open | TaskState::Reported) => {}
        other => return Err(AbsenceError::WrongState(other)),
    }
    let rules = org::settings_of(&*tx, [task.org_id]).await?.remove(&task.org_id);
    let grace = rules.unwrap_or_default().no_show_grace_minutes;
    let grace = Duration::from_secs(u64::try_from(grace).unwrap_or(0) * 60);
    let from = task.starts_at.plus(grace).min(task.ends_at);
    if state.clock.now() < from {
        return Err(AbsenceError::TooEarly { from });
    }
    let claim = miss(&tx, state, &task, claim, Some(office.id())).await?;
    points::deduct(&tx, state, &[seat_missed(&task, &claim)]).await?;
    tx.commit().await?;
    Ok((claim, task))
}

/// What the ledger has to know of a seat that was missed.
pub fn seat_missed(task: &task::Model, claim: &claim::Model) -> Missed {
    Missed {
        claim_id: claim.id,
        person_id: claim.person_id,
        org_id: task.org_id,
        task_id: task.id,
        day: Day::of(task.starts_at),
    }
}

/// They were there after all: what was marked is as if it had not been. What they said stays.
pub async fn take_back(
    tx: &DatabaseTransaction,
    state: &AppState,
    claim_id: Uuid,
) -> Result<(), Error> {
    points::take_back(tx, state, PointsTrigger::NoShow, claim_id).await?;
    let known = store::of_claim(tx, &Scope::house(), claim_id).await?;
    let Some(known) = known else { return Ok(()) };
    if known.excuse.is_none() {
        return store::forget(tx, known.id).await;
    }
    let mut row: ActiveModel = known.into();
    row.missed_at = Set(None);
    row.marked_by = Set(None);
    row.update(tx).await.step("take an absence back").map(drop)
}
