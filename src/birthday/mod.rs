//! 政治生日: the anniversary of a member's joining the Party. The member is greeted, once a year; the branch's
//! secretary hears of it, and its members where the person wants them to.
//!
//! ```text
//! agreed, and a date kept ─► before the day: wishes (寄语) ─► on the day, once: greeted ─► the wishes can be read
//! greet off · consent taken back · quiet (不发喜庆通知) · left: nothing, nowhere
//! ```
//!
//! Which of the two dates counts (入党, 转正), at what hour, and whether members may write wishes are settings of the
//! branch. `model` holds the rules of the calendar; `celebrants` says who has a day when; `job` tells people
//! (`birthday.day`, `birthday.list`); `choice` is what a member wants of it; `wish` and `template` are the words; `list`
//! is the keeper's list, each look at it audited.
//!
//! Relies on `org` (records and places; see `org::anniversaries` for how a day is found), `notify`, `identity`. Acts of
//! keepers are audited. Records no facts: nothing follows from it but the notices, which are written at once.

mod celebrants;
mod choice;
mod comrades;
pub mod job;
mod list;
mod model;
pub mod routes;
mod store;
mod template;
mod told;
mod view;
mod wish;

pub use comrades::celebrated;
pub use view::ComradeBirthday;

use crate::platform::http::Kind;

pub const NOT_NEAR: Kind = Kind::new(
    "birthday.not_near",
    409,
    "现在还不能给这位同志写寄语：要在政治生日前一百天之内",
    "Wishes can be written within the hundred days before the day",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[NOT_NEAR];
