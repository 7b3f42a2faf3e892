//! Records an earlier version of the program wrote have no fingerprints of their dates, or old ones: they get them,
//! a few at a time. A record's `indexed_at` says for which of its changes they are.

use ::entity::party_record::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::party::PartyFacts;

const FEW: u64 = 200;

/// One round; how many were mended, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn reindex(state: &AppState) -> Result<usize, Error> {
    let behind = Condition::any()
        .add(Column::IndexedAt.is_null())
        .add(Expr::col(Column::IndexedAt).lt(Expr::col(Column::UpdatedAt)));
    let tx = state.db.write().await?;
    let found = Entity::find().filter(behind).order_by_asc(Column::PersonId).limit(FEW);
    let rows =
        found.lock_exclusive().all(&*tx).await.step("look for dates without fingerprints")?;
    let count = rows.len();
    for Model { person_id, facts, updated_at, .. } in rows {
        // What no key opens any more has no dates; one such record must not stop the others.
        let facts = PartyFacts::open(state, person_id, &facts).unwrap_or_else(|error| {
            tracing::warn!(person.id = %person_id, step = error.step, "a party record does not open");
            PartyFacts::default()
        });
        let mut row = facts.row(state, person_id)?;
        row.indexed_at = Set(Some(updated_at));
        (row.facts, row.updated_at) = (NotSet, NotSet);
        row.update(&*tx).await.step("fingerprint dates")?;
    }
    tx.commit().await?;
    Ok(count)
}
