//! What is known when people are looked for: the need, the candidates, the habits of the org.

use std::{collections::HashSet, time::Duration};

use entity::At;
use uuid::Uuid;

use super::{record::Asked, rings::Ring};

/// A task that looks for people, at one moment.
#[derive(Clone, Debug)]
pub struct Need {
    /// Seats that nobody holds and that are kept for nobody.
    pub open: usize,
    /// Skills that help, by name.
    pub skills: Vec<String>,
    pub now: At,
    /// By when the wave's answers are counted.
    pub by: At,
    /// Of each who was asked before and has still time to answer: how likely they come.
    pub waiting: Vec<f64>,
    /// Waves that can still follow this one before nobody can take a seat any more.
    pub later: u32,
}

/// Somebody who might be asked.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub id: Uuid,
    /// Those that hold until the task ends.
    pub skills: HashSet<String>,
    /// Tasks of the same category they have served.
    pub alike: u32,
    pub distance: Distance,
    pub free: Free,
    /// When they last served; None: never.
    pub last_served: Option<At>,
    /// Seats of the last year they came for, and missed without an excuse that holds.
    pub kept: u32,
    pub missed: u32,
    /// They hold a permission for one WeChat message.
    pub has_grant: bool,
    /// What they were asked in the last half year, oldest first.
    pub asked: Vec<Asked>,
    /// What the caller knows against asking them now.
    pub against: Option<WhyNot>,
}

/// How far they live from the place, coarsely: nobody's address is told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distance {
    /// Within 500 m.
    Near,
    /// Within 1.5 km.
    Walk,
    /// Within 5 km.
    Ride,
    Far,
    Unknown,
}

impl Distance {
    /// From metres; None where either place is not known.
    pub fn of(metres: Option<i64>) -> Self {
        match metres {
            None => Self::Unknown,
            Some(..=500) => Self::Near,
            Some(..=1_500) => Self::Walk,
            Some(..=5_000) => Self::Ride,
            Some(_) => Self::Far,
        }
    }
}

/// Whether they are free at that time. Who holds another seat then cannot be asked: the claim says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Free {
    /// They said so.
    Said,
    /// They have served on that day of the week at that time of day.
    Usual,
    Unknown,
}

/// Why somebody is not asked now. Said in words by its `zh`.
#[derive(Clone, Debug, PartialEq)]
pub enum WhyNot {
    /// The claim would refuse: its words for the office.
    Cannot(String),
    /// They said no to this task.
    Declined,
    /// They were asked for this task then.
    AskedAlready(At),
    /// They live or belong further out: the ring and when it opens.
    Later(Ring, At),
    /// They were asked lately, or did not answer several times: left in peace until then.
    Resting(At),
    /// Others suit the task better: they live nearer, know it, are free.
    LessSuited,
    /// Those who are asked are enough: how many they are and how likely they fill the seats.
    NotNeeded { asked: usize, chance: f64 },
}

/// How an org asks.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// How often people here say yes, 0 to 1: see [`super::average`].
    pub average: f64,
    /// How likely the waves together are to fill the open seats, 0 to 1: the last one alone, an earlier one its share.
    pub target: f64,
    /// How long somebody is left in peace after a message; longer for each one in a row that they did not answer.
    pub rest: Duration,
}

impl Default for Habits {
    fn default() -> Self {
        Self { average: super::average(0, 0), target: 0.9, rest: Duration::from_secs(24 * 3600) }
    }
}

/// Days from one instant to a later one; 0 where it is not later.
#[allow(clippy::cast_precision_loss)]
pub(super) fn days(from: At, to: At) -> f64 {
    (to.ms() - from.ms()).max(0) as f64 / 86_400_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_told_coarsely() {
        let told = [0, 500, 501, 1_500, 5_000, 5_001].map(|metres| Distance::of(Some(metres)));
        use Distance::{Far, Near, Ride, Walk};
        assert_eq!(told, [Near, Near, Walk, Walk, Ride, Far]);
        assert_eq!(Distance::of(None), Distance::Unknown);
    }
}
