//! A story as everybody sees it, and as its author and the office do.

use ::entity::{
    story::{Model, StoryState},
    story_person::{self, Consent},
};
use entity::At;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    content::{self, Mark},
    file::{self, Attached, FileView},
    identity::{Scope, people},
    kernel::Error,
    org,
    platform::AppState,
    request::PersonRef,
};

use super::{
    markup::{self, Block},
    model, store,
};

#[derive(Debug, Serialize, ToSchema)]
pub struct StoryView {
    pub id: Uuid,
    pub task_id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    pub title: String,
    /// As it was written.
    pub words: String,
    /// The words, ready to be drawn: paragraphs and lists, bold or not.
    pub blocks: Vec<Block>,
    pub photos: Vec<FileView>,
    pub state: StoryState,
    /// The state in people's words.
    pub state_text: &'static str,
    /// How many served; taken from the ledger at publication, 0 before.
    pub people: i32,
    /// Minutes served in all; taken from the ledger at publication, 0 before.
    pub minutes: i32,
    pub published_at: Option<At>,
    pub created_at: At,
    /// Once published: what a phone shares.
    pub share: Option<ShareView>,
    /// For its author and the office.
    pub author: Option<PersonRef>,
    /// For its author and the office: `pending` while its words wait for somebody to look at them, `refused` where they
    /// did not pass.
    pub content: Option<Mark>,
    /// For its author and the office: why it was rejected or withdrawn.
    pub reason: Option<String>,
    /// For its author and the office: who is shown or named, and what they said to it.
    pub shown: Option<Vec<ShownView>>,
    /// For its author and the office: the author's word that the residents in the photos agreed.
    pub resident_consents: Option<bool>,
}

/// A card in somebody's chat.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareView {
    pub title: String,
    /// Link of a picture; null: the page itself is photographed.
    pub image: Option<String>,
    /// Page of the mini program.
    #[schema(example = "pages/story/story?id=0199…")]
    pub path: String,
    /// The same as a web page.
    pub url: String,
}

/// Somebody shown in a story.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShownView {
    pub person: PersonRef,
    pub consent: Consent,
}

fn share(state: &AppState, story: &Model, photos: &[FileView]) -> Option<ShareView> {
    let home = state.settings.http.public_url.trim_end_matches('/');
    (story.state == StoryState::Published).then(|| ShareView {
        title: story.title.clone(),
        image: photos.first().map(|cover| cover.url.clone()),
        path: format!("pages/story/story?id={}", story.id),
        url: format!("{home}/s/{}", story.id),
    })
}

/// Many rows as the scope may see them, with photos and names of people and orgs read in one query each.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    stories: Vec<Model>,
) -> Result<Vec<StoryView>, Error> {
    let ids: Vec<_> = stories.iter().map(|story| story.id).collect();
    let orgs = org::names(db, stories.iter().map(|story| story.org_id)).await?;
    let mut photos = file::views(db, state, Attached::Story, &ids).await?;
    let inside = store::known_inside(db, scope, ids).await?;
    let marks = content::marks(db, inside.iter().copied()).await?;
    let known = |story: &Model| inside.contains(&story.id);
    let shown = store::shown_in_many(db, inside.iter().copied()).await?;
    let shown: Vec<_> = shown.into_iter().filter(|one| one.shown).collect();
    let authors = stories.iter().filter(|story| known(story)).map(|story| story.author_id);
    let named = authors.chain(shown.iter().map(|one| one.person_id));
    let names = people::names(db, named).await?;
    let person = |id: Uuid| PersonRef { id, name: names.get(&id).cloned().unwrap_or_default() };
    let seen = |one: &story_person::Model| ShownView {
        person: person(one.person_id),
        consent: one.consent,
    };
    let view = |story: Model| {
        let photos = photos.remove(&story.id).unwrap_or_default();
        let inside = known(&story);
        StoryView {
            author: inside.then(|| person(story.author_id)),
            content: marks.get(&story.id).copied(),
            shown: inside
                .then(|| shown.iter().filter(|one| one.story_id == story.id).map(seen).collect()),
            resident_consents: inside.then_some(story.resident_consents),
            share: share(state, &story, &photos),
            reason: story.reason.filter(|_| inside),
            org_name: orgs.get(&story.org_id).cloned().unwrap_or_default(),
            state_text: model::spoken(story.state),
            blocks: markup::parse(&story.words),
            photos,
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
        }
    };
    Ok(stories.into_iter().map(view).collect())
}

pub(super) async fn one(
    db: &impl ConnectionTrait,
    state: &AppState,
    scope: &Scope,
    story: Model,
) -> Result<StoryView, Error> {
    let mut views = many(db, state, scope, vec![story]).await?;
    views.pop().ok_or_else(|| Error::impossible("view a story"))
}
