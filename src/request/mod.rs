//! 点单: a resident asks for help and says afterwards whether it was done.
//!
//! ```text
//! submitted ─► dispatched ─► fulfilled ─► closed        submitted ⇄ needs_info      submitted ─► declined (也转热线) | merged
//!     ▲            │              │          │          until the work starts ─► withdrawn
//!     └─ returned ◄┘   reopened ◄─┴──────────┘ (answer: partly / not done; after silence closed it, for 30 days)
//! ```
//!
//! `submitted`, `returned` and `reopened` wait in the office's inbox; all three can be dispatched. Every arrow is
//! `model::step`. Who of the office acts first owns the request (首接负责) until it is closed. What was promised is
//! counted in hours to a first answer and working days until it is done. Somebody may ask on another's behalf; both
//! then see it, and the first answer counts. The same need asked for twice is merged, and follows the one that stays.
//!
//! What is written is looked at first (`words`); until it has passed the office reads it, and nobody is sent.
//! Relies on `content`, `org` (promises, calendar), `file` (photos), `identity` and `audit`. Records the `Request…` facts; it does not know what
//! becomes of a request: when one is withdrawn, the roof recalls its task.

mod answer;
mod beneficiary;
mod category;
mod change;
mod deputy;
mod draft;
mod duplicates;
mod form;
mod history;
mod inbox;
mod job;
mod merge;
mod model;
mod office;
mod own;
mod pass;
mod post;
mod press;
pub mod routes;
mod safety;
mod silence;
mod similar;
mod store;
mod view;
mod words;

pub use answer::{Praise, praise};
pub use beneficiary::{contact, parties};
pub use category::Safety;
pub use change::{RequestError, dispatch, fulfil, spoken, take_back, work_started};
pub use deputy::keeper;
pub use draft::forget_point;
pub use form::PlaceForm;
pub use inbox::{Inbox, current_of, inbox};
pub use job::{late_by_keeper, late_offices, reported};
pub use merge::give_up;
pub use safety::safety;
pub use silence::close_silent;
pub use store::find;
pub use view::{PersonRef, RequestView, photos, place_of};

use crate::platform::http::Kind;

pub const ALREADY_ANSWERED: Kind =
    Kind::new("answer.exists", 409, "您已经评价过了", "You have answered already");

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[ALREADY_ANSWERED, category::CATEGORY_EXISTS];
