//! 轮到谁: which messages are next. The sooner lane first, within a lane one of each org in turn, and of a person's
//! only one. Read outside any transaction, in steps down one index: what it costs grows with the orgs that have
//! something waiting, not with the messages.

use std::collections::HashSet;

use ::entity::At;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use uuid::Uuid;

use crate::{
    kernel::{Error, Rng},
    platform::db::Step,
};

use super::pick::BATCH;

const HEADS: &str = include_str!("heads.sql");
/// What the index `ix_push_lane_org_id_next_at_id` says, word for word: bound as a parameter it would not be used.
const WAITING: &str = "state IN ('pending', 'retry')";
/// Looked at in a lane to find a batch: others may be about to take the same, and some are of one person.
const LOOK: usize = 4 * BATCH;

/// The first waiting message of an org in a lane.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Head {
    pub lane: i32,
    pub org_id: Uuid,
    /// Not before.
    pub next_at: At,
}

/// A message that is due.
#[derive(Clone, Debug, FromQueryResult)]
struct Due {
    id: Uuid,
    lane: i32,
    org_id: Uuid,
    person_id: Uuid,
    next_at: At,
}

/// The first waiting message of each lane and org, lane by lane.
pub(super) async fn heads(db: &impl ConnectionTrait) -> Result<Vec<Head>, Error> {
    let all = Statement::from_string(db.get_database_backend(), HEADS);
    Head::find_by_statement(all).all(db).await.step("look at the heads of the queue")
}

/// Those that are due, whose turn it is first: more than a batch, where there are more.
pub(super) async fn next(
    db: &impl ConnectionTrait,
    rng: &Rng,
    now: At,
) -> Result<Vec<Uuid>, Error> {
    let heads: Vec<_> = heads(db).await?.into_iter().filter(|head| head.next_at <= now).collect();
    let mut arms = Vec::new();
    let mut values = vec![Value::from(now.ms())];
    for lane in heads.chunk_by(|one, other| one.lane == other.lane) {
        // Of more orgs than a batch can serve, each has the same chance.
        let from = rng.below(u64::try_from(lane.len()).unwrap_or(u64::MAX));
        let from = usize::try_from(from).unwrap_or_default();
        let some = lane.iter().cycle().skip(from).take(lane.len().min(BATCH));
        for head in some {
            values.push(head.org_id.into());
            arms.push(arm(head.lane, values.len(), LOOK.div_ceil(lane.len().min(BATCH))));
        }
    }
    if arms.is_empty() {
        return Ok(Vec::new());
    }
    let sql = arms.join(" UNION ALL ");
    let due = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let due = Due::find_by_statement(due).all(db).await.step("look whose turn it is")?;
    Ok(in_turn(due))
}

/// The first due messages of an org in a lane, of people to whom none is on its way.
fn arm(lane: i32, org: usize, limit: usize) -> String {
    format!(
        "SELECT * FROM (SELECT id, lane, org_id, person_id, next_at FROM push \
         WHERE {WAITING} AND lane = {lane} AND org_id = ${org} AND next_at <= $1 \
         AND NOT EXISTS (SELECT 1 FROM push AS way WHERE way.person_id = push.person_id AND way.state = 'sending') \
         ORDER BY next_at, id LIMIT {limit}) AS arm{org}"
    )
}

/// Lane by lane, in each the first of every org, then the second of every org; of a person only the first.
fn in_turn(mut due: Vec<Due>) -> Vec<Uuid> {
    due.sort_by_key(|one| (one.lane, one.org_id, one.next_at, one.id));
    let turns = due.chunk_by(|one, other| (one.lane, one.org_id) == (other.lane, other.org_id));
    let mut ranked: Vec<_> = turns.flat_map(|of_org| of_org.iter().enumerate()).collect();
    ranked.sort_by_key(|(turn, one)| (one.lane, *turn, one.next_at, one.id));
    let mut people = HashSet::new();
    ranked.retain(|(_, one)| people.insert(one.person_id));
    ranked.into_iter().map(|(_, one)| one.id).collect()
}
