//! Reporting: what was done, in the words of the lead or the office.

use ::entity::{
    claim::{ClaimState, Model},
    task,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    claim::{presence::close_presence, store},
    content::{self, ContentKind, Subject},
    dispatch::{self, Finish},
    file::{self, Attached, Owner},
    identity::{Resident, Scope},
    kernel::Error,
    org,
    platform::{AppState, wechat::Scene},
    request,
};

use super::FinishError;

/// Reports a task as done: by its lead, or by the office. Forgotten check-outs end with the window, flagged; the
/// resident is asked. Words in doubt are the staff's alone until somebody looked; who has no WeChat account reports at a
/// desk, and whoever confirms is the one who looks.
///
/// # Errors
/// `Words` that may not be said; `NotYours` for a claimant who does not lead; `NobodyCame`; `PhotosWanted` where the org's switch says so; photos that
/// are not the caller's own; the task's own refusals.
pub async fn report(
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    words: String,
    photo_ids: &[Uuid],
) -> Result<task::Model, FinishError> {
    let checked = content::check(state, me.id(), Scene::Forum, &words).await?;
    let tx = state.db.write().await?;
    let scope = me.scope();
    let task = dispatch::lock(&tx, &scope, task_id).await?.ok_or(FinishError::NotFound)?;
    if dispatch::find_for_staff(&*tx, &scope, task_id).await?.is_none() {
        return Err(FinishError::NotYours);
    }
    let claims = store::on_task(&*tx, &scope, task_id).await?;
    if task.state == task::TaskState::Open && !claims.iter().any(came) {
        return Err(FinishError::NobodyCame);
    }
    let rules = org::settings_of(&*tx, [task.org_id]).await?.remove(&task.org_id);
    if photo_ids.is_empty() && rules.unwrap_or_default().photos_required {
        return Err(FinishError::PhotosWanted);
    }
    if checked.is_some() {
        let (kind, id, org_id) = (ContentKind::Report, task.id, task.org_id);
        let subject = Subject { kind, id, org_id, author_id: me.id() };
        content::keep(&tx, state, subject, checked, &words).await?;
    }
    let how = Finish::Reported { words };
    let task = dispatch::finish(&tx, state, task, Some(me.id()), how).await?;
    let owner = Owner { kind: Attached::Report, id: task.id, org_id: task.org_id };
    file::attach(&tx, state, me.id(), owner, photo_ids).await?;
    for claim in claims.into_iter().filter(|claim| claim.state == ClaimState::CheckedIn) {
        close_presence(&tx, state, &task, claim).await?;
    }
    if let Some(request_id) = task.request_id {
        request::fulfil(&tx, state, request_id, task.id, me.id()).await?;
    }
    tx.commit().await?;
    Ok(task)
}

fn came(claim: &Model) -> bool {
    matches!(claim.state, ClaimState::CheckedIn | ClaimState::CheckedOut)
}

/// Whether there is something to report: without anybody at the place nothing was done.
///
/// # Errors
/// When the claims cannot be read.
pub async fn anybody_came(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task: Uuid,
) -> Result<bool, Error> {
    Ok(store::on_task(db, scope, task).await?.iter().any(came))
}
