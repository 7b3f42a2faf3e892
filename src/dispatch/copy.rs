//! A task once more: the same at another time, as a draft.

use std::time::Duration;

use ::entity::{At, task::Model};
use uuid::Uuid;

use crate::{
    kernel::Error,
    org,
    platform::{AppState, Tx},
};

use super::{
    audience,
    change::TaskError,
    outline::Outline,
    post::{Author, DispatchError, Origin, create},
    store,
    view::TaskView,
};

/// Drafts the task again, to start then; as long as it was, where no end is said. Claiming ends as long before
/// the start as it did. Who led or was named and has left the org is left out.
///
/// # Errors
/// `NotFound`, or a time that cannot be.
pub(super) async fn copy(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
    starts_at: At,
    ends_at: Option<At>,
) -> Result<TaskView, DispatchError> {
    let task = store::find_for_staff(&**tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    again(tx, state, author, &task, starts_at, ends_at).await
}

/// The same, a week later.
///
/// # Errors
/// `NotFound`, or where that week has passed too.
pub(super) async fn next_week(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    id: Uuid,
) -> Result<TaskView, DispatchError> {
    let week = Duration::from_secs(7 * 24 * 3600);
    let task = store::find_for_staff(&**tx, &author.scope, id).await?.ok_or(TaskError::NotFound)?;
    let ends_at = task.ends_at.plus(week);
    again(tx, state, author, &task, task.starts_at.plus(week), Some(ends_at)).await
}

async fn again(
    tx: &Tx,
    state: &AppState,
    author: &Author,
    task: &Model,
    starts_at: At,
    ends_at: Option<At>,
) -> Result<TaskView, DispatchError> {
    let org = org::find(&**tx, task.org_id).await?;
    let ring = org::find(&**tx, task.ring_org_id).await?;
    let (Some(org), Some(ring)) = (org, ring) else {
        return Err(Error::impossible("read the orgs of a task").into());
    };
    let people = store::named_for(&**tx, &author.scope, task.id).await?;
    let mut form = Outline::of(state, task, &org, &ring, people)?.at(starts_at);
    form.ends_at = ends_at.unwrap_or(form.ends_at);
    let early = Duration::from_millis(
        u64::try_from(task.starts_at.ms() - task.claim_until.ms()).unwrap_or(0),
    );
    form.claim_until =
        Some(starts_at.minus(early)).filter(|until| *until > state.clock.now() && !early.is_zero());
    audience::fit(tx, &author.scope, &org, &mut form).await?;
    let origin = Origin::Copy { category_id: task.category_id };
    create(tx, state, author, state.rng.id(state.clock.now()), &org, origin, form).await
}
