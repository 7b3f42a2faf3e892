//! 候补: waiting for a seat of a full task, in the order people came.

use ::entity::{
    offer::OfferKind,
    waitlist::{ActiveModel, WaitState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{self, cards},
    identity::{Resident, Scope, people},
    kernel::{Error, Event},
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
};

use super::{
    NOT_FULL, WAITING, facts,
    model::{judge, open_on},
    offer_view::{self, WaitView},
    offers::{self, Ending},
    queue,
    refusal::Refusal,
};

#[derive(Debug, thiserror::Error)]
pub enum WaitError {
    #[error("no such task in this scope")]
    NotFound,
    #[error("there are free seats")]
    NotFull,
    #[error("waiting already")]
    Waiting,
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<WaitError> for Problem {
    fn from(error: WaitError) -> Self {
        match error {
            WaitError::NotFound => NOT_FOUND.into(),
            WaitError::NotFull => NOT_FULL.into(),
            WaitError::Waiting => WAITING.into(),
            WaitError::Refused(refusal) => refusal.into(),
            WaitError::Broken(error) => error.into(),
        }
    }
}

/// Joins the queue of a full task; with `at_once` a seat that frees is taken without asking again.
///
/// # Errors
/// `NotFound` outside the caller's pools, `NotFull`, `Waiting`; a `Refusal` where more than the seat is missing.
pub(super) async fn join(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    at_once: bool,
) -> Result<WaitView, WaitError> {
    people::lock(tx, me.id()).await?;
    // Under the task's lock: a seat that comes free now finds the one who waits, or is found by them.
    let task = dispatch::lock(tx, &me.scope(), task_id).await?.ok_or(WaitError::NotFound)?;
    let (own, now) = (me.own_scope(), state.clock.now());
    let mine = (task_id, me.id());
    if queue::place(&**tx, &own, mine).await?.is_some() {
        return Err(WaitError::Waiting);
    }
    let mut card = cards(&**tx, std::slice::from_ref(&task)).await?.remove(0);
    open_on(&mut card, queue::live_for(&**tx, &own, mine).await?.as_ref(), now);
    let rules = org::settings_of(&**tx, [task.org_id]).await?.remove(&task.org_id);
    let member = facts::member(&**tx, me.id(), now).await?;
    match judge(&card, &member, &rules.unwrap_or_default(), now) {
        Ok(()) => return Err(WaitError::NotFull),
        Err(refusal) if refusal.is_of_seats() => {}
        Err(refusal) => return Err(WaitError::Refused(refusal)),
    }
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        task_id: Set(task_id),
        person_id: Set(me.id()),
        state: Set(WaitState::Waiting),
        at_once: Set(at_once),
        joined_at: Set(now),
        updated_at: Set(now),
    };
    let place = row.insert(&**tx).await.step("join the queue")?;
    let fact = queue::fact(&task, place.id, Event::WaitlistJoined, Some(me.id()));
    outbox::record(&**tx, state, [fact]).await?;
    Ok(offer_view::places(&**tx, &own, vec![place]).await?.remove(0))
}

/// Leaves the queue; a seat that is kept for the caller goes to the next in line. Who does not wait leaves nothing.
///
/// # Errors
/// `NotFound` for a task one neither waits for nor may know of.
pub(super) async fn leave(state: &AppState, me: &Resident, task_id: Uuid) -> Result<(), WaitError> {
    let tx = state.db.write().await?;
    people::lock(&tx, me.id()).await?;
    let (own, house, now) = (me.own_scope(), Scope::house(), state.clock.now());
    let mine = (task_id, me.id());
    let waits = queue::place(&*tx, &own, mine).await?.is_some();
    let scope = if waits { &house } else { &me.scope() };
    let task = dispatch::lock(&tx, scope, task_id).await?.ok_or(WaitError::NotFound)?;
    let Some(place) = queue::place(&*tx, &own, mine).await? else { return Ok(()) };
    let fact = queue::fact(&task, place.id, Event::WaitlistLeft, Some(me.id()));
    outbox::record(&*tx, state, [fact]).await?;
    let offer = queue::live_for(&*tx, &own, mine).await?;
    match offer.filter(|offer| offer.kind == OfferKind::Waitlist) {
        Some(offer) => {
            let ending = Ending::Declined { place: WaitState::Left };
            offers::end(&tx, state, task, offer, ending).await?;
        }
        None => {
            queue::move_place(&tx, place, WaitState::Left, now).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
