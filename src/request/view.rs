//! A request as the resident who asked and the office that handles it see it.

use ::entity::request::{Model, RequestState};
use entity::At;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{identity::people, kernel::Error, org, platform::AppState};

use super::{change::spoken, model, post::PlaceForm};

#[derive(Debug, Serialize, ToSchema)]
pub struct PersonRef {
    pub id: Uuid,
    pub name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct RequestView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub org_name: String,
    pub requester: PersonRef,
    pub category: String,
    pub title: String,
    pub detail: String,
    pub place: Option<PlaceForm>,
    pub wanted_from: Option<At>,
    pub wanted_to: Option<At>,
    pub urgent: bool,
    pub state: RequestState,
    /// The state in a resident's words.
    pub state_text: &'static str,
    /// What came with the state: why declined or returned, what was asked.
    pub reason: Option<String>,
    /// The task it was last dispatched to.
    pub task_id: Option<Uuid>,
    /// By when the office promised to react, and to have it done.
    pub first_answer_due: At,
    pub done_due: At,
    pub overdue: bool,
    /// Whole minutes since it was posted.
    pub age_minutes: i64,
    pub created_at: At,
    pub updated_at: At,
}

/// Where help is needed, opened.
pub fn place_of(state: &AppState, row: &Model) -> Result<Option<PlaceForm>, Error> {
    let address = state.crypto.open_some("request.address", row.id, row.address.as_ref())?;
    let (lat, lng) = (row.lat, row.lng);
    Ok(row.place_name.clone().map(|name| PlaceForm { name, lat, lng, address }))
}

/// Many rows, with names of people and orgs read in one query each.
pub(super) async fn many(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
) -> Result<Vec<RequestView>, Error> {
    let people = people::names(db, rows.iter().map(|row| row.requester_id)).await?;
    let orgs = org::names(db, rows.iter().map(|row| row.org_id)).await?;
    let now = state.clock.now();
    rows.into_iter()
        .map(|row| {
            let place = place_of(state, &row)?;
            let sealed = row.reason.as_ref();
            let reason = state.crypto.open_some("request.reason", row.id, sealed)?;
            let name = people.get(&row.requester_id).cloned().unwrap_or_default();
            Ok(RequestView {
                detail: state.crypto.open("request.detail", row.id, &row.detail)?,
                place,
                requester: PersonRef { id: row.requester_id, name },
                org_name: orgs.get(&row.org_id).cloned().unwrap_or_default(),
                overdue: model::is_overdue(row.state, row.first_answer_due, row.done_due, now),
                age_minutes: (now.ms() - row.created_at.ms()).div_euclid(60_000),
                state_text: spoken(row.state),
                id: row.id,
                org_id: row.org_id,
                category: row.category,
                title: row.title,
                wanted_from: row.wanted_from,
                wanted_to: row.wanted_to,
                urgent: row.urgent,
                state: row.state,
                reason,
                task_id: row.task_id,
                first_answer_due: row.first_answer_due,
                done_due: row.done_due,
                created_at: row.created_at,
                updated_at: row.updated_at,
            })
        })
        .collect()
}

pub(super) async fn one(
    db: &impl ConnectionTrait,
    state: &AppState,
    row: Model,
) -> Result<RequestView, Error> {
    let mut views = many(db, state, vec![row]).await?;
    views.pop().ok_or_else(|| Error::impossible("view a request"))
}
