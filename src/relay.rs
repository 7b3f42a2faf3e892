//! The event relay: takes facts nobody has reacted to, in rounds without input, and sees to what follows.
//!
//! Any number of replicas may run it: a fact is locked while it is handled and skipped by the others. A reaction
//! that fails is tried again in later rounds, after those that have failed less often, so one bad fact never
//! stops the rest.

use ::entity::event::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType},
};

use crate::{
    claim::gate,
    dispatch::board,
    kernel::{Error, Event},
    live,
    platform::{AppState, Db, db::Step},
    reactions,
};

/// Facts looked at in one round.
const ROUND: u64 = 200;
/// After that many failures a fact waits for a person; `linli doctor` and the gauge tell.
const TRIES: i32 = 20;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Relayed {
    pub handled: usize,
    pub failed: usize,
    /// There is more to do at once.
    pub more: bool,
}

/// One round.
///
/// # Errors
/// When the outbox itself cannot be read or marked; a failing reaction is counted, not returned.
pub async fn relay(state: &AppState) -> Result<Relayed, Error> {
    let waiting = Entity::find()
        .filter(Column::HandledAt.is_null())
        .filter(Column::Attempts.lt(TRIES))
        .order_by_asc(Column::Attempts)
        .order_by_asc(Column::Id)
        .limit(ROUND)
        .all(state.db.read())
        .await
        .step("read the outbox")?;
    let more = waiting.len() as u64 == ROUND;
    let mut tasks: Vec<_> = waiting.iter().filter_map(|fact| fact.task_id).collect();
    tasks.sort_unstable();
    tasks.dedup();

    let news = match &state.redis {
        Some(_) => live::told(state.db.read(), &waiting).await?,
        // Replicas without Redis look into the facts themselves.
        None => Vec::new(),
    };
    let quiet = |fact: &Model| !Event::named(&fact.kind).is_some_and(reactions::matters);
    let (quiet, busy): (Vec<_>, Vec<_>) = waiting.into_iter().partition(quiet);
    let mut done = Relayed { handled: quiet.len(), failed: 0, more };
    mark(state, &quiet).await?;
    for fact in busy {
        match handle(state, &fact).await {
            Ok(()) => done.handled += 1,
            Err(error) => {
                done.failed += 1;
                tracing::error!(event.id = %fact.id, event.kind = fact.kind, %error, "a reaction failed");
                count_failure(state, &fact).await?;
            }
        }
    }
    gate::show(state, tasks.clone()).await?;
    board::show(state, tasks).await?;
    if let Some(redis) = &state.redis {
        let news = news.iter().filter_map(|told| serde_json::to_string(told).ok());
        redis.say(live::CHANNEL, &news.collect::<Vec<_>>()).await;
    }
    metrics::counter!("linli_facts_handled_total").increment(done.handled as u64);
    metrics::counter!("linli_facts_failed_total").increment(done.failed as u64);
    Ok(done)
}

/// Facts from which nothing follows in the database are marked together.
async fn mark(state: &AppState, facts: &[Model]) -> Result<(), Error> {
    if facts.is_empty() {
        return Ok(());
    }
    let tx = state.db.write().await?;
    Entity::update_many()
        .col_expr(Column::HandledAt, Expr::value(state.clock.now()))
        .filter(Column::Id.is_in(facts.iter().map(|fact| fact.id)))
        .exec(&*tx)
        .await
        .step("mark the facts")?;
    tx.commit().await
}

/// One fact: its reaction and its mark, in one transaction. Nothing where another replica has it.
async fn handle(state: &AppState, fact: &Model) -> Result<(), Error> {
    let tx = state.db.write().await?;
    let held = Entity::find_by_id(fact.id)
        .filter(Column::HandledAt.is_null())
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&*tx)
        .await
        .step("lock a fact")?;
    let Some(held) = held else { return Ok(()) };
    reactions::react(&tx, state, &held).await?;
    let mut row: ActiveModel = held.into();
    row.handled_at = Set(Some(state.clock.now()));
    row.update(&*tx).await.step("mark a fact")?;
    tx.commit().await
}

/// How many facts wait for a person.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn stuck(db: &Db) -> Result<u64, Error> {
    let stuck = Entity::find()
        .filter(Column::HandledAt.is_null())
        .filter(Column::Attempts.gte(TRIES))
        .count(db.read())
        .await;
    stuck.step("count stuck facts")
}

async fn count_failure(state: &AppState, fact: &Model) -> Result<(), Error> {
    let tx = state.db.write().await?;
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(fact.id))
        .exec(&*tx)
        .await
        .step("count a failure")?;
    tx.commit().await
}
