//! A complaint as its writer and those above see it.

use ::entity::{
    At,
    complaint::{ComplaintAbout, ComplaintState, Model},
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{identity::people, kernel::Error, org, platform::AppState};

pub(super) const WORDS: &str = "complaint.words";
pub(super) const ANSWER: &str = "complaint.answer";

/// No `Debug`: people speak here.
#[derive(Serialize, ToSchema)]
pub struct ComplaintView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    pub about: ComplaintAbout,
    pub anonymous: bool,
    /// What the writer is called; null where they would not say.
    pub from: Option<String>,
    pub state: ComplaintState,
    pub words: String,
    pub answer: Option<String>,
    pub created_at: At,
    pub answered_at: Option<At>,
}

/// Complaints with the names that may be shown, in two queries.
///
/// # Errors
/// When names cannot be read or words do not open.
pub(super) async fn views(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
) -> Result<Vec<ComplaintView>, Error> {
    let orgs = org::names(db, rows.iter().map(|row| row.org_id)).await?;
    let signed = rows.iter().filter(|row| !row.anonymous).map(|row| row.person_id);
    let people = people::names(db, signed).await?;
    let view = |row: Model| {
        Ok(ComplaintView {
            id: row.id,
            org_id: row.org_id,
            org_name: orgs.get(&row.org_id).cloned().unwrap_or_default(),
            about: row.about,
            anonymous: row.anonymous,
            from: people.get(&row.person_id).filter(|_| !row.anonymous).cloned(),
            state: row.state,
            words: state.crypto.open(WORDS, row.id, &row.words)?,
            answer: state.crypto.open_some(ANSWER, row.id, row.answer.as_ref())?,
            created_at: row.created_at,
            answered_at: row.answered_at,
        })
    };
    rows.into_iter().map(view).collect()
}
