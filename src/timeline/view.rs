//! One line of the timeline.

use ::entity::event::Model;
use entity::At;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    content,
    identity::people,
    kernel::{Error, Event},
    platform::AppState,
    request::PersonRef,
};

use super::model::{self, See};

#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineItem {
    pub id: Uuid,
    pub at: At,
    /// Stable name of what happened.
    #[schema(example = "request.dispatched")]
    pub kind: String,
    /// The same in a resident's words.
    pub text: &'static str,
    /// Who did it; null: it followed by itself.
    pub actor: Option<PersonRef>,
    /// What was said with it: a question, a reason, a report.
    pub words: Option<String>,
    pub task_id: Option<Uuid>,
}

/// Facts as lines, with names read in one query. What happened to another request that this one follows is told
/// without names and words: these are its own.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    state: &AppState,
    request_id: Uuid,
    see: See,
    mut facts: Vec<Model>,
) -> Result<Vec<TimelineItem>, Error> {
    for fact in facts.iter_mut().filter(|fact| fact.request_id != Some(request_id)) {
        (fact.actor_id, fact.words) = (None, None);
    }
    // A report in doubt is the office's until somebody looked.
    if see == See::Resident {
        let marks = content::marks(db, facts.iter().filter_map(|fact| fact.task_id)).await?;
        let held = |fact: &Model| {
            fact.kind == Event::TaskReported.name()
                && fact.task_id.is_some_and(|task| marks.contains_key(&task))
        };
        facts.iter_mut().filter(|fact| held(fact)).for_each(|fact| fact.words = None);
    }
    let names = people::names(db, facts.iter().filter_map(|fact| fact.actor_id)).await?;
    let actor = |id: Uuid| PersonRef { id, name: names.get(&id).cloned().unwrap_or_default() };
    let item = |fact: Model| {
        // While replicas are replaced one after another, a newer one may have recorded what this one has no words for.
        let event = Event::named(&fact.kind)?;
        let words = state.crypto.open_some("event.words", fact.id, fact.words.as_ref());
        Some(words.map(|words| TimelineItem {
            text: model::said(event),
            actor: fact.actor_id.map(actor),
            words,
            id: fact.id,
            at: fact.at,
            kind: fact.kind,
            task_id: fact.task_id,
        }))
    };
    facts.into_iter().filter_map(item).collect()
}
