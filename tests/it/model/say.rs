//! Steps in words, for counterexamples.

use std::fmt::{Display, Formatter, Result};

use super::step::Step;

fn name(who: usize) -> char {
    char::from(b'A' + who as u8)
}

/// The request of somebody: A, and their other one A′.
fn of((who, slot): (usize, usize)) -> String {
    format!("{}{}", name(who), if slot == 0 { "" } else { "′" })
}

fn there(at: u8) -> &'static str {
    if at == 0 { "" } else { " at the other replica" }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match *self {
            Self::Tap { who, tap: 0, at } => write!(f, "{} taps{}", name(who), there(at)),
            Self::Tap { who, at, .. } => write!(f, "{} taps again{}", name(who), there(at)),
            Self::Copy { who, at, .. } => write!(f, "{} retries{}", name(who), there(at)),
            Self::Enter(at) => write!(f, "{} is at the gate", of(at)),
            Self::Pass(at) => write!(f, "{} finds no gate", of(at)),
            Self::Look(at) => write!(f, "{} looks", of(at)),
            Self::Write(at) => write!(f, "{} commits", of(at)),
            Self::Batch(one, other) => write!(f, "{} and {} commit as one", of(one), of(other)),
            Self::Finish { at, settled, told } => {
                let redis = if settled { "settled" } else { "not settled" };
                write!(f, "{} {redis}, {}", of(at), if told { "told" } else { "not told" })
            }
            Self::Die(at) => write!(f, "{} dies", of(at)),
            Self::Promise(at) => write!(f, "{} is told before the commit", of(at)),
            Self::Release(who) => write!(f, "{} leaves", name(who)),
            Self::Join(who) => write!(f, "{} waits", name(who)),
            Self::Decline(who) => write!(f, "{} declines", name(who)),
            Self::Late(who) => write!(f, "time is over for {}", name(who)),
            Self::Expire(who) => write!(f, "the offer to {} ends", name(who)),
            Self::Resize(slots) => write!(f, "{slots} seats"),
            Self::Cancel => write!(f, "cancelled"),
            Self::CallOff => write!(f, "called off"),
            Self::Settle => write!(f, "settled"),
            Self::Lose => write!(f, "settle lost"),
            Self::Sweep => write!(f, "swept"),
            Self::News(at) => write!(f, "replica {at} hears"),
            Self::GateExpires => write!(f, "gate runs out"),
            Self::TicketExpires { who, .. } => write!(f, "ticket of {} runs out", name(who)),
            Self::FlagExpires(at) => write!(f, "flag of {at} runs out"),
            Self::Flush => write!(f, "Redis flushed"),
            Self::Dump => write!(f, "Redis dumped"),
            Self::Restore => write!(f, "Redis back from the dump"),
        }
    }
}
