//! 分段通知: what very many people hear of is written down in the reaction to the fact, and told afterwards in chunks,
//! each a transaction that inserts its notices and moves the cursor. The row is locked while a chunk of it is told, and
//! passed over by the others, so that any number of replicas tell everybody once; a crash leaves the cursor where it was.
//!
//! ```text
//! written down ─► chunk ─► chunk ─► … ─► ended: everybody has heard
//!                   │        └─► ended, overtaken: something newer is said of the same thing, to everybody
//!                   └─► failed: again later, longer each time ─► after 20 it waits for a person
//! ```
//!
//! Whom a fact concerns is the roof's to say (`telling.rs`); here is how far it has come.

use std::time::Duration;

use ::entity::{
    At, push,
    telling::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, ExprTrait, LockBehavior, LockType, OnConflict},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, Tx, db::Step},
};

use super::{
    Subject,
    push::{Lane, ring},
    tell::dedup_key,
};

/// After that many failures in a row it waits for a person.
const TRIES: i32 = 20;
/// The wait after the first failure; it doubles.
const WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// How far a telling has come, for whoever set it going.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Progress {
    /// Inboxes that got a line.
    pub told: i64,
    /// Everybody has heard it.
    pub all: bool,
}

/// What a chunk came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// So many were told; where the next chunk begins, none: that was all.
    Told(u64, Option<String>),
    /// There is something newer to be said.
    Overtaken,
}

/// Writes down that a crowd is to hear of a fact about a row, in the transaction of its reaction.
///
/// # Errors
/// When it cannot be written.
pub async fn write_down(
    tx: &Tx,
    state: &AppState,
    (event_id, subject_id): (Uuid, Uuid),
    subject: Subject,
) -> Result<(), Error> {
    let now = state.clock.now();
    let lane = ring(subject).map_or(Lane::Greeting, |ring| ring.lane);
    let row = ActiveModel {
        event_id: Set(event_id),
        subject_id: Set(subject_id),
        kind: Set(subject.name().to_owned()),
        lane: Set(lane.number()),
        cursor: Set(None),
        told: Set(0),
        attempts: Set(0),
        due_at: Set(now),
        created_at: Set(now),
        ended_at: Set(None),
        overtaken: Set(false),
    };
    let once = OnConflict::column(Column::EventId).do_nothing().to_owned();
    let insert = Entity::insert(row).on_conflict(once).exec_without_returning(&**tx).await;
    insert.step("write down whom to tell").map(drop)
}

fn due(now: At) -> Select<Entity> {
    Entity::find()
        .filter(Column::EndedAt.is_null())
        .filter(Column::Attempts.lt(TRIES))
        .filter(Column::DueAt.lte(now))
}

/// The next telling: changes first, then the one that waits longest. Without one nobody takes the writer's turn.
///
/// # Errors
/// When it cannot be read.
pub async fn next(state: &AppState) -> Result<Option<Model>, Error> {
    due(state.clock.now())
        .order_by_asc(Column::Lane)
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::EventId)
        .one(state.db.read())
        .await
        .step("look whom to tell")
}

/// Takes a telling that was just read, locked until the transaction ends; false: another replica is at work on it, or
/// it has gone on meanwhile. What is older and about the same row ends here, once the chunk it is in is over, and rings
/// no phone that has not rung yet.
///
/// # Errors
/// When it cannot be locked.
pub async fn take(tx: &Tx, seen: &Model, now: At) -> Result<bool, Error> {
    let row = Entity::find_by_id(seen.event_id)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(&**tx)
        .await
        .step("take a telling")?;
    if row.as_ref() != Some(seen) {
        return Ok(false);
    }
    if seen.cursor.is_none() {
        Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(now))
            .col_expr(Column::Overtaken, Expr::value(true))
            .filter(older(seen))
            .filter(Column::EndedAt.is_null())
            .exec(&**tx)
            .await
            .step("end older tellings")?;
    }
    Ok(true)
}

fn older(row: &Model) -> Condition {
    let same = Condition::all().add(Column::SubjectId.eq(row.subject_id));
    same.add(Column::EventId.lt(row.event_id))
}

/// Whether something newer is told of the same row. Facts are reacted to in no promised order.
///
/// # Errors
/// When it cannot be read.
pub async fn is_overtaken(db: &impl ConnectionTrait, row: &Model) -> Result<bool, Error> {
    let newer = Entity::find()
        .filter(Column::SubjectId.eq(row.subject_id))
        .filter(Column::EventId.gt(row.event_id));
    Ok(newer.one(db).await.step("look for newer tellings")?.is_some())
}

/// What was told of the same row before.
///
/// # Errors
/// When it cannot be read.
pub async fn older_than(db: &impl ConnectionTrait, row: &Model) -> Result<Vec<Model>, Error> {
    Entity::find().filter(older(row)).all(db).await.step("read older tellings")
}

/// Messages about older facts that still wait ring nobody any more who hears the newer one now.
///
/// # Errors
/// When they cannot be written.
pub async fn hush(tx: &Tx, old: &[Model], people: &[Uuid], now: At) -> Result<(), Error> {
    for old in old {
        let occasion = old.event_id.to_string();
        let keys = people.iter().map(|person| dedup_key(&occasion, &old.kind, *person));
        push::Entity::update_many()
            .col_expr(push::Column::State, Expr::value(push::PushState::Refused))
            .col_expr(push::Column::LastClass, Expr::value("overtaken"))
            .col_expr(push::Column::UpdatedAt, Expr::value(now))
            .filter(push::Column::DedupKey.is_in(keys))
            .filter(push::Column::State.is_in([push::PushState::Pending, push::PushState::Retry]))
            .filter(push::Column::Paid.eq(false))
            .exec(&**tx)
            .await
            .step("hush older messages")?;
    }
    Ok(())
}

/// Notes what came of a chunk, in its transaction.
///
/// # Errors
/// When it cannot be written.
pub async fn keep(tx: &Tx, row: &Model, outcome: &Outcome, now: At) -> Result<(), Error> {
    let mut update = Entity::update_many().filter(Column::EventId.eq(row.event_id));
    let ended = match outcome {
        Outcome::Told(told, next) => {
            update = update
                .col_expr(Column::Told, Expr::col(Column::Told).add(told.cast_signed()))
                .col_expr(Column::Cursor, Expr::value(next.clone()))
                .col_expr(Column::Attempts, Expr::value(0))
                .col_expr(Column::DueAt, Expr::value(now));
            next.is_none()
        }
        Outcome::Overtaken => {
            update = update.col_expr(Column::Overtaken, Expr::value(true));
            true
        }
    };
    if ended {
        update = update.col_expr(Column::EndedAt, Expr::value(now));
    }
    update.exec(&**tx).await.step("note how far a telling is").map(drop)
}

/// Notes that a chunk failed: it comes again later, longer each time.
///
/// # Errors
/// When it cannot be written.
pub async fn fail(state: &AppState, row: &Model) -> Result<(), Error> {
    let wait = WAIT.saturating_mul(2_u32.saturating_pow(row.attempts.unsigned_abs()));
    let tx = state.db.write().await?;
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::DueAt, Expr::value(state.clock.now().plus(wait.min(LONGEST_WAIT))))
        .filter(Column::EventId.eq(row.event_id))
        .exec(&*tx)
        .await
        .step("count a failure")?;
    tx.commit().await
}

/// How far the newest telling about a row is; None: there was none.
///
/// # Errors
/// When it cannot be read.
pub async fn progress(
    db: &impl ConnectionTrait,
    subject_id: Uuid,
) -> Result<Option<Progress>, Error> {
    let newest = Entity::find()
        .filter(Column::SubjectId.eq(subject_id))
        .order_by_desc(Column::EventId)
        .one(db)
        .await
        .step("look how far a telling is")?;
    Ok(newest.map(|row| Progress { told: row.told, all: row.ended_at.is_some() && !row.overtaken }))
}

/// How many tellings wait for a person.
///
/// # Errors
/// When they cannot be counted.
pub async fn stuck(db: &impl ConnectionTrait) -> Result<u64, Error> {
    let stuck =
        Entity::find().filter(Column::EndedAt.is_null()).filter(Column::Attempts.gte(TRIES));
    stuck.count(db).await.step("count stuck tellings")
}
