//! 一次点击: the gate before, the transaction, and the gate told afterwards what came of it.

use uuid::Uuid;

use crate::{
    dispatch,
    identity::Resident,
    platform::{
        AppState,
        crypto::sha256_b64,
        http::{Answer, RetryKey},
    },
};

use super::{
    gate::{self, Attempt, Reply},
    grant::GrantError,
    refusal::Refusal,
    writer::Writer,
};

/// Takes a seat of a task for the caller.
///
/// # Errors
/// What the gate refuses, and what `Writer::claim` does.
pub(super) async fn claim(
    state: &AppState,
    writer: &Writer,
    me: &Resident,
    task: Uuid,
    key: &RetryKey,
    attempt: Attempt,
) -> Result<Answer, GrantError> {
    let token = gate::token(state, me.id(), key.as_str());
    if attempt.is_first {
        if let Some(refusal) = gate::sign::reads(state, me, task) {
            return Err(GrantError::Refused(refusal));
        }
        pass(state, me, task, &token).await?;
    }
    let outcome = writer.claim(state, me, task, key, &sha256_b64(b"")).await;
    let told = match &outcome {
        Ok((_, Some(task))) => gate::settle(state, std::slice::from_ref(task), Some(&token)).await,
        Err(GrantError::Refused(Refusal::TaskFull | Refusal::TaskClosed)) => {
            gate::settle_anew(state, task, &token, true).await
        }
        Ok((_, None)) | Err(_) => gate::settle_anew(state, task, &token, false).await,
    };
    if let Err(error) = told {
        // What was granted stays granted; the next round tells the gate.
        tracing::warn!(%error, "the gate was not told");
    }
    outcome.map(|(answer, _)| answer)
}

/// Passes the gate. A refusal is for those alone who may know of the task.
async fn pass(state: &AppState, me: &Resident, task: Uuid, token: &str) -> Result<(), GrantError> {
    let refusal = match gate::enter(state, task, me.id(), token).await {
        Reply::Miss | Reply::Pass => return Ok(()),
        Reply::Closed => GrantError::Refused(Refusal::TaskClosed),
        Reply::Full => GrantError::Refused(Refusal::TaskFull),
        Reply::Busy => GrantError::TryAgain,
    };
    let known = dispatch::find(state.claims.read(), &me.scope(), task).await?;
    let Some(known) = known else { return Err(GrantError::NotFound) };
    if matches!(refusal, GrantError::Refused(_)) {
        match gate::sign::hang(state, &known).await {
            // Who has a seat is told so, by the database.
            Ok(()) if gate::sign::lets_by(state, me, task) => return Ok(()),
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "no sign could be hung"),
        }
    }
    Err(refusal)
}
