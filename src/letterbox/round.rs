//! Takes what is due from the shelf and sees to it, each in a transaction of its own with the mark that it was seen to.
//! Any number of replicas may do so: what one has locked the others skip.

use uuid::Uuid;

use crate::{
    dispatch::board,
    kernel::Error,
    loops::Report,
    platform::{AppState, wechat::push::PushEvent},
    pushed,
};

use super::shelf;

/// Pushes looked at in one round.
const ROUND: u64 = 100;

/// One round.
///
/// # Errors
/// When the shelf itself cannot be read or marked; a push that fails is counted and put off.
pub async fn look(state: &AppState) -> Result<Report, Error> {
    let due = shelf::waiting(state, ROUND).await?;
    let mut report = Report { more: due.len() as u64 == ROUND, ..Report::default() };
    for id in due {
        match see_to(state, id).await {
            Ok(()) => report.handled += 1,
            Err(error) => {
                tracing::error!(push.id = %id, %error, "a push of WeChat's could not be seen to");
                put_off(state, id).await?;
                report.failed += 1;
            }
        }
    }
    metrics::counter!("linli_wechat_pushes_failed_total").increment(report.failed as u64);
    Ok(report)
}

async fn see_to(state: &AppState, id: Uuid) -> Result<(), Error> {
    let tx = state.db.write().await?;
    let Some(push) = shelf::lock(&tx, id).await? else { return Ok(()) };
    let event = PushEvent::from(&shelf::told(state, &push)?);
    let cards = pushed::follow(&tx, state, &push, event).await?;
    shelf::done(&tx, push, state.clock.now()).await?;
    tx.commit().await?;
    board::show(state, cards).await
}

async fn put_off(state: &AppState, id: Uuid) -> Result<(), Error> {
    let tx = state.db.write().await?;
    shelf::put_off(&tx, id, state.clock.now()).await?;
    tx.commit().await
}
