//! Writing messages down, beside their lines in the inbox and in the same transaction.

use std::{collections::HashSet, time::Duration};

use ::entity::{
    At,
    push::{ActiveModel, Column, Entity, PushState},
    wechat_identity,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    kernel::{Day, Error, Quiet},
    notify::{Notice, tell::CHUNK},
    org,
    platform::{AppState, db::Step},
};

use super::{
    Lane, Ring,
    message::{page, values},
    ring, settings_of,
};

/// A change of what begins within so long rings at night too.
pub(super) const SOON: Duration = Duration::from_secs(12 * 3600);
/// What begins nowhere is worth a message for so long.
const USEFUL: Duration = Duration::from_secs(24 * 3600);

/// Whether a phone rings in quiet hours for it.
pub(super) fn rings_at_night(lane: i32, begins_at: Option<At>, now: At) -> bool {
    lane == Lane::Change.number() && begins_at.is_some_and(|at| at <= now.plus(SOON))
}

fn useful_until(ring: Ring, notice: &Notice, now: At) -> At {
    match (notice.begins_at, ring.lane) {
        (Some(at), _) => at,
        // Yesterday's wishes are none.
        (None, Lane::Greeting) => Day::of(now).end(),
        (None, _) => now.plus(USEFUL),
    }
}

/// A message to one phone, written and not yet in the queue.
pub(in super::super) type Message = ActiveModel;

/// Writes a message for each of some people who are told of a notice; none where its kind rings no phones. Where no
/// phone can ring, only what is urgent is written down, for the office's call list. Only reads.
///
/// # Errors
/// When accounts or rules cannot be read.
pub(in super::super) async fn messages(
    db: &impl ConnectionTrait,
    state: &AppState,
    notice: &Notice,
    people: &[(Uuid, String)],
) -> Result<Vec<Message>, Error> {
    let now = state.clock.now();
    let worth_it = !people.is_empty() && notice.begins_at.is_none_or(|at| at > now);
    let Some(ring) = ring(notice.subject).filter(|_| worth_it) else {
        return Ok(Vec::new());
    };
    let template = settings_of(state, ring.template).is_some();
    if !template && !ring.is_urgent() {
        return Ok(Vec::new());
    }
    let reachable = on_wechat(db, state, people).await?;
    let rules = org::settings_of(db, [notice.org_id]).await?.remove(&notice.org_id);
    let quiet = rules.unwrap_or_default().quiet();
    let words = values(ring.template, notice, now);
    let words = serde_json::to_string(&words).map_err(|e| Error::broken("write a message", e))?;
    let rows = people.iter().filter_map(|(person_id, dedup_key)| {
        let why_not = match (template, reachable.contains(person_id)) {
            (false, _) => Some("no_template"),
            (true, false) => Some("no_account"),
            (true, true) => None,
        };
        if why_not.is_some() && !ring.is_urgent() {
            return None;
        }
        let (id, until) = (state.rng.id(now), useful_until(ring, notice, now));
        let next_at = not_before(quiet, ring.lane.number(), notice.begins_at, now);
        let why_not = why_not.or((next_at >= until).then_some("too_late"));
        Some(ActiveModel {
            id: Set(id),
            dedup_key: Set(dedup_key.clone()),
            org_id: Set(notice.org_id),
            person_id: Set(*person_id),
            task_id: Set(notice.task_id),
            kind: Set(notice.subject.name().to_owned()),
            template: Set(ring.template.name().to_owned()),
            lane: Set(ring.lane.number()),
            urgent: Set(ring.is_urgent()),
            resend: Set(ring.resend),
            page: Set(page(ring.template, notice)),
            words: Set(state.crypto.seal("push.words", id, &words)),
            begins_at: Set(notice.begins_at),
            useful_until: Set(until),
            state: Set(why_not.map_or(PushState::Pending, |_| PushState::Refused)),
            next_at: Set(next_at),
            attempts: Set(0),
            paid: Set(false),
            fence: Set(0),
            lease_until: Set(None),
            last_class: Set(why_not.map(ToOwned::to_owned)),
            msg_id: Set(None),
            called_by: Set(None),
            called_at: Set(None),
            call_outcome: Set(None),
            at: Set(now),
            updated_at: Set(now),
        })
    });
    Ok(rows.collect())
}

/// Puts messages into the queue; one that is there already stays as it is.
///
/// # Errors
/// When the rows cannot be written; the transaction must then be dropped.
pub(in super::super) async fn queue(
    tx: &DatabaseTransaction,
    messages: Vec<Message>,
) -> Result<(), Error> {
    let mut messages = messages.into_iter().peekable();
    while messages.peek().is_some() {
        let some: Vec<_> = messages.by_ref().take(CHUNK).collect();
        let once = OnConflict::column(Column::DedupKey).do_nothing().to_owned();
        let insert = Entity::insert_many(some).on_conflict(once).exec_without_returning(tx).await;
        insert.step("write messages down")?;
    }
    Ok(())
}

/// The earliest instant at which a phone may ring.
pub(super) fn not_before(quiet: Quiet, lane: i32, begins_at: Option<At>, at: At) -> At {
    if rings_at_night(lane, begins_at, at) { at } else { quiet.ends(at).unwrap_or(at) }
}

async fn on_wechat(
    db: &impl ConnectionTrait,
    state: &AppState,
    people: &[(Uuid, String)],
) -> Result<HashSet<Uuid>, Error> {
    let found: Vec<Uuid> = wechat_identity::Entity::find()
        .select_only()
        .column(wechat_identity::Column::PersonId)
        .filter(wechat_identity::Column::PersonId.is_in(people.iter().map(|(id, _)| *id)))
        .filter(wechat_identity::Column::AppId.eq(state.wechat.app_id()))
        .into_tuple()
        .all(db)
        .await
        .step("look for accounts")?;
    Ok(found.into_iter().collect())
}
