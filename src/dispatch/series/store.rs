//! Series of the offices a role reaches, and the dates they have come to.

use std::collections::{HashMap, HashSet};

use ::entity::{
    task_occurrence,
    task_series::{Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{LockType, OnConflict},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Day, Error},
    platform::{AppState, db::Step, http::page::newest_first},
};

/// A series of the scope's offices, locked until the transaction ends.
pub(super) async fn lock(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a series")
}

/// An org's series, newest first, one more than asked where there are more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let query = Entity::find().filter(scope.reach(Column::OrgId)).filter(Column::OrgId.eq(org_id));
    newest_first(query, Column::Id, after, limit).all(db).await.step("list series")
}

/// Series whose days ahead nobody has looked through today.
pub(super) async fn unseen(
    db: &impl ConnectionTrait,
    scope: &Scope,
    today: Day,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    let before =
        Condition::any().add(Column::SeenOn.is_null()).add(Column::SeenOn.lt(today.to_string()));
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(scope.reach(Column::OrgId))
        .filter(Column::Paused.eq(false))
        .filter(before)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
        .step("look for series to unfold")
}

/// The dates that series read by scope skip, in one query.
pub(super) async fn skipped(
    db: &impl ConnectionTrait,
    series: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, HashSet<String>>, Error> {
    use task_occurrence::Column as Date;
    let ids: Vec<_> = series.into_iter().collect();
    let mut skipped: HashMap<Uuid, HashSet<String>> = HashMap::new();
    if ids.is_empty() {
        return Ok(skipped);
    }
    let rows = task_occurrence::Entity::find()
        .filter(Date::SeriesId.is_in(ids))
        .filter(Date::TaskId.is_null())
        .all(db)
        .await
        .step("read the dates skipped")?;
    for row in rows {
        skipped.entry(row.series_id).or_default().insert(row.on_day);
    }
    Ok(skipped)
}

/// One date of a locked series.
pub(super) async fn occurrence(
    db: &impl ConnectionTrait,
    series: Uuid,
    day: Day,
) -> Result<Option<task_occurrence::Model>, Error> {
    let found = task_occurrence::Entity::find_by_id((series, day.to_string())).one(db).await;
    found.step("read a date of a series")
}

/// Takes a date for a task, or to skip it. False: it was taken before.
pub(super) async fn take(
    tx: &DatabaseTransaction,
    state: &AppState,
    series: Uuid,
    day: Day,
) -> Result<bool, Error> {
    let row = task_occurrence::ActiveModel {
        series_id: Set(series),
        on_day: Set(day.to_string()),
        task_id: Set(None),
        created_at: Set(state.clock.now()),
    };
    let taken = task_occurrence::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .step("take a date of a series")?;
    Ok(taken > 0)
}

/// Notes which task a date that was taken has become.
pub(super) async fn became(
    tx: &DatabaseTransaction,
    series: Uuid,
    day: Day,
    task_id: Uuid,
) -> Result<(), Error> {
    let row = task_occurrence::ActiveModel {
        series_id: Set(series),
        on_day: Set(day.to_string()),
        task_id: Set(Some(task_id)),
        ..Default::default()
    };
    task_occurrence::Entity::update(row).exec(tx).await.step("note the task of a date")?;
    Ok(())
}
