//! 一批一批: when the next wave of people is due. The statement asks again for what was seen, so that of many who find
//! a wave due one sends it, once. Whom it asks is `asking`'s.

use ::entity::task::{Column, Entity, Model, TaskState};
use entity::At;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event, Fact},
    platform::{AppState, db::Step, outbox},
};

use super::{change::fact, seats::taken};

/// Open tasks with free seats whose next wave is due, the longest due first. What is for named people asks nobody else.
///
/// # Errors
/// When they cannot be read.
pub async fn wave_due(
    db: &impl ConnectionTrait,
    _house: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::WaveAt.lte(now))
        .filter(Column::ClaimUntil.gt(now))
        .filter(Column::Named.eq(false))
        .filter(taken().lt(Expr::col(Column::Slots)))
        .order_by_asc(Column::WaveAt)
        .limit(limit)
        .all(db)
        .await
        .step("read which waves are due")
}

/// A wave that goes out: what names it, and why these people, in words.
#[derive(Clone, Debug)]
pub struct Sent {
    pub id: Uuid,
    pub words: String,
}

/// Puts off when the next wave is due, and counts one that is sent. False: somebody else sent it, or seats went or
/// came meanwhile, so that it has to be looked at again.
///
/// # Errors
/// When it cannot be stored.
pub async fn next_wave(
    tx: &DatabaseTransaction,
    state: &AppState,
    seen: &Model,
    next: At,
    sent: Option<Sent>,
) -> Result<bool, Error> {
    let moved = Entity::update_many()
        .col_expr(Column::WaveAt, Expr::value(next))
        .col_expr(Column::Wave, Expr::col(Column::Wave).add(i32::from(sent.is_some())))
        .filter(Column::Id.eq(seen.id))
        .filter(Column::Wave.eq(seen.wave))
        .filter(Column::WaveAt.eq(seen.wave_at))
        .filter(Column::RingOrgId.eq(seen.ring_org_id))
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::Slots.eq(seen.slots))
        .filter(taken().eq(seen.taken()))
        .exec(tx)
        .await
        .step("count a wave")?;
    if moved.rows_affected == 0 {
        return Ok(false);
    }
    if let Some(Sent { id, words }) = sent {
        let asked = fact(seen, Event::TaskAsked, None, Some(words));
        outbox::record(tx, state, [Fact { subject_id: id, ..asked }]).await?;
    }
    Ok(true)
}
