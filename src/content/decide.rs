//! 人工审核: a second person of the office lets words pass, or not.

use ::entity::content_check::{ActiveModel, ContentState, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::Dispatcher,
    kernel::Error,
    platform::{
        AppState,
        db::Step,
        http::{Problem, input::readable, problem::NOT_FOUND},
    },
};

use super::{OWN_CONTENT, store};

pub(super) const REASON: &str = "content_check.reason";

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefuseContent {
    /// Why; it is kept for the author and for those who look later.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error("no such check in reach")]
    NotFound,
    #[error("the words are one's own")]
    Own,
    #[error("it is {0:?} already")]
    Decided(ContentState),
    #[error("everybody sees the photo already")]
    Public,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<DecideError> for Problem {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::NotFound => NOT_FOUND.into(),
            DecideError::Own => OWN_CONTENT.into(),
            DecideError::Decided(state) => {
                Self::state(state, "这一版已经不用再审了", "There is nothing to decide any more")
            }
            DecideError::Public => Self::state(
                ContentState::Passed,
                "照片已经随晒单公开，请先撤下晒单",
                "The photo is public with its story: take that down first",
            ),
            DecideError::Broken(error) => error.into(),
        }
    }
}

/// Decides over words that wait; what was decided once may be decided otherwise. `reason` says why they are refused.
///
/// # Errors
/// `NotFound` out of reach; `Own`; `Decided` for words that are as asked already, or were replaced.
pub(super) async fn decide(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    reason: Option<&str>,
) -> Result<Model, DecideError> {
    let tx = state.db.write().await?;
    let row = store::locked(&tx, &office.scope(), id).await?.ok_or(DecideError::NotFound)?;
    if row.author_id == office.id() {
        return Err(DecideError::Own);
    }
    let next = if reason.is_none() { ContentState::Passed } else { ContentState::Refused };
    // What WeChat passed and nobody doubted is nobody's to refuse here: the office declines or takes it down.
    let machine = row.state == ContentState::Passed && row.decided_by.is_none();
    if row.state == next || row.state == ContentState::Replaced || machine {
        return Err(DecideError::Decided(row.state));
    }
    let org_id = row.org_id;
    let mut row: ActiveModel = row.into();
    row.state = Set(next);
    if next == ContentState::Passed {
        // They stand where they belong; here they were only to be looked at.
        row.words = Set(None);
    }
    row.decided_by = Set(Some(office.id()));
    row.decided_at = Set(Some(state.clock.now()));
    row.reason = Set(reason.map(|reason| state.crypto.seal(REASON, id, reason)));
    let row = row.update(&*tx).await.step("decide over words")?;
    audit::record(&tx, state, deed(office, org_id, id, reason)).await?;
    tx.commit().await?;
    Ok(row)
}

/// What is audited of a decision.
pub(super) fn deed(office: &Dispatcher, org_id: Uuid, id: Uuid, reason: Option<&str>) -> Deed {
    Deed {
        act: if reason.is_none() { Act::ContentPassed } else { Act::ContentRefused },
        actor_id: Some(office.id()),
        org_id: Some(org_id),
        subject_id: Some(id),
        why: reason.map(ToOwned::to_owned),
    }
}
