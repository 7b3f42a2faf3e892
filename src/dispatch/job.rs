//! What the timetable asks of tasks.

use ::entity::{
    At,
    task::{Column, Entity, TaskState},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{identity::Scope, kernel::Error, platform::db::Step};

/// Open tasks in reach that start in (from, until]: task, org, start.
///
/// # Errors
/// When the database cannot be read.
pub async fn starting(
    db: &impl ConnectionTrait,
    scope: &Scope,
    from: At,
    until: At,
) -> Result<Vec<(Uuid, Uuid, At)>, Error> {
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::OrgId, Column::StartsAt])
        .filter(scope.reach(Column::OrgId))
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::StartsAt.gt(from))
        .filter(Column::StartsAt.lte(until))
        .into_tuple()
        .all(db)
        .await
        .step("read what starts soon")
}
