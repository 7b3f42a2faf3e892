//! The check-in code of a task: made with it, renewed when it got about.

use ::entity::task::{ActiveModel, Model, TaskState};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Event,
    platform::{AppState, db::Step, outbox},
};

use super::{
    change::{TaskError, fact},
    model::{Command, NotNow},
    store,
};

/// How many signs a code has.
pub(super) const SIGNS: usize = 8;

/// Gives a task that is not over a new code; the old one is worth nothing from then on.
///
/// # Errors
/// `NotFound` outside the scope; `NotNow` once the work was reported.
pub async fn renew_code(
    state: &AppState,
    scope: &Scope,
    id: Uuid,
    actor: Uuid,
) -> Result<Model, TaskError> {
    let tx = state.db.write().await?;
    let task = store::lock(&tx, scope, id).await?.ok_or(TaskError::NotFound)?;
    if !matches!(task.state, TaskState::Draft | TaskState::Open) {
        return Err(TaskError::NotNow(NotNow { state: task.state, command: Command::Resize }));
    }
    let ver = task.ver + 1;
    let mut row: ActiveModel = task.into();
    row.check_in_code = Set(state.rng.code(SIGNS));
    row.ver = Set(ver);
    row.updated_at = Set(state.clock.now());
    let task = row.update(&*tx).await.step("renew the code")?;
    let renewed = fact(&task, Event::TaskCodeRenewed, Some(actor), None);
    outbox::record(&*tx, state, [renewed]).await?;
    tx.commit().await?;
    Ok(task)
}
