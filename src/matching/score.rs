//! How good a choice somebody is, with its reasons in sight. The score says *whom we would rather have*, the chance
//! (`likely`) *whether they would come*; a wave weighs one against the other.

use super::{
    candidate::{Candidate, Distance, Free, Habits, Need, days},
    likely::skilled,
    record::Record,
};

/// Served so many days ago counts as long ago.
const LONG_AGO_DAYS: f64 = 60.0;

/// What speaks for or against somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// 会不会做: the skills asked for, tasks of this kind served before.
    Skill,
    /// 远近.
    Distance,
    /// 有没有空.
    Free,
    /// 轮到谁: least recently served first.
    Turn,
    /// 说到做到: kept promises.
    Reliability,
    /// 打扰多少: unanswered messages of late.
    Fatigue,
    /// 通知得到: a live permission.
    Reach,
}

impl Factor {
    pub const ALL: [Self; 7] = [
        Self::Skill,
        Self::Distance,
        Self::Free,
        Self::Turn,
        Self::Reliability,
        Self::Fatigue,
        Self::Reach,
    ];

    /// Its share of the score, percent; together 100.
    pub const fn weight(self) -> u8 {
        match self {
            Self::Skill | Self::Turn => 20,
            Self::Distance | Self::Free => 15,
            Self::Reliability | Self::Fatigue | Self::Reach => 10,
        }
    }
}

/// How somebody stands in one respect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    pub factor: Factor,
    /// 0, speaks against them, to 1, speaks for them.
    pub value: f64,
}

/// How somebody stands in all respects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    pub parts: [Part; 7],
}

impl Score {
    /// The weighted sum, 0 to 1.
    pub fn total(&self) -> f64 {
        let weighed = self.parts.iter().map(|part| f64::from(part.factor.weight()) * part.value);
        weighed.sum::<f64>() / 100.0
    }

    /// How they stand in one respect.
    pub fn of(&self, factor: Factor) -> f64 {
        self.parts.iter().find(|part| part.factor == factor).map_or(0.0, |part| part.value)
    }
}

/// Scores somebody for a need.
pub fn score(need: &Need, candidate: &Candidate, habits: &Habits) -> Score {
    let record = Record::of(&candidate.asked, habits.rest, need.now);
    let value = |factor| match factor {
        Factor::Skill => 0.7 * skilled(need, candidate) + 0.1 * f64::from(candidate.alike.min(3)),
        Factor::Distance => match candidate.distance {
            Distance::Near => 1.0,
            Distance::Walk => 0.75,
            Distance::Ride | Distance::Unknown => 0.4,
            Distance::Far => 0.0,
        },
        Factor::Free => match candidate.free {
            Free::Said => 1.0,
            Free::Usual => 0.8,
            Free::Unknown => 0.4,
        },
        Factor::Turn => {
            candidate.last_served.map_or(1.0, |at| (days(at, need.now) / LONG_AGO_DAYS).min(1.0))
        }
        // As if each had kept nine promises of ten before: one missed is not the end of it.
        Factor::Reliability => {
            let (kept, missed) = (f64::from(candidate.kept), f64::from(candidate.missed));
            (kept + 9.0) / (kept + missed + 10.0)
        }
        Factor::Fatigue => {
            record.awake(habits.rest, need.now) / f64::from(1 + record.silent.min(4))
        }
        Factor::Reach => f64::from(u8::from(candidate.has_grant)),
    };
    Score { parts: Factor::ALL.map(|factor| Part { factor, value: value(factor).clamp(0.0, 1.0) }) }
}

#[cfg(test)]
mod tests {
    use super::{super::examples, *};

    fn total(change: impl Fn(&mut Candidate)) -> f64 {
        let mut candidate = examples::candidate(1);
        change(&mut candidate);
        score(&examples::need(1), &candidate, &Habits::default()).total()
    }

    #[test]
    fn the_weights_are_a_hundred_percent() {
        assert_eq!(Factor::ALL.iter().map(|factor| u32::from(factor.weight())).sum::<u32>(), 100);
    }

    #[test]
    fn each_respect_counts() {
        let usual = total(|_| {});
        let days_ago =
            |days: u64| Some(examples::NOW.minus(std::time::Duration::from_secs(days * 86_400)));
        assert!(total(|one| one.skills.clear()) < usual);
        assert!(total(|one| one.distance = Distance::Near) > usual);
        assert!(total(|one| one.free = Free::Said) > usual);
        assert!(total(|one| one.missed = 2) < usual);
        assert!(total(|one| one.kept = 20) > usual);
        assert!(total(|one| one.has_grant = false) < usual);
        assert!(
            total(|one| one.last_served = days_ago(3))
                < total(|one| one.last_served = days_ago(30))
        );
        assert!(total(|one| one.asked = examples::silent(3)) < usual);
    }

    #[test]
    fn least_recently_served_first_and_the_newcomer_before_all() {
        let turn = |candidate: &Candidate| {
            score(&examples::need(1), candidate, &Habits::default()).of(Factor::Turn)
        };
        let newcomer = examples::candidate(1);
        let served = Candidate { last_served: Some(examples::NOW), ..newcomer.clone() };
        assert!(turn(&newcomer) > 0.99 && turn(&served) < 0.01);
    }
}
