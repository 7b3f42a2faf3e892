//! Facts on their way: recorded in the transaction that makes them true, handled later, at least once.

use ::entity::event;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

use crate::kernel::{Error, Fact};

use super::{AppState, db::Step};

/// Records facts in their order. The rows are the timeline and the outbox in one.
///
/// # Errors
/// When the rows cannot be written; the caller's transaction must then be dropped.
pub async fn record(
    tx: &impl ConnectionTrait,
    state: &AppState,
    facts: impl IntoIterator<Item = Fact>,
) -> Result<(), Error> {
    let at = state.clock.now();
    let rows: Vec<_> = facts
        .into_iter()
        .map(|fact| {
            let id = state.rng.id(at);
            event::ActiveModel {
                id: Set(id),
                kind: Set(fact.event.name().to_owned()),
                org_id: Set(fact.org_id),
                request_id: Set(fact.request_id),
                task_id: Set(fact.task_id),
                subject_id: Set(fact.subject_id),
                actor_id: Set(fact.actor_id),
                words: Set(fact.words.map(|w| state.crypto.seal("event.words", id, &w))),
                at: Set(at),
                handled_at: Set(None),
                attempts: Set(0),
            }
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    event::Entity::insert_many(rows).exec_without_returning(tx).await.step("record the facts")?;
    Ok(())
}
