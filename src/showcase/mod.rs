//! 晒单: what was done is written up, looked at by a second person, and shown to everybody.
//!
//! ```text
//! draft ─► pending_review ─► published ─► withdrawn        draft, rejected ─► withdrawn (dropped)
//!   ▲        ▼    ▲  ▲           ▼
//!   └ mended ─ rejected  └ returned ┘ (somebody shown no longer agrees)
//! ```
//!
//! The lead or the office writes once the task was reported. Whoever wrote it never publishes it, and it waits until
//! the task is confirmed and its request closed; the figures are the ledger's at that moment. A task has one living
//! story: a withdrawn one makes room for another. Every arrow is `model::step`.
//!
//! Whoever is shown or named is asked with the submission, sees what they are asked about, and may change their mind
//! for as long as the story stands; nothing is published while one of them is silent or says no. For residents in the
//! photos the author gives their word.
//!
//! Published stories are public, also as a page of their own (`page`); they name nobody but in their words, which are
//! written in the tiny subset of `markup`. Author, reason and those shown are for the author and the office. Photos are
//! as public as their story. Relies on `dispatch`, `request` and `claim` (may it be shown yet, who was there), `ledger`
//! (people and minutes), `file` (photos), `org` and `identity` (names). Records the `Story…` facts and audits reviews.

mod change;
mod consent;
mod draft;
mod forget;
mod markup;
mod model;
pub mod page;
mod review;
pub mod routes;
mod store;
mod told;
mod view;
mod write;

pub use change::StoryError;
pub use forget::{Spoken, forget};
pub use store::still_asked;
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
