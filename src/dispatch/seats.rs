//! Seats, counted in single conditional statements: the hot row is locked for the shortest time, and what the
//! condition does not allow does not happen.

use ::entity::task::{Column, Entity, Model, TaskState};
use entity::At;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{kernel::Error, platform::db::Step};

/// A task has no more seats than that, as its form says.
const MOST_SEATS: i32 = 500;

/// Takes one seat: the last statement of a claim. None: there is none to take, or no longer.
pub async fn take_seat(
    tx: &DatabaseTransaction,
    id: Uuid,
    now: At,
) -> Result<Option<Model>, Error> {
    let taken = Entity::update_many()
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::OpensAt.lte(now))
        .filter(Column::ClaimUntil.gt(now))
        .filter(Expr::col(Column::Used).add(Expr::col(Column::Held)).lt(Expr::col(Column::Slots)))
        .exec_with_returning(tx)
        .await
        .step("take a seat")?;
    Ok(taken.into_iter().next())
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
    let taken = || Expr::col(Column::Used).add(Expr::col(Column::Held));
    let one_more = Entity::update_many()
        .col_expr(Column::Used, Expr::col(Column::Used).add(1))
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
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
    let freed = Entity::update_many()
        .col_expr(Column::Used, Expr::col(Column::Used).sub(1))
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec_with_returning(tx)
        .await
        .step("give a seat back")?;
    Ok(freed.into_iter().next())
}

/// Changes how many seats there are. None: more are taken than that.
pub(super) async fn resize(
    tx: &DatabaseTransaction,
    id: Uuid,
    slots: i32,
    now: At,
) -> Result<Option<Model>, Error> {
    let resized = Entity::update_many()
        .col_expr(Column::Slots, Expr::value(slots))
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .filter(Expr::col(Column::Used).add(Expr::col(Column::Held)).lte(slots))
        .exec_with_returning(tx)
        .await
        .step("change the seats")?;
    Ok(resized.into_iter().next())
}
