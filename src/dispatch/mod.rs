//! 派单: the office turns a request, or a plan of its own, into a task with seats.
//!
//! ```text
//! draft ─► open ─► reported ─► confirmed        draft, open ─► cancelled (reason)
//! ```
//!
//! A task sits in the pool of its ring: the org whose members, and those below it, may claim. Full and in progress
//! are derived, never stored. Seats are counted here and only here: `seats.rs` has one conditional statement for each
//! way a seat changes hands, and a CHECK stands behind them. A task does not know its claims.
//!
//! Relies on `request`, `org`, `identity`. Records the `Task…` facts. `board/` keeps the pools in Redis.

pub mod board;
mod change;
mod code;
mod form;
mod model;
mod post;
pub mod routes;
mod seats;
mod store;
mod view;

pub use change::{Finish, TaskError, finish, recall, resize};
pub use code::renew_code;
pub use form::TaskForm;
pub use model::spoken;
pub use seats::{
    SpotSeat, free_held_seat, give_seat_back, hold_seat, take_held_seat, take_seat,
    take_seat_on_the_spot,
};
pub use store::{by_ids, find, find_for_staff, list, lock};
pub use view::{Card, Contact, See, TaskView, cards, view};

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

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[BELOW_TAKEN, EDITED];
