//! 不发喜庆通知: a member died, is gravely ill or mourns; from then on nothing cheerful is sent to them or said of
//! them. The branch's keeper notes that it is so, with a reason that the audit alone keeps.

use ::entity::{
    membership::{self, Column as Member, MembershipKind, MembershipState},
    party_record::{Column, Entity},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, sea_query::OnConflict,
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::{PartyKeeper, Scope, within},
    kernel::Error,
    platform::{AppState, db::Step, http::input::readable},
};

use super::{
    memberships::PlaceError,
    party::{self, PartyFacts, PartyView},
    store,
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuietChange {
    /// true: no cheerful notices from now on.
    pub quiet: bool,
    /// Kept with the audit alone.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

/// Stops cheerful notices to a member, or lets them go out again.
///
/// # Errors
/// `NotFound` for a person who has no place there, or an org out of reach.
pub(super) async fn change(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    person_id: Uuid,
    change: QuietChange,
) -> Result<PartyView, PlaceError> {
    let tx = state.db.write().await?;
    store::member(&*tx, &keeper.scope(), org_id, person_id).await?.ok_or(PlaceError::NotFound)?;
    let before = party::view(&*tx, state, person_id).await?.quiet_at;
    let now = state.clock.now();
    let mut row = PartyFacts::default().row(state, person_id)?;
    row.quiet_at = Set(change.quiet.then(|| before.unwrap_or(now)));
    row.updated_by = Set(keeper.id());
    let only = OnConflict::column(Column::PersonId).update_column(Column::QuietAt).to_owned();
    let stored = Entity::insert(row).on_conflict(only).exec_without_returning(&*tx).await;
    stored.step("quiet a member")?;
    let view = party::view(&*tx, state, person_id).await?;
    let act = if change.quiet { Act::MemberQuieted } else { Act::MemberUnquieted };
    let why = Some(change.reason.trim().to_owned());
    audit::record(&tx, state, Deed { why, ..party::deed(act, keeper, org_id, person_id) }).await?;
    tx.commit().await?;
    Ok(view)
}

/// A page of the confirmed home members below the org of that path whom one may tell of something cheerful, by their
/// ids; one more than asked where there are more.
///
/// # Errors
/// When the rows cannot be read.
pub async fn cheerful_members(
    db: &impl ConnectionTrait,
    scope: &Scope,
    path: &str,
    after: Uuid,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    let quiet = Entity::find()
        .select_only()
        .column(Column::PersonId)
        .filter(Column::QuietAt.is_not_null())
        .into_query();
    membership::Entity::find()
        .select_only()
        .column(Member::PersonId)
        .filter(scope.reach(Member::OrgId))
        .filter(within(Member::OrgId, &[path.to_owned()]))
        .filter(Member::Kind.eq(MembershipKind::HomeBranch))
        .filter(Member::State.eq(MembershipState::Confirmed))
        .filter(Member::PersonId.gt(after))
        .filter(Member::PersonId.not_in_subquery(quiet))
        .order_by_asc(Member::PersonId)
        .limit(limit + 1)
        .into_tuple()
        .all(db)
        .await
        .step("read who may hear of something cheerful")
}
