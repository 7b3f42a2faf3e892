//! 安排人员: the office gives somebody a seat. It is the same grant as the person's own tap; rules that look after
//! people may be set aside with a reason, what the task needs may not.

use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    dispatch::{self, cards},
    identity::{Dispatcher, people},
    platform::{
        AppState, Tx,
        http::{Problem, problem::NOT_FOUND},
    },
};

use super::{
    facts,
    grant::{By, GrantError, grant, source_for},
    view::{self, ClaimView},
    why::about,
};

/// A person the office may speak of on this task: known to it, of the task's ring or lent
/// to it, or named for it.
///
/// # Errors
/// `not_found` for anybody else, whether or not they exist.
pub(super) async fn speaks_of(
    db: &impl sea_orm::ConnectionTrait,
    office: &Dispatcher,
    task: &::entity::task::Model,
    person: Uuid,
) -> Result<(), Problem> {
    let card = cards(db, std::slice::from_ref(task)).await?.remove(0);
    let known = people::known_to(db, &office.scope(), person).await?
        || facts::in_ring(db, person, &card).await?
        || dispatch::named_for(db, &office.scope(), task.id).await?.contains(&person);
    if known { Ok(()) } else { Err(NOT_FOUND.into()) }
}

/// Gives a person a seat; `force` sets soft rules aside for that reason, and is audited.
///
/// # Errors
/// `not_found` for foreign tasks and people; what would refuse the person themselves.
pub(super) async fn assign(
    tx: &Tx,
    state: &AppState,
    office: &Dispatcher,
    task_id: Uuid,
    person: Uuid,
    force: Option<String>,
) -> Result<ClaimView, Problem> {
    let task = dispatch::find_for_staff(&**tx, &office.scope(), task_id).await?.ok_or(NOT_FOUND)?;
    speaks_of(&**tx, office, &task, person).await?;
    people::lock(tx, person).await?;
    // Read again: while the person was busy the task went on.
    let task = dispatch::find_for_staff(&**tx, &office.scope(), task_id).await?.ok_or(NOT_FOUND)?;
    let (task, source) = source_for(tx, state, task, person).await?;
    let by = By::Office { id: office.id(), force: force.is_some() };
    let granted = grant(tx, state, &task, source, person, by).await;
    let (claim, task) = granted.map_err(|error| match error {
        GrantError::Refused(refusal) => about(&refusal).problem(),
        other => other.into(),
    })?;
    let (claim_id, org_id) = (claim.id, task.org_id);
    let view = view::one(&**tx, claim, task).await?;
    if force.is_some() {
        let deed = Deed {
            act: Act::ClaimForced,
            actor_id: Some(office.id()),
            org_id: Some(org_id),
            subject_id: Some(claim_id),
            why: force,
        };
        audit::record(tx, state, deed).await?;
    }
    Ok(view)
}
