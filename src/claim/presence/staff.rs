//! Checking people in and out by hand: by the lead or the office, one or many. Never oneself.

use ::entity::{
    claim::{CameBy, ClaimState, Model},
    task,
};
use uuid::Uuid;

use crate::{
    claim::{absence, store},
    dispatch,
    identity::Resident,
    kernel::Error,
    platform::{AppState, Tx},
};

use super::{Arrival, PresenceError, arrive, fault, leave, within};

/// Coming or going.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    In,
    Out,
}

/// Checks one person in or out.
///
/// # Errors
/// `NotFound` for who neither leads nor runs the task; as `each`.
pub async fn one(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    step: Step,
) -> Result<(Model, task::Model), PresenceError> {
    let claim = store::find(state.db.read(), &me.scope(), id).await?;
    let task_id = claim.ok_or(PresenceError::NotFound)?.task_id;
    let (mut claims, task) = many(state, me, task_id, &[id], step).await?;
    let claim = claims.pop().ok_or_else(|| Error::impossible("see to a claim"))?;
    Ok((claim, task))
}

/// Checks many people of a task in or out: all of them or none. Who is in or out already stays so.
///
/// # Errors
/// `NotFound` for who neither leads nor runs the task; a claim that is not on it or is one's own; as `each`.
pub async fn many(
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    ids: &[Uuid],
    step: Step,
) -> Result<(Vec<Model>, task::Model), PresenceError> {
    let tx = state.db.write().await?;
    let scope = me.scope();
    let task = dispatch::lock(&tx, &scope, task_id).await?.ok_or(PresenceError::NotFound)?;
    if dispatch::find_for_staff(&*tx, &scope, task_id).await?.is_none() {
        return Err(PresenceError::NotFound);
    }
    let on_task = store::on_task(&*tx, &scope, task_id).await?;
    let mut done = Vec::with_capacity(ids.len());
    for id in ids {
        let claim = on_task.iter().find(|claim| claim.id == *id && claim.person_id != me.id());
        let claim = claim.cloned().ok_or_else(|| {
            let zh = "名单里没有这个人，或者是您自己（自己请用签到码）";
            PresenceError::Field(fault("claim_ids", "value", zh, "Not on the roster, or your own"))
        })?;
        // The same one named twice is seen to once.
        if done.iter().any(|seen: &Model| seen.id == claim.id) {
            continue;
        }
        done.push(each(&tx, state, &task, claim, me.id(), step).await?);
    }
    tx.commit().await?;
    Ok((done, task))
}

/// One of them.
///
/// # Errors
/// `OutsideWindow`; `WrongState` of who left, was settled, or goes without having come.
async fn each(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Model,
    by: Uuid,
    step: Step,
) -> Result<Model, PresenceError> {
    let now = state.clock.now();
    match (step, claim.state) {
        (Step::In, ClaimState::CheckedIn) | (Step::Out, ClaimState::CheckedOut) => Ok(claim),
        // Marked as missing too soon: they are here after all.
        (Step::In, ClaimState::Active | ClaimState::NoShow) => {
            within(task, now)?;
            if claim.state == ClaimState::NoShow {
                absence::take_back(tx, state, claim.id).await?;
            }
            let arrival = Arrival { at: now, by: CameBy::Staff, actor: by };
            Ok(arrive(tx, state, task, claim, arrival).await?)
        }
        (Step::Out, ClaimState::CheckedIn) => Ok(leave(tx, state, task, claim, by).await?),
        (_, other) => Err(PresenceError::WrongState(other)),
    }
}
