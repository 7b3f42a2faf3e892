//! 星级申诉: within some days a member asks for another look at their stars; somebody else decides. The rating itself
//! stays as it was written, what was granted stands in the appeal.

use std::time::Duration;

use ::entity::{
    proposal::ProposalState,
    star_appeal::{ActiveModel, Column, Entity, Model},
    star_rating,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, EntityTrait, QueryFilter, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    identity::Scope,
    kernel::Error,
    org,
    platform::{
        AppState, Tx,
        db::{Step, is_duplicate},
        http::{Problem, problem::NOT_FOUND},
    },
};

use super::{SECOND_PERSON, STARS_APPEALED, STARS_SETTLED, model};

#[derive(Debug, thiserror::Error)]
pub enum AppealError {
    #[error("no such rating or appeal, or not one's own, or out of reach")]
    NotFound,
    #[error("the days to appeal are over")]
    Settled,
    #[error("there is an appeal already")]
    Appealed,
    #[error("one's own stars")]
    SecondPerson,
    #[error("it stands at that already")]
    Nothing,
    #[error("decided already: {0:?}")]
    Decided(ProposalState),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<AppealError> for Problem {
    fn from(error: AppealError) -> Self {
        match error {
            AppealError::NotFound => NOT_FOUND.into(),
            AppealError::Settled => STARS_SETTLED.into(),
            AppealError::Appealed => STARS_APPEALED.into(),
            AppealError::SecondPerson => SECOND_PERSON.into(),
            AppealError::Nothing => Self::field(
                "stars",
                "value",
                "现在就是这么多星，不用更改",
                "It stands at that many stars already",
            ),
            AppealError::Decided(state) => {
                Self::state(state, "这项申诉已经处理过了", "This was decided already")
            }
            AppealError::Broken(error) => error.into(),
        }
    }
}

/// Asks for another look at one's own stars, in the caller's transaction.
///
/// # Errors
/// `NotFound` for another's; `Settled` when the org's days are over; `Appealed`, and the transaction must then be
/// dropped.
pub(super) async fn appeal(
    tx: &Tx,
    state: &AppState,
    own: &Scope,
    rating_id: Uuid,
    reason: &str,
) -> Result<Model, AppealError> {
    let rating = star_rating::Entity::find_by_id(rating_id)
        .filter(own.own(star_rating::Column::PersonId))
        .one(&**tx)
        .await
        .step("read one's own stars")?;
    let rating = rating.ok_or(AppealError::NotFound)?;
    let rules = org::settings_of(&**tx, [rating.org_id]).await?.remove(&rating.org_id);
    let days = rules.unwrap_or_default().star_appeal_days;
    let now = state.clock.now();
    if rating.rated_at.plus(days_long(days)) <= now {
        return Err(AppealError::Settled);
    }
    let id = state.rng.id(now);
    let row = ActiveModel {
        id: Set(id),
        rating_id: Set(rating.id),
        org_id: Set(rating.org_id),
        person_id: Set(rating.person_id),
        reason: Set(state.crypto.seal("star_appeal.reason", id, reason)),
        state: Set(ProposalState::Pending),
        created_at: Set(now),
        decided_by: Set(None),
        decided_at: Set(None),
        answer: Set(None),
        stars: Set(None),
    };
    match row.insert(&**tx).await {
        Err(error) if is_duplicate(&error) => Err(AppealError::Appealed),
        other => Ok(other.step("store an appeal")?),
    }
}

/// Days, as long as they last.
pub(super) fn days_long(days: i32) -> Duration {
    Duration::from_secs(u64::try_from(days).unwrap_or(0) * 24 * 3600)
}

/// What a second person says to an appeal.
#[derive(Clone, Debug)]
pub(super) enum Ruling {
    /// From now on it stands at so many.
    Approve {
        stars: i32,
    },
    Refuse {
        reason: String,
    },
}

/// Decides an appeal; audited.
///
/// # Errors
/// `NotFound` out of reach; `SecondPerson` for one's own; `Decided`; `Nothing` where nothing would change.
pub(super) async fn decide(
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    id: Uuid,
    ruling: Ruling,
) -> Result<(star_rating::Model, Model), AppealError> {
    let tx = state.db.write().await?;
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    let row = found.lock(LockType::NoKeyUpdate).one(&*tx).await.step("lock an appeal")?;
    let row = row.ok_or(AppealError::NotFound)?;
    if !model::is_second(by, row.person_id, row.person_id) {
        return Err(AppealError::SecondPerson);
    }
    if row.state != ProposalState::Pending {
        return Err(AppealError::Decided(row.state));
    }
    let rating = star_rating::Entity::find_by_id(row.rating_id).one(&*tx).await;
    let rating = rating.step("read the stars of an appeal")?.ok_or(AppealError::NotFound)?;
    let mut row: ActiveModel = row.into();
    row.decided_by = Set(Some(by));
    row.decided_at = Set(Some(state.clock.now()));
    let (act, why) = match ruling {
        Ruling::Approve { stars } if stars == rating.stars => return Err(AppealError::Nothing),
        Ruling::Approve { stars } => {
            (row.state, row.stars) = (Set(ProposalState::Approved), Set(Some(stars)));
            (Act::StarsChanged, None)
        }
        Ruling::Refuse { reason } => {
            row.state = Set(ProposalState::Refused);
            row.answer = Set(Some(state.crypto.seal("star_appeal.answer", id, &reason)));
            (Act::StarAppealRefused, Some(reason))
        }
    };
    let row = row.update(&*tx).await.step("decide an appeal")?;
    let deed =
        Deed { act, actor_id: Some(by), org_id: Some(row.org_id), subject_id: Some(row.id), why };
    audit::record(&tx, state, deed).await?;
    tx.commit().await?;
    Ok((rating, row))
}
