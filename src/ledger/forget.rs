//! Somebody leaves the neighbourhood: what waited for a decision about their hours and points is not decided any more.
//! What stands in the ledger stays, so that every sum does.

use ::entity::{
    hours_correction, points_proposal,
    proposal::ProposalState::{Pending, Refused},
    star_appeal,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, Tx, db::Step},
};

/// Ends what is pending about a person, as not approved.
///
/// # Errors
/// When it cannot be stored.
pub async fn forget(tx: &Tx, state: &AppState, person: Uuid) -> Result<(), Error> {
    let now = state.clock.now();
    hours_correction::Entity::update_many()
        .col_expr(hours_correction::Column::State, Expr::value(Refused))
        .col_expr(hours_correction::Column::DecidedAt, Expr::value(now))
        .filter(hours_correction::Column::PersonId.eq(person))
        .filter(hours_correction::Column::State.eq(Pending))
        .exec(&**tx)
        .await
        .step("end the corrections that wait")?;
    points_proposal::Entity::update_many()
        .col_expr(points_proposal::Column::State, Expr::value(Refused))
        .col_expr(points_proposal::Column::DecidedAt, Expr::value(now))
        .filter(points_proposal::Column::PersonId.eq(person))
        .filter(points_proposal::Column::State.eq(Pending))
        .exec(&**tx)
        .await
        .step("end the proposals that wait")?;
    star_appeal::Entity::update_many()
        .col_expr(star_appeal::Column::State, Expr::value(Refused))
        .col_expr(star_appeal::Column::DecidedAt, Expr::value(now))
        .filter(star_appeal::Column::PersonId.eq(person))
        .filter(star_appeal::Column::State.eq(Pending))
        .exec(&**tx)
        .await
        .step("end the appeals that wait")?;
    Ok(())
}
