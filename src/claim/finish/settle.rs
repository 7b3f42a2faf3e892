//! What becomes of each claim in the end: hours, a missed seat, or nothing because the task was called off.

use ::entity::{
    At,
    claim::{ActiveModel, ClaimState, Model},
    task,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    claim::{absence, model, presence::close_presence, store},
    dispatch,
    identity::Scope,
    kernel::{Day, Error, Event},
    ledger::{
        self,
        points::{self, Missed},
    },
    platform::{AppState, Tx, db::Step, outbox},
};

/// What the ledger has to know of a claim that was settled.
#[derive(Debug)]
pub(super) enum Settled {
    Served(ledger::Service),
    Missed(Missed),
}

/// Enters what was settled, all claims of a task at once.
pub(super) async fn enter(tx: &Tx, state: &AppState, settled: Vec<Settled>) -> Result<(), Error> {
    let (mut served, mut missed) = (Vec::new(), Vec::new());
    for one in settled {
        match one {
            Settled::Served(service) => served.push(service),
            Settled::Missed(seat) => missed.push(seat),
        }
    }
    ledger::award(tx, state, &served).await?;
    points::deduct(tx, state, &missed).await
}

/// Settles an open claim: who was present gets their minutes, who was not has missed it. `came` overrules: a yes for
/// somebody who never checked in brings no minutes, only no blame; those need a second person's correction.
pub(super) async fn settle(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Model,
    came: Option<bool>,
    actor: Option<Uuid>,
) -> Result<Settled, Error> {
    if came.unwrap_or(claim.state != ClaimState::Active) {
        credit(tx, state, task, claim, actor).await.map(Settled::Served)
    } else {
        let claim = absence::miss(tx, state, task, claim, actor).await?;
        Ok(Settled::Missed(absence::seat_missed(task, &claim)))
    }
}

/// Confirms a claim that was present; answers what the ledger is to enter.
async fn credit(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Model,
    actor: Option<Uuid>,
) -> Result<ledger::Service, Error> {
    let left = claim.checked_out_at.unwrap_or(task.ends_at);
    let came: At = claim.checked_in_at.unwrap_or(left);
    let minutes = model::minutes((task.starts_at, task.ends_at), came, left);
    let mut row: ActiveModel = claim.into();
    row.state = Set(ClaimState::Confirmed);
    row.minutes = Set(Some(minutes));
    row.updated_at = Set(state.clock.now());
    let claim = row.update(&**tx).await.step("confirm a claim")?;
    let fact = store::fact(task, &claim, Event::ClaimConfirmed, actor, None);
    outbox::record(&**tx, state, [fact]).await?;
    Ok(ledger::Service {
        claim_id: claim.id,
        person_id: claim.person_id,
        org_id: task.org_id,
        task_id: task.id,
        minutes,
        day: Day::of(task.starts_at),
        lead: task.lead_id == Some(claim.person_id),
        planned_points: task.points,
    })
}

/// Ends the claim of a task that was called off; the caller has the task locked.
async fn call_off(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Model,
) -> Result<(), Error> {
    let now = state.clock.now();
    let mut row: ActiveModel = claim.into();
    row.state = Set(ClaimState::Cancelled);
    row.ended_at = Set(Some(now));
    row.updated_at = Set(now);
    let claim = row.update(&**tx).await.step("call a claim off")?;
    dispatch::give_seat_back(tx, task.id, now).await?;
    let fact = store::fact(task, &claim, Event::ClaimCancelled, None, None);
    outbox::record(&**tx, state, [fact]).await
}

/// A task was called off: its claims go with it, and minutes already served stay. Idempotent: a reaction.
pub async fn cancel_claims(tx: &Tx, state: &AppState, task_id: Uuid) -> Result<(), Error> {
    let house = Scope::house();
    let Some(task) = dispatch::lock(tx, &house, task_id).await? else { return Ok(()) };
    if task.state != task::TaskState::Cancelled {
        return Ok(());
    }
    let mut served = Vec::new();
    for claim in store::on_task(&**tx, &house, task_id).await? {
        match claim.state {
            ClaimState::Active => call_off(tx, state, &task, claim).await?,
            ClaimState::CheckedIn => {
                let claim = close_presence(tx, state, &task, claim).await?;
                served.push(credit(tx, state, &task, claim, None).await?);
            }
            ClaimState::CheckedOut => served.push(credit(tx, state, &task, claim, None).await?),
            _ => {}
        }
    }
    ledger::award(tx, state, &served).await
}
