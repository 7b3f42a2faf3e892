//! 记录和审核: the secretary hands in words and photos, who came is known already; the org above looks at it and approves
//! or returns it.

use ::entity::theme_day::Model;
use sea_orm::ActiveValue::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    file::{self, Attached, Owner},
    identity::{PartyKeeper, Scope, upward},
    org,
    platform::{AppState, http::input::readable},
};

use super::{
    change::{By, ThemeDayError, apply},
    model::Command,
    plan::REASON,
    store,
};

pub(super) const RECORD: &str = "theme_day.record";

/// What was done. Who came is not asked for: it is known from the check-in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordForm {
    #[validate(length(min = 2, max = 4000), custom(function = readable))]
    #[schema(min_length = 2, max_length = 4000)]
    pub(super) words: String,
    /// One's own uploads; asked for only where the org's setting `photos_required` is on.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    pub(super) photo_ids: Vec<Uuid>,
}

/// What the org above says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewVerdict {
    /// 通过
    Approve,
    /// 退回
    Return,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewForm {
    pub(super) verdict: ReviewVerdict,
    /// Asked for with a `return`.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub(super) reason: Option<String>,
}

/// Hands the record in, the first time or again after it was returned; how many came is counted now.
///
/// # Errors
/// `NotFound` out of reach; `Refused` before it began or once it was handed in; `Field` where photos are required.
pub(super) async fn record(
    state: &AppState,
    keeper: &PartyKeeper,
    id: Uuid,
    form: RecordForm,
) -> Result<Model, ThemeDayError> {
    let tx = state.db.write().await?;
    let day = store::locked(&tx, &keeper.scope(), id).await?.ok_or(ThemeDayError::NotFound)?;
    let org = org::find(&*tx, day.org_id).await?.ok_or(ThemeDayError::NotFound)?;
    let settings = org::settings_of(&*tx, [org.id]).await?.remove(&org.id).unwrap_or_default();
    if settings.photos_required && form.photo_ids.is_empty() {
        let (zh, en) = ("本组织要求记录附照片", "This org asks for photos");
        return Err(ThemeDayError::field("photo_ids", "required", zh, en));
    }
    let expected = org::count_branch_members(&*tx, &Scope::house(), &org.path).await?;
    let came = store::tally(&*tx, day.id).await?.came;
    let now = state.clock.now();
    let first = day.first_recorded_at.unwrap_or(now);
    let sealed = state.crypto.seal(RECORD, day.id, form.words.trim());
    let owner = Owner { kind: Attached::ThemeRecord, id: day.id, org_id: day.org_id };
    file::attach(&tx, state, keeper.id(), owner, &form.photo_ids).await?;
    let by = By { actor: keeper.id(), words: None };
    let day = apply(&tx, state, day, (Command::Record, true), by, |row| {
        row.record = Set(Some(sealed));
        row.reason = Set(None);
        row.expected = Set(Some(i32::try_from(expected).unwrap_or(i32::MAX)));
        row.came = Set(Some(i32::try_from(came).unwrap_or(i32::MAX)));
        row.recorded_by = Set(Some(keeper.id()));
        row.recorded_at = Set(Some(now));
        row.first_recorded_at = Set(Some(first));
    })
    .await?;
    tx.commit().await?;
    Ok(day)
}

/// The org above approves a record or returns it with a reason.
///
/// # Errors
/// `NotFound` out of reach; `FromAbove` for a role at the org itself; `Refused` for one's own; `Field` for a return
/// without a reason.
pub(super) async fn review(
    state: &AppState,
    keeper: &PartyKeeper,
    id: Uuid,
    form: ReviewForm,
) -> Result<Model, ThemeDayError> {
    let command = match form.verdict {
        ReviewVerdict::Approve => Command::Approve,
        ReviewVerdict::Return => Command::Return,
    };
    if command == Command::Return && form.reason.is_none() {
        let (zh, en) = ("退回要写明原因", "Say why it is returned");
        return Err(ThemeDayError::field("reason", "required", zh, en));
    }
    let scope = keeper.scope();
    let tx = state.db.write().await?;
    let day = store::locked(&tx, &scope, id).await?.ok_or(ThemeDayError::NotFound)?;
    let org = org::find(&*tx, day.org_id).await?.ok_or(ThemeDayError::NotFound)?;
    if !above(&org.path).is_some_and(|path| scope.covers(path)) {
        return Err(ThemeDayError::FromAbove);
    }
    let words = form.reason.map(|why| why.trim().to_owned());
    let sealed = words.as_deref().map(|why| state.crypto.seal(REASON, day.id, why));
    let by = By { actor: keeper.id(), words };
    let day = apply(&tx, state, day, (command, true), by, |row| {
        row.reason = Set(sealed);
        row.reviewed_by = Set(Some(keeper.id()));
        row.reviewed_at = Set(Some(state.clock.now()));
    })
    .await?;
    tx.commit().await?;
    Ok(day)
}

/// The path of the org right above.
pub(super) fn above(path: &str) -> Option<&str> {
    upward(path).into_iter().rev().nth(1)
}
