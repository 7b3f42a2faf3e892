//! What a fact is about, and what a notice says of it.

use ::entity::{At, claim::Model as Claim, event::Model as Happened, request, task};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    claim, content, dispatch,
    identity::Scope,
    kernel::Error,
    notify::{Matter, Notice, Subject},
    platform::AppState,
    request as requests, showcase, themeday,
};

/// What a fact is about, read once for all its hearers.
#[derive(Default)]
pub(super) struct About {
    pub request: Option<request::Model>,
    pub task: Option<task::Model>,
    pub claim: Option<Claim>,
    pub story: Option<(Uuid, String)>,
    pub theme_day: Option<themeday::Told>,
    pub words: Option<String>,
    /// The request's words wait for the office to look at them.
    pending: bool,
}

/// Reads it; nothing where its row is gone.
pub(super) async fn about(
    db: &impl ConnectionTrait,
    state: &AppState,
    fact: &Happened,
) -> Result<About, Error> {
    let house = Scope::house();
    let mut about = About {
        words: state.crypto.open_some("event.words", fact.id, fact.words.as_ref())?,
        ..About::default()
    };
    if let Some(id) = fact.request_id {
        about.request = requests::find(db, &house, id).await?;
        about.pending = content::gate(db, id).await?.is_err();
    }
    if let Some(id) = fact.task_id {
        about.task = dispatch::find(db, &house, id).await?;
    }
    match fact.kind.split('.').next() {
        Some("claim" | "absence") => about.claim = claim::find(db, &house, fact.subject_id).await?,
        Some("theme_day") => {
            about.theme_day = themeday::told(db, state, &house, fact.subject_id).await?;
        }
        Some("story") => about.story = showcase::titled(db, &house, fact.subject_id).await?,
        _ => {}
    }
    Ok(about)
}

/// What is said of it on that subject.
pub(super) fn notice(state: &AppState, fact: &Happened, about: &About, subject: Subject) -> Notice {
    Notice {
        subject,
        matter: matter(about),
        occasion: fact.id.to_string(),
        org_id: fact.org_id,
        request_id: fact.request_id,
        task_id: fact.task_id,
        subject_id: fact.subject_id,
        begins_at: begins_at(about).filter(|at| *at > state.clock.now()),
    }
}

/// A title whose words nobody has looked at yet says so.
fn marked(title: &str, pending: bool) -> String {
    if pending { format!("（待人工审核）{title}") } else { title.to_owned() }
}

fn matter(about: &About) -> Matter {
    Matter {
        request: about.request.as_ref().map(|request| marked(&request.title, about.pending)),
        task: about.task.as_ref().map(|task| (task.title.clone(), task.starts_at)),
        story: about.story.as_ref().map(|(_, title)| title.clone()),
        words: about.words.clone(),
        minutes: about.claim.as_ref().and_then(|claim| claim.minutes),
        place: place(about),
        ..about.theme_day.as_ref().map(themeday::Told::matter).unwrap_or_default()
    }
}

/// A public place: that of a plan of the office, or of a theme day.
fn place(about: &About) -> Option<String> {
    let plan = about.task.as_ref().filter(|task| task.request_id.is_none());
    let day = about.theme_day.as_ref().and_then(|told| told.place.clone());
    plan.and_then(|task| task.place_name.clone()).or(day)
}

fn begins_at(about: &About) -> Option<At> {
    let task = about.task.as_ref().map(|task| task.starts_at);
    task.or(about.theme_day.as_ref().map(|told| told.day.starts_at))
}
