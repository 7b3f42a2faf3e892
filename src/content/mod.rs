//! 内容核对: what people write is looked at before others may be shown it.
//!
//! ```text
//! written ─► risky: refused, nothing is stored
//!         ├► passed
//!         └► pending (in doubt, WeChat not to be had, no WeChat account) ─► passed | refused, by a second person
//!                                                  a newer version ─► replaced
//! ```
//!
//! WeChat looks while the author is there (`check`), outside any transaction and before the write. What it will not
//! judge is stored all the same, so that nobody in need goes unheard: the office sees it at once, marked 待人工审核, and
//! is the one to look at it. Until then it goes no further: a request is not dispatched, a story not published.
//!
//! A verdict is about the version it was made of (`version`): words that were changed in between wait for people.
//! Where there is no WeChat there are no verdicts, and people decide.
//!
//! Photos have a room of their own, `photo`, and wait in the same queue. Wishes are the branch's: they do not stand in
//! the office's queue, the branch's keeper lets them pass.
//!
//! Relies on `file`, `identity`, `org` and `audit`; decisions are audited. Records no facts. To have another kind of words
//! looked at: name it in `entity::content_check::ContentKind`, `check` before the transaction, `keep` inside it.

mod check;
mod decide;
mod keep;
mod model;
pub mod photo;
pub mod routes;
mod store;
mod view;

pub use ::entity::content_check::ContentKind;
pub use check::{Checked, ContentError, check};
pub use keep::{Held, Mark, Subject, forget, gate, keep, marks, pass};

use crate::platform::http::{Kind, problem::CONTENT_REJECTED};

pub const CONTENT_PENDING: Kind = Kind::new(
    "content.pending",
    409,
    "内容正在等待人工审核，通过后才能继续",
    "Its words wait for somebody to look at them",
);
pub const OWN_CONTENT: Kind = Kind::new(
    "content.own",
    403,
    "不能审核自己写的内容，请另一位同事审核",
    "Nobody reviews their own words",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] =
    &[CONTENT_REJECTED, CONTENT_PENDING, OWN_CONTENT, photo::PHOTOS_PENDING, photo::PHOTOS_REFUSED];
