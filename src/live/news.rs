//! Which facts are news, and for whom.

use std::collections::HashMap;

use ::entity::event::Model;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    kernel::{Error, Event},
    org,
    platform::live::{News, Told, What},
};

/// What replicas tell each other on, below the installation's prefix.
pub const CHANNEL: &str = "events";

/// What a fact is news of, and whether everybody may hear it. A draft is the office's own, and so is a request.
fn news(fact: &Model) -> Option<(News, bool)> {
    let of = |kind, id| News { kind, id };
    let room = fact.kind.split('.').next()?;
    match (room, fact.task_id, fact.request_id) {
        ("request", _, Some(request)) => Some((of(What::Request, request), false)),
        ("task", Some(task), _) => {
            let draft = Event::named(&fact.kind) == Some(Event::TaskDrafted);
            Some((of(What::Task, task), !draft))
        }
        ("claim" | "offer" | "waitlist" | "draw", Some(task), _) => {
            Some((of(What::Task, task), true))
        }
        ("story", ..) => {
            let shown = Event::named(&fact.kind) == Some(Event::StoryPublished);
            shown.then(|| (of(What::Story, fact.subject_id), true))
        }
        _ => None,
    }
}

/// The news in some facts, each once, with the paths of their orgs in one query.
///
/// # Errors
/// When the paths cannot be read.
pub async fn told(db: &impl ConnectionTrait, facts: &[Model]) -> Result<Vec<Told>, Error> {
    let found: Vec<_> = facts.iter().filter_map(|fact| Some((fact.org_id, news(fact)?))).collect();
    let paths = org::paths(db, found.iter().map(|(org, _)| *org)).await?;
    let paths: HashMap<Uuid, String> = paths.into_iter().collect();
    let mut all: Vec<Told> = Vec::new();
    for (org, (news, public)) in found {
        let Some(path) = paths.get(&org) else { continue };
        let told = Told { news, path: path.clone(), public };
        if !all.contains(&told) {
            all.push(told);
        }
    }
    Ok(all)
}
