//! 沉默办结: where nobody answers for as long as the org waits, a request is closed and shown as unconfirmed. A late
//! answer still counts.

use uuid::Uuid;

use crate::{identity::Scope, kernel::Error, platform::AppState};

use super::{
    change::{By, RequestError, apply},
    model::Command,
    store,
};

/// How many one round takes on.
const AT_ONCE: u64 = 100;

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silence {
    pub closed: usize,
    /// Could not be closed now, and will be tried again.
    pub failed: usize,
    /// There may be more.
    pub more: bool,
}

/// Closes what nobody has answered in time, one transaction each. It may run at any time and in several replicas.
///
/// # Errors
/// When the database cannot be read.
pub async fn close_silent(state: &AppState) -> Result<Silence, Error> {
    let now = state.clock.now();
    let ids = store::unanswered(state.db.read(), &Scope::house(), now, AT_ONCE).await?;
    let mut round = Silence { more: ids.len() as u64 == AT_ONCE, ..Silence::default() };
    for id in ids {
        match close(state, id).await {
            Ok(true) => round.closed += 1,
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(request.id = %id, %error, "a request was not closed by silence");
                round.failed += 1;
            }
        }
    }
    // What failed stands first again: do not run after it without a pause.
    round.more &= round.failed == 0;
    Ok(round)
}

/// Whether it was closed; an answer may have come first.
async fn close(state: &AppState, id: Uuid) -> Result<bool, Error> {
    let now = state.clock.now();
    let tx = state.db.write().await?;
    let row = store::locked(&tx, &Scope::house(), id).await?;
    let Some(row) = row.filter(|row| row.closes_at.is_some_and(|at| at <= now)) else {
        return Ok(false);
    };
    match apply(&tx, state, row, Command::CloseSilently, By::default()).await {
        Ok(_) => tx.commit().await.map(|()| true),
        Err(RequestError::NotNow(_) | RequestError::NotFound | RequestError::Held(_)) => Ok(false),
        Err(RequestError::Broken(error)) => Err(error),
    }
}
