//! 留名额: some seats are kept for people who serve for the first time, and one for somebody who has led before, until a
//! time; then they are for all. Kept seats are neither used nor held: nobody has them yet.

use std::time::Duration;

use ::entity::task::{Column, Entity, Model, TaskState};
use entity::At;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::Scope,
    kernel::{Error, Event},
    platform::{AppState, db::Step, http::problem::FieldFault, outbox},
};

use super::{change::fact, form::Times, post::fault, seats::kept};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Seats that are not for everybody at first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// So many for people who serve for the first time.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 500)]
    #[validate(range(min = 0, max = 500))]
    pub first_timers: i32,
    /// One for somebody experienced.
    #[serde(default)]
    pub lead: bool,
    /// Then they are for all; absent: a day before the start, or half-way where that is too soon.
    pub until: Option<At>,
}

/// For whom a seat may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserve {
    FirstTimer,
    Lead,
}

/// What a form keeps, settled: for first-timers, for a lead, until when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    pub first_timers: i32,
    pub lead: i32,
    pub until: Option<At>,
}

/// Settles what is kept, or names the field that cannot be.
///
/// # Errors
/// More than there are seats; a time outside of claiming.
pub(super) fn settle(keep: Option<&Keep>, slots: i32, times: &Times) -> Result<Kept, FieldFault> {
    let Some(keep) = keep.filter(|keep| keep.lead || keep.first_timers > 0) else {
        return Ok(Kept::default());
    };
    let lead = i32::from(keep.lead);
    if keep.first_timers + lead > slots {
        let zh = format!("留的名额不能超过名额 {slots}");
        return Err(fault("keep.first_timers", "range", zh, "Not more than the slots"));
    }
    let (opens, closes) = (times.opens_at, times.claim_until);
    let half = At(opens.ms() + (closes.ms() - opens.ms()) / 2);
    let day_before = Ord::min(times.starts_at.minus(DAY), closes);
    let usual = if day_before > opens { day_before } else { half };
    let until = keep.until.unwrap_or(usual);
    if until <= opens || until > closes {
        let zh = "留名额的截止要在开放接单之后、接单截止之前";
        return Err(fault("keep.until", "time", zh, "While people may claim"));
    }
    Ok(Kept { first_timers: keep.first_timers, lead, until: Some(until) })
}

/// Whether a form says what is kept of a task just now.
pub(super) fn says(task: &Model, keep: &Keep) -> bool {
    let until = keep.until.is_none() || keep.until == task.keep_until;
    keep.first_timers == task.keep_new && i32::from(keep.lead) == task.keep_lead && until
}

/// Tasks whose kept seats are to be for all now; the longest due first.
///
/// # Errors
/// When they cannot be read.
pub async fn kept_too_long(
    db: &impl ConnectionTrait,
    _house: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::KeepUntil.lte(now))
        .order_by_asc(Column::KeepUntil)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
        .step("read whose kept seats are due")
}

/// What is still kept of a locked task is for all from now on. None: it is not due, or nothing was kept any more.
///
/// # Errors
/// When it cannot be stored.
pub async fn open_to_all(
    tx: &DatabaseTransaction,
    state: &AppState,
    task: &Model,
) -> Result<Option<Model>, Error> {
    let now = state.clock.now();
    let opened = Entity::update_many()
        .col_expr(Column::KeepNew, Expr::value(0))
        .col_expr(Column::KeepLead, Expr::value(0))
        .col_expr(Column::KeepUntil, Expr::value(None::<At>))
        .col_expr(Column::Ver, Expr::col(Column::Ver).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(task.id))
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::KeepUntil.lte(now))
        .exec_with_returning(tx)
        .await
        .step("open kept seats to all")?
        .pop();
    let were = task.keep_new + task.keep_lead;
    if let Some(task) = opened.as_ref().filter(|_| were > 0) {
        let words = format!("留的 {were} 个名额向大家开放");
        outbox::record(tx, state, [fact(task, Event::TaskSeatsOpened, None, Some(words))]).await?;
    }
    Ok(opened.filter(|_| were > 0))
}

/// Takes one kept seat for whom it is kept. None: it was taken, or no more are given.
///
/// # Errors
/// When it cannot be stored.
pub async fn take_kept_seat(
    tx: &DatabaseTransaction,
    id: Uuid,
    reserve: Reserve,
    now: At,
) -> Result<Option<Model>, Error> {
    let column = match reserve {
        Reserve::FirstTimer => Column::KeepNew,
        Reserve::Lead => Column::KeepLead,
    };
    kept(tx, id, column, now).await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_kept_has_seats_and_ends_while_people_may_claim(
            first_timers in 0..30_i32, lead: bool, slots in 1..20_i32, opens in 0..100_i64, claims in 1..200_i64,
            until in prop::option::of(-10..400_i64),
        ) {
            let hour = |h: i64| At(h * 3_600_000);
            let closes = opens + claims;
            let times = Times {
                starts_at: hour(closes), ends_at: hour(closes + 2), opens_at: hour(opens),
                claim_until: hour(closes), leave_until: hour(closes),
            };
            let keep = Keep { first_timers, lead, until: until.map(hour) };
            if let Ok(kept) = settle(Some(&keep), slots, &times) {
                prop_assert!(kept.first_timers + kept.lead <= slots);
                prop_assert_eq!(kept.until.is_some(), kept.first_timers + kept.lead > 0);
                prop_assert!(kept.until.is_none_or(|until| until > times.opens_at && until <= times.claim_until));
            } else {
                prop_assert!(first_timers + i32::from(lead) > slots || until.is_some());
            }
        }
    }
}
