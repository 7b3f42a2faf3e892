//! 派单: the office turns a request, or a plan of its own, into a task with seats.
//!
//! ```text
//! draft ─► open ─► reported ─► confirmed        draft, open ─► cancelled (reason)
//! ```
//!
//! A task sits in the pool of its ring: the org whose members, and those below it, may claim; and in those of
//! neighbouring orgs that lend their people (`loan/`). A task for named people stands in no pool: they alone see it.
//! `template/` and `series/` are what an office posts again and again; a change of an open task says what changed
//! (`edit`, `reschedule`), and where too few claim the office is told (`turnout`). Full and in progress are derived,
//! never stored. Seats are counted here and only here: `seats.rs` has one conditional statement for each way a seat
//! changes hands, and a CHECK stands behind them. A task does not know its claims.
//!
//! A task that does not fill is put further, ring by ring (`widen`); when, is decided above.
//!
//! Relies on `request`, `org`, `identity`. Records the `Task…` facts. `board/` keeps the pools in Redis.

mod audience;
pub mod board;
mod bulk;
mod change;
mod code;
mod copy;
mod draw;
mod edit;
mod form;
mod job;
mod keep;
mod leaderless;
mod loan;
mod model;
mod outline;
mod post;
mod reschedule;
pub mod routes;
mod safety;
mod seats;
pub mod series;
mod store;
mod template;
pub mod turnout;
mod view;
mod wave;
mod widen;

pub use change::{Finish, TaskError, finish, recall, resize};
pub use code::renew_code;
pub use form::TaskForm;
pub use job::starting;
pub use keep::{Keep, Reserve, kept_too_long, open_to_all, take_kept_seat};
pub use leaderless::{led, stop_leading};
pub use model::spoken;
pub use safety::safety_changed;
pub use seats::{
    SpotSeat, free_held_seat, give_seat_back, hold_seat, take_held_seat, take_seat,
    take_seat_on_the_spot, take_seats,
};
pub use store::{by_ids, changed_since, find, find_for_staff, list, lock, lock_all, named_for};
pub use view::{Card, Contact, See, TaskView, Wanted, cards, place_named, view};
pub use wave::{Sent, next_wave, wave_due};
pub use widen::{Wider, call, due, look_again, ring_of, widen};

use crate::platform::http::Kind;

pub const BELOW_TAKEN: Kind = Kind::new(
    "task.below_taken",
    409,
    "已接单的人数比新名额多，不能减少到这个数",
    "More seats are taken than that",
);

pub const EDITED: Kind = Kind::new(
    "task.edited",
    409,
    "别人刚改过这个任务，请看过再改",
    "Somebody changed this task meanwhile",
);

pub const STARTED: Kind =
    Kind::new("task.started", 409, "任务已经开始，不能再改期", "It has begun and cannot be moved");

pub const OCCURRENCE_MADE: Kind = Kind::new(
    "series.made",
    409,
    "这一天的任务已经生成，请直接取消那个任务",
    "The task of that date is there already: cancel it",
);

pub const BY_NAME: Kind = Kind::new(
    "loan.by_name",
    409,
    "定向任务只给指定的人，不能借人",
    "A task for named people is not lent to others",
);

pub const LOAN_ASKED: Kind =
    Kind::new("loan.asked", 409, "已经向这个社区借过人了", "This community was asked already");

pub const LOAN_DECIDED: Kind =
    Kind::new("loan.decided", 409, "这次借人已经答复过了", "This was answered already");

/// The problems of this room.
pub const PROBLEMS: &[Kind] =
    &[BELOW_TAKEN, EDITED, STARTED, OCCURRENCE_MADE, BY_NAME, LOAN_ASKED, LOAN_DECIDED];
