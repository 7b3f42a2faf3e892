//! 能通知到多少人: how many of those a task expects a message would reach.

use ::entity::subscribe_grant;
use sea_orm::{ColumnTrait, Condition};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    claim, dispatch,
    identity::Scope,
    kernel::Error,
    notify::{
        grants::{Reach, reach},
        push::TemplateKind,
    },
    platform::AppState,
};

/// What may have to be said to them.
const KINDS: [TemplateKind; 3] =
    [TemplateKind::TaskChange, TemplateKind::TaskCancel, TemplateKind::Reminder];

/// By kind of message.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskReach {
    pub items: Vec<Reach>,
}

/// Of whoever has a seat; None: no task of the caller's office.
///
/// # Errors
/// When the database cannot be read.
pub(super) async fn task_reach(
    state: &AppState,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<TaskReach>, Error> {
    let db = state.db.read();
    if dispatch::find_for_staff(db, scope, id).await?.is_none() {
        return Ok(None);
    }
    let people = claim::holders(db, &Scope::house(), id).await?;
    let mut items = Vec::new();
    for kind in KINDS {
        let theirs = subscribe_grant::Column::PersonId.is_in(people.iter().copied());
        let theirs = Condition::all().add(theirs);
        items.push(reach(db, state, kind, people.len() as u64, theirs).await?);
    }
    Ok(Some(TaskReach { items }))
}
