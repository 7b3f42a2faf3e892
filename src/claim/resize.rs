//! 增减名额: the office changes how many seats there are, and those who wait are offered the new ones in the same
//! transaction.

use ::entity::task;
use uuid::Uuid;

use crate::{
    dispatch::{self, TaskError},
    identity::Dispatcher,
    platform::AppState,
};

use super::offers;

/// Changes the seats of a task.
///
/// # Errors
/// `NotFound`, `NotNow` once it is over, `BelowTaken`.
pub(super) async fn resize(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    slots: i32,
) -> Result<task::Model, TaskError> {
    let tx = state.db.write().await?;
    let task = dispatch::resize(&tx, state, &office.scope(), id, slots, office.id()).await?;
    let task = offers::fill(&tx, state, task).await?;
    tx.commit().await?;
    Ok(task)
}
