//! 接单: a person takes one seat of a task, comes, serves, and earns the minutes of their presence.
//!
//! ```text
//! active ─► checked_in ─► checked_out ─► confirmed        active ─► released | no_show | cancelled (with its task)
//! ```
//!
//! Hours are corrected by two people (`correct`); a seat marked as missed that was served after all is `confirmed` then.
//! A claim holds a seat in every state but `released` and `cancelled`. `grant` is the readable definition of
//! claiming: one transaction, the counter last. Whoever writes claims of a task holds the task's row; order: person,
//! then task. The card says *before* the tap what the transaction will say after it: both ask `model::judge`.
//!
//! Relies on `dispatch` (seats), `request`, `ledger`, `org` (limits), `identity`. Records the `Claim…` facts, and with
//! `dispatch` and `request` the report and the confirmation of a task.

mod correct;
mod facts;
mod finish;
mod grant;
mod model;
mod page;
mod pool;
mod presence;
mod release;
pub mod routes;
mod store;
mod told;
mod view;

pub use finish::cancel_claims;
pub use pool::PoolCard;
pub use told::{find, holders};
pub use view::ClaimView;

use crate::{
    identity::Resident,
    kernel::Error,
    platform::{
        AppState,
        http::{Kind, Problem},
    },
};

/// The first few cards the caller's pools offer.
///
/// # Errors
/// When the database cannot be read.
pub async fn offered_to(
    state: &AppState,
    me: &Resident,
    few: u64,
) -> Result<Vec<PoolCard>, Problem> {
    let wanted = pool::Wanted { limit: few, ..pool::Wanted::default() };
    Ok(pool::offered(state, me, wanted).await?.items)
}

/// Where the caller is expected next, soonest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn next_of(state: &AppState, me: &Resident, few: u64) -> Result<Vec<ClaimView>, Error> {
    let db = state.db.read();
    view::many(db, store::next(db, &me.own_scope(), few).await?).await
}

pub const TASK_FULL: Kind = Kind::new("task_full", 409, "名额已满", "All places are taken");
pub const TASK_CLOSED: Kind = Kind::new("task_closed", 409, "已停止接单", "Claiming has ended");
pub const ALREADY_CLAIMED: Kind =
    Kind::new("already_claimed", 409, "您已经接了这个任务", "You have claimed it already");
pub const TIME_CLASH: Kind = Kind::new(
    "time_clash",
    409,
    "和您的另一个任务时间冲突",
    "It clashes with another task of yours",
);
pub const NEEDS_SKILL: Kind =
    Kind::new("needs_skill", 403, "这个任务需要特定技能", "It needs a skill you have not recorded");
pub const NOT_IN_AUDIENCE: Kind =
    Kind::new("not_in_audience", 403, "这个任务没有向您开放", "It is not open to you");
pub const TOO_MANY_OPEN_CLAIMS: Kind = Kind::new(
    "too_many_open_claims",
    409,
    "您手上的任务已达上限",
    "You hold as many tasks as one may",
);
pub const DAILY_LIMIT: Kind =
    Kind::new("daily_limit", 409, "您这一天的任务已达上限", "Enough tasks for one day");
pub const OPENS_AT: Kind = Kind::new("opens_at", 409, "还没有开放接单", "It is not open yet");
pub const LEAVE_CLOSED: Kind = Kind::new(
    "leave_closed",
    409,
    "已过退出时间，请联系社区",
    "Too late to leave, please call the office",
);
pub const WRONG_CODE: Kind =
    Kind::new("check_in.wrong_code", 422, "签到码不对", "The check-in code is wrong");
pub const NOT_NOW: Kind =
    Kind::new("check_in.not_now", 409, "现在不能签到", "Checking in is not possible now");
pub const NOBODY_CAME: Kind =
    Kind::new("report.nobody_came", 409, "还没有人签到，不能上报", "Nobody has checked in yet");
pub const OWN_WORK: Kind = Kind::new(
    "confirm.own_work",
    403,
    "不能确认自己做的或自己上报的任务，请另一位同事确认",
    "Nobody confirms their own work",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[
    TASK_FULL,
    TASK_CLOSED,
    ALREADY_CLAIMED,
    TIME_CLASH,
    NEEDS_SKILL,
    NOT_IN_AUDIENCE,
    TOO_MANY_OPEN_CLAIMS,
    DAILY_LIMIT,
    OPENS_AT,
    LEAVE_CLOSED,
    WRONG_CODE,
    NOT_NOW,
    NOBODY_CAME,
    OWN_WORK,
];
