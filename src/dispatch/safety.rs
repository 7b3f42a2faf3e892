//! 安全要求: what a category asks of the tasks that keep to it.

use ::entity::task::{Column, Entity, TaskState};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{AppState, db::Step, http::problem::FieldFault},
    request::{self, Safety},
};

use super::{change::TaskError, post::fault};

/// What keeps people safe at such work; None where nothing is asked.
pub(super) async fn asked(
    db: &impl ConnectionTrait,
    category_id: Option<Uuid>,
) -> Result<Option<Safety>, Error> {
    let Some(id) = category_id else { return Ok(None) };
    Ok(request::safety(db, &Scope::house(), vec![id]).await?.remove(&id))
}

/// Nobody goes alone where two go together.
pub(super) fn enough_seats(safety: Option<&Safety>, slots: i32) -> Result<(), FieldFault> {
    if slots < 2 && safety.is_some_and(|safety| safety.two_people) {
        let zh = "这类上门服务要两人同行，名额至少 2 个";
        return Err(fault("slots", "range", zh, "Two people go together: at least two seats"));
    }
    Ok(())
}

/// Seats for two and somebody who leads them, where two go together.
///
/// # Errors
/// A fault of `slots` or `lead_id`.
pub(super) async fn check(
    db: &impl ConnectionTrait,
    category_id: Option<Uuid>,
    slots: i32,
    lead: Option<Uuid>,
) -> Result<(), TaskError> {
    let safety = asked(db, category_id).await?;
    enough_seats(safety.as_ref(), slots).map_err(TaskError::Field)?;
    if lead.is_none() && safety.is_some_and(|safety| safety.two_people) {
        let zh = "这类上门服务要两人同行，请指定带队人";
        let en = "Two people go together: name a lead";
        return Err(TaskError::Field(fault("lead_id", "required", zh, en)));
    }
    Ok(())
}

/// A category says something else now: the cards of the tasks that can be claimed under it move on, so that the board
/// writes them anew.
///
/// # Errors
/// When it cannot be stored.
pub async fn safety_changed(
    tx: &DatabaseTransaction,
    state: &AppState,
    category_id: Uuid,
) -> Result<(), Error> {
    Entity::update_many()
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(state.clock.now()))
        .filter(Column::CategoryId.eq(category_id))
        .filter(Column::State.eq(TaskState::Open))
        .exec(tx)
        .await
        .step("move the cards of a category on")
        .map(drop)
}
