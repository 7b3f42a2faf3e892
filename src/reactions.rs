//! Fact → what follows. The one page on which to read who reacts to what.
//!
//! A reaction runs in one transaction with the mark that the fact is handled; it re-reads state and may run again
//! without changing anything twice. Facts come in no promised order. Whatever happens to a task is also shown on
//! the board, after the commit.
//!
//! A new fact: the compiler asks here what follows from it; `Nothing` is a good answer.

use ::entity::event::Model as Happened;

use crate::{
    claim, dispatch,
    kernel::{Error, Event},
    platform::{AppState, Tx},
    request, telling,
};

/// What has to change in the database because of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    /// The task of a request that no longer wants it is called off.
    RecallTask(&'static str),
    /// The claims of a task that was called off go with it, and its request returns to the inbox.
    CallOffClaims,
    Nothing,
}

/// What follows from each fact.
pub fn follows(event: Event) -> Follow {
    match event {
        Event::RequestWithdrawn => Follow::RecallTask("居民撤回了需求"),
        Event::RequestReturned => Follow::RecallTask("社区收回了派单"),
        Event::TaskCancelled => Follow::CallOffClaims,
        Event::RequestSubmitted
        | Event::RequestAmended
        | Event::RequestAsked
        | Event::RequestDeclined
        | Event::RequestDispatched
        | Event::RequestFulfilled
        | Event::RequestReopened
        | Event::RequestClosed
        | Event::TaskDrafted
        | Event::TaskOpened
        | Event::TaskResized
        | Event::TaskReported
        | Event::TaskConfirmed
        | Event::ClaimGranted
        | Event::ClaimReleased
        | Event::ClaimCheckedIn
        | Event::ClaimCheckedOut
        | Event::ClaimConfirmed
        | Event::ClaimMissed
        | Event::ClaimCancelled
        | Event::StoryDrafted
        | Event::StorySubmitted
        | Event::StoryPublished
        | Event::StoryRejected
        | Event::StoryWithdrawn
        | Event::StoryConsentAsked
        | Event::StoryConsentGiven
        | Event::StoryConsentRefused
        | Event::StoryReturned => Follow::Nothing,
    }
}

/// Whether a fact needs a transaction of its own: something follows from it, or somebody hears of it.
pub fn matters(event: Event) -> bool {
    follows(event) != Follow::Nothing || !telling::hearers(event).is_empty()
}

/// Does what follows, in the caller's transaction. People are told first: what follows may end what made them
/// concerned.
pub async fn react(tx: &Tx, state: &AppState, fact: &Happened) -> Result<(), Error> {
    telling::tell(tx, state, fact).await?;
    let follow = Event::named(&fact.kind).map_or(Follow::Nothing, follows);
    let Some(task_id) = fact.task_id else { return Ok(()) };
    match follow {
        Follow::RecallTask(reason) => dispatch::recall(tx, state, task_id, reason).await,
        Follow::CallOffClaims => {
            claim::cancel_claims(tx, state, task_id).await?;
            let Some(request_id) = fact.request_id else { return Ok(()) };
            let sealed = fact.words.as_ref();
            let reason = state.crypto.open_some("event.words", fact.id, sealed)?;
            request::take_back(tx, state, request_id, task_id, reason).await
        }
        Follow::Nothing => Ok(()),
    }
}
