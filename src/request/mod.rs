//! 点单: a resident asks for help and says afterwards whether it was done.
//!
//! ```text
//! submitted ─► dispatched ─► fulfilled ─► closed        submitted ⇄ needs_info      submitted ─► declined
//!     ▲            │              │                     until the work starts ─► withdrawn
//!     └─ returned ◄┘   reopened ◄─┘ (answer: partly / not done)
//! ```
//!
//! `submitted`, `returned` and `reopened` wait in the office's inbox; all three can be dispatched. Every arrow is
//! `model::step`. Relies on `org` (promises) and `identity`. Records the `Request…` facts; it does not know what
//! becomes of a request: when one is withdrawn, the roof recalls its task.

mod answer;
mod change;
mod inbox;
mod model;
mod post;
pub mod routes;
mod store;
mod view;

pub use change::{RequestError, dispatch, fulfil, spoken, take_back, work_started};
pub use inbox::{Inbox, current_of, inbox};
pub use post::PlaceForm;
pub use store::find;
pub use view::{PersonRef, RequestView, place_of};

use crate::platform::http::Kind;

pub const ALREADY_ANSWERED: Kind =
    Kind::new("answer.exists", 409, "您已经评价过了", "You have answered already");

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[ALREADY_ANSWERED];
