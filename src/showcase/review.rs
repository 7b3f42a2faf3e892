//! 审核: a second person publishes, sends back or takes down what is shown in the organisation's name.

use ::entity::story::Model;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    content::{self, photo},
    dispatch,
    file::Attached,
    identity::{Reviewer, Scope},
    kernel::Error,
    ledger,
    platform::{AppState, Tx},
    request,
};

use super::{
    change::{By, StoryError, act, apply},
    model::{self, Command, Waits},
    store,
};

/// Publishes a story with the figures the ledger holds at this moment.
///
/// # Errors
/// `NotFound` out of reach; `OwnWork` for its author; `Waits` until task and request are done; `Held` and `HeldPhotos`
/// until its words and photos have passed; `NotNow`.
pub(super) async fn approve(
    state: &AppState,
    reviewer: &Reviewer,
    id: Uuid,
) -> Result<Model, StoryError> {
    let scope = reviewer.scope();
    let tx = state.db.write().await?;
    let story = store::locked(&tx, &scope, id).await?.ok_or(StoryError::NotFound)?;
    let waits = waits(&tx, &scope, &story).await?;
    content::gate(&*tx, id).await??;
    let totals = ledger::totals(&*tx, &scope, story.task_id).await?;
    let figure = |sum: i64| Set(i32::try_from(sum).unwrap_or(i32::MAX));
    let by = By { actor: reviewer.id(), words: None };
    let story = apply(&tx, state, story, Command::Approve { waits }, by, |row| {
        row.reviewer_id = Set(Some(reviewer.id()));
        row.people = figure(totals.people);
        row.minutes = figure(totals.minutes);
        row.published_at = Set(Some(state.clock.now()));
    })
    .await?;
    photo::look(&tx, state, reviewer.id(), Attached::Story, id).await??;
    tx.commit().await?;
    Ok(story)
}

/// What the story waits for. Read without a lock: a confirmed task and a closed request stay so, and whoever changes
/// their consent locks the story.
async fn waits(tx: &Tx, scope: &Scope, story: &Model) -> Result<Option<Waits>, Error> {
    let gone = || Error::impossible("read what the story is about");
    let task = dispatch::find_for_staff(&**tx, scope, story.task_id).await?.ok_or_else(gone)?;
    let request = match story.request_id {
        None => None,
        Some(id) => Some(request::find(&**tx, scope, id).await?.ok_or_else(gone)?.state),
    };
    let consents = store::consents(&**tx, story.id).await?;
    Ok(model::waits(task.state, request, consents))
}

/// Sends a story back to its author with a reason.
///
/// # Errors
/// `NotFound` out of reach; `OwnWork` for its author; `NotNow` unless it waits for review.
pub(super) async fn reject(
    state: &AppState,
    reviewer: &Reviewer,
    id: Uuid,
    reason: String,
) -> Result<Model, StoryError> {
    let by = By { actor: reviewer.id(), words: Some(reason.clone()) };
    act(state, &reviewer.scope(), id, Command::Reject, by, |row| {
        row.reviewer_id = Set(Some(reviewer.id()));
        row.reason = Set(Some(reason));
    })
    .await
}

/// Takes a story down with its photos, or drops one that was never shown; the task may then have another.
///
/// # Errors
/// `NotFound` out of reach; `NotNow` while it waits for review.
pub(super) async fn withdraw(
    state: &AppState,
    reviewer: &Reviewer,
    id: Uuid,
    reason: Option<String>,
) -> Result<Model, StoryError> {
    let by = By { actor: reviewer.id(), words: reason.clone() };
    act(state, &reviewer.scope(), id, Command::Withdraw, by, |row| row.reason = Set(reason)).await
}
