//! Who is concerned by what happens to claims: for those who tell people.

use ::entity::{
    claim::{ClaimState, Model},
    offer,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{identity::Scope, kernel::Error};

use super::{model::holds_seat, queue, store};

/// A claim the scope may know of.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    store::find(db, scope, id).await
}

/// Everybody who holds a seat of a task.
///
/// # Errors
/// When the database cannot be read.
pub async fn holders(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
) -> Result<Vec<Uuid>, Error> {
    let claims = store::on_task(db, scope, task_id).await?;
    Ok(claims.into_iter().filter(|c| holds_seat(c.state)).map(|c| c.person_id).collect())
}

/// Everybody who holds a seat of a task and has not come yet.
///
/// # Errors
/// When the database cannot be read.
pub async fn expected(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
) -> Result<Vec<Uuid>, Error> {
    let claims = store::on_task(db, scope, task_id).await?;
    let active = claims.into_iter().filter(|claim| claim.state == ClaimState::Active);
    Ok(active.map(|claim| claim.person_id).collect())
}

/// An offer the scope may know of.
///
/// # Errors
/// When the database cannot be read.
pub async fn offer(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<offer::Model>, Error> {
    queue::find(db, scope, id).await
}

/// Who hands their seat over by this offer; nobody where it is kept for one who waits.
///
/// # Errors
/// When the database cannot be read.
pub async fn giver(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Uuid>, Error> {
    let claim_id = queue::find(db, scope, id).await?.and_then(|offer| offer.claim_id);
    let Some(claim_id) = claim_id else { return Ok(None) };
    Ok(store::find(db, scope, claim_id).await?.map(|claim| claim.person_id))
}

/// Whose place in a queue it is.
///
/// # Errors
/// When the database cannot be read.
pub async fn waiter(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Uuid>, Error> {
    Ok(queue::place_by_id(db, scope, id).await?.map(|place| place.person_id))
}
