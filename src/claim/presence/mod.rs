//! 签到签退: coming and going. A code is shown at the place; where the org's switch allows it the place itself will
//! do; the lead and the office may see to it by hand; and where there is no signal the phone sends it later.
//!
//! Whoever writes claims of a task holds the task's row. What one does for oneself locks the person first; staff lock
//! the task alone, so that nobody ever waits for two people.

mod check_in;
mod check_out;
pub(super) mod close;
pub mod routes;
mod staff;
mod voucher;
mod walk_in;

pub use close::{close_forgotten, close_presence};
pub use voucher::{Voucher, voucher};

use ::entity::{
    At,
    claim::{ActiveModel, CameBy, ClaimState, Model},
    task::{self, TaskState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch,
    identity::{Resident, Scope, people},
    kernel::{Error, Event, day::spoken},
    platform::{
        AppState, Tx,
        db::Step,
        http::{
            Problem,
            problem::{FieldFault, NOT_FOUND},
        },
        outbox,
    },
    request,
};

use super::{
    LATE_CLOSED, NOT_HERE, NOT_NOW, PLACE_OFF, WRONG_CODE,
    model::{EARLY, said},
    store,
};

#[derive(Debug, thiserror::Error)]
pub enum PresenceError {
    #[error("no such claim in this scope")]
    NotFound,
    #[error("not from state {0:?}")]
    WrongState(ClaimState),
    #[error("outside of the task's window")]
    OutsideWindow { from: At, to: At },
    #[error("wrong code")]
    WrongCode,
    #[error("the org does not check in by place")]
    PlaceOff,
    #[error("too far from the place")]
    NotHere { radius_m: i32 },
    #[error("sent too late")]
    TooLate { until: At },
    #[error("a field is not right")]
    Field(FieldFault),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<PresenceError> for Problem {
    fn from(error: PresenceError) -> Self {
        match error {
            PresenceError::NotFound => NOT_FOUND.into(),
            PresenceError::WrongState(state) => Self::state(
                state,
                format!("现在是「{}」，不能这样操作", said(state)),
                "Not possible in the claim's state",
            ),
            PresenceError::OutsideWindow { from, to } => Self::from(NOT_NOW)
                .say(
                    format!("签到时间是 {} 到 {}", spoken(from), spoken(to)),
                    "Check in from half an hour before the start to the end",
                )
                .with("from", from)
                .with("to", to),
            PresenceError::WrongCode => WRONG_CODE.into(),
            PresenceError::PlaceOff => PLACE_OFF.into(),
            PresenceError::NotHere { radius_m } => Self::from(NOT_HERE)
                .say(
                    format!(
                        "还没有走到任务地点 {radius_m} 米以内，走近一些再试，或者输入现场的签到码"
                    ),
                    format!("Come within {radius_m} m of the place, or enter the code shown there"),
                )
                .with("radius_m", radius_m),
            PresenceError::TooLate { until } => Self::from(LATE_CLOSED)
                .say(
                    format!("补传签到到 {} 为止，现在请联系社区", spoken(until)),
                    "The time to send it later has passed, please call the office",
                )
                .with("until", until),
            PresenceError::Field(fault) => Self::fields(vec![fault]),
            PresenceError::Broken(error) => error.into(),
        }
    }
}

pub(super) fn fault(field: &str, code: &'static str, zh: &str, en: &str) -> FieldFault {
    FieldFault { field: field.into(), code, zh: zh.into(), en: en.into() }
}

/// From when to when one checks in: from half an hour before the start to the end.
pub fn window(task: &task::Model) -> (At, At) {
    (task.starts_at.minus(EARLY), task.ends_at)
}

/// That `moment` lies in the window of a task that is open.
fn within(task: &task::Model, moment: At) -> Result<(), PresenceError> {
    let (from, to) = window(task);
    if task.state != TaskState::Open || moment < from || to < moment {
        return Err(PresenceError::OutsideWindow { from, to });
    }
    Ok(())
}

/// One's own claim and its task, the person and the task locked in this order.
async fn locked(tx: &Tx, me: &Resident, id: Uuid) -> Result<(Model, task::Model), PresenceError> {
    people::lock(tx, me.id()).await?;
    let own = me.own_scope();
    let claim = store::own(&**tx, &own, id).await?.ok_or(PresenceError::NotFound)?;
    let task = dispatch::lock(tx, &Scope::house(), claim.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("lock the claim's task"))?;
    // Read again: the task's lock is what protects a claim's state.
    let claim = store::own(&**tx, &own, id).await?.ok_or(PresenceError::NotFound)?;
    Ok((claim, task))
}

/// How somebody came.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    at: At,
    by: CameBy,
    /// Who saw to it.
    actor: Uuid,
}

/// The claim of somebody who is there: its row, the start of the work, the fact.
async fn arrive(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Model,
    arrival: Arrival,
) -> Result<Model, Error> {
    let helped = arrival.actor != claim.person_id;
    let mut row: ActiveModel = claim.into();
    row.state = Set(ClaimState::CheckedIn);
    row.checked_in_at = Set(Some(arrival.at));
    row.came_by = Set(Some(arrival.by));
    row.checked_in_by = Set(helped.then_some(arrival.actor));
    row.ended_at = Set(None);
    row.updated_at = Set(state.clock.now());
    let claim = row.update(&**tx).await.step("check in")?;
    if let Some(request_id) = task.request_id {
        request::work_started(tx, state, request_id).await?;
    }
    let fact = store::fact(task, &claim, Event::ClaimCheckedIn, Some(arrival.actor), None);
    outbox::record(&**tx, state, [fact]).await?;
    Ok(claim)
}

/// The claim of somebody who goes now.
async fn leave(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Model,
    actor: Uuid,
) -> Result<Model, Error> {
    let now = state.clock.now();
    let helped = actor != claim.person_id;
    let mut row: ActiveModel = claim.into();
    row.state = Set(ClaimState::CheckedOut);
    row.checked_out_at = Set(Some(now));
    row.checked_out_by = Set(helped.then_some(actor));
    row.updated_at = Set(now);
    let claim = row.update(&**tx).await.step("check out")?;
    let fact = store::fact(task, &claim, Event::ClaimCheckedOut, Some(actor), None);
    outbox::record(&**tx, state, [fact]).await?;
    Ok(claim)
}
