//! The words of a request that others will read, as they are looked at: title, detail, answers to questions.

use ::entity::request::Model;
use uuid::Uuid;

use crate::{
    content::{self, Checked, ContentError, ContentKind, Subject},
    kernel::Error,
    platform::{AppState, wechat::Scene},
};

use super::{
    category::Reply,
    form::{Amendment, RequestForm},
};

/// What WeChat makes of a new request.
///
/// # Errors
/// `Rejected` for words it finds risky.
pub(super) async fn look(
    state: &AppState,
    me: Uuid,
    form: &RequestForm,
) -> Result<Option<Checked>, ContentError> {
    let text = joined(&form.title, &form.detail, &form.answers);
    content::check(state, me, Scene::Forum, &text).await
}

/// What it makes of a request as it reads once it is mended; `row` as it is now.
///
/// # Errors
/// As `look`.
pub(super) async fn look_again(
    state: &AppState,
    me: Uuid,
    row: &Model,
    change: &Amendment,
) -> Result<Option<Checked>, ContentError> {
    let (detail, answers) = opened(state, row)?;
    let title = change.title.as_deref().unwrap_or(&row.title);
    let detail = change.detail.as_deref().unwrap_or(&detail);
    let text = joined(title, detail, change.answers.as_ref().unwrap_or(&answers));
    content::check(state, me, Scene::Forum, &text).await
}

/// The words as they are stored.
pub(super) fn stored(state: &AppState, row: &Model) -> Result<String, Error> {
    let (detail, answers) = opened(state, row)?;
    Ok(joined(&row.title, &detail, &answers))
}

/// Whose words these are.
pub(super) fn subject(row: &Model) -> Subject {
    let (kind, id) = (ContentKind::Request, row.id);
    Subject { kind, id, org_id: row.org_id, author_id: row.requester_id }
}

/// Whether a change touches them.
pub(super) fn touches(change: &Amendment) -> bool {
    change.title.is_some() || change.detail.is_some() || change.answers.is_some()
}

fn opened(state: &AppState, row: &Model) -> Result<(String, Vec<Reply>), Error> {
    let detail = state.crypto.open("request.detail", row.id, &row.detail)?;
    let answers = state.crypto.open_some("request.answers", row.id, row.answers.as_ref())?;
    let answers = answers.map_or_else(|| Ok(Vec::new()), |json| serde_json::from_str(&json));
    let answers = answers.map_err(|error| Error::broken("read the answers", error))?;
    Ok((detail, answers))
}

fn joined(title: &str, detail: &str, answers: &[Reply]) -> String {
    let answers = answers.iter().map(|reply| reply.answer.as_str());
    let parts: Vec<_> = [title.trim(), detail.trim()].into_iter().chain(answers).collect();
    parts.join("\n")
}
