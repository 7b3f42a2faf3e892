//! Reading the board: the union of the pools of one's orgs and of all orgs above them; SQL where Redis is away.

use redis::pipe;
use uuid::Uuid;

use crate::{
    dispatch::{
        store,
        view::{Card, cards},
    },
    identity::Scope,
    kernel::Error,
    platform::{AppState, redis::Redis},
};

use super::{LIST_LIMIT, card_key, epoch_key, parse, pool_key};

/// What is offered in the pools of `rings` (the same that the scope reaches), soonest first.
///
/// # Errors
/// When SQL is needed and cannot be read.
pub async fn offered(state: &AppState, scope: &Scope, rings: &[Uuid]) -> Result<Vec<Card>, Error> {
    let now = state.clock.now();
    let from_redis = match &state.redis {
        Some(redis) => from_redis(state, redis, scope, rings).await?,
        None => None,
    };
    let source = if from_redis.is_some() { "redis" } else { "sql" };
    metrics::counter!("linli_board_reads_total", "source" => source).increment(1);
    let mut found = match from_redis {
        Some(found) => found,
        None => {
            let tasks = store::open(state.db.read(), scope, now, LIST_LIMIT).await?;
            cards(state.db.read(), &tasks).await?
        }
    };
    found.retain(|card| !card.named && card.is_offered(now) && card.is_within(rings));
    found.sort_by_key(|card| (card.starts_at, card.id));
    Ok(found)
}

/// What is offered to the caller by name. It stands on no board.
///
/// # Errors
/// When SQL cannot be read.
pub async fn by_name(state: &AppState, scope: &Scope, rings: &[Uuid]) -> Result<Vec<Card>, Error> {
    let db = state.db.read();
    let tasks = store::open_by_name(db, scope, state.clock.now(), LIST_LIMIT).await?;
    let mut found = cards(db, &tasks).await?;
    found.retain(|card| card.is_within(rings));
    Ok(found)
}

/// None: Redis is away or was emptied.
async fn from_redis(
    state: &AppState,
    redis: &Redis,
    scope: &Scope,
    rings: &[Uuid],
) -> Result<Option<Vec<Card>>, Error> {
    if rings.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let mut ask = pipe();
    ask.exists(epoch_key(redis));
    for ring in rings {
        let from = format!("({}", state.clock.now().ms());
        ask.zrangebyscore_limit(
            pool_key(redis, *ring),
            from,
            "+inf",
            0,
            isize::try_from(LIST_LIMIT).unwrap_or(isize::MAX),
        );
    }
    let Some(mut replies) = redis.run::<Vec<redis::Value>>(&ask).await else { return Ok(None) };
    let known: bool = redis::from_redis_value(replies.remove(0)).unwrap_or(false);
    if !known {
        return Ok(None);
    }
    let ids = replies
        .into_iter()
        .flat_map(|reply| redis::from_redis_value::<Vec<String>>(reply).unwrap_or_default());
    let mut ids: Vec<Uuid> = ids.filter_map(|id| id.parse().ok()).collect();
    // A task others borrow for stands in several pools.
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let mut get = pipe();
    get.mget(ids.iter().map(|id| card_key(redis, *id)).collect::<Vec<_>>());
    let Some((values,)) = redis.run::<(Vec<Option<String>>,)>(&get).await else { return Ok(None) };
    let mut found = Vec::with_capacity(ids.len());
    let mut missing = Vec::new();
    for (id, value) in ids.into_iter().zip(values) {
        match value.as_deref().and_then(parse) {
            Some(card) => found.push(card),
            None => missing.push(id),
        }
    }
    if !missing.is_empty() {
        let tasks = store::by_ids(state.db.read(), scope, missing).await?;
        found.extend(cards(state.db.read(), &tasks).await?);
    }
    Ok(Some(found))
}
