//! Writing a story: by the lead or the office, from the report on; plain text.

use ::entity::story::{ActiveModel, Model, StoryState};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    dispatch,
    identity::Resident,
    kernel::Event,
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::input::readable,
        outbox,
    },
};

use super::{
    change::{By, StoryError, act, fact},
    model::{self, Command},
    view::{self, StoryView},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StoryForm {
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    pub title: String,
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    pub words: String,
}

/// What may be mended; absent fields stay.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mending {
    #[validate(length(min = 2, max = 40), custom(function = readable))]
    pub title: Option<String>,
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    pub words: Option<String>,
}

/// Drafts the story of a task in the caller's transaction.
///
/// # Errors
/// `NotFound` for a task one neither leads nor has in reach; `NoResult` before the report; `Exists`.
pub(super) async fn draft(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    form: StoryForm,
) -> Result<StoryView, StoryError> {
    let scope = me.scope();
    let task = dispatch::find_for_staff(&**tx, &scope, task_id).await?;
    let task = task.ok_or(StoryError::NotFound)?;
    if !model::has_result(task.state) {
        return Err(StoryError::NoResult(task.state));
    }
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        task_id: Set(task.id),
        request_id: Set(task.request_id),
        org_id: Set(task.org_id),
        title: Set(form.title.trim().to_owned()),
        words: Set(form.words.trim().to_owned()),
        state: Set(StoryState::Draft),
        author_id: Set(me.id()),
        reviewer_id: Set(None),
        reason: Set(None),
        people: Set(0),
        minutes: Set(0),
        published_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let story = match row.insert(&**tx).await {
        Err(error) if is_duplicate(&error) => return Err(StoryError::Exists),
        other => other.step("store the story")?,
    };
    let by = By { actor: me.id(), words: None };
    outbox::record(&**tx, state, [fact(&story, Event::StoryDrafted, by)]).await?;
    Ok(view::one(&**tx, &scope, story).await?)
}

/// Mends one's own story; a rejected one becomes a draft again.
///
/// # Errors
/// `NotFound` for another's; `NotNow` once it was submitted.
pub(super) async fn mend(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    mending: Mending,
) -> Result<Model, StoryError> {
    let by = By { actor: me.id(), words: None };
    act(state, &me.own_scope(), id, Command::Mend, by, |row| {
        if let Some(title) = mending.title {
            row.title = Set(title.trim().to_owned());
        }
        if let Some(words) = mending.words {
            row.words = Set(words.trim().to_owned());
        }
    })
    .await
}

/// Hands a story in for review: its author, or the office.
///
/// # Errors
/// `NotFound` for another office's; `NotNow` unless it is a draft or was rejected.
pub(super) async fn submit(state: &AppState, me: &Resident, id: Uuid) -> Result<Model, StoryError> {
    let by = By { actor: me.id(), words: None };
    act(state, &me.scope(), id, Command::Submit, by, |row| row.reason = Set(None)).await
}
