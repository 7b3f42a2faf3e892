//! 安全要求: what the category of a request asks of the task made from it.

use ::entity::request as request_row;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::http::problem::FieldFault,
    request::{self, Safety},
};

use super::post::{DispatchError, fault};

/// What keeps people safe at the work for a request; None where its category asks nothing.
pub(super) async fn asked(
    db: &impl ConnectionTrait,
    request_id: Option<Uuid>,
) -> Result<Option<Safety>, Error> {
    let Some(id) = request_id else { return Ok(None) };
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
    request: Option<&request_row::Model>,
    slots: i32,
    lead: Option<Uuid>,
) -> Result<(), DispatchError> {
    let safety = asked(db, request.map(|request| request.id)).await?;
    enough_seats(safety.as_ref(), slots)?;
    if lead.is_none() && safety.is_some_and(|safety| safety.two_people) {
        let zh = "这类上门服务要两人同行，请指定带队人";
        return Err(fault("lead_id", "required", zh, "Two people go together: name a lead").into());
    }
    Ok(())
}
