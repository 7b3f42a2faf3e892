//! Forgotten check-outs: presence ends with the window, flagged, and a person looks at it before hours come of it.

use std::time::Duration;

use ::entity::{
    At,
    claim::{ActiveModel, ClaimState, Model},
    task::{self, TaskState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    claim::store,
    dispatch,
    identity::Scope,
    kernel::{Error, Event},
    org,
    platform::{AppState, Tx, db::Step, outbox},
};

/// Ends one presence: now, or with the window.
pub async fn close_presence(
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

/// A round: closes what people forgot, once the org's time after the end has passed. Tells how many were closed.
///
/// # Errors
/// When the database cannot be read or written; what was closed before stays closed.
pub async fn close_forgotten(state: &AppState) -> Result<usize, Error> {
    let db = state.db.read();
    let now = state.clock.now();
    let ended = store::ended_with_people_inside(db, &Scope::house(), now).await?;
    let rules = org::settings_of(db, ended.iter().map(|(_, org_id, _)| *org_id)).await?;
    let mut closed = 0;
    for (task_id, org_id, ends_at) in ended {
        let rules = rules.get(&org_id).cloned().unwrap_or_default();
        if due(ends_at, rules.check_out_grace_minutes) <= now {
            closed += close_all(state, task_id).await?;
        }
    }
    Ok(closed)
}

/// When forgotten check-outs of a task are closed.
fn due(ends_at: At, grace_minutes: i32) -> At {
    ends_at.plus(Duration::from_secs(u64::try_from(grace_minutes).unwrap_or(0) * 60))
}

async fn close_all(state: &AppState, task_id: Uuid) -> Result<usize, Error> {
    let (tx, house) = (state.db.write().await?, Scope::house());
    let Some(task) = dispatch::lock(&tx, &house, task_id).await? else { return Ok(0) };
    // A cancelled task's claims are its own reaction's.
    if !matches!(task.state, TaskState::Open | TaskState::Reported) {
        return Ok(0);
    }
    let inside = store::on_task(&*tx, &house, task_id).await?.into_iter();
    let inside: Vec<_> = inside.filter(|claim| claim.state == ClaimState::CheckedIn).collect();
    let closed = inside.len();
    for claim in inside {
        close_presence(&tx, state, &task, claim).await?;
    }
    tx.commit().await?;
    Ok(closed)
}
