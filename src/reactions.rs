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
    identity::Scope,
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
    /// Everybody who had a seat before the times moved says whether they still come.
    AskAgain,
    /// Who waited to be taken at once takes the seat that is offered.
    Promote,
    /// Cards repeat what keeps people safe: those of the category's tasks are written anew.
    ShowSafety,
    /// Who takes a seat, or waits for one, has answered if they were asked.
    NoteAnswer,
    /// Five stars of the resident count for those who served: the answer and the confirmation come in any order.
    RewardPraise,
    Nothing,
}

/// What follows from each fact.
pub fn follows(event: Event) -> Follow {
    match event {
        Event::RequestWithdrawn => Follow::RecallTask("居民撤回了需求"),
        Event::RequestReturned => Follow::RecallTask("社区收回了派单"),
        Event::TaskCancelled => Follow::CallOffClaims,
        Event::TaskRescheduled => Follow::AskAgain,
        Event::OfferMade => Follow::Promote,
        Event::CategoryChanged => Follow::ShowSafety,
        Event::ClaimGranted | Event::WaitlistJoined => Follow::NoteAnswer,
        Event::RequestClosed | Event::ClaimConfirmed => Follow::RewardPraise,
        Event::RequestSubmitted
        | Event::RequestAmended
        | Event::RequestAsked
        | Event::RequestDeclined
        | Event::RequestDispatched
        | Event::RequestFulfilled
        | Event::RequestReopened
        | Event::RequestClosedUnconfirmed
        | Event::RequestAssigned
        | Event::RequestPassed
        | Event::RequestReferred
        | Event::RequestMerged
        | Event::RequestJoined
        | Event::RequestSeparated
        | Event::TaskDrafted
        | Event::TaskOpened
        | Event::TaskResized
        | Event::TaskChanged
        | Event::TaskShort
        | Event::TaskWidened
        | Event::TaskSeatsOpened
        | Event::DrawEntered
        | Event::DrawLeft
        | Event::DrawHeld
        | Event::TaskAsked
        | Event::TaskCallsDue
        | Event::TaskLoanAsked
        | Event::TaskLoanAccepted
        | Event::TaskLoanRefused
        | Event::TaskReported
        | Event::TaskConfirmed
        | Event::ClaimWalkedIn
        | Event::ClaimReleased
        | Event::ClaimCheckedIn
        | Event::ClaimCheckedOut
        | Event::ClaimMissed
        | Event::ClaimCancelled
        | Event::ClaimHandedOver
        | Event::ClaimAsked
        | Event::ClaimReconfirmed
        | Event::ClaimLapsed
        | Event::WaitlistLeft
        | Event::WaitlistPassed
        | Event::OfferAccepted
        | Event::OfferDeclined
        | Event::OfferExpired
        | Event::OfferCancelled
        | Event::TaskCodeRenewed
        | Event::ExcuseSent
        | Event::ExcuseRefused
        | Event::AbsenceAppealed
        | Event::AppealRefused
        | Event::AbsenceExcused
        | Event::ClaimCorrectionProposed
        | Event::ClaimCorrected
        | Event::ClaimCorrectionRefused
        | Event::PointsGiven
        | Event::StoryDrafted
        | Event::StorySubmitted
        | Event::StoryPublished
        | Event::StoryRejected
        | Event::StoryWithdrawn
        | Event::StoryConsentAsked
        | Event::StoryConsentGiven
        | Event::StoryConsentRefused
        | Event::StoryReturned
        | Event::ThemeDayPlanned
        | Event::ThemeDayChanged
        | Event::ThemeDayCancelled
        | Event::ThemeDayRecorded
        | Event::ThemeDayReturned
        | Event::ThemeDayApproved => Follow::Nothing,
    }
}

/// Whether a fact needs a transaction of its own: something follows from it, or somebody hears of it.
pub fn matters(event: Event) -> bool {
    follows(event) != Follow::Nothing || !telling::hearers(event).is_empty()
}

/// Does what follows, in the caller's transaction. People are told first: what follows may end what made them
/// concerned. Only who is promoted at once need not be asked before.
pub async fn react(tx: &Tx, state: &AppState, fact: &Happened) -> Result<(), Error> {
    let follow = Event::named(&fact.kind).map_or(Follow::Nothing, follows);
    if follow == Follow::Promote {
        claim::promote(tx, state, fact.subject_id).await?;
    }
    telling::tell(tx, state, fact).await?;
    if follow == Follow::ShowSafety {
        return dispatch::safety_changed(tx, state, fact.subject_id).await;
    }
    let Some(task_id) = fact.task_id else { return Ok(()) };
    match follow {
        Follow::RecallTask(reason) => dispatch::recall(tx, state, task_id, reason).await,
        Follow::CallOffClaims => {
            claim::cancel_claims(tx, state, task_id).await?;
            claim::close_queue(tx, state, task_id).await?;
            let Some(request_id) = fact.request_id else { return Ok(()) };
            let sealed = fact.words.as_ref();
            let reason = state.crypto.open_some("event.words", fact.id, sealed)?;
            request::take_back(tx, state, request_id, task_id, reason).await
        }
        Follow::AskAgain => {
            let task = dispatch::find(&**tx, &Scope::house(), task_id).await?;
            match task.and_then(|task| task.reconfirm_by) {
                Some(by) => claim::ask_again(tx, state, task_id, by, fact.at).await,
                None => Ok(()),
            }
        }
        Follow::NoteAnswer => {
            claim::note_yes(tx, &Scope::house(), (task_id, fact.subject_id), fact.at).await
        }
        Follow::RewardPraise if fact.request_id.is_some() => {
            let claim = (fact.kind == Event::ClaimConfirmed.name()).then_some(fact.subject_id);
            claim::reward_praise(tx, state, task_id, claim).await
        }
        Follow::RewardPraise | Follow::Promote | Follow::ShowSafety | Follow::Nothing => Ok(()),
    }
}
