//! Fact → who hears of it. The one page on which to read who is told what, and when.
//!
//! It runs in the reaction to the fact (`reactions.rs`), re-reads who is concerned, and hands notices to `notify`,
//! which says a thing once. Whoever did it is not told of it. Facts without a line here are told to nobody.

use std::collections::BTreeSet;

use ::entity::{claim::Model as Claim, event::Model as Happened, request, role_grant::Role, task};
use uuid::Uuid;

use crate::{
    claim, dispatch,
    identity::{Scope, duty},
    kernel::{Error, Event},
    notify::{self, Matter, Notice, Subject},
    org,
    platform::{AppState, Tx},
    request as requests, showcase,
};

/// Those concerned by a fact, named by what they are to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearer {
    /// 提出需求的居民
    Requester,
    /// 社区：the dispatchers on duty for the org.
    Office,
    /// 接单人 of the claim the fact is about.
    Holder,
    /// Everybody who holds a seat of the task.
    Holders,
    /// 带队人
    Lead,
    /// Who wrote the story.
    Author,
    /// Who may review what is shown.
    Reviewers,
    /// 出镜的人 who have not said yet whether they agree.
    Shown,
}
use Hearer::{Author, Holder, Holders, Lead, Office, Requester, Reviewers, Shown};

/// Who hears what of each fact.
pub fn hearers(event: Event) -> &'static [(Hearer, Subject)] {
    match event {
        Event::RequestSubmitted => &[(Office, Subject::RequestNew)],
        Event::RequestAmended => &[(Office, Subject::RequestAmended)],
        Event::RequestAsked => &[(Requester, Subject::RequestAsked)],
        Event::RequestDeclined => &[(Requester, Subject::RequestDeclined)],
        Event::RequestDispatched => &[(Requester, Subject::RequestDispatched)],
        Event::RequestReturned => &[(Requester, Subject::RequestReturned)],
        Event::RequestFulfilled => &[(Requester, Subject::RequestFulfilled)],
        Event::RequestWithdrawn => &[(Office, Subject::RequestWithdrawn)],
        Event::RequestReopened => &[(Office, Subject::RequestReopened)],
        Event::RequestClosed => &[(Office, Subject::RequestClosed)],
        Event::TaskCancelled => {
            &[(Holders, Subject::TaskCancelled), (Lead, Subject::TaskCancelled)]
        }
        Event::TaskReported => &[(Office, Subject::TaskReported)],
        Event::ClaimGranted => {
            &[(Requester, Subject::SomebodyComes), (Holder, Subject::ClaimAssigned)]
        }
        Event::ClaimReleased => &[(Lead, Subject::ClaimReleased)],
        Event::ClaimConfirmed => &[(Holder, Subject::ClaimConfirmed)],
        Event::ClaimMissed => &[(Holder, Subject::ClaimMissed)],
        Event::StorySubmitted => &[(Reviewers, Subject::StoryWaiting)],
        Event::StoryPublished => {
            &[(Author, Subject::StoryPublished), (Holders, Subject::StoryPublished)]
        }
        Event::StoryRejected => &[(Author, Subject::StoryRejected)],
        Event::StoryWithdrawn => &[(Author, Subject::StoryWithdrawn)],
        Event::StoryConsentAsked => &[(Shown, Subject::StoryConsent)],
        Event::StoryConsentRefused => &[(Author, Subject::StoryConsentRefused)],
        Event::StoryReturned => {
            &[(Author, Subject::StoryReturned), (Reviewers, Subject::StoryReturned)]
        }
        Event::TaskDrafted
        | Event::TaskOpened
        | Event::TaskResized
        | Event::TaskConfirmed
        | Event::ClaimCheckedIn
        | Event::ClaimCheckedOut
        | Event::ClaimCancelled
        | Event::StoryDrafted
        | Event::StoryConsentGiven => &[],
    }
}

/// What a fact is about, read once for all its hearers.
#[derive(Default)]
struct About {
    request: Option<request::Model>,
    task: Option<task::Model>,
    claim: Option<Claim>,
    story: Option<(Uuid, String)>,
    words: Option<String>,
}

/// Tells those concerned, in the reaction's transaction.
///
/// # Errors
/// When the database cannot be read or written; the reaction is tried again.
pub async fn tell(tx: &Tx, state: &AppState, fact: &Happened) -> Result<(), Error> {
    let hearers = Event::named(&fact.kind).map_or(&[][..], hearers);
    if hearers.is_empty() {
        return Ok(());
    }
    let about = about(tx, state, fact).await?;
    for (hearer, subject) in hearers {
        let mut people: BTreeSet<_> =
            resolve(tx, &about, fact, *hearer).await?.into_iter().collect();
        if let Some(actor) = fact.actor_id {
            people.remove(&actor);
        }
        if people.is_empty() {
            continue;
        }
        let notice = Notice {
            subject: *subject,
            matter: matter(&about),
            occasion: fact.id.to_string(),
            org_id: fact.org_id,
            request_id: fact.request_id,
            task_id: fact.task_id,
            subject_id: fact.subject_id,
        };
        notify::tell(tx, state, &notice, &Vec::from_iter(people)).await?;
    }
    Ok(())
}

async fn about(tx: &Tx, state: &AppState, fact: &Happened) -> Result<About, Error> {
    let (db, house) = (&**tx, Scope::house());
    let mut about = About {
        words: state.crypto.open_some("event.words", fact.id, fact.words.as_ref())?,
        ..About::default()
    };
    if let Some(id) = fact.request_id {
        about.request = requests::find(db, &house, id).await?;
    }
    if let Some(id) = fact.task_id {
        about.task = dispatch::find(db, &house, id).await?;
    }
    match fact.kind.split('.').next() {
        Some("claim") => about.claim = claim::find(db, &house, fact.subject_id).await?,
        Some("story") => about.story = showcase::titled(db, &house, fact.subject_id).await?,
        _ => {}
    }
    Ok(about)
}

async fn resolve(
    tx: &Tx,
    about: &About,
    fact: &Happened,
    hearer: Hearer,
) -> Result<Vec<Uuid>, Error> {
    Ok(match hearer {
        Requester => about.request.iter().map(|request| request.requester_id).collect(),
        Holder => about.claim.iter().map(|claim| claim.person_id).collect(),
        Lead => about.task.iter().filter_map(|task| task.lead_id).collect(),
        Author => about.story.iter().map(|(author, _)| *author).collect(),
        Holders => match fact.task_id {
            Some(task_id) => claim::holders(&**tx, &Scope::house(), task_id).await?,
            None => vec![],
        },
        Shown => showcase::still_asked(&**tx, fact.subject_id).await?,
        Office => on_duty(tx, fact.org_id, &[Role::Dispatcher]).await?,
        Reviewers => on_duty(tx, fact.org_id, &[Role::Dispatcher, Role::Secretary]).await?,
    })
}

async fn on_duty(tx: &Tx, org_id: Uuid, roles: &[Role]) -> Result<Vec<Uuid>, Error> {
    match org::find(&**tx, org_id).await? {
        Some(org) => duty::on_duty(&**tx, &org.path, roles).await,
        None => Ok(vec![]),
    }
}

fn matter(about: &About) -> Matter {
    Matter {
        request: about.request.as_ref().map(|request| request.title.clone()),
        task: about.task.as_ref().map(|task| (task.title.clone(), task.starts_at)),
        story: about.story.as_ref().map(|(_, title)| title.clone()),
        words: about.words.clone(),
        minutes: about.claim.as_ref().and_then(|claim| claim.minutes),
    }
}
