//! Confirming: a second person stands for what was reported. Where nobody does for some days the house does, but not
//! for what somebody should look at first: forgotten check-outs and check-ins that were sent later.

use std::{collections::HashMap, time::Duration};

use ::entity::{
    claim::{CameBy, ClaimState, Model},
    task::{self, TaskState},
};
use uuid::Uuid;

use crate::{
    claim::{model::holds_seat, store},
    content::photo,
    dispatch::{self, Finish, TaskError},
    file::Attached,
    identity::{Dispatcher, Scope},
    kernel::Error,
    org,
    platform::{AppState, Tx},
};

use super::{
    FinishError,
    settle::{enter, settle},
};

/// Not yet decided: neither hours nor a missed seat.
fn is_open(claim: &Model) -> bool {
    matches!(claim.state, ClaimState::Active | ClaimState::CheckedIn | ClaimState::CheckedOut)
}

/// What nobody should count without having looked.
fn wants_a_look(claim: &Model) -> bool {
    claim.flagged || claim.came_by == Some(CameBy::Late)
}

/// Stands for what was reported: presence becomes hours, empty seats become no-shows. `came` says otherwise for single
/// claims. After the house has confirmed, the same call settles what it left.
///
/// # Errors
/// `OwnWork` for whoever reported, leads or served; `NotOnTask`; the task's own refusals.
pub async fn confirm(
    state: &AppState,
    office: &Dispatcher,
    task_id: Uuid,
    came: HashMap<Uuid, bool>,
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
    let unknown = came.keys().find(|id| !claims.iter().any(|claim| claim.id == **id));
    if let Some(id) = unknown {
        return Err(FinishError::NotOnTask(*id));
    }
    let left: Vec<_> = claims.into_iter().filter(is_open).collect();
    let task = if task.state == TaskState::Confirmed && !left.is_empty() {
        task
    } else {
        dispatch::finish(&tx, state, task, Some(office.id()), Finish::Confirmed).await?
    };
    let mut settled = Vec::new();
    for claim in left {
        let came = came.get(&claim.id).copied();
        settled.push(settle(&tx, state, &task, claim, came, Some(office.id())).await?);
    }
    enter(&tx, state, settled).await?;
    // Photos that have not passed keep nobody from their hours: they are not shown, and the queue has them.
    let _ = photo::look(&tx, state, office.id(), Attached::Report, task_id).await?;
    tx.commit().await?;
    Ok(task)
}

/// A round: confirms what was reported so many days ago that the org's patience is over. Tells how many tasks.
///
/// # Errors
/// When the database cannot be read or written; what was confirmed before stays so.
pub async fn confirm_due(state: &AppState) -> Result<usize, Error> {
    let db = state.db.read();
    let reported = store::reported(db, &Scope::house()).await?;
    let rules = org::settings_of(db, reported.iter().map(|(_, org_id, _)| *org_id)).await?;
    let now = state.clock.now();
    let mut confirmed = 0;
    for (task_id, org_id, reported_at) in reported {
        let days = rules.get(&org_id).cloned().unwrap_or_default().confirm_after_days;
        let patience = Duration::from_secs(u64::try_from(days).unwrap_or(0) * 24 * 3600);
        if reported_at.plus(patience) <= now {
            let tx = state.db.write().await?;
            if by_the_house(&tx, state, task_id).await? {
                tx.commit().await?;
                confirmed += 1;
            }
        }
    }
    Ok(confirmed)
}

/// Confirms in nobody's name. False: somebody was faster.
async fn by_the_house(tx: &Tx, state: &AppState, task_id: Uuid) -> Result<bool, Error> {
    let house = Scope::house();
    let Some(task) = dispatch::lock(tx, &house, task_id).await? else { return Ok(false) };
    let task = match dispatch::finish(tx, state, task, None, Finish::Confirmed).await {
        Ok(task) => task,
        Err(TaskError::Broken(error)) => return Err(error),
        Err(_) => return Ok(false),
    };
    let claims = store::on_task(&**tx, &house, task_id).await?;
    let mut settled = Vec::new();
    for claim in claims.into_iter().filter(|claim| is_open(claim) && !wants_a_look(claim)) {
        settled.push(settle(tx, state, &task, claim, None, None).await?);
    }
    enter(tx, state, settled).await?;
    Ok(true)
}
