//! 订阅授权: how many messages of a template a person has agreed to. WeChat keeps the true account; this is what we
//! know of it, so that we ask at the right tap and send where it can arrive.
//!
//! One acceptance is heard twice, from the phone (a hint that anybody could make up) and from WeChat's push (the
//! truth), in any order: `heard` pairs the two, so that it counts once. `balance` spends; 43101 sets it right.

mod balance;
mod heard;
mod prompt;
mod reach;
mod routes;

pub use balance::{live, spend};
pub use heard::{change, popup};
pub use reach::{Reach, holders, reach};
pub use routes::configure;

pub(super) use balance::{exhaust, give_back};
pub(super) use heard::{Outcome, outcomes, sent};
