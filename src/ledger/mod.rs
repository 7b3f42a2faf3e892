//! 账本: hours served (服务时长) and points (积分), append-only. Hours come from a claim that was checked in and out;
//! what is entered by hand needs a second person, and is marked as such for ever.
//!
//! ```text
//! award ─► entry of service        asked for ─► pending ─► approved ─► entry of correction, or points by hand
//!                                                   └─► refused (reason)
//! ```
//!
//! Entries are never changed or taken away: the database refuses it. A mistake is mended by another entry. Points
//! follow the org's own rules (`rules`), counted in the transaction that enters their source, and only where the
//! org switched them on. Other rooms name their source by id: `award(&tx, …, &[Service])`,
//! `points::award_for(&tx, …, &[Merit])`, `points::deduct`; one entry per source and occasion, guarded by the tables.
//!
//! A month that is over is closed (`freeze`, 月结): its sums stand, and what comes to light later is entered in the open
//! month and names it. Half a year of closed months makes stars (`stars`, 星级), which a member may appeal.
//!
//! Relies on `identity`, `org`, `audit`. Records `PointsGiven`; of hours, the room that awards records the facts.

mod account;
pub mod by_hand;
mod certificate;
pub mod correction;
mod desk;
mod follow;
mod forget;
pub mod freeze;
mod hours;
mod member_hours;
mod model;
pub mod points;
pub mod routes;
mod rules;
mod star_appeal;
mod star_routes;
mod star_view;
pub mod stars;

pub use correction::CorrectionView;
pub use desk::LedgerRefusal;
pub use forget::forget;
pub use hours::{Service, Totals, award, totals};
pub use model::Verdict;

use crate::platform::http::Kind;

pub const SECOND_PERSON: Kind = Kind::new(
    "second_person",
    403,
    "要由另一个人来办：不能给自己提，也不能批自己提的",
    "This takes a second person: nobody asks for themselves or decides what they asked for",
);
pub const CORRECTION_PENDING: Kind = Kind::new(
    "correction.pending",
    409,
    "这次服务已有一条更正在等待审批",
    "A correction of this claim is waiting already",
);
pub const POINTS_OFF: Kind =
    Kind::new("points.off", 409, "这个组织没有开启积分", "Points are switched off here");

pub const STARS_SETTLED: Kind =
    Kind::new("stars.settled", 409, "申诉的期限已过", "The days to appeal are over");
pub const STARS_APPEALED: Kind =
    Kind::new("stars.appealed", 409, "已经申诉过了", "There is an appeal already");

/// The problems of this room.
pub const PROBLEMS: &[Kind] =
    &[SECOND_PERSON, CORRECTION_PENDING, POINTS_OFF, STARS_SETTLED, STARS_APPEALED];
