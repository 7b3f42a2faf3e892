//! 门: in Redis, in front of the database. It sends away who would find nothing there, and lets few more in than there
//! are seats. It never grants: who passes is judged by the transaction like everybody else, and where Redis is away all
//! pass.
//!
//! | key | type | content | rebuilt from |
//! | --- | --- | --- | --- |
//! | `linli:{t<task>}:gate` | HASH, 15 s, prolonged by news alone | `ver, taken, slots, state, until, kept` | one row |
//! | `linli:{t<task>}:tickets` | ZSET | attempts that are inside, score = when each ends | empty is correct |
//!
//! Three rules hold it together (`docs/claims-model.md`): only first attempts are asked to stop, so that a retry finds
//! its stored answer; for whom a seat is kept passes; a newer version of the task is never overwritten by an older one.
//! What Redis keeps of attempts and people is blinded.
//!
//! In front of it hangs this process's own sign (`sign`), for a second: a crowd at a full task is answered from memory.

mod attempt;
pub(super) mod sign;

use std::{sync::LazyLock, time::Duration};

use ::entity::{
    offer::OfferKind,
    task::{self, TaskState},
};
use redis::Script;
use uuid::Uuid;

use crate::{
    dispatch,
    identity::Scope,
    kernel::Error,
    platform::{AppState, redis::Redis},
};

use super::queue;

pub use attempt::Attempt;

/// A claim does not wait longer for Redis.
const DEADLINE: Duration = Duration::from_millis(50);
/// How long the gate is believed without news.
const LIFE: Duration = Duration::from_secs(15);
/// How long an attempt counts as inside that never settles: its process died.
const TICKET: Duration = Duration::from_secs(5);
/// So many more than there are free seats may be inside: some of them turn out to be refused.
const MARGIN: usize = 16;
/// How far back a round looks: well over the time between two rounds.
pub(super) const LOOK_BACK: Duration = Duration::from_secs(60);

/// `settle.lua` replies it where the gate said of the same version what is not so.
const MENDED: i64 = 2;

static ENTER: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/enter.lua")));
static SETTLE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/settle.lua")));

/// What `enter.lua` replied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    /// There is no gate, no Redis, or it took too long.
    Miss,
    Closed,
    Full,
    /// There are free seats, and enough people inside who want them.
    Busy,
    Pass,
}

impl Reply {
    fn name(self) -> &'static str {
        match self {
            Self::Miss => "miss",
            Self::Closed => "closed",
            Self::Full => "full",
            Self::Busy => "busy",
            Self::Pass => "pass",
        }
    }
}

fn gate_key(redis: &Redis, task: Uuid) -> String {
    redis.key(&format!("{{t{}}}:gate", task.simple()))
}

fn tickets_key(redis: &Redis, task: Uuid) -> String {
    redis.key(&format!("{{t{}}}:tickets", task.simple()))
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn person(state: &AppState, who: Uuid) -> String {
    state.crypto.blind_index("gate.person", &who.to_string())
}

/// The attempt of a person with a key, as Redis knows it: the same again is the same attempt.
pub(super) fn token(state: &AppState, who: Uuid, key: &str) -> String {
    state.crypto.blind_index("gate.attempt", &format!("{who}|{key}"))
}

/// Asks the gate for a first attempt.
pub(super) async fn enter(state: &AppState, task: Uuid, who: Uuid, token: &str) -> Reply {
    let reply = match &state.redis {
        Some(redis) => {
            let mut call = ENTER.prepare_invoke();
            call.key(gate_key(redis, task)).key(tickets_key(redis, task));
            call.arg(token).arg(person(state, who)).arg(state.clock.now().ms());
            call.arg(MARGIN).arg(ms(TICKET));
            redis.script_within(&call, DEADLINE).await.map_or(Reply::Miss, named)
        }
        None => Reply::Miss,
    };
    metrics::counter!("linli_gate_total", "reply" => reply.name()).increment(1);
    reply
}

fn named(reply: i64) -> Reply {
    match reply {
        1 => Reply::Closed,
        2 => Reply::Full,
        3 => Reply::Busy,
        4 => Reply::Pass,
        _ => Reply::Miss,
    }
}

/// Shows the gates of tasks what was just committed, and gives an attempt's ticket back. Best effort: what is lost, the
/// next round repairs, and what is wrong ends by itself.
///
/// # Errors
/// When it cannot be read for whom seats are kept.
pub(super) async fn settle(
    state: &AppState,
    tasks: &[task::Model],
    token: Option<&str>,
) -> Result<(), Error> {
    for task in tasks {
        state.signs.heard(task.id, task.ver);
    }
    let Some(redis) = state.redis.as_ref().filter(|redis| !redis.is_resting()) else {
        return Ok(());
    };
    let keeping = tasks.iter().filter(|task| task.held > 0).map(|task| task.id).collect();
    let offers = queue::live_of_tasks(state.db.read(), &Scope::house(), keeping).await?;
    for task in tasks {
        let kept = offers.iter().filter(|offer| offer.task_id == task.id);
        let kept = kept.filter(|offer| offer.kind != OfferKind::HandOver);
        let kept: Vec<_> = kept.map(|offer| person(state, offer.person_id)).collect();
        let shown = if task.state == TaskState::Open { "open" } else { "closed" };
        let mut call = SETTLE.prepare_invoke();
        call.key(gate_key(redis, task.id)).key(tickets_key(redis, task.id));
        call.arg(token.unwrap_or_default()).arg(task.ver);
        call.arg(task.used + task.held).arg(task.slots).arg(shown);
        call.arg(task.claim_until.ms()).arg(kept.join(" ")).arg(ms(LIFE));
        let written: Option<i64> = redis.script_within(&call, DEADLINE).await;
        match written {
            None => metrics::counter!("linli_gate_settles_lost_total").increment(1),
            Some(MENDED) => {
                tracing::error!(task.id = %task.id, task.ver, "a gate said what the database does not");
                metrics::counter!("linli_gate_wrong_total").increment(1);
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The same for an attempt that got nothing, with the task as it is now; `closed`: the database said there is nothing left.
///
/// # Errors
/// When the task cannot be read.
pub(super) async fn settle_anew(
    state: &AppState,
    task: Uuid,
    token: &str,
    closed: bool,
) -> Result<(), Error> {
    if state.redis.is_none() && !(closed && state.signs.read(task).is_none_or(|read| !read.is_sure))
    {
        return Ok(());
    }
    let task = dispatch::find(state.claims.read(), &Scope::house(), task).await?;
    settle(state, task.as_slice(), Some(token)).await?;
    match task.filter(|_| closed) {
        Some(task) => sign::hang(state, &task).await,
        None => Ok(()),
    }
}

/// Shows the gates of some tasks what became of them: after facts.
///
/// # Errors
/// When the tasks cannot be read.
pub async fn show(state: &AppState, ids: Vec<Uuid>) -> Result<(), Error> {
    for id in &ids {
        state.signs.take_down(*id);
    }
    if state.redis.is_none() {
        return Ok(());
    }
    let tasks = dispatch::by_ids(state.db.read(), &Scope::house(), ids).await?;
    settle(state, &tasks, None).await
}

/// One round: the gates of tasks that changed lately. Says how many it looked at. A gate that says of the same version
/// what the database does not is counted as `linli_gate_wrong_total`, and mended.
///
/// # Errors
/// When the tasks cannot be read.
pub async fn round(state: &AppState) -> Result<usize, Error> {
    if state.redis.is_none() {
        return Ok(0);
    }
    let since = state.clock.now().minus(LOOK_BACK);
    let tasks = dispatch::changed_since(state.db.read(), &Scope::house(), since).await?;
    settle(state, &tasks, None).await?;
    Ok(tasks.len())
}
