//! 接单: a person takes one seat of a task, comes, serves, and earns the minutes of their presence.
//!
//! ```text
//! active ─► checked_in ─► checked_out ─► confirmed        active ─► released | no_show | cancelled (with its task)
//!                └───────────────────────────────────── no_show (marked too soon: they came after all)
//! ```
//!
//! Hours are corrected by two people (`correct`); a seat marked as missed that was served after all is `confirmed` then.
//! A claim holds a seat in every state but `released` and `cancelled`. `grant` is the readable definition of
//! claiming: one transaction, the counter last. Whoever writes claims, offers or places in the queue of a task holds
//! the task's row; order: person, then task, never a second person. The card says *before* the tap what the
//! transaction will say after it: both ask `model::judge`.
//!
//! A full task has a queue (候补, `waitlist`). A seat that comes free is kept for the first in line by a timed offer
//! (递补, `offers`), in the transaction that freed it; `sweep` ends what nobody answered.
//!
//! ```text
//! waiting ─► offered ─► promoted | passed | left        offer: live ─► accepted | declined | expired | cancelled
//! ```
//!
//! A claim may be arranged by the office (`assign`), handed to a colleague (`hand_over`), and is asked for again when
//! the times change (`reconfirm`).
//!
//! A tap (`tap`) passes the `gate/` in Redis first, which may refuse or delay and never grants. Taps that arrive together
//! are written together (`writer/`), with the same outcome as one by one.
//!
//! `presence/` is coming and going, `roster/` what the office and the lead hold in their hands, `finish/` report and
//! confirmation, `absence/` who did not come and what they say.
//!
//! Relies on `dispatch` (seats), `request`, `ledger`, `org` (limits), `identity`, `audit`. Records the `Claim…`,
//! `Waitlist…` and `Offer…` facts and those of absences, and with `dispatch` and `request` the report and the
//! confirmation of a task.

mod absence;
mod asked;
mod assign;
mod colleagues;
mod correct;
pub mod counts;
mod desk;
mod draw;
mod facts;
mod finish;
pub mod gate;
mod grant;
mod hand_over;
mod invite;
mod model;
mod offer_view;
mod offers;
mod page;
mod pool;
mod pools;
mod presence;
mod queue;
mod reconfirm;
mod refusal;
mod release;
mod resize;
mod roster;
pub mod routes;
mod seat_routes;
mod step_back;
mod store;
mod sweep;
mod tap;
mod told;
mod view;
mod waitlist;
mod why;
mod writer;

pub use asked::{Asking, WaveOf, ask, asked_in, asks_of, asks_to, note_yes, say_no};
pub use desk::desk;
pub use finish::{cancel_claims, confirm_due, reward_praise};
pub use offers::{close_queue, promote};
pub use pool::PoolCard;
pub use pools::Pools;
pub use presence::close_forgotten;
pub use reconfirm::ask_again;
pub use step_back::{give_up, step_back, tasks_of};
pub use sweep::{Swept, sweep};
pub use told::{expected, find, giver, holders, offer, waiter};
pub use view::ClaimView;
pub use why::{Fit, fits};
pub use writer::Writer;

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
    pools: &Pools,
    me: &Resident,
    few: u64,
) -> Result<Vec<PoolCard>, Problem> {
    let wanted = pool::Wanted { limit: few, ..pool::Wanted::default() };
    Ok(pool::offered(state, pools, me, wanted).await?.items)
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
pub const BY_DRAW: Kind =
    Kind::new("by_draw", 409, "这一单抽签，请先报名", "This task is drawn for: sign up instead");
pub const SEATS_KEPT: Kind = Kind::new(
    "seats_kept",
    409,
    "剩下的名额先留给别人",
    "The places left are kept for others until a time",
);
pub const TRY_AGAIN: Kind = Kind::new(
    "try_again",
    503,
    "很多人正在接这个任务，请一秒后再试",
    "Many are claiming this task, try again in a second",
);
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
pub const NEEDS_PHONE: Kind =
    Kind::new("needs_phone", 403, "接单前请先绑定手机号", "Bind a phone before claiming here");
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
pub const WEEKLY_LIMIT: Kind =
    Kind::new("weekly_limit", 409, "您这一周的任务已达上限", "Enough tasks for one week");
pub const NEEDS_REST: Kind =
    Kind::new("needs_rest", 409, "两个任务之间休息时间不够", "Too little rest between two tasks");
pub const NOT_FULL: Kind = Kind::new(
    "waitlist.not_full",
    409,
    "现在还有名额，可以直接接单",
    "There are places left, claim one",
);
pub const WAITING: Kind =
    Kind::new("waitlist.waiting", 409, "您已经在候补名单上", "You are on the waitlist already");
pub const OFFER_OVER: Kind =
    Kind::new("offer.over", 409, "这个名额已经过期或让给了别人", "This offer has ended");
pub const OFFER_PENDING: Kind =
    Kind::new("offer.pending", 409, "已经有一份邀请在等回复", "An offer is waiting for its answer");
pub const HAS_SEAT: Kind = Kind::new(
    "hand_over.has_seat",
    409,
    "对方已经接了这个任务",
    "They have a place of their own already",
);
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
pub const PLACE_OFF: Kind = Kind::new(
    "check_in.by_place_off",
    403,
    "这个任务不能用定位签到，请用现场的签到码",
    "This task does not check in by place, use the code shown there",
);
pub const NOT_HERE: Kind =
    Kind::new("check_in.not_here", 422, "还没有到任务地点", "You are not at the place yet");
pub const LATE_CLOSED: Kind = Kind::new(
    "check_in.late_closed",
    409,
    "已过补传签到的时间，请联系社区",
    "Too late to send the check-in",
);
pub const SUSPENDED_UNTIL: Kind = Kind::new(
    "suspended_until",
    403,
    "近期几次接了单没有到场，暂时不能接单",
    "Missed too often lately, claiming is paused",
);
pub const NOT_MISSED_YET: Kind =
    Kind::new("no_show.too_early", 409, "现在还不能记未到场", "Too early to say so");
pub const SAME_PERSON: Kind = Kind::new(
    "absence.same_person",
    403,
    "自己的缺席、自己答复过的说明，要由另一位同事决定",
    "Somebody else must decide this",
);
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
    SEATS_KEPT,
    BY_DRAW,
    draw::NO_DRAW,
    draw::DRAW_OVER,
    TRY_AGAIN,
    TASK_CLOSED,
    ALREADY_CLAIMED,
    TIME_CLASH,
    NEEDS_SKILL,
    NEEDS_PHONE,
    NOT_IN_AUDIENCE,
    TOO_MANY_OPEN_CLAIMS,
    DAILY_LIMIT,
    WEEKLY_LIMIT,
    NEEDS_REST,
    NOT_FULL,
    WAITING,
    OFFER_OVER,
    OFFER_PENDING,
    HAS_SEAT,
    OPENS_AT,
    LEAVE_CLOSED,
    WRONG_CODE,
    NOT_NOW,
    PLACE_OFF,
    NOT_HERE,
    LATE_CLOSED,
    SUSPENDED_UNTIL,
    NOT_MISSED_YET,
    SAME_PERSON,
    NOBODY_CAME,
    OWN_WORK,
];
