//! 草稿: what a resident has begun to write, kept for the next time they open the app. One per person, sealed as a
//! whole; nothing in it is checked but its size.

use ::entity::{
    At, Sealed,
    request_draft::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    kernel::Error,
    platform::{AppState, Tx, db::Step, http::input::readable},
};

use super::category::Reply;

const CONTENT: &str = "request_draft.content";

/// A request half written; every field may be missing.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub org_id: Option<Uuid>,
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    #[schema(min_length = 1, max_length = 20)]
    pub category: Option<String>,
    #[validate(length(min = 1, max = 40), custom(function = readable))]
    #[schema(min_length = 1, max_length = 40)]
    pub title: Option<String>,
    #[validate(length(min = 1, max = 2000), custom(function = readable))]
    #[schema(min_length = 1, max_length = 2000)]
    pub detail: Option<String>,
    #[validate(nested)]
    pub place: Option<DraftPlace>,
    pub wanted_from: Option<At>,
    pub wanted_to: Option<At>,
    pub urgent: Option<bool>,
    #[serde(default)]
    #[validate(length(max = 2), nested)]
    #[schema(max_items = 2)]
    pub answers: Vec<Reply>,
    #[validate(nested)]
    pub on_behalf_of: Option<DraftBehalf>,
}

#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftPlace {
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    #[validate(range(min = 3.0, max = 54.0))]
    #[schema(minimum = 3.0, maximum = 54.0)]
    pub lat: Option<f64>,
    #[validate(range(min = 73.0, max = 136.0))]
    #[schema(minimum = 73.0, maximum = 136.0)]
    pub lng: Option<f64>,
    #[validate(length(min = 1, max = 120), custom(function = readable))]
    #[schema(min_length = 1, max_length = 120)]
    pub address: Option<String>,
}

#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftBehalf {
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    #[schema(min_length = 1, max_length = 20)]
    pub name: Option<String>,
    #[validate(length(min = 1, max = 20), custom(function = readable))]
    #[schema(min_length = 1, max_length = 20)]
    pub phone: Option<String>,
    #[validate(length(min = 1, max = 200), custom(function = readable))]
    #[schema(min_length = 1, max_length = 200)]
    pub consent: Option<String>,
}

/// The draft as it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftView {
    /// null: there is none.
    pub draft: Option<Draft>,
    pub saved_at: Option<At>,
}

/// One's own draft.
///
/// # Errors
/// When it cannot be read or opened.
pub(super) async fn read(state: &AppState, me: Uuid) -> Result<DraftView, Error> {
    let found = Entity::find_by_id(me).one(state.db.read()).await.step("read a draft")?;
    let Some(row) = found else { return Ok(DraftView { draft: None, saved_at: None }) };
    Ok(DraftView { draft: Some(opened(state, &row)?), saved_at: Some(row.saved_at) })
}

fn opened(state: &AppState, row: &Model) -> Result<Draft, Error> {
    let json = state.crypto.open(CONTENT, row.person_id, &row.content)?;
    serde_json::from_str(&json).map_err(|error| Error::broken("read a draft", error))
}

fn sealed(state: &AppState, me: Uuid, draft: &Draft) -> Result<Sealed, Error> {
    let json = serde_json::to_string(draft);
    let json = json.map_err(|error| Error::broken("write a draft down", error))?;
    Ok(state.crypto.seal(CONTENT, me, &json))
}

/// Keeps a draft in place of the one before.
///
/// # Errors
/// When it cannot be stored.
pub(super) async fn keep(state: &AppState, me: Uuid, draft: Draft) -> Result<DraftView, Error> {
    let now = state.clock.now();
    let row = ActiveModel {
        person_id: Set(me),
        content: Set(sealed(state, me, &draft)?),
        saved_at: Set(now),
    };
    let anew = OnConflict::column(Column::PersonId)
        .update_columns([Column::Content, Column::SavedAt])
        .to_owned();
    let tx = state.db.write().await?;
    let stored = Entity::insert(row).on_conflict(anew).exec_without_returning(&*tx).await;
    stored.step("keep a draft")?;
    tx.commit().await?;
    Ok(DraftView { draft: Some(draft), saved_at: Some(now) })
}

/// Throws one's draft away.
///
/// # Errors
/// When it cannot be dropped.
pub(super) async fn drop(state: &AppState, me: Uuid) -> Result<(), Error> {
    let tx = state.db.write().await?;
    Entity::delete_by_id(me).exec(&*tx).await.step("drop a draft")?;
    tx.commit().await
}

/// Takes the point on the map out of somebody's draft; what they wrote stays.
///
/// # Errors
/// When it cannot be read or stored.
pub async fn forget_point(tx: &Tx, state: &AppState, person: Uuid) -> Result<(), Error> {
    let found = Entity::find_by_id(person).one(&**tx).await.step("read a draft")?;
    let Some(row) = found else { return Ok(()) };
    let mut draft = opened(state, &row)?;
    let Some(place) = draft.place.as_mut().filter(|place| place.lat.or(place.lng).is_some()) else {
        return Ok(());
    };
    (place.lat, place.lng) = (None, None);
    let mut row: ActiveModel = row.into();
    row.content = Set(sealed(state, person, &draft)?);
    row.update(&**tx).await.step("take a place out of a draft")?;
    Ok(())
}
