//! What nobody answered: offers whose time is over, queues of tasks that closed, seats that came free while nobody
//! looked, and claimants who did not say again that they come. A round without input; each case is a transaction of
//! its own that looks again under the task's lock.

use ::entity::{
    claim::{self, ClaimState},
    offer::{self, OfferState},
};
use uuid::Uuid;

use crate::{
    dispatch,
    identity::Scope,
    kernel::{Error, Event},
    platform::AppState,
};

use super::{
    draw,
    offers::{self, Ending},
    queue, release, store,
};

/// Cases of one kind taken on in one round.
const ROUND: u64 = 200;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    pub handled: usize,
    pub failed: usize,
    /// There is more to do at once.
    pub more: bool,
}

impl Swept {
    /// Counts a case; one that fails is tried again next time and stops none of the others.
    fn count(&mut self, done: Result<(), Error>) {
        match done {
            Ok(()) => self.handled += 1,
            Err(error) => {
                self.failed += 1;
                tracing::error!(%error, "a seat could not be swept");
            }
        }
    }
}

/// One round.
///
/// # Errors
/// When it cannot be read what is to be done.
pub async fn sweep(state: &AppState) -> Result<Swept, Error> {
    let (db, house, now) = (state.db.read(), Scope::house(), state.clock.now());
    let mut done = Swept::default();
    let overdue = queue::overdue(db, &house, now, ROUND).await?;
    let lapsing = store::lapsing(db, &house, now, ROUND).await?;
    let many = overdue.len() as u64 == ROUND || lapsing.len() as u64 == ROUND;
    for offer in overdue {
        done.count(expire(state, &offer).await);
    }
    for claim in lapsing {
        done.count(lapse(state, &claim).await);
    }
    for task in dispatch::kept_too_long(db, &house, now, ROUND).await? {
        done.count(open_to_all(state, task).await);
    }
    for task in draw::due(db, &house, now, ROUND).await? {
        done.count(draw::hold(state, task).await);
    }
    for task in queue::stirring(db, &house, now, ROUND).await? {
        done.count(stir(state, task).await);
    }
    // What keeps failing waits for the next round.
    done.more = many && done.failed == 0;
    Ok(done)
}

/// An offer nobody answered, or whose task is over.
async fn expire(state: &AppState, offer: &offer::Model) -> Result<(), Error> {
    let (tx, house) = (state.db.write().await?, Scope::house());
    let Some(task) = dispatch::lock(&tx, &house, offer.task_id).await? else { return Ok(()) };
    let Some(offer) = queue::find(&*tx, &house, offer.id).await? else { return Ok(()) };
    if offer.state != OfferState::Live {
        return Ok(());
    }
    let late = offer.expires_at <= state.clock.now();
    let ending = if late { Ending::Expired } else { Ending::Cancelled };
    offers::end(&tx, state, task, offer, ending).await?;
    tx.commit().await
}

/// A claimant who was asked again and said nothing.
async fn lapse(state: &AppState, claim: &claim::Model) -> Result<(), Error> {
    let (tx, house) = (state.db.write().await?, Scope::house());
    let Some(task) = dispatch::lock(&tx, &house, claim.task_id).await? else { return Ok(()) };
    let Some(claim) = store::find(&*tx, &house, claim.id).await? else { return Ok(()) };
    let silent = claim.reconfirm_by.is_some_and(|by| by <= state.clock.now());
    if claim.state != ClaimState::Active || !silent || task.state != ::entity::task::TaskState::Open
    {
        return Ok(());
    }
    release::vacate(&tx, state, task, claim, Event::ClaimLapsed, None).await?;
    tx.commit().await
}

/// Seats kept for some that are for all now: whoever waits is offered them.
async fn open_to_all(state: &AppState, task_id: Uuid) -> Result<(), Error> {
    let tx = state.db.write().await?;
    let Some(task) = dispatch::lock(&tx, &Scope::house(), task_id).await? else { return Ok(()) };
    if let Some(task) = dispatch::open_to_all(&tx, state, &task).await? {
        offers::fill(&tx, state, task).await?;
    }
    tx.commit().await
}

/// A queue behind a task that closed, or that has a free seat.
async fn stir(state: &AppState, task_id: Uuid) -> Result<(), Error> {
    let tx = state.db.write().await?;
    offers::close_queue(&tx, state, task_id).await?;
    if let Some(task) = dispatch::lock(&tx, &Scope::house(), task_id).await? {
        offers::fill(&tx, state, task).await?;
    }
    tx.commit().await
}
