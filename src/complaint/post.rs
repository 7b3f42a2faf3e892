//! Complaining about an org.

use ::entity::complaint::{ActiveModel, ComplaintAbout, ComplaintState, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    kernel::Error,
    org,
    platform::{
        AppState, Tx,
        db::Step,
        http::{Problem, input::readable, problem::NOT_FOUND},
    },
};

use super::view::WORDS;

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComplaint {
    /// The org it is about; the one above it answers.
    pub org_id: Uuid,
    pub about: ComplaintAbout,
    #[validate(length(min = 2, max = 1000), custom(function = readable))]
    #[schema(min_length = 2, max_length = 1000)]
    pub words: String,
    /// Whether to keep your name from those who answer.
    #[serde(default)]
    pub anonymous: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum ComplaintError {
    #[error("no such org or complaint, or out of reach")]
    NotFound,
    #[error("nothing stands above that org")]
    NobodyAbove,
    #[error("it is one's own")]
    Own,
    #[error("it was answered already")]
    Answered,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<ComplaintError> for Problem {
    fn from(error: ComplaintError) -> Self {
        match error {
            ComplaintError::NotFound | ComplaintError::Own => NOT_FOUND.into(),
            ComplaintError::NobodyAbove => Self::field(
                "org_id",
                "value",
                "这是最高一级，系统里没有它的上级可以受理",
                "No org above this one is here to answer",
            ),
            ComplaintError::Answered => {
                let state = ComplaintState::Answered;
                Self::state(state, "这件投诉已经答复过了", "This was answered already")
            }
            ComplaintError::Broken(error) => error.into(),
        }
    }
}

/// Files a complaint with the org above, in the caller's transaction.
///
/// # Errors
/// `NotFound` for an unknown org; `NobodyAbove`.
pub(super) async fn post(
    tx: &Tx,
    state: &AppState,
    me: Uuid,
    new: NewComplaint,
) -> Result<Model, ComplaintError> {
    let org = org::find(&**tx, new.org_id).await?.ok_or(ComplaintError::NotFound)?;
    let above = org.parent_id.ok_or(ComplaintError::NobodyAbove)?;
    let now = state.clock.now();
    let id = state.rng.id(now);
    let row = ActiveModel {
        id: Set(id),
        person_id: Set(me),
        org_id: Set(org.id),
        above_org_id: Set(above),
        about: Set(new.about),
        anonymous: Set(new.anonymous),
        state: Set(ComplaintState::Open),
        words: Set(state.crypto.seal(WORDS, id, new.words.trim())),
        answer: Set(None),
        answered_by: Set(None),
        answered_at: Set(None),
        created_at: Set(now),
    };
    Ok(row.insert(&**tx).await.step("file a complaint")?)
}
