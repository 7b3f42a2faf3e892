//! What WeChat's answer means for a message, for its grant, and when it is tried again. Pure.

use std::time::Duration;

use ::entity::{At, push::PushState};

use crate::{
    kernel::Day,
    platform::wechat::{Again, Class, WechatError},
};

/// A message is tried so often at most.
pub(super) const TRIES: i32 = 8;
const BASE: Duration = Duration::from_secs(2);
const CAP: Duration = Duration::from_secs(600);

/// What becomes of the message and its grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub state: PushState,
    /// Only of `Retry`: not before.
    pub next_at: At,
    pub grant: Grant,
    /// WeChat was asked, so it counts as a try.
    pub tried: bool,
    pub class: &'static str,
}

/// What becomes of the grant that was spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    /// It paid for the message, or may have.
    Spent,
    /// The message was surely not sent.
    Back,
    /// WeChat says there is none.
    None,
}

/// A message in flight: how often it was tried, this time included; whether it is better sent twice than never.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    pub attempts: i32,
    pub resend: bool,
    /// An earlier try may have arrived, and the grant paid for that one.
    pub spent: bool,
    pub useful_until: At,
}

/// What an answer means. `chance` draws a number below the one it is given.
pub(super) fn verdict(
    error: Option<&WechatError>,
    flight: Flight,
    now: At,
    chance: impl Fn(u64) -> u64,
) -> Verdict {
    let Some(error) = error else {
        return end(PushState::Sent, Grant::Spent, "ok", now);
    };
    let back = if flight.spent { Grant::Spent } else { Grant::Back };
    let class = error.class();
    if error.is_unknown() {
        if !flight.resend {
            return end(PushState::Unknown, Grant::Spent, "unknown", now);
        }
        return again(flight, now, backoff(flight.attempts, chance), Grant::Spent, "unknown");
    }
    match class {
        Class::Refused => end(PushState::Refused, Grant::None, class.name(), now),
        // Not asked, so nothing is learned: later, without counting a try.
        _ if matches!(error, WechatError::Held(_)) => {
            let wait = match error.again() {
                Again::Tomorrow => until_midnight(now),
                Again::After(least) => least.max(backoff(flight.attempts, chance)),
                Again::Never => CAP,
            };
            let held = Flight { attempts: 0, ..flight };
            Verdict { tried: false, ..again(held, now, wait, back, class.name()) }
        }
        Class::Content | Class::Template | Class::Identity => {
            end(PushState::Dead, back, class.name(), now)
        }
        Class::Quota => again(flight, now, until_midnight(now), back, class.name()),
        _ => {
            let least = match error.again() {
                Again::After(least) => least,
                Again::Never | Again::Tomorrow => Duration::ZERO,
            };
            // The same person a second later: nothing is wrong.
            let wait = if class == Class::Overlap {
                least
            } else {
                backoff(flight.attempts, chance).max(least)
            };
            again(flight, now, wait, back, class.name())
        }
    }
}

/// The process stops before the message left: whoever comes next sends it at once.
pub(super) fn put_back(flight: Flight, now: At) -> Verdict {
    let grant = if flight.spent { Grant::Spent } else { Grant::Back };
    let class = "stopping";
    Verdict { state: PushState::Retry, next_at: now, grant, tried: false, class }
}

fn end(state: PushState, grant: Grant, class: &'static str, now: At) -> Verdict {
    Verdict { state, next_at: now, grant, tried: true, class }
}

/// Once more, unless it was tried often enough or nobody needs it by then.
fn again(flight: Flight, now: At, wait: Duration, grant: Grant, class: &'static str) -> Verdict {
    let next_at = now.plus(wait);
    let state = match () {
        () if flight.attempts >= TRIES && grant == Grant::Spent => PushState::Unknown,
        () if flight.attempts >= TRIES => PushState::Dead,
        () if next_at >= flight.useful_until => PushState::Refused,
        () => PushState::Retry,
    };
    Verdict { state, next_at, grant, tried: true, class }
}

/// Anything up to two seconds, four, eight … ten minutes: many that failed together do not come back together.
fn backoff(attempts: i32, chance: impl Fn(u64) -> u64) -> Duration {
    let doubled = BASE * 2_u32.pow(attempts.clamp(1, 16).unsigned_abs() - 1);
    let most = u64::try_from(doubled.min(CAP).as_millis()).unwrap_or(u64::MAX);
    Duration::from_millis(chance(most) + 1)
}

fn until_midnight(now: At) -> Duration {
    Duration::from_millis(u64::try_from(Day::of(now).end().ms() - now.ms()).unwrap_or(0))
}

#[cfg(test)]
#[path = "verdict_tests.rs"]
mod tests;
