//! 再次确认: the times of a task were changed; whoever still comes says so by a time, the seats of the others go on.

use ::entity::{
    At,
    claim::{ActiveModel, ClaimState, Model},
    task,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch,
    identity::{Resident, Scope, people},
    kernel::{Error, Event},
    platform::{AppState, Tx, db::Step, outbox},
};

use super::{presence::PresenceError, store};

/// Asks everybody who had a seat when the times were changed at `since` to say again by `by` that they come.
/// Idempotent: a reaction.
pub async fn ask_again(
    tx: &Tx,
    state: &AppState,
    task_id: Uuid,
    by: At,
    since: At,
) -> Result<(), Error> {
    let house = Scope::house();
    let Some(task) = dispatch::lock(tx, &house, task_id).await? else { return Ok(()) };
    let (now, asks) = (state.clock.now(), task.state == task::TaskState::Open);
    for claim in store::on_task(&**tx, &house, task_id).await? {
        let had_seat = claim.state == ClaimState::Active && claim.claimed_at <= since;
        if !asks || !had_seat || claim.reconfirmed_at.is_some_and(|said| said >= since) {
            continue;
        }
        let mut row: ActiveModel = claim.into();
        row.reconfirm_by = Set(Some(by));
        row.updated_at = Set(now);
        let claim = row.update(&**tx).await.step("ask a claimant again")?;
        let fact = store::fact(&task, &claim, Event::ClaimAsked, None, None);
        outbox::record(&**tx, state, [fact]).await?;
    }
    Ok(())
}

/// Says again that one comes. As long as the seat is one's own it is not too late; unasked, nothing changes.
///
/// # Errors
/// `NotFound` for another's claim; `WrongState` once the seat is gone.
pub(super) async fn reconfirm(
    state: &AppState,
    me: &Resident,
    id: Uuid,
) -> Result<(Model, task::Model), PresenceError> {
    let tx = state.db.write().await?;
    people::lock(&tx, me.id()).await?;
    let own = me.own_scope();
    let claim = store::own(&*tx, &own, id).await?.ok_or(PresenceError::NotFound)?;
    let task = dispatch::lock(&tx, &Scope::house(), claim.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("lock the claim's task"))?;
    let claim = store::own(&*tx, &own, id).await?.ok_or(PresenceError::NotFound)?;
    match (claim.state, claim.reconfirm_by) {
        (ClaimState::Active, Some(_)) => {}
        (ClaimState::Active, None) => return Ok((claim, task)),
        (other, _) => return Err(PresenceError::WrongState(other)),
    }
    let now = state.clock.now();
    let mut row: ActiveModel = claim.into();
    row.reconfirm_by = Set(None);
    row.reconfirmed_at = Set(Some(now));
    row.updated_at = Set(now);
    let claim = row.update(&*tx).await.step("reconfirm a claim")?;
    let fact = store::fact(&task, &claim, Event::ClaimReconfirmed, Some(me.id()), None);
    outbox::record(&*tx, state, [fact]).await?;
    tx.commit().await?;
    Ok((claim, task))
}
