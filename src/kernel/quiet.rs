//! 免打扰时段: hours of the day, by the wall clock in Zunyi, in which no phone rings and no time to answer runs out.

use std::time::Duration;

use entity::At;

use super::Day;

const MINUTE_MS: i64 = 60_000;

/// From a minute of the day until another one; over midnight where the second is the smaller. Equal ones: never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quiet {
    from: i32,
    until: i32,
}

impl Quiet {
    /// Minutes after midnight in Asia/Shanghai, 0 to 1439; other numbers count as the nearest of these.
    pub fn new(from: i32, until: i32) -> Self {
        Self { from: from.clamp(0, 1439), until: until.clamp(0, 1439) }
    }

    /// When the quiet in which an instant lies is over; None: it lies in none.
    pub fn ends(self, at: At) -> Option<At> {
        let day = Day::of(at);
        let minute = i32::try_from((at.ms() - day.start().ms()) / MINUTE_MS).unwrap_or(0);
        let end = |day: Day| day.start().plus(minutes(self.until));
        if self.from <= self.until {
            return (self.from <= minute && minute < self.until).then(|| end(day));
        }
        if minute >= self.from {
            return Some(end(day.plus(1)));
        }
        (minute < self.until).then(|| end(day))
    }

    /// The instant at which so much time outside the quiet has passed.
    pub fn awake_after(self, from: At, long: Duration) -> At {
        if self.from == self.until {
            return from.plus(long);
        }
        let (mut at, mut left) = (self.ends(from).unwrap_or(from), long);
        loop {
            let awake = gap(at, self.begins_after(at));
            if left <= awake {
                return at.plus(left);
            }
            left = left.saturating_sub(awake);
            let begun = at.plus(awake);
            // A day has at least a minute outside it, so this ends.
            at = self.ends(begun).unwrap_or(begun);
        }
    }

    /// When it begins next, seen from an instant outside it.
    fn begins_after(self, at: At) -> At {
        let begin = |day: Day| day.start().plus(minutes(self.from));
        let today = Day::of(at);
        if begin(today) > at { begin(today) } else { begin(today.plus(1)) }
    }
}

fn minutes(n: i32) -> Duration {
    Duration::from_secs(60 * u64::from(n.unsigned_abs()))
}

fn gap(from: At, to: At) -> Duration {
    Duration::from_millis(u64::try_from(to.ms() - from.ms()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NIGHT: Quiet = Quiet { from: 21 * 60 + 30, until: 7 * 60 + 30 };

    fn at(hour: u32, minute: u32) -> At {
        "2026-11-22".parse::<Day>().unwrap().time(hour, minute)
    }

    fn tomorrow(hour: u32, minute: u32) -> At {
        "2026-11-23".parse::<Day>().unwrap().time(hour, minute)
    }

    #[test]
    fn the_night_lasts_over_midnight() {
        assert_eq!(NIGHT.ends(at(21, 29)), None);
        assert_eq!(NIGHT.ends(at(21, 30)), Some(tomorrow(7, 30)));
        assert_eq!(NIGHT.ends(tomorrow(0, 0)), Some(tomorrow(7, 30)));
        assert_eq!(NIGHT.ends(tomorrow(7, 29)), Some(tomorrow(7, 30)));
        assert_eq!(NIGHT.ends(tomorrow(7, 30)), None);
    }

    #[test]
    fn a_quiet_within_a_day_and_none_at_all() {
        let noon = Quiet::new(12 * 60, 14 * 60);
        assert_eq!(noon.ends(at(12, 0)), Some(at(14, 0)));
        assert_eq!((noon.ends(at(11, 59)), noon.ends(at(14, 0))), (None, None));
        assert_eq!(Quiet::default().ends(at(0, 0)), None);
        assert_eq!(Quiet::default().awake_after(at(23, 0), minutes(60)), tomorrow(0, 0));
    }

    #[test]
    fn time_to_answer_stands_still_at_night() {
        assert_eq!(NIGHT.awake_after(at(10, 0), minutes(30)), at(10, 30));
        assert_eq!(NIGHT.awake_after(at(21, 20), minutes(30)), tomorrow(7, 50));
        assert_eq!(NIGHT.awake_after(at(23, 0), minutes(30)), tomorrow(8, 0));
        assert_eq!(NIGHT.awake_after(at(21, 0), minutes(30)), at(21, 30), "to its very beginning");
    }

    proptest! {
        /// Whatever the hours, a time to answer never ends at night, and never comes sooner than by the clock.
        #[test]
        fn no_time_runs_out_in_the_quiet(from in 0i32..1440, until in 0i32..1440, start in 0u32..2880, long in 1i32..4400) {
            let (quiet, start) = (Quiet::new(from, until), at(0, 0).plus(minutes(start as i32)));
            let end = quiet.awake_after(start, minutes(long));
            prop_assert!(end >= start.plus(minutes(long)));
            prop_assert_eq!(quiet.ends(At(end.ms() - 1)), None);
        }
    }
}
