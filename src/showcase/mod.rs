//! 晒单: what was done is written up, looked at by a second person, and shown to everybody.
//!
//! ```text
//! draft ─► pending_review ─► published ─► withdrawn        draft, rejected ─► withdrawn (dropped)
//!   ▲          ▼    ▲
//!   └─ mended ─ rejected (reason)
//! ```
//!
//! The lead or the office writes once the task was reported. Whoever wrote it never publishes it, and it waits until
//! the task is confirmed and its request closed; the figures are the ledger's at that moment. A task has one living
//! story: a withdrawn one makes room for another. Every arrow is `model::step`.
//!
//! Published stories are public and name nobody; author and reason are for the author and the office. Relies on
//! `dispatch` and `request` (may it be shown yet), `ledger` (people and minutes), `org` and `identity` (names).
//! Records the `Story…` facts.

mod change;
mod model;
mod review;
pub mod routes;
mod store;
mod told;
mod view;
mod write;

pub use told::titled;

use crate::platform::http::Kind;

pub const STORY_EXISTS: Kind =
    Kind::new("story.exists", 409, "这个任务已经有晒单了", "This task has a story already");
pub const STORY_WAITS: Kind =
    Kind::new("story.waits", 409, "还不能发布", "It cannot be published yet");
pub const OWN_STORY: Kind = Kind::new(
    "story.own_work",
    403,
    "不能审核自己写的晒单，请另一位同事审核",
    "Nobody reviews their own story",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[STORY_EXISTS, STORY_WAITS, OWN_STORY];
