//! Somebody leaves the neighbourhood: they wait nowhere any more, and what was offered to them goes to the next in line.
//! Where nobody could ask them to end it first, their seats go back as well.

use std::collections::BTreeSet;

use ::entity::{claim::ClaimState, task::TaskState, waitlist::WaitState};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    dispatch,
    identity::Scope,
    kernel::{Error, Event},
    platform::{AppState, Tx, outbox},
};

use super::{
    draw,
    offers::{self, Ending},
    presence::close_presence,
    queue,
    release::vacate,
    store,
};

/// More queues than these nobody stands in.
const MOST: u64 = 10_000;

/// Takes a locked person out of every queue and says no to every offer, the tasks locked in the order of their ids.
///
/// # Errors
/// When it cannot be stored.
pub async fn step_back(tx: &Tx, state: &AppState, own: &Scope, who: Uuid) -> Result<(), Error> {
    let (house, now) = (Scope::house(), state.clock.now());
    let places = queue::my_places(&**tx, own, None, MOST).await?;
    let offered = queue::my_live(&**tx, own, MOST).await?;
    let tasks: BTreeSet<_> = places
        .iter()
        .map(|place| place.task_id)
        .chain(offered.iter().map(|offer| offer.task_id))
        .collect();
    for task_id in tasks {
        let Some(task) = dispatch::lock(tx, &house, task_id).await? else { continue };
        if let Some(place) = queue::place(&**tx, own, (task_id, who)).await? {
            let left = queue::fact(&task, place.id, Event::WaitlistLeft, Some(who));
            outbox::record(&**tx, state, [left]).await?;
            queue::move_place(tx, place, WaitState::Left, now).await?;
        }
        if let Some(offer) = queue::live_for(&**tx, own, (task_id, who)).await? {
            let ending = Ending::Declined { place: WaitState::Left };
            offers::end(tx, state, task, offer, ending).await?;
        }
    }
    Ok(())
}

/// The tasks in which somebody holds a seat, waits for one, or was offered one.
///
/// # Errors
/// When they cannot be read.
pub async fn tasks_of(db: &impl ConnectionTrait, own: &Scope) -> Result<BTreeSet<Uuid>, Error> {
    let seats = store::held(db, own).await?.into_iter().map(|claim| claim.task_id);
    let places = queue::my_places(db, own, None, MOST).await?.into_iter();
    let offered = queue::my_live(db, own, MOST).await?.into_iter();
    let waits = places.map(|place| place.task_id).chain(offered.map(|offer| offer.task_id));
    Ok(seats.chain(waits).collect())
}

/// Gives back every seat a locked person holds in tasks that are open, however late it is; where they are right now, it
/// ends now and somebody looks at it before hours come of it. What was served stays.
///
/// # Errors
/// When it cannot be stored.
pub async fn give_up(tx: &Tx, state: &AppState, own: &Scope) -> Result<(), Error> {
    draw::take_back(tx, own).await?;
    for claim in store::held(&**tx, own).await? {
        let Some(task) = dispatch::lock(tx, &Scope::house(), claim.task_id).await? else {
            continue;
        };
        // Read again: the task's lock is what protects a claim's state.
        let Some(claim) = store::own(&**tx, own, claim.id).await? else { continue };
        match claim.state {
            ClaimState::CheckedIn => {
                close_presence(tx, state, &task, claim).await?;
            }
            ClaimState::Active if task.state == TaskState::Open => {
                vacate(tx, state, task, claim, Event::ClaimReleased, own.person()).await?;
            }
            _ => {}
        }
    }
    Ok(())
}
