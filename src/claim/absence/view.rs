//! An absence as the member and the office read it.

use ::entity::{At, absence::Model};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch,
    identity::{Scope, people},
    kernel::Error,
    org,
    platform::AppState,
    request::PersonRef,
};

use super::Standing;

#[derive(Debug, Serialize, ToSchema)]
pub struct AbsenceView {
    pub claim_id: Uuid,
    pub task_id: Uuid,
    pub task_title: String,
    pub task_starts_at: At,
    pub org_name: String,
    pub person: PersonRef,
    /// When the work they missed began; null: they only said that they cannot come.
    pub missed_at: Option<At>,
    pub standing: Standing,
    /// The same in people's words.
    pub standing_text: &'static str,
    pub excuse: Option<String>,
    pub excuse_at: Option<At>,
    /// What the office answered.
    pub answer: Option<String>,
    pub answered_at: Option<At>,
    pub appeal: Option<String>,
    pub appeal_at: Option<At>,
    /// What was said to the appeal.
    pub appeal_answer: Option<String>,
    pub appeal_answered_at: Option<At>,
}

/// Absences with their words opened; names, tasks and orgs in one query each.
pub(super) async fn many(state: &AppState, rows: Vec<Model>) -> Result<Vec<AbsenceView>, Error> {
    let db = state.db.read();
    let names = people::names(db, rows.iter().map(|row| row.person_id)).await?;
    let tasks = rows.iter().map(|row| row.task_id).collect();
    let tasks = dispatch::by_ids(db, &Scope::house(), tasks).await?;
    let orgs = org::names(db, tasks.iter().map(|task| task.org_id)).await?;
    let view = |row: Model| {
        let open =
            |column, sealed: &Option<_>| state.crypto.open_some(column, row.id, sealed.as_ref());
        let standing = Standing::of(&row);
        let task = tasks.iter().find(|task| task.id == row.task_id);
        let task = task.ok_or_else(|| Error::impossible("read the task somebody missed"))?;
        Ok(AbsenceView {
            claim_id: row.claim_id,
            task_id: row.task_id,
            task_title: task.title.clone(),
            task_starts_at: task.starts_at,
            org_name: orgs.get(&task.org_id).cloned().unwrap_or_default(),
            person: PersonRef {
                id: row.person_id,
                name: names.get(&row.person_id).cloned().unwrap_or_default(),
            },
            missed_at: row.missed_at,
            standing,
            standing_text: standing.said(),
            excuse: open("absence.excuse", &row.excuse)?,
            excuse_at: row.excuse_at,
            answer: open("absence.ruling_words", &row.ruling_words)?,
            answered_at: row.ruled_at,
            appeal: open("absence.appeal", &row.appeal)?,
            appeal_at: row.appeal_at,
            appeal_answer: open("absence.appeal_words", &row.appeal_words)?,
            appeal_answered_at: row.appeal_ruled_at,
        })
    };
    rows.into_iter().map(view).collect()
}

/// One of them.
pub(super) async fn one(state: &AppState, row: Model) -> Result<AbsenceView, Error> {
    let view = many(state, vec![row]).await?.pop();
    view.ok_or_else(|| Error::impossible("view an absence"))
}
