//! Checking out for oneself.

use ::entity::{
    claim::{ClaimState, Model},
    task,
};
use uuid::Uuid;

use crate::{identity::Resident, platform::AppState};

use super::{PresenceError, leave, locked};

/// Checks out. Only presence within the window counts, however late this is; once out, asking again changes nothing.
///
/// # Errors
/// `WrongState` without a check-in.
pub async fn check_out(
    state: &AppState,
    me: &Resident,
    id: Uuid,
) -> Result<(Model, task::Model), PresenceError> {
    let tx = state.db.write().await?;
    let (claim, task) = locked(&tx, me, id).await?;
    match claim.state {
        ClaimState::CheckedOut => return Ok((claim, task)),
        ClaimState::CheckedIn => {}
        other => return Err(PresenceError::WrongState(other)),
    }
    let claim = leave(&tx, state, &task, claim, me.id()).await?;
    tx.commit().await?;
    Ok((claim, task))
}
