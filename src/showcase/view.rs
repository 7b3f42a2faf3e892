//! A story as everybody sees it, and as its author and the office do.

use ::entity::story::{Model, StoryState};
use entity::At;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::{Scope, people},
    kernel::Error,
    org,
    request::PersonRef,
};

use super::{model, store};

#[derive(Debug, Serialize, ToSchema)]
pub struct StoryView {
    pub id: Uuid,
    pub task_id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    pub title: String,
    pub words: String,
    pub state: StoryState,
    /// The state in people's words.
    pub state_text: &'static str,
    /// How many served; taken from the ledger at publication, 0 before.
    pub people: i32,
    /// Minutes served in all; taken from the ledger at publication, 0 before.
    pub minutes: i32,
    pub published_at: Option<At>,
    pub created_at: At,
    /// For its author and the office.
    pub author: Option<PersonRef>,
    /// For its author and the office: why it was last rejected.
    pub reason: Option<String>,
}

/// Many rows as the scope may see them, with names of people and orgs read in one query each.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    scope: &Scope,
    stories: Vec<Model>,
) -> Result<Vec<StoryView>, Error> {
    let orgs = org::names(db, stories.iter().map(|story| story.org_id)).await?;
    let inside = store::known_inside(db, scope, stories.iter().map(|story| story.id)).await?;
    let known = |story: &Model| inside.contains(&story.id);
    let authors = stories.iter().filter(|story| known(story)).map(|story| story.author_id);
    let names = people::names(db, authors).await?;
    let view = |story: Model| StoryView {
        author: known(&story).then(|| PersonRef {
            id: story.author_id,
            name: names.get(&story.author_id).cloned().unwrap_or_default(),
        }),
        reason: story.reason.clone().filter(|_| known(&story)),
        org_name: orgs.get(&story.org_id).cloned().unwrap_or_default(),
        state_text: model::spoken(story.state),
        id: story.id,
        task_id: story.task_id,
        org_id: story.org_id,
        title: story.title,
        words: story.words,
        state: story.state,
        people: story.people,
        minutes: story.minutes,
        published_at: story.published_at,
        created_at: story.created_at,
    };
    Ok(stories.into_iter().map(view).collect())
}

pub(super) async fn one(
    db: &impl ConnectionTrait,
    scope: &Scope,
    story: Model,
) -> Result<StoryView, Error> {
    let mut views = many(db, scope, vec![story]).await?;
    views.pop().ok_or_else(|| Error::impossible("view a story"))
}
