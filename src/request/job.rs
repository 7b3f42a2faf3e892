//! What the timetable asks of requests: reports nobody answered, promises that are past.

use std::collections::BTreeMap;

use ::entity::{
    At, event,
    request::{Column, Entity, RequestState},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event},
    platform::db::Step,
};

use super::store;

/// Requests in reach whose report came in (from, until] and that still wait for an answer: request, org, report.
///
/// # Errors
/// When the database cannot be read.
pub async fn reported(
    db: &impl ConnectionTrait,
    scope: &Scope,
    from: At,
    until: At,
) -> Result<Vec<(Uuid, Uuid, At)>, Error> {
    let of_request: RelationDef =
        event::Entity::belongs_to(Entity).from(event::Column::RequestId).to(Column::Id).into();
    event::Entity::find()
        .select_only()
        .columns([Column::Id, Column::OrgId])
        .column(event::Column::At)
        .join(JoinType::InnerJoin, of_request)
        .filter(scope.reach(Column::OrgId))
        .filter(event::Column::Kind.eq(Event::RequestFulfilled.name()))
        .filter(event::Column::At.gt(from))
        .filter(event::Column::At.lte(until))
        .filter(Column::State.eq(RequestState::Fulfilled))
        .into_tuple()
        .all(db)
        .await
        .step("read reports without an answer")
}

/// Offices in reach with something past its promise by then, and since when the oldest is. Grouped here: asked to
/// group, SQLite reads the whole table in the order of orgs.
///
/// # Errors
/// When the database cannot be read.
pub async fn late_offices(
    db: &impl ConnectionTrait,
    scope: &Scope,
    by: At,
) -> Result<Vec<(Uuid, At)>, Error> {
    let late: Vec<(Uuid, At)> = Entity::find()
        .select_only()
        .columns([Column::OrgId, Column::DueAt])
        .filter(scope.reach(Column::OrgId))
        .filter(Column::DueAt.lte(by))
        .into_tuple()
        .all(db)
        .await
        .step("look where promises are past")?;
    let mut since: BTreeMap<Uuid, At> = BTreeMap::new();
    for (org_id, at) in late {
        since.entry(org_id).and_modify(|first| *first = at.min(*first)).or_insert(at);
    }
    Ok(since.into_iter().collect())
}

/// How many requests of one org are past their promise by then, for each who looks after them now: owners, or whoever
/// stands in for them; None: nobody owns these.
///
/// # Errors
/// When the database cannot be read.
pub async fn late_by_keeper(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (org_id, by): (Uuid, At),
    now: At,
) -> Result<BTreeMap<Option<Uuid>, u64>, Error> {
    let rows: Vec<(Option<Uuid>, i64)> = Entity::find()
        .select_only()
        .column(Column::OwnerId)
        .column_as(Column::Id.count(), "late")
        .filter(scope.reach(Column::OrgId))
        .filter(Column::OrgId.eq(org_id))
        .filter(Column::DueAt.lte(by))
        .group_by(Column::OwnerId)
        .into_tuple()
        .all(db)
        .await
        .step("count what is past its promise")?;
    let owners = rows.iter().filter_map(|(owner, _)| *owner).collect();
    let away = store::deputies(db, scope, owners, now).await?;
    let mut each = BTreeMap::new();
    for (owner, n) in rows {
        let deputy = away.iter().find(|away| Some(away.person_id) == owner);
        let keeper = deputy.map(|away| away.deputy_id).or(owner);
        *each.entry(keeper).or_default() += n.unsigned_abs();
    }
    Ok(each)
}
