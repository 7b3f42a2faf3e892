//! 找人: who is asked, and when. Every message to a phone spends a permission that somebody gave by hand, and people
//! who are asked too often stop looking, so the fewest are asked that will fill the task in time.
//!
//! ```text
//! a need + candidates ─► score (why them) ─► chance (how likely they come) ─► wave (whom to ask now)
//!                                                                             └─ by its deadline still seats free: the
//!                                                                                next wave, or the next ring of the plan
//! named ─► branch ─► community ─► street ─► district ─► the office's call list
//! ```
//!
//! [`rank`] is what an office reads (建议人选), [`choose`] whom a wave asks, [`Plan`] when it widens, [`why_you`] what
//! the one who is asked reads (为什么推荐您), [`WhyNot`] what the office hears about somebody who is not. Everybody in
//! the ring sees the task in their pool all the same: waves decide only whose phone rings.
//!
//! Pure: facts, the time and the org's habits are handed in; nothing is read, written or drawn by lot. Whether somebody
//! may take a seat at all is the claim's to say, and comes in as [`WhyNot::Cannot`]. Relies on nothing, records nothing.
//!
//! After Manshadi and Rodilitz, "Online Policies for Efficient Volunteer Crowdsourcing" (Management Science, 2022);
//! how well it does is measured in `docs/dispatch-quality.md`.

mod candidate;
mod crowd;
#[cfg(test)]
mod examples;
mod likely;
mod record;
mod rings;
mod score;
mod wave;
mod words;

pub use candidate::{Candidate, Distance, Free, Habits, Need, WhyNot};
pub use crowd::Crowd;
pub use likely::likely;
pub use record::{Answer, Asked, Record, average};
pub use rings::{Plan, Ring, Step};
pub use score::{Factor, Part, Score, score};
pub use wave::{Left, Pick, Wave, choose, rank};
pub use words::{called, why_these, why_you};
