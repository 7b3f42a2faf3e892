//! 个人信息: what the house knows of a person, and what becomes of it.
//!
//! `model` is the list: every column that names a person, what leaving does to it, and every sealed column. Export,
//! leaving and the renewal of keys work from that list, so it cannot say one thing and the house do another; a test
//! holds it against the schema, so that a new table is not forgotten.
//!
//! * `own` 导出: everything of one's own, as JSON. Audited.
//! * `leave` 注销: what identifies a person goes at once, in one transaction; what they did stays under an id that
//!   leads to nobody, so that hours and counts keep their sums. Audited.
//! * `close` 微信注销: the same for somebody who closed their account in WeChat, where nobody can ask them to end first what
//!   they have begun.
//! * `take_back` 撤回授权: what somebody no longer lets us know of them, and no more than that.
//! * `reveal` 查看原文: one field of one person for somebody who may, with a reason, so often a day. Audited first.
//! * `register` 审计记录: the chain, for auditors and keepers.
//! * `rotate` 换密钥: sealed values move to the newest key, a few at a time.
//! * `retention` 到期清除: what is kept no longer than needed.
//!
//! May read every room's tables. Records no facts.

mod close;
mod leave;
mod model;
mod own;
mod register;
pub mod retention;
mod reveal;
pub mod rotate;
pub mod routes;
mod take_back;

pub use close::close;
pub use model::{SEALED, Trace, traces};
pub use take_back::take_back;

use crate::platform::http::Kind;

pub const UNFINISHED: Kind = Kind::new(
    "leaving.unfinished",
    409,
    "还有事情没有办完，办完或退出以后就可以注销",
    "Something is unfinished: end it first, then leave",
);
pub const REVEALS_USED_UP: Kind = Kind::new(
    "reveal.used_up",
    429,
    "今天查看原文的次数已经用完，请明天再看",
    "No reveals are left today",
);

/// The problems of this room.
pub const PROBLEMS: &[Kind] = &[UNFINISHED, REVEALS_USED_UP];
