//! Seats, counted in single conditional statements: the hot row is locked for the shortest time, and what the
//! condition does not allow does not happen.
//!
//! `used` are the seats of claims, `held` those kept for live offers, `keep_*` those kept for some (`keep`); together
//! never more than `slots`.

use std::collections::HashMap;

use ::entity::task::{Column, Entity, Model, TaskState};
use entity::At;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter, UpdateMany,
    sea_query::{CaseStatement, Expr, ExprTrait, SimpleExpr},
};
use uuid::Uuid;

use crate::{kernel::Error, platform::db::Step};

/// A task has no more seats than that, as its form says.
const MOST_SEATS: i32 = 500;

/// A statement about one task that moves its version on.
fn counting(id: Uuid, now: At) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
}

/// Seats that somebody has, or that are kept for somebody, as `Model::taken`.
pub(super) fn taken() -> SimpleExpr {
    let claimed = Expr::col(Column::Used).add(Expr::col(Column::Held));
    claimed.add(Expr::col(Column::KeepNew)).add(Expr::col(Column::KeepLead))
}

/// While seats of a task are given at all.
fn giving(statement: UpdateMany<Entity>, now: At) -> UpdateMany<Entity> {
    statement
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::OpensAt.lte(now))
        .filter(Condition::any().add(Column::DrawAt.is_null()).add(Column::DrawnAt.is_not_null()))
        .filter(Column::ClaimUntil.gt(now))
}

async fn one(
    statement: UpdateMany<Entity>,
    tx: &DatabaseTransaction,
    step: &'static str,
) -> Result<Option<Model>, Error> {
    Ok(statement.exec_with_returning(tx).await.step(step)?.into_iter().next())
}

/// Takes one seat: the last statement of a claim. None: there is none to take, or no longer.
pub async fn take_seat(
    tx: &DatabaseTransaction,
    id: Uuid,
    now: At,
) -> Result<Option<Model>, Error> {
    let statement = giving(counting(id, now), now)
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .filter(taken().lt(Expr::col(Column::Slots)));
    one(statement, tx, "take a seat").await
}

/// Takes one of the seats that `column` counts.
pub(super) async fn kept(
    tx: &DatabaseTransaction,
    id: Uuid,
    column: Column,
    now: At,
) -> Result<Option<Model>, Error> {
    let statement = giving(counting(id, now), now)
        .col_expr(column, Expr::col(column).sub(1))
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .filter(column.gt(0));
    one(statement, tx, "take a seat kept for some").await
}

/// Takes several seats, so many of each task; the caller has the tasks locked. A task that has not so many left is not
/// among those it answers, and none of its seats is taken.
pub async fn take_seats(
    tx: &DatabaseTransaction,
    seats: &HashMap<Uuid, i32>,
    now: At,
) -> Result<Vec<Model>, Error> {
    let wanted = seats
        .iter()
        .fold(CaseStatement::new(), |case, (id, n)| case.case(Expr::col(Column::Id).eq(*id), *n));
    let wanted: SimpleExpr = wanted.finally(0).into();
    let statement = Entity::update_many()
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::Used, Expr::col(Column::Used).add(wanted.clone()))
        .filter(Column::Id.is_in(seats.keys().copied()));
    let statement =
        giving(statement, now).filter(taken().add(wanted).lte(Expr::col(Column::Slots)));
    statement.exec_with_returning(tx).await.step("take seats")
}

/// What a walk-in got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpotSeat {
    /// One that was free.
    Free,
    /// One that was added for them.
    Added,
    None,
}

/// Takes one seat for somebody who stands at the place, whatever the time to claim; the caller has the task locked and
/// its window checked. Where none is free, `add` makes one.
pub async fn take_seat_on_the_spot(
    tx: &DatabaseTransaction,
    id: Uuid,
    now: At,
    add: bool,
) -> Result<SpotSeat, Error> {
    let one_more = counting(id, now)
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .filter(Column::State.eq(TaskState::Open));
    let free = one_more.clone().filter(taken().lt(Expr::col(Column::Slots)));
    if free.exec(tx).await.step("take a seat on the spot")?.rows_affected == 1 {
        return Ok(SpotSeat::Free);
    }
    if !add {
        return Ok(SpotSeat::None);
    }
    let added = one_more
        .col_expr(Column::Slots, Expr::col(Column::Slots).add(1))
        .filter(taken().eq(Expr::col(Column::Slots)))
        .filter(Column::Slots.lt(MOST_SEATS));
    let added = added.exec(tx).await.step("add a seat on the spot")?.rows_affected == 1;
    Ok(if added { SpotSeat::Added } else { SpotSeat::None })
}

/// Gives one seat back; the caller has the task locked and the claim that held it.
pub async fn give_seat_back(
    tx: &DatabaseTransaction,
    id: Uuid,
    now: At,
) -> Result<Option<Model>, Error> {
    let statement = counting(id, now).col_expr(Column::Used, Expr::col(Column::Used).sub(1));
    one(statement, tx, "give a seat back").await
}

/// Keeps a free seat for an offer. None: there is none, or no more are given.
pub async fn hold_seat(
    tx: &DatabaseTransaction,
    id: Uuid,
    now: At,
) -> Result<Option<Model>, Error> {
    let statement = giving(counting(id, now), now)
        .col_expr(Column::Held, Expr::col(Column::Held).add(1))
        .filter(taken().lt(Expr::col(Column::Slots)));
    one(statement, tx, "keep a seat for an offer").await
}

/// The seat kept for an offer becomes that of a claim. None: seats are no longer given.
pub async fn take_held_seat(
    tx: &DatabaseTransaction,
    id: Uuid,
    now: At,
) -> Result<Option<Model>, Error> {
    let statement = giving(counting(id, now), now)
        .col_expr(Column::Held, Expr::col(Column::Held).sub(1))
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .filter(Column::Held.gt(0));
    one(statement, tx, "take a kept seat").await
}

/// The seat kept for an offer is free again; the caller has the task locked and the offer that ended.
pub async fn free_held_seat(
    tx: &DatabaseTransaction,
    id: Uuid,
    now: At,
) -> Result<Option<Model>, Error> {
    let statement = counting(id, now).col_expr(Column::Held, Expr::col(Column::Held).sub(1));
    one(statement, tx, "free a kept seat").await
}

/// Changes how many seats there are. None: more are taken than that.
pub(super) async fn resize(
    tx: &DatabaseTransaction,
    id: Uuid,
    slots: i32,
    now: At,
) -> Result<Option<Model>, Error> {
    let statement =
        counting(id, now).col_expr(Column::Slots, Expr::value(slots)).filter(taken().lte(slots));
    one(statement, tx, "change the seats").await
}
