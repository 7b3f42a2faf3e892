//! Writing a story: by the lead or the office, from the report on; plain text in the tiny subset of `markup`.

use ::entity::{
    story::{ActiveModel, Model, StoryState},
    task,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    content::{self, Checked, ContentError, ContentKind, Subject},
    dispatch,
    file::{self, Attached, Owner},
    identity::{Resident, Scope},
    kernel::{Error, Event},
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::input::readable,
        outbox,
        wechat::Scene,
    },
};

use super::{
    change::{By, StoryError, apply, fact},
    consent,
    draft::of_task,
    model::{self, Command},
    store,
    view::{self, StoryView},
};

/// What is written. Absent fields: a first text from the task when drafting; as they were when mending.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryForm {
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    #[schema(min_length = 2, max_length = 40)]
    pub title: Option<String>,
    /// Paragraphs parted by an empty line, `- ` lists, `**bold**`.
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    #[schema(min_length = 2, max_length = 2000)]
    pub words: Option<String>,
    /// One's own uploads, or photos of the task's report, in their order.
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    pub photo_ids: Option<Vec<Uuid>>,
    /// Ids of those shown or named; each is asked when the story is submitted. Only who served, led or asked.
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    pub shown: Option<Vec<Uuid>>,
    /// The residents in the photos agreed, for minors their guardians. Stories with photos are not submitted without;
    /// with other photos it has to be said again.
    pub resident_consents: Option<bool>,
}

/// What WeChat makes of the words, where somebody wrote any who came through it. Who has no WeChat account writes at a
/// desk: there the second person who publishes is the one who looks.
///
/// # Errors
/// `Rejected` for words it finds risky.
pub(super) async fn look(
    state: &AppState,
    me: Uuid,
    before: Option<&Model>,
    form: &StoryForm,
) -> Result<Option<Checked>, ContentError> {
    if form.title.is_none() && form.words.is_none() {
        return Ok(None);
    }
    let title = form.title.as_deref().or(before.map(|story| story.title.as_str()));
    let words = form.words.as_deref().or(before.map(|story| story.words.as_str()));
    let text = joined(title.unwrap_or_default(), words.unwrap_or_default());
    content::check(state, me, Scene::Forum, &text).await
}

/// The words that are looked at.
fn joined(title: &str, words: &str) -> String {
    format!("{}\n{}", title.trim(), words.trim())
}

/// Keeps what came of it.
async fn keep(
    tx: &Tx,
    state: &AppState,
    story: &Model,
    checked: Option<Checked>,
    text: &str,
) -> Result<(), Error> {
    if checked.is_none() {
        return Ok(());
    }
    let (kind, id) = (ContentKind::Story, story.id);
    let subject = Subject { kind, id, org_id: story.org_id, author_id: story.author_id };
    content::keep(tx, state, subject, checked, text).await
}

/// Drafts the story of a task in the caller's transaction; `checked` is what WeChat made of the words given.
///
/// # Errors
/// `NotFound` for a task one neither leads nor has in reach; `NoResult` before the report; `Exists`; faults of photos
/// and of those shown.
pub(super) async fn draft(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    form: StoryForm,
    checked: Option<Checked>,
) -> Result<StoryView, StoryError> {
    let scope = me.scope();
    let task = dispatch::find_for_staff(&**tx, &scope, task_id).await?;
    let task = task.ok_or(StoryError::NotFound)?;
    if !model::has_result(task.state) {
        return Err(StoryError::NoResult(task.state));
    }
    let (first_title, first_words) = of_task(&**tx, &task).await?;
    let now = state.clock.now();
    let given = |text: &Option<String>| text.as_deref().map(|text| text.trim().to_owned());
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        task_id: Set(task.id),
        request_id: Set(task.request_id),
        org_id: Set(task.org_id),
        title: Set(given(&form.title).unwrap_or(first_title)),
        words: Set(given(&form.words).unwrap_or(first_words)),
        state: Set(StoryState::Draft),
        author_id: Set(me.id()),
        reviewer_id: Set(None),
        reason: Set(None),
        people: Set(0),
        minutes: Set(0),
        published_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        resident_consents: Set(form.resident_consents.unwrap_or(false)),
    };
    let story = match row.insert(&**tx).await {
        Err(error) if is_duplicate(&error) => return Err(StoryError::Exists),
        other => other.step("store the story")?,
    };
    put(tx, state, me, (&story, &task), &form).await?;
    let (title, words) = (given(&form.title), given(&form.words));
    let text = joined(&title.unwrap_or_default(), &words.unwrap_or_default());
    keep(tx, state, &story, checked, &text).await?;
    let by = By { actor: me.id(), words: None };
    outbox::record(&**tx, state, [fact(&story, Event::StoryDrafted, by)]).await?;
    Ok(view::one(&**tx, state, &scope, story).await?)
}

/// Mends one's own story; a rejected one becomes a draft again.
///
/// # Errors
/// `NotFound` for another's; `NotNow` once it was submitted; `Words` for what may not be said; faults of photos and of
/// those shown.
pub(super) async fn mend(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    form: StoryForm,
) -> Result<Model, StoryError> {
    let before = store::find(state.db.read(), &me.own_scope(), id).await?;
    let before = before.filter(|story| story.author_id == me.id()).ok_or(StoryError::NotFound)?;
    let checked = look(state, me.id(), Some(&before), &form).await?;
    let tx = state.db.write().await?;
    let story = store::locked(&tx, &me.own_scope(), id).await?.ok_or(StoryError::NotFound)?;
    let by = By { actor: me.id(), words: None };
    let story = apply(&tx, state, story, Command::Mend, by, |row| {
        if let Some(title) = &form.title {
            row.title = Set(title.trim().to_owned());
        }
        if let Some(words) = &form.words {
            row.words = Set(words.trim().to_owned());
        }
        // What was said of other photos says nothing of these.
        if form.resident_consents.is_some() || form.photo_ids.is_some() {
            row.resident_consents = Set(form.resident_consents.unwrap_or(false));
        }
    })
    .await?;
    let task = dispatch::find(&*tx, &Scope::house(), story.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("read what the story is about"))?;
    put(&tx, state, me, (&story, &task), &form).await?;
    keep(&tx, state, &story, checked, &joined(&story.title, &story.words)).await?;
    tx.commit().await?;
    Ok(story)
}

/// Photos and people, where the form names them.
async fn put(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    (story, task): (&Model, &task::Model),
    form: &StoryForm,
) -> Result<(), StoryError> {
    if let Some(ids) = &form.photo_ids {
        let owner = Owner { kind: Attached::Story, id: story.id, org_id: story.org_id };
        let report = Some((Attached::Report, task.id));
        file::attach_from(tx, state, me.id(), owner, ids, report).await?;
    }
    if let Some(people) = &form.shown {
        consent::set_shown(tx, state, (story, task), people).await?;
    }
    Ok(())
}

/// Hands a story in for review: its author, or the office. Whoever is shown and has not answered is asked.
///
/// # Errors
/// `NotFound` for another office's; `NotNow` unless it is a draft or was rejected; `Residents` where photos lack the
/// author's word.
pub(super) async fn submit(state: &AppState, me: &Resident, id: Uuid) -> Result<Model, StoryError> {
    let tx = state.db.write().await?;
    let story = store::locked(&tx, &me.scope(), id).await?.ok_or(StoryError::NotFound)?;
    let by = By { actor: me.id(), words: None };
    let story =
        apply(&tx, state, story, Command::Submit, by.clone(), |row| row.reason = Set(None)).await?;
    let photos = file::ids_of(&*tx, Attached::Story, story.id).await?;
    if !photos.is_empty() && !story.resident_consents {
        return Err(StoryError::Residents);
    }
    consent::ask(&tx, state, &story, &by).await?;
    tx.commit().await?;
    Ok(story)
}
