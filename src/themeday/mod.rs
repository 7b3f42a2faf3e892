//! 主题党日: an org's monthly fixed day, from the plan to the record its superior has looked at.
//!
//! ```text
//! planned ─► recorded ─► approved        planned ─► cancelled (reason; another may be planned)
//!                ▲  ▼
//!              returned (reason)
//! ```
//!
//! The secretary sets a rule (`rule`, `keep`): which day of the month, moved to a working day or not, chosen by hand
//! for single months, paused with a reason. A plan (`plan`) takes day, place and agenda from it: 1+N, at least one
//! fixed step. Everybody whose home branch is the org or stands below it is invited; they answer with one tap and
//! check in by the code on the wall (`attend`). Who came feeds the record (`record`), so nothing is reported twice;
//! photos are asked for only where the org's switch `photos_required` is on. A second person from the org above
//! approves or returns it. What is late is a list (`figures`), and a circular to send (`circular`). Each step is
//! `model::step`.
//!
//! Who is invited is read anew each time somebody is told: who joined meanwhile hears, who left does not. Reminders
//! (`job`) are derived from the day's own row, so that a moved day moves them. Phones may subscribe (`feed`).
//!
//! Relies on `notify` (reminders), `org` (members, calendar, settings), `file` (photos), `identity` and `audit`.
//! Records the `ThemeDay…` facts.

mod attend;
mod change;
mod circular;
mod desk_routes;
mod feed;
mod figures;
mod ical;
pub mod job;
mod keep;
mod model;
mod outline;
mod plan;
mod record;
mod roster;
pub mod routes;
mod rule;
mod store;
mod told;
mod view;

pub use told::{Told, secretaries, some_concerned, superiors, told};

use crate::platform::http::Kind;

pub const THEME_DAY_EXISTS: Kind = Kind::new(
    "theme_day.exists",
    409,
    "这个月的主题党日已经安排了，请在原来的上面修改",
    "The org has planned its day of that month",
);
pub const OWN_RECORD: Kind = Kind::new(
    "theme_day.own_record",
    403,
    "不能审核自己交的记录，请另一位同志审核",
    "Nobody reviews their own record",
);
pub const FROM_ABOVE: Kind = Kind::new(
    "theme_day.from_above",
    403,
    "记录由上级组织审核",
    "Records are reviewed by the org above",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[THEME_DAY_EXISTS, OWN_RECORD, FROM_ABOVE];
