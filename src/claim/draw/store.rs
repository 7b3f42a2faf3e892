//! Who signed up for a draw.

use ::entity::draw_entry::{Column, Entity, Model};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{identity::Scope, kernel::Error, platform::db::Step};

/// All of a task that was read by scope, by number.
pub(super) async fn of_task(
    db: &impl ConnectionTrait,
    _task: &Scope,
    task_id: Uuid,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(Column::TaskId.eq(task_id))
        .order_by_asc(Column::Number)
        .all(db)
        .await
        .step("read who signed up")
}

/// One's own entry.
pub(super) async fn own(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
) -> Result<Option<Model>, Error> {
    let found =
        Entity::find().filter(Column::TaskId.eq(task_id)).filter(scope.own(Column::PersonId));
    found.one(db).await.step("read one's entry")
}

/// One's own entries that are not drawn yet, by the id of the task.
pub(super) async fn undrawn(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(scope.own(Column::PersonId))
        .filter(Column::Place.is_null())
        .order_by_asc(Column::TaskId)
        .all(db)
        .await
        .step("read what one signed up for")
}

/// The number that was given last; the task is locked.
pub(super) async fn last_number(
    db: &impl ConnectionTrait,
    _task: &Scope,
    task_id: Uuid,
) -> Result<i32, Error> {
    let last: Option<i32> = Entity::find()
        .select_only()
        .column(Column::Number)
        .filter(Column::TaskId.eq(task_id))
        .order_by_desc(Column::Number)
        .into_tuple()
        .one(db)
        .await
        .step("read the last number")?;
    Ok(last.unwrap_or(0))
}
