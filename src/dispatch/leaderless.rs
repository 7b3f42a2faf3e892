//! Whoever led is gone: the office and those who hold a seat hear that somebody else has to.

use ::entity::task::{Column, Entity, TaskState};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{AppState, Tx, db::Step},
};

use super::{
    change::{TaskError, apply},
    model::Command,
    store,
};

/// The tasks somebody leads that are not over, in the order of their ids.
///
/// # Errors
/// When they cannot be read.
pub async fn led(db: &impl ConnectionTrait, own: &Scope) -> Result<Vec<Uuid>, Error> {
    let led = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(own.own(Column::LeadId))
        .filter(Column::State.is_in([TaskState::Draft, TaskState::Open]))
        .order_by_asc(Column::Id);
    led.into_tuple().all(db).await.step("read the tasks one leads")
}

/// Whoever led these tasks is gone: nobody does until the office names somebody.
///
/// # Errors
/// When it cannot be stored.
pub async fn stop_leading(tx: &Tx, state: &AppState, own: &Scope) -> Result<(), Error> {
    for id in led(&**tx, own).await? {
        let Some(task) = store::lock(tx, &Scope::house(), id).await? else { continue };
        let (rev, by) = (task.rev, (None, Some("负责人有更新".to_owned())));
        let changed = apply(tx, state, task, Command::Change, by, |row| {
            row.lead_id = Set(None);
            row.rev = Set(rev + 1);
        });
        // Over meanwhile: nothing to lead.
        if let Err(TaskError::Broken(error)) = changed.await {
            return Err(error);
        }
    }
    Ok(())
}
