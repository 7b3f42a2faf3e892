//! Fact → who hears of it. The one page on which to read who is told what, and when.
//!
//! It runs in the reaction to the fact (`reactions.rs`), re-reads who is concerned, and hands notices to `notify`,
//! which says a thing once. Whoever did it is not told of it. Facts without a line here are told to nobody.
//!
//! Of crowds (`Hearer::is_crowd`) the reaction only writes down that they are to hear; `crowd` tells them in chunks.

mod about;
pub mod crowd;

use std::collections::BTreeSet;

use ::entity::{event::Model as Happened, offer::OfferState, role_grant::Role};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    claim, dispatch,
    identity::{Scope, duty},
    kernel::{Error, Event},
    ledger,
    notify::{self, Letters, Subject},
    org,
    platform::{AppState, Tx},
    request as requests, showcase, themeday,
};

use about::{About, about, notice};

/// Those concerned by a fact, named by what they are to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearer {
    /// 提出需求的居民, and whom they asked for; the one of the two who acted knows it already.
    Requester,
    /// 社区：the dispatchers on duty for the org.
    Office,
    /// 首接人, or whoever stands in; the office where nobody owns it.
    Keeper,
    /// 接单人 of the claim the fact is about.
    Holder,
    /// 提出更正的人: who asked for the correction that was decided.
    Proposer,
    /// 名额留给谁: to whom the offer was made.
    Offered,
    /// 转交人: who hands their seat over by the offer.
    Giver,
    /// 候补的人 whose place in the queue it is.
    Waiter,
    /// Everybody who holds a seat of the task.
    Holders,
    /// 定向任务里点名的人
    Named,
    /// 这一批请的人
    Asked,
    /// 带队人
    Lead,
    /// Who wrote the story.
    Author,
    /// Who may review what is shown.
    Reviewers,
    /// 主题党日 invites them, and they have not declined.
    Invited,
    /// 书记 of the org the theme day is of.
    Secretaries,
    /// 上级: whoever reviews it.
    Superiors,
    /// 出镜的人 who have not said yet whether they agree.
    Shown,
}

impl Hearer {
    /// May be so many that one transaction would keep everybody else waiting.
    pub fn is_crowd(self) -> bool {
        self == Invited
    }
}

use Hearer::{
    Asked, Author, Giver, Holder, Holders, Invited, Keeper, Lead, Named, Offered, Office, Proposer,
    Requester, Reviewers, Secretaries, Shown, Superiors, Waiter,
};

/// Who hears what of each fact.
pub fn hearers(event: Event) -> &'static [(Hearer, Subject)] {
    match event {
        Event::RequestSubmitted => {
            &[(Office, Subject::RequestNew), (Requester, Subject::AskedForYou)]
        }
        Event::RequestAmended => &[(Keeper, Subject::RequestAmended)],
        Event::RequestAsked => &[(Requester, Subject::RequestAsked)],
        Event::RequestDeclined => &[(Requester, Subject::RequestDeclined)],
        Event::RequestDispatched => &[(Requester, Subject::RequestDispatched)],
        Event::RequestReturned => &[(Requester, Subject::RequestReturned)],
        Event::RequestFulfilled => &[(Requester, Subject::RequestFulfilled)],
        Event::RequestWithdrawn => {
            &[(Keeper, Subject::RequestWithdrawn), (Requester, Subject::RequestCalledOff)]
        }
        Event::RequestReopened => {
            &[(Keeper, Subject::RequestReopened), (Requester, Subject::RequestAgain)]
        }
        Event::RequestClosed => {
            &[(Keeper, Subject::RequestClosed), (Requester, Subject::RequestDone)]
        }
        Event::RequestClosedUnconfirmed => {
            &[(Requester, Subject::ClosedUnconfirmed), (Keeper, Subject::NeverAnswered)]
        }
        Event::RequestAssigned => {
            &[(Requester, Subject::RequestAssigned), (Keeper, Subject::RequestYours)]
        }
        Event::RequestPassed => {
            &[(Requester, Subject::RequestPassed), (Office, Subject::RequestNew)]
        }
        Event::RequestReferred => &[(Requester, Subject::RequestReferred)],
        Event::RequestMerged => &[(Requester, Subject::RequestMerged)],
        Event::RequestJoined => &[(Requester, Subject::RequestJoined)],
        Event::RequestSeparated => {
            &[(Requester, Subject::RequestSeparated), (Keeper, Subject::RequestNew)]
        }
        Event::TaskOpened => &[(Named, Subject::TaskForYou), (Lead, Subject::YouLead)],
        Event::TaskChanged => &[(Holders, Subject::TaskChanged), (Lead, Subject::TaskChanged)],
        Event::TaskRescheduled => &[
            (Holders, Subject::TaskRescheduled),
            (Lead, Subject::TaskRescheduled),
            (Requester, Subject::RequestMoved),
        ],
        Event::TaskShort => &[(Office, Subject::TaskShort)],
        Event::TaskAsked => &[(Asked, Subject::TaskAsked)],
        Event::TaskCallsDue => &[(Office, Subject::TaskCallsDue)],
        Event::TaskLoanAsked => &[(Office, Subject::LoanAsked)],
        Event::TaskLoanAccepted => &[(Office, Subject::LoanAccepted)],
        Event::TaskLoanRefused => &[(Office, Subject::LoanRefused)],
        Event::TaskCancelled => {
            &[(Holders, Subject::TaskCancelled), (Lead, Subject::TaskCancelled)]
        }
        Event::TaskReported => &[(Office, Subject::TaskReported)],
        Event::ClaimGranted => {
            &[(Requester, Subject::SomebodyComes), (Holder, Subject::ClaimAssigned)]
        }
        Event::ClaimReleased => &[(Lead, Subject::ClaimReleased)],
        Event::ClaimLapsed => &[(Holder, Subject::ClaimLapsed), (Lead, Subject::ClaimReleased)],
        Event::ClaimHandedOver => &[(Holder, Subject::ClaimHandedOver)],
        Event::OfferMade => &[(Offered, Subject::OfferMade)],
        Event::OfferAccepted => &[(Offered, Subject::Promoted)],
        Event::OfferDeclined => &[(Giver, Subject::HandOverDeclined)],
        Event::OfferExpired => &[(Offered, Subject::OfferOver), (Giver, Subject::HandOverDeclined)],
        Event::OfferCancelled => &[(Offered, Subject::OfferOver)],
        Event::WaitlistPassed => &[(Waiter, Subject::WaitlistPassed)],
        Event::ClaimConfirmed => &[(Holder, Subject::ClaimConfirmed)],
        Event::ClaimMissed => &[(Holder, Subject::ClaimMissed)],
        Event::TaskCodeRenewed => &[(Lead, Subject::CodeRenewed)],
        Event::ExcuseSent => &[(Office, Subject::ExcuseWaiting)],
        Event::ExcuseRefused => &[(Holder, Subject::ExcuseRefused)],
        Event::AbsenceAppealed => &[(Reviewers, Subject::AppealWaiting)],
        Event::AppealRefused => &[(Holder, Subject::AppealRefused)],
        Event::AbsenceExcused => &[(Holder, Subject::AbsenceExcused)],
        Event::ClaimCorrectionProposed => {
            &[(Holder, Subject::CorrectionAsked), (Office, Subject::CorrectionWaiting)]
        }
        Event::ClaimCorrected => {
            &[(Holder, Subject::HoursCorrected), (Proposer, Subject::HoursCorrected)]
        }
        Event::ClaimCorrectionRefused => {
            &[(Holder, Subject::CorrectionRefused), (Proposer, Subject::CorrectionRefused)]
        }
        Event::StorySubmitted => &[(Reviewers, Subject::StoryWaiting)],
        Event::StoryPublished => &[
            (Author, Subject::StoryPublished),
            (Holders, Subject::StoryPublished),
            (Requester, Subject::RequestStory),
        ],
        Event::StoryRejected => &[(Author, Subject::StoryRejected)],
        Event::StoryWithdrawn => &[(Author, Subject::StoryWithdrawn)],
        Event::StoryConsentAsked => &[(Shown, Subject::StoryConsent)],
        Event::StoryConsentRefused => &[(Author, Subject::StoryConsentRefused)],
        Event::StoryReturned => {
            &[(Author, Subject::StoryReturned), (Reviewers, Subject::StoryReturned)]
        }
        Event::ThemeDayPlanned => &[(Invited, Subject::ThemeDayPlanned)],
        Event::ThemeDayChanged => &[(Invited, Subject::ThemeDayChanged)],
        Event::ThemeDayCancelled => &[(Invited, Subject::ThemeDayCancelled)],
        Event::ThemeDayRecorded => &[(Superiors, Subject::ThemeDayRecorded)],
        Event::ThemeDayReturned => &[(Secretaries, Subject::ThemeDayReturned)],
        Event::ThemeDayApproved => &[(Secretaries, Subject::ThemeDayApproved)],
        Event::CategoryChanged
        | Event::TaskDrafted
        | Event::TaskResized
        | Event::TaskWidened
        | Event::TaskSeatsOpened
        | Event::DrawEntered
        | Event::DrawLeft
        | Event::DrawHeld
        | Event::TaskConfirmed
        | Event::ClaimWalkedIn
        | Event::ClaimCheckedIn
        | Event::ClaimCheckedOut
        | Event::ClaimCancelled
        | Event::ClaimAsked
        | Event::ClaimReconfirmed
        | Event::WaitlistJoined
        | Event::WaitlistLeft
        | Event::PointsGiven
        | Event::StoryDrafted
        | Event::StoryConsentGiven => &[],
    }
}

/// Tells those concerned, in the reaction's transaction; of crowds that they are to hear is written down.
///
/// # Errors
/// When the database cannot be read or written; the reaction is tried again.
pub async fn tell(tx: &Tx, state: &AppState, fact: &Happened) -> Result<(), Error> {
    let hearers = Event::named(&fact.kind).map_or(&[][..], hearers);
    if hearers.is_empty() {
        return Ok(());
    }
    let about = about(&**tx, state, fact).await?;
    for (hearer, subject) in hearers {
        if hearer.is_crowd() {
            let ids = (fact.id, fact.subject_id);
            notify::crowd::write_down(tx, state, ids, *subject).await?;
            continue;
        }
        let people = resolve(tx, state, &about, fact, *hearer).await?;
        let letters = letters(&**tx, state, fact, (&about, *subject), people).await?;
        notify::deliver(tx, letters).await?;
    }
    Ok(())
}

/// What people are to be told, but for whoever did it; each once.
async fn letters(
    db: &impl ConnectionTrait,
    state: &AppState,
    fact: &Happened,
    (about, subject): (&About, Subject),
    people: Vec<Uuid>,
) -> Result<Letters, Error> {
    let mut people: BTreeSet<_> = people.into_iter().collect();
    if let Some(actor) = fact.actor_id {
        people.remove(&actor);
    }
    let notice = notice(state, fact, about, subject);
    notify::write(db, state, &notice, &Vec::from_iter(people)).await
}

async fn resolve(
    tx: &Tx,
    state: &AppState,
    about: &About,
    fact: &Happened,
    hearer: Hearer,
) -> Result<Vec<Uuid>, Error> {
    Ok(match hearer {
        Requester => match &about.request {
            Some(request) => requests::parties(&**tx, request).await?,
            None => vec![],
        },
        Keeper => match keeper(tx, state, about).await? {
            Some(keeper) => vec![keeper],
            None => on_duty(tx, fact.org_id, &[Role::Dispatcher]).await?,
        },
        Holder => about.claim.iter().map(|claim| claim.person_id).collect(),
        Proposer => match &about.claim {
            Some(claim) => {
                let whose = (claim.person_id, claim.id);
                ledger::correction::asked_by(&**tx, whose, fact.at).await?.into_iter().collect()
            }
            None => vec![],
        },
        Lead => about.task.iter().filter_map(|task| task.lead_id).collect(),
        Offered => match claim::offer(&**tx, &Scope::house(), fact.subject_id).await? {
            // Taken at once: there is nothing to ask any more.
            Some(offer)
                if fact.kind == Event::OfferMade.name() && offer.state == OfferState::Accepted =>
            {
                vec![]
            }
            offer => offer.into_iter().map(|offer| offer.person_id).collect(),
        },
        Giver => claim::giver(&**tx, &Scope::house(), fact.subject_id).await?.into_iter().collect(),
        Waiter => {
            claim::waiter(&**tx, &Scope::house(), fact.subject_id).await?.into_iter().collect()
        }
        Named => match fact.task_id {
            Some(task_id) => dispatch::named_for(&**tx, &Scope::house(), task_id).await?,
            None => vec![],
        },
        Asked => match fact.task_id {
            Some(task_id) => {
                claim::asked_in(&**tx, &Scope::house(), task_id, fact.subject_id).await?
            }
            None => vec![],
        },
        Author => about.story.iter().map(|(author, _)| *author).collect(),
        Holders => match fact.task_id {
            Some(task_id) => claim::holders(&**tx, &Scope::house(), task_id).await?,
            None => vec![],
        },
        // Crowds are walked chunk by chunk.
        Invited => vec![],
        Secretaries => match &about.theme_day {
            Some(told) => themeday::secretaries(&**tx, &told.org_path).await?,
            None => vec![],
        },
        Superiors => match &about.theme_day {
            Some(told) => themeday::superiors(&**tx, &told.org_path).await?,
            None => vec![],
        },
        Shown => showcase::still_asked(&**tx, fact.subject_id).await?,
        Office => on_duty(tx, fact.org_id, &[Role::Dispatcher]).await?,
        Reviewers => on_duty(tx, fact.org_id, &[Role::Dispatcher, Role::Secretary]).await?,
    })
}

async fn keeper(tx: &Tx, state: &AppState, about: &About) -> Result<Option<Uuid>, Error> {
    match &about.request {
        Some(request) => requests::keeper(&**tx, request, state.clock.now()).await,
        None => Ok(None),
    }
}

async fn on_duty(tx: &Tx, org_id: Uuid, roles: &[Role]) -> Result<Vec<Uuid>, Error> {
    match org::find(&**tx, org_id).await? {
        Some(org) => duty::on_duty(&**tx, &org.path, roles).await,
        None => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_told_to_one_crowd_at_most() {
        for event in Event::ALL {
            let crowds = hearers(*event).iter().filter(|(hearer, _)| hearer.is_crowd()).count();
            assert!(crowds <= 1, "{event:?}");
        }
    }
}
