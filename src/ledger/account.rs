//! What a person has: points by month, all together, and entry by entry.

use ::entity::{
    points_entry::{Column, Entity, Model},
    points_rule::PointsKind,
};
use sea_orm::{
    ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

use super::points::total;

/// Points of a month on one account.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct MonthSum {
    pub period: String,
    pub kind: PointsKind,
    pub amount: i64,
}

/// Months told back at once, three accounts each.
const SUMS: u64 = 36 * 3;

/// A person's points by month and kind, the newest month first.
pub(super) async fn months(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<MonthSum>, Error> {
    Entity::find()
        .select_only()
        .columns([Column::Period, Column::Kind])
        .column_as(total(), "amount")
        .filter(scope.own(Column::PersonId))
        .group_by(Column::Period)
        .group_by(Column::Kind)
        .order_by_desc(Column::Period)
        .order_by_asc(Column::Kind)
        .limit(SUMS)
        .into_model()
        .all(db)
        .await
        .step("sum the points by month")
}

/// All points of a person, every account together.
pub(super) async fn earned(db: &impl ConnectionTrait, scope: &Scope) -> Result<i64, Error> {
    let sum: Option<Option<i64>> = Entity::find()
        .select_only()
        .column_as(total(), "amount")
        .filter(scope.own(Column::PersonId))
        .into_tuple()
        .one(db)
        .await
        .step("sum the points")?;
    Ok(sum.flatten().unwrap_or(0))
}

/// A page of a person's entries, newest first, one more than asked where there are more.
pub(super) async fn entries(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let query = Entity::find().filter(scope.own(Column::PersonId));
    let page = newest_first(query, Column::Id, after, limit);
    page.all(db).await.step("list the points")
}
