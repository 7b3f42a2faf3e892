//! Stars as members and their offices see them.

use ::entity::{proposal::ProposalState, star_appeal, star_rating};
use entity::At;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::people,
    kernel::Error,
    org,
    platform::{AppState, http::Page},
};

use super::{model, star_appeal::days_long, stars::Rated};

/// An appeal against a rating.
#[derive(Debug, Serialize, ToSchema)]
pub struct StarAppealView {
    pub id: Uuid,
    pub reason: String,
    pub state: ProposalState,
    /// The state in people's words.
    pub state_text: &'static str,
    pub created_at: At,
    pub decided_at: Option<At>,
    /// Why it was refused.
    pub answer: Option<String>,
    /// How many it stands at since it was approved.
    pub stars: Option<i32>,
}

/// The stars of one half year.
#[derive(Debug, Serialize, ToSchema)]
pub struct StarsView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub person_id: Uuid,
    pub person_name: String,
    #[schema(example = "2026-H2")]
    pub period: String,
    /// Points of the half's closed months, deductions taken off.
    pub points: i64,
    /// 0 (none) to 5, with what an appeal brought.
    pub stars: i32,
    /// Before the appeal.
    pub rated: i32,
    pub rated_at: At,
    /// Until then the member may appeal.
    pub appeal_until: At,
    pub appeal: Option<StarAppealView>,
}

/// An appeal as both sides read it.
pub(super) fn appeal(state: &AppState, row: &star_appeal::Model) -> Result<StarAppealView, Error> {
    Ok(StarAppealView {
        reason: state.crypto.open("star_appeal.reason", row.id, &row.reason)?,
        answer: state.crypto.open_some("star_appeal.answer", row.id, row.answer.as_ref())?,
        id: row.id,
        state: row.state,
        state_text: model::state_said(row.state),
        created_at: row.created_at,
        decided_at: row.decided_at,
        stars: row.stars,
    })
}

/// Ratings with names and days, read for all of them at once.
pub(super) async fn views(state: &AppState, rows: &[Rated]) -> Result<Vec<StarsView>, Error> {
    let db = state.db.read();
    let names = people::names(db, rows.iter().map(|(rating, _)| rating.person_id)).await?;
    let rules = org::settings_of(db, rows.iter().map(|(rating, _)| rating.org_id)).await?;
    let view = |(rating, appealed): &Rated| {
        let star_rating::Model { id, org_id, person_id, points, stars, rated_at, .. } = *rating;
        let days = rules.get(&org_id).cloned().unwrap_or_default().star_appeal_days;
        Ok(StarsView {
            id,
            org_id,
            person_id,
            person_name: names.get(&person_id).cloned().unwrap_or_default(),
            period: rating.period.clone(),
            points,
            stars: appealed.as_ref().and_then(|appeal| appeal.stars).unwrap_or(stars),
            rated: stars,
            rated_at,
            appeal_until: rated_at.plus(days_long(days)),
            appeal: appealed.as_ref().map(|row| appeal(state, row)).transpose()?,
        })
    };
    rows.iter().map(view).collect()
}

/// One of them.
pub(super) async fn one(state: &AppState, row: Rated) -> Result<StarsView, Error> {
    let mut all = views(state, &[row]).await?;
    all.pop().ok_or_else(|| Error::impossible("show one's stars"))
}

/// A page of them.
pub(super) async fn page(
    state: &AppState,
    rows: Vec<Rated>,
    limit: u64,
) -> Result<Page<StarsView>, Error> {
    let page = Page::cut(rows, limit, |(rating, _)| rating.id);
    Ok(Page { items: views(state, &page.items).await?, next_cursor: page.next_cursor })
}
