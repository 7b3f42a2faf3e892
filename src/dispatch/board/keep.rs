//! Keeping the board like SQL: after each fact about a task, and in rounds that compare what is with what should be.

use std::time::Duration;

use futures_util::future::join_all;
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

use super::{CHUNK, LIST_LIMIT, epoch_key, follow, pool_key, put_card};

/// How far back a round looks: well over the time between two rounds.
pub(super) const LOOK_BACK: Duration = Duration::from_secs(60);
/// Cards written at once.
const AT_ONCE: usize = 16;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Everything was written anew.
    pub rebuilt: bool,
    pub cards: usize,
}

/// Shows the present state of some tasks; best effort, the next round repairs what failed.
pub async fn show(state: &AppState, ids: Vec<Uuid>) -> Result<(), Error> {
    let Some(redis) = &state.redis else { return Ok(()) };
    let tasks = store::by_ids(state.db.read(), &Scope::house(), ids).await?;
    let cards = cards(state.db.read(), &tasks).await?;
    write(state, redis, &cards).await;
    follow::tell(redis, cards).await;
    Ok(())
}

/// One round: rebuilds the board where it was lost or Redis was away, else repeats what changed lately.
///
/// # Errors
/// When SQL cannot be read. Redis may fail; the next round tries again.
pub async fn settle(state: &AppState) -> Result<Settled, Error> {
    let Some(redis) = &state.redis else { return Ok(Settled::default()) };
    let mut ask = pipe();
    ask.exists(epoch_key(redis));
    let Some((known,)) = redis.run::<(bool,)>(&ask).await else { return Ok(Settled::default()) };
    let rebuild = redis.take_lost() || !known;
    let (db, house, now) = (state.db.read(), Scope::house(), state.clock.now());
    let (mut shown, mut written, mut after) = (0, true, None);
    loop {
        let tasks = if rebuild {
            // Those that were called off too: Redis may be back in a state in which they were open.
            store::unexpired(db, &house, now, after, CHUNK).await?
        } else {
            store::changed_since(db, &house, now.minus(LOOK_BACK)).await?
        };
        after = tasks.last().map(|task| task.id).filter(|_| rebuild);
        let cards = cards(db, &tasks).await?;
        shown += cards.len();
        written &= write(state, redis, &cards).await;
        if after.is_none() || !written {
            break;
        }
    }
    if rebuild && written {
        let epoch = state.rng.code(12);
        let mut set = pipe();
        set.set(epoch_key(redis), epoch).ignore();
        redis.run::<()>(&set).await;
        tracing::info!(board.cards = shown, "the board was rebuilt from SQL");
    } else if rebuild {
        redis.note_loss();
    }
    metrics::counter!("linli_board_rounds_total", "rebuilt" => rebuild.to_string()).increment(1);
    Ok(Settled { rebuilt: rebuild && written, cards: shown })
}

/// Writes cards, then their places in the pools. False: Redis failed somewhere.
async fn write(state: &AppState, redis: &Redis, cards: &[Card]) -> bool {
    for some in cards.chunks(AT_ONCE) {
        let shown = some.iter().filter(|card| !card.named);
        let puts: Vec<_> = shown.map(|card| put_card(redis, card)).collect();
        if join_all(puts).await.contains(&None) {
            return false;
        }
    }
    let now = state.clock.now();
    for chunk in cards.chunks(usize::try_from(LIST_LIMIT).unwrap_or(usize::MAX)) {
        let mut places = pipe();
        for card in chunk {
            let (offered, id) = (card.is_offered(now), card.id.simple().to_string());
            for pool in card.pools().map(|org| pool_key(redis, org)) {
                // What is for named people is shown to nobody else: they find it in SQL.
                if offered && !card.named {
                    places.zadd(&pool, &id, card.claim_until.ms()).ignore();
                } else {
                    places.zrem(&pool, &id).ignore();
                }
                places.zrembyscore(&pool, "-inf", now.ms()).ignore();
            }
        }
        if redis.run::<()>(&places).await.is_none() {
            return false;
        }
    }
    true
}
