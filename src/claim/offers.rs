//! 递补: a seat that came free is kept for the first in line until a time, in the transaction that freed it. Nobody is
//! locked for being asked: the offer waits for them, they answer in a transaction of their own.

use ::entity::{
    At,
    claim::{self, ClaimState},
    offer::{ActiveModel, Model, OfferKind, OfferState},
    task::{self, TaskState},
    waitlist::WaitState,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{self, free_held_seat, hold_seat},
    identity::{Scope, people},
    kernel::{Error, Event, Fact, day::spoken},
    org,
    platform::{AppState, Tx, db::Step, outbox},
};

use super::{
    grant::{By, GrantError, Source, answered, grant},
    model::answer_by,
    queue, store,
};

/// Whether no more seats of a task are given.
pub(super) fn closed(task: &task::Model, now: At) -> bool {
    task.state != TaskState::Open || task.claim_until <= now
}

/// Keeps the free seats of a locked task for those who wait, as long as there are both.
pub(super) async fn fill(
    tx: &Tx,
    state: &AppState,
    mut task: task::Model,
) -> Result<task::Model, Error> {
    let (house, now) = (Scope::house(), state.clock.now());
    if closed(&task, now) || now < task.opens_at || task.awaits_draw() {
        return Ok(task);
    }
    while task.taken() < task.slots {
        let Some(place) = queue::next(tx, &house, task.id).await? else { break };
        let who = (task.id, place.person_id);
        if store::seat_held(&**tx, &house, who).await?.is_some() {
            queue::move_place(tx, place, WaitState::Promoted, now).await?;
            continue;
        }
        let kept = hold_seat(tx, task.id, now).await?;
        task = kept.ok_or_else(|| Error::impossible("keep a free seat of a locked task"))?;
        let place = queue::move_place(tx, place, WaitState::Offered, now).await?;
        let rules = org::settings_of(&**tx, [task.org_id]).await?.remove(&task.org_id);
        let rules = rules.unwrap_or_default();
        let by = answer_by(now, task.claim_until, rules.waitlist_offer_minutes, rules.quiet());
        make(tx, state, &task, place.person_id, (OfferKind::Waitlist, None), by).await?;
    }
    Ok(task)
}

/// Writes an offer of a locked task's seat down.
pub(super) async fn make(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    to: Uuid,
    (kind, claim): (OfferKind, Option<&claim::Model>),
    expires_at: At,
) -> Result<Model, Error> {
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        task_id: Set(task.id),
        person_id: Set(to),
        kind: Set(kind),
        state: Set(OfferState::Live),
        claim_id: Set(claim.map(|claim| claim.id)),
        made_at: Set(now),
        expires_at: Set(expires_at),
        ended_at: Set(None),
    };
    let offer = row.insert(&**tx).await.step("make an offer")?;
    let actor = claim.map(|claim| claim.person_id);
    let words = Some(format!("{} 前有效", spoken(expires_at)));
    let fact = Fact { words, ..queue::fact(task, offer.id, Event::OfferMade, actor) };
    outbox::record(&**tx, state, [fact]).await?;
    Ok(offer)
}

/// How an offer ends without a claim.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ending {
    /// By the person; from the queue altogether where they leave it.
    Declined {
        place: WaitState,
    },
    Expired,
    Cancelled,
}

/// Ends a live offer of a locked task, whose row is given as it stands. The seat it kept goes to the next in line, or is
/// free.
pub(super) async fn end(
    tx: &Tx,
    state: &AppState,
    task: task::Model,
    offer: Model,
    ending: Ending,
) -> Result<task::Model, Error> {
    let now = state.clock.now();
    let (to, event, place_to) = match ending {
        Ending::Declined { place } => (OfferState::Declined, Event::OfferDeclined, place),
        Ending::Expired => (OfferState::Expired, Event::OfferExpired, WaitState::Passed),
        Ending::Cancelled => (OfferState::Cancelled, Event::OfferCancelled, WaitState::Passed),
    };
    let keeps_seat = offer.kind != OfferKind::HandOver;
    let who = (offer.task_id, offer.person_id);
    if offer.kind == OfferKind::Waitlist
        && let Some(place) = queue::place(&**tx, &Scope::house(), who).await?
    {
        queue::move_place(tx, place, place_to, now).await?;
    }
    let actor = matches!(ending, Ending::Declined { .. }).then_some(offer.person_id);
    let offer = queue::end_offer(tx, offer, to, now).await?;
    outbox::record(&**tx, state, [queue::fact(&task, offer.id, event, actor)]).await?;
    let mut task = task;
    if keeps_seat {
        let freed = free_held_seat(tx, task.id, now).await?;
        task = freed.ok_or_else(|| Error::impossible("free the seat an offer kept"))?;
    }
    // Who had an offer was passed over in the queue: now they are asked like all others.
    fill(tx, state, task).await
}

/// Somebody got a seat of a locked task on the spot: whatever they waited for is settled, and a seat that was kept for
/// them is free.
pub(super) async fn overtaken(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    who: Uuid,
    actor: Uuid,
) -> Result<(), Error> {
    let (house, now) = (Scope::house(), state.clock.now());
    if let Some(place) = queue::place(&**tx, &house, (task.id, who)).await? {
        queue::move_place(tx, place, WaitState::Promoted, now).await?;
    }
    match queue::live_for(&**tx, &house, (task.id, who)).await? {
        Some(offer) if offer.kind == OfferKind::HandOver => {
            end(tx, state, task.clone(), offer, Ending::Cancelled).await?;
        }
        Some(offer) => {
            answered(tx, state, task, offer, Some(actor)).await?;
            free_held_seat(tx, task.id, now).await?;
        }
        None => {}
    }
    Ok(())
}

/// One's own offer and its task, the person and the task locked in this order.
async fn locked(
    tx: &Tx,
    who: Uuid,
    own: &Scope,
    id: Uuid,
) -> Result<(Model, task::Model), GrantError> {
    people::lock(tx, who).await?;
    let offer = queue::find(&**tx, own, id).await?.ok_or(GrantError::NotFound)?;
    let task = dispatch::lock(tx, &Scope::house(), offer.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("lock the offer's task"))?;
    let offer = queue::find(&**tx, own, id).await?.ok_or(GrantError::NotFound)?;
    Ok((offer, task))
}

/// Takes the seat an offer keeps, judged by the same rules as any claim.
///
/// # Errors
/// `NotFound` for another's offer; `OfferOver` once it has ended; a `Refusal`.
pub(super) async fn accept(
    tx: &Tx,
    state: &AppState,
    who: Uuid,
    own: &Scope,
    id: Uuid,
    by: By,
) -> Result<(claim::Model, task::Model), GrantError> {
    let (offer, task) = locked(tx, who, own, id).await?;
    if offer.state != OfferState::Live {
        return Err(GrantError::OfferOver(offer.state));
    }
    if offer.expires_at <= state.clock.now() {
        return Err(GrantError::OfferOver(OfferState::Expired));
    }
    let source = match offer.claim_id {
        None => Source::Kept(offer),
        Some(claim_id) => {
            let giver = store::find(&**tx, &Scope::house(), claim_id).await?;
            let giver = giver.filter(|claim| claim.state == ClaimState::Active);
            let giver = giver.ok_or(GrantError::OfferOver(OfferState::Cancelled))?;
            Source::Handed(offer, Box::new(giver))
        }
    };
    grant(tx, state, &task, source, who, by).await
}

/// Says no to an offer; the next in line is asked. Once said, saying it again changes nothing.
///
/// # Errors
/// `NotFound` for another's offer; `OfferOver` when it ended otherwise.
pub(super) async fn decline(
    state: &AppState,
    who: Uuid,
    own: &Scope,
    id: Uuid,
) -> Result<Model, GrantError> {
    let tx = state.db.write().await?;
    let (offer, task) = locked(&tx, who, own, id).await?;
    match offer.state {
        OfferState::Declined => return Ok(offer),
        OfferState::Live => {}
        other => return Err(GrantError::OfferOver(other)),
    }
    end(&tx, state, task, offer, Ending::Declined { place: WaitState::Passed }).await?;
    let offer = queue::find(&*tx, own, id).await?.ok_or(GrantError::NotFound)?;
    tx.commit().await?;
    Ok(offer)
}

/// An offer was made: who waited to be taken at once is. Where a rule is against it they keep the offer, and see why.
/// Idempotent: a reaction.
pub async fn promote(tx: &Tx, state: &AppState, offer_id: Uuid) -> Result<(), Error> {
    let house = Scope::house();
    let offer = queue::find(&**tx, &house, offer_id).await?;
    let Some(offer) = offer.filter(|offer| offer.kind == OfferKind::Waitlist) else {
        return Ok(());
    };
    let place = queue::place(&**tx, &house, (offer.task_id, offer.person_id)).await?;
    if !place.is_some_and(|place| place.at_once) {
        return Ok(());
    }
    match accept(tx, state, offer.person_id, &house, offer_id, By::TheirWord).await {
        Err(GrantError::Broken(error)) => Err(error),
        // Refusals come before anything is written.
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Seats of a task are no longer given: its offers end and nobody waits any more. Idempotent: a reaction and a round.
pub async fn close_queue(tx: &Tx, state: &AppState, task_id: Uuid) -> Result<(), Error> {
    let (house, now) = (Scope::house(), state.clock.now());
    let Some(mut task) = dispatch::lock(tx, &house, task_id).await? else { return Ok(()) };
    if !closed(&task, now) {
        return Ok(());
    }
    for offer in queue::live_of_task(&**tx, &house, task_id).await? {
        task = end(tx, state, task, offer, Ending::Cancelled).await?;
    }
    let waited = queue::in_line(&**tx, &house, task_id).await?;
    for place in waited {
        let place = queue::move_place(tx, place, WaitState::Passed, now).await?;
        let fact = queue::fact(&task, place.id, Event::WaitlistPassed, None);
        outbox::record(&**tx, state, [fact]).await?;
    }
    Ok(())
}
