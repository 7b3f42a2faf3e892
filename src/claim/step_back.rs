//! Somebody leaves the neighbourhood: they wait nowhere any more, and what was offered to them goes to the next in line.

use std::collections::BTreeSet;

use ::entity::waitlist::WaitState;
use uuid::Uuid;

use crate::{
    dispatch,
    identity::Scope,
    kernel::{Error, Event},
    platform::{AppState, Tx, outbox},
};

use super::{
    offers::{self, Ending},
    queue,
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
