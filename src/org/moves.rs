//! 组织关系转接: a person goes from one branch to another, or leaves. Hours stay with the person; the class goes along.
//!
//! The old place ends at once and the new one waits for the receiving branch, unless the mover reaches both. Where
//! it is refused the old place counts again, so nobody falls between two branches.

use ::entity::membership::{ActiveModel, MemberClass, MembershipState, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::Scope,
    platform::{AppState, Tx, db::Step, http::input::readable},
};

use super::{
    memberships::{MembershipView, NewPlace, PlaceError, place},
    store,
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipMove {
    /// Where to; of a kind that has such places.
    pub org_id: Uuid,
    /// Kept with the audit alone.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipEnd {
    /// Kept with the audit alone.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MembershipChange {
    pub class: MemberClass,
}

/// Moves a confirmed place in reach to another org, in the caller's transaction.
///
/// # Errors
/// `NotFound` for either, `Decided` where it is not confirmed, `Unfit`, `Exists` where it is there already.
pub(super) async fn relocate(
    tx: &Tx,
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    id: Uuid,
    new: MembershipMove,
) -> Result<MembershipView, PlaceError> {
    let old = held(tx, scope, id).await?;
    let org = store::find(&**tx, new.org_id).await?.ok_or(PlaceError::NotFound)?;
    if org.id == old.org_id {
        return Err(PlaceError::Exists);
    }
    finish(tx, state, by, &old).await?;
    let next = NewPlace {
        person_id: old.person_id,
        kind: old.kind,
        class: old.class,
        by: scope.covers(&org.path).then_some(by),
        moved_from: Some(old.id),
    };
    let row = place(tx, state, &org, next).await?;
    let why = Some(new.reason.trim().to_owned());
    record(tx, state, Act::MembershipMoved, by, &old, why).await?;
    Ok(row.into())
}

/// Ends a confirmed place in reach.
///
/// # Errors
/// `NotFound`, `Decided`.
pub(super) async fn end(
    state: &AppState,
    scope: &Scope,
    by: Uuid,
    id: Uuid,
    reason: &str,
) -> Result<MembershipView, PlaceError> {
    let tx = state.db.write().await?;
    let old = held(&tx, scope, id).await?;
    let row = finish(&tx, state, by, &old).await?;
    let why = Some(reason.trim().to_owned());
    record(&tx, state, Act::MembershipEnded, by, &old, why).await?;
    tx.commit().await?;
    Ok(row.into())
}

/// Changes the class of a place in reach that is held or asked for.
///
/// # Errors
/// `NotFound`, `Decided`.
pub(super) async fn classify(
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    class: MemberClass,
) -> Result<MembershipView, PlaceError> {
    let tx = state.db.write().await?;
    let row = store::locked_membership(&tx, scope, id).await?.ok_or(PlaceError::NotFound)?;
    if !matches!(row.state, MembershipState::Pending | MembershipState::Confirmed) {
        return Err(PlaceError::Decided(row.state));
    }
    let mut row: ActiveModel = row.into();
    row.class = Set(class);
    row.updated_at = Set(state.clock.now());
    let row = row.update(&*tx).await.step("change a class")?;
    tx.commit().await?;
    Ok(row.into())
}

async fn held(tx: &DatabaseTransaction, scope: &Scope, id: Uuid) -> Result<Model, PlaceError> {
    let row = store::locked_membership(tx, scope, id).await?.ok_or(PlaceError::NotFound)?;
    let confirmed = row.state == MembershipState::Confirmed;
    if confirmed { Ok(row) } else { Err(PlaceError::Decided(row.state)) }
}

async fn finish(
    tx: &DatabaseTransaction,
    state: &AppState,
    by: Uuid,
    old: &Model,
) -> Result<Model, PlaceError> {
    let row = ActiveModel {
        id: Set(old.id),
        state: Set(MembershipState::Ended),
        decided_by: Set(Some(by)),
        updated_at: Set(state.clock.now()),
        ..Default::default()
    };
    Ok(row.update(tx).await.step("end a membership")?)
}

async fn record(
    tx: &DatabaseTransaction,
    state: &AppState,
    act: Act,
    by: Uuid,
    old: &Model,
    why: Option<String>,
) -> Result<(), PlaceError> {
    let (actor_id, org_id, subject_id) = (Some(by), Some(old.org_id), Some(old.person_id));
    Ok(audit::record(tx, state, Deed { act, actor_id, org_id, subject_id, why }).await?)
}
