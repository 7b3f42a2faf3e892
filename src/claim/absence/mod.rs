//! 缺席: who held a seat and did not come. The member may say why, before or after; the office accepts it or not; who
//! is refused may appeal once, and another person decides.
//!
//! ```text
//! unexplained ─► asked ─► excused        refused ─► appealed ─► excused | settled
//!                  └────► refused
//! ```
//!
//! What is unexcused several times within some days keeps somebody from claiming for a while (`suspension`, by the
//! org's numbers). That is reckoned from these rows each time and stored nowhere, so an accepted excuse lifts it at
//! once. Words about an absence rest sealed, and no fact about it stands on the resident's timeline.

mod appeal;
mod excuse;
mod mark;
mod model;
pub mod routes;
mod store;
mod view;

pub use mark::{miss, seat_missed, take_back};
pub use model::{Standing, suspension};
pub use store::{misses, standings};

use ::entity::{
    absence::Model,
    claim::{self, ClaimState},
    task,
};
use uuid::Uuid;

use crate::{
    kernel::{Error, Event, Fact},
    platform::http::{
        Problem,
        problem::{NOT_FOUND, STATE_CONFLICT},
    },
};

use super::{NOT_MISSED_YET, SAME_PERSON, model::said};
use model::NotNow;

#[derive(Debug, thiserror::Error)]
pub enum AbsenceError {
    #[error("no such claim in this scope")]
    NotFound,
    #[error("not from claim state {0:?}")]
    WrongState(ClaimState),
    #[error("not from standing {:?}", .0.standing)]
    NotNow(NotNow),
    #[error("too early to say that somebody did not come")]
    TooEarly { from: ::entity::At },
    #[error("one's own absence, or one's own ruling")]
    SamePerson,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<AbsenceError> for Problem {
    fn from(error: AbsenceError) -> Self {
        match error {
            AbsenceError::NotFound => NOT_FOUND.into(),
            AbsenceError::WrongState(state) => Self::state(
                state,
                format!("现在是「{}」，不能这样操作", said(state)),
                "Not possible in the claim's state",
            ),
            AbsenceError::NotNow(NotNow { standing }) => Self::from(STATE_CONFLICT)
                .say(
                    format!("现在是「{}」，不能这样操作", standing.said()),
                    "Not possible as the excuse stands",
                )
                .with("state", standing),
            AbsenceError::TooEarly { from } => Self::from(NOT_MISSED_YET)
                .say(
                    format!("再等等，{} 以后还没来再记", crate::kernel::day::spoken(from)),
                    "Wait a little longer",
                )
                .with("from", from),
            AbsenceError::SamePerson => SAME_PERSON.into(),
            AbsenceError::Broken(error) => error.into(),
        }
    }
}

impl From<NotNow> for AbsenceError {
    fn from(not_now: NotNow) -> Self {
        Self::NotNow(not_now)
    }
}

/// A fact about an absence: of the task, and not of the request, whose timeline it is no part of.
fn fact(task: &task::Model, absence: &Model, event: Event, actor: Uuid) -> Fact {
    Fact {
        event,
        org_id: task.org_id,
        request_id: None,
        task_id: Some(task.id),
        subject_id: absence.claim_id,
        actor_id: Some(actor),
        words: None,
    }
}

/// Whether a claim is one somebody can be absent from.
fn can_be_missed(claim: &claim::Model) -> bool {
    matches!(claim.state, ClaimState::Active | ClaimState::NoShow)
}
