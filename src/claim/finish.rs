//! 上报与确认: the lead reports, somebody else confirms, and what was served becomes hours.

use ::entity::{
    claim::{ActiveModel, ClaimState, Model},
    task,
};
use entity::At;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{self, Finish, TaskError},
    identity::{Dispatcher, Resident, Scope},
    kernel::{Day, Error, Event},
    ledger::{
        self,
        points::{self, Missed},
    },
    platform::{
        AppState, Tx,
        db::Step,
        http::{
            Problem,
            problem::{FORBIDDEN, NOT_FOUND},
        },
        outbox,
    },
    request,
};

use super::{
    NOBODY_CAME, OWN_WORK,
    model::{self, holds_seat},
    store,
};

#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    #[error("no such task in this scope")]
    NotFound,
    #[error("neither lead nor office")]
    NotYours,
    #[error("nobody has checked in")]
    NobodyCame,
    #[error("one's own work")]
    OwnWork,
    #[error(transparent)]
    Task(#[from] TaskError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<FinishError> for Problem {
    fn from(error: FinishError) -> Self {
        match error {
            FinishError::NotFound => NOT_FOUND.into(),
            FinishError::NotYours => FORBIDDEN.into(),
            FinishError::NobodyCame => NOBODY_CAME.into(),
            FinishError::OwnWork => OWN_WORK.into(),
            FinishError::Task(error) => error.into(),
            FinishError::Broken(error) => error.into(),
        }
    }
}

/// Reports a task as done: by its lead, or by the office. Forgotten check-outs end with the window, flagged; the
/// resident is asked.
///
/// # Errors
/// `NotYours` for a claimant who does not lead; `NobodyCame`; the task's own refusals.
pub async fn report(
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    words: String,
) -> Result<task::Model, FinishError> {
    let tx = state.db.write().await?;
    let scope = me.scope();
    let task = dispatch::lock(&tx, &scope, task_id).await?.ok_or(FinishError::NotFound)?;
    if dispatch::find_for_staff(&*tx, &scope, task_id).await?.is_none() {
        return Err(FinishError::NotYours);
    }
    let claims = store::on_task(&*tx, &scope, task_id).await?;
    let came =
        |claim: &Model| matches!(claim.state, ClaimState::CheckedIn | ClaimState::CheckedOut);
    if task.state == task::TaskState::Open && !claims.iter().any(came) {
        return Err(FinishError::NobodyCame);
    }
    let task = dispatch::finish(&tx, state, task, me.id(), Finish::Reported { words }).await?;
    for claim in claims.into_iter().filter(|claim| claim.state == ClaimState::CheckedIn) {
        close_presence(&tx, state, &task, claim).await?;
    }
    if let Some(request_id) = task.request_id {
        request::fulfil(&tx, state, request_id, task.id, me.id()).await?;
    }
    tx.commit().await?;
    Ok(task)
}

/// A forgotten check-out: presence ends now, or with the window, and is flagged for the office to look at.
async fn close_presence(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Model,
) -> Result<Model, Error> {
    let now = state.clock.now();
    let mut row: ActiveModel = claim.into();
    row.state = Set(ClaimState::CheckedOut);
    row.checked_out_at = Set(Some(now.min(task.ends_at)));
    row.flagged = Set(true);
    row.updated_at = Set(now);
    let claim = row.update(&**tx).await.step("close a presence")?;
    let fact = store::fact(task, &claim, Event::ClaimCheckedOut, None, None);
    outbox::record(&**tx, state, [fact]).await?;
    Ok(claim)
}

/// Stands for what was reported: presence becomes hours, empty seats become no-shows.
///
/// # Errors
/// `OwnWork` for whoever reported, leads or served; the task's own refusals.
pub async fn confirm(
    state: &AppState,
    office: &Dispatcher,
    task_id: Uuid,
) -> Result<task::Model, FinishError> {
    let tx = state.db.write().await?;
    let scope = office.scope();
    let task = dispatch::lock(&tx, &scope, task_id).await?.ok_or(FinishError::NotFound)?;
    let claims = store::on_task(&*tx, &scope, task_id).await?;
    let own = [task.reported_by, task.lead_id].contains(&Some(office.id()))
        || claims.iter().any(|c| c.person_id == office.id() && holds_seat(c.state));
    if own {
        return Err(FinishError::OwnWork);
    }
    let task = dispatch::finish(&tx, state, task, office.id(), Finish::Confirmed).await?;
    let (mut served, mut missed) = (Vec::new(), Vec::new());
    for claim in claims {
        match claim.state {
            ClaimState::Active => {
                missed.push(seat_missed(&task, &claim));
                end(&tx, state, &task, claim, (ClaimState::NoShow, Event::ClaimMissed)).await?;
            }
            ClaimState::CheckedIn | ClaimState::CheckedOut => {
                served.push(credit(&tx, state, &task, claim, Some(office.id())).await?);
            }
            _ => {}
        }
    }
    ledger::award(&tx, state, &served).await?;
    points::deduct(&tx, state, &missed).await?;
    tx.commit().await?;
    Ok(task)
}

fn seat_missed(task: &task::Model, claim: &Model) -> Missed {
    Missed {
        claim_id: claim.id,
        person_id: claim.person_id,
        org_id: task.org_id,
        task_id: task.id,
        day: Day::of(task.starts_at),
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

async fn end(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Model,
    (next, event): (ClaimState, Event),
) -> Result<(), Error> {
    let now = state.clock.now();
    let mut row: ActiveModel = claim.into();
    row.state = Set(next);
    row.ended_at = Set(Some(now));
    row.updated_at = Set(now);
    let claim = row.update(&**tx).await.step("end a claim")?;
    outbox::record(&**tx, state, [store::fact(task, &claim, event, None, None)]).await
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
            ClaimState::Active => {
                end(tx, state, &task, claim, (ClaimState::Cancelled, Event::ClaimCancelled))
                    .await?;
                dispatch::give_seat_back(tx, task_id, state.clock.now()).await?;
            }
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
