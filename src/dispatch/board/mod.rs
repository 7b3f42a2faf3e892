//! 任务池: the board in Redis that makes a phone's list fast. It shows and never grants; losing all of it costs
//! speed alone.
//!
//! | key | type | content | rebuilt from |
//! | --- | --- | --- | --- |
//! | `linli:{o<org>}:open` | ZSET | ids of open tasks in the org's pool, score = when claiming ends, ms | one query |
//! | `linli:card:<task>` | STRING, 1 h | `version\|JSON` of the public card; a newer version is never overwritten | one row |
//! | `linli:epoch` | STRING | set by a rebuild; missing: the pools cannot be trusted | – |
//!
//! Membership of a pool is a hint: a reader drops cards that are no longer offered, and reads missing ones from SQL.
//!
//! What is near is answered by each replica itself (`grid`), which hears of every changed card on `linli:board`.

mod follow;
mod grid;
mod keep;
mod read;

use std::sync::LazyLock;

use redis::Script;
use uuid::Uuid;

use crate::platform::redis::Redis;

use super::view::Card;

pub use follow::follow;
pub use grid::{Grid, Near, Rank};
pub use keep::{Settled, settle, show};
pub use read::{by_name, offered};

/// Most cards one list is made from.
const LIST_LIMIT: u64 = 500;
/// Tasks read at once where all are.
const CHUNK: u64 = 1000;
/// Life of a card, seconds.
const CARD_LIFE: u64 = 3600;

static PUT_CARD: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/put_card.lua")));

fn pool_key(redis: &Redis, org: Uuid) -> String {
    redis.key(&format!("{{o{}}}:open", org.simple()))
}

fn card_key(redis: &Redis, task: Uuid) -> String {
    redis.key(&format!("card:{}", task.simple()))
}

fn epoch_key(redis: &Redis) -> String {
    redis.key("epoch")
}

/// What `put_card.lua` replied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Put {
    Written,
    NewerStays,
}

async fn put_card(redis: &Redis, card: &Card) -> Option<Put> {
    let json = serde_json::to_string(card).ok()?;
    let mut call = PUT_CARD.prepare_invoke();
    call.key(card_key(redis, card.id)).arg(card.ver).arg(json).arg(CARD_LIFE);
    let reply: i64 = redis.script(&call).await?;
    Some(if reply == 1 { Put::Written } else { Put::NewerStays })
}

/// The card in a stored value.
fn parse(value: &str) -> Option<Card> {
    serde_json::from_str(value.split_once('|')?.1).ok()
}
