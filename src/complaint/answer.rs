//! Answering a complaint, once, from above the org it is about.

use ::entity::complaint::{ActiveModel, ComplaintState, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::Resident,
    platform::{AppState, db::Step, http::input::readable},
};

use super::{post::ComplaintError, store, view::ANSWER};

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintAnswer {
    /// For the one who complained.
    #[validate(length(min = 2, max = 1000), custom(function = readable))]
    #[schema(min_length = 2, max_length = 1000)]
    pub words: String,
}

/// Answers a complaint that lies with an org in reach.
///
/// # Errors
/// `NotFound`, `Own`, `Answered`.
pub(super) async fn answer(
    state: &AppState,
    me: &Resident,
    id: Uuid,
    words: &str,
) -> Result<Model, ComplaintError> {
    let tx = state.db.write().await?;
    let row = store::locked(&tx, &me.scope(), id).await?.ok_or(ComplaintError::NotFound)?;
    if row.person_id == me.id() {
        return Err(ComplaintError::Own);
    }
    if row.state != ComplaintState::Open {
        return Err(ComplaintError::Answered);
    }
    let above = row.above_org_id;
    let mut row: ActiveModel = row.into();
    row.state = Set(ComplaintState::Answered);
    row.answer = Set(Some(state.crypto.seal(ANSWER, id, words.trim())));
    row.answered_by = Set(Some(me.id()));
    row.answered_at = Set(Some(state.clock.now()));
    let row = row.update(&*tx).await.step("answer a complaint")?;
    let deed = Deed {
        act: Act::ComplaintAnswered,
        actor_id: Some(me.id()),
        org_id: Some(above),
        subject_id: Some(id),
        why: None,
    };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok(row)
}
