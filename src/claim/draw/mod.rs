//! 抽签: for a task that many want, people sign up until a time, and chance decides instead of the fastest finger.
//!
//! ```text
//! 派单 (seed drawn, its hash published) ─► 报名 (number, receipt) ─► draw_at: order = f(seed, all receipts) ─► 候补 in that order
//! ```
//!
//! Nobody can know the order before: it depends on every receipt. Nobody can choose it after: the seed's hash was
//! published before anybody signed up. Afterwards seed, receipts and order are published, and whoever likes works it out
//! again (`docs/decisions/0042-the-draw.md`). Who is drawn gets the seat as one who waits does: by an offer they take
//! at once, in a transaction of their own.

mod enter;
mod hold;
mod model;
pub(super) mod routes;
mod store;
mod view;

pub use enter::take_back;
pub use hold::{due, hold};

use crate::platform::http::Kind;

pub const NO_DRAW: Kind = Kind::new("draw.none", 409, "这一单不抽签", "This task is not drawn for");
pub const DRAW_OVER: Kind = Kind::new("draw.over", 409, "报名已经截止", "Signing up has ended");
