//! The day of the month: 「每月25日」, 「每月最后一个星期五」, moved off days nobody works, or chosen by hand.

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::kernel::{Day, Month, day::Holidays};

/// What the day is counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The day of that number; the last one where the month is shorter.
    Date(u32),
    /// The `week`th such day (1 Monday to 7 Sunday); 5: the last.
    Weekday { week: u32, weekday: u32 },
}

/// How an org finds its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DayRule {
    pub by: By,
    pub to_working_day: bool,
    /// What was chosen by hand for single months; it lies in its month.
    pub chosen: BTreeMap<Month, Day>,
}

impl DayRule {
    /// The day of that month. It never leaves the month: where no working day follows in it, the last one before
    /// counts, because a theme day belongs to its month. A date chosen by hand stands as it is.
    pub fn date(&self, month: Month, holidays: &Holidays) -> Day {
        if let Some(day) = self.chosen.get(&month) {
            return *day;
        }
        let day = match self.by {
            By::Date(n) => month.day(n),
            By::Weekday { week, weekday } => month.nth_weekday(week, weekday),
        };
        if !self.to_working_day {
            return day;
        }
        let works = |day: &Day| holidays.is_working(*day);
        let after = (0..31).map(|n| day.plus(n)).take_while(|day| month.holds(*day)).find(works);
        let before = (1..31).map(|n| day.plus(-n)).take_while(|day| month.holds(*day));
        after.or_else(|| before.into_iter().find(works)).unwrap_or(day)
    }
}

/// A time by the wall clock, `15:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Wall(i32);

impl Wall {
    /// From minutes since midnight, as stored.
    pub fn of(minutes: i32) -> Self {
        Self(minutes.clamp(0, 24 * 60 - 1))
    }

    pub fn minutes(self) -> i32 {
        self.0
    }

    /// That time of a day.
    pub fn on(self, day: Day) -> ::entity::At {
        let part = |minutes: i32| u32::try_from(minutes).unwrap_or_default();
        day.time(part(self.0 / 60), part(self.0 % 60))
    }

    fn parse(text: &str) -> Option<Self> {
        let (hour, minute) = text.split_once(':')?;
        let two = |part: &str| part.len() == 2 && part.bytes().all(|sign| sign.is_ascii_digit());
        let (hour, minute) = (two(hour) && two(minute)).then_some((hour, minute))?;
        let (hour, minute): (i32, i32) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(Self(hour * 60 + minute))
    }
}

impl fmt::Display for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for Wall {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Wall {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(from)?).ok_or_else(|| D::Error::custom("not a time"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule(by: By) -> DayRule {
        DayRule { by, to_working_day: false, chosen: BTreeMap::new() }
    }

    fn on(rule: &DayRule, month: &str, holidays: &Holidays) -> String {
        rule.date(month.parse().unwrap(), holidays).to_string()
    }

    fn days(list: &[(&str, bool)]) -> Holidays {
        Holidays::new(list.iter().map(|(day, works)| (day.parse().unwrap(), *works)))
    }

    #[test]
    fn the_31st_falls_on_the_last_day() {
        let rule = rule(By::Date(31));
        let none = Holidays::default();
        let found = ["2026-01", "2026-02", "2028-02", "2026-04"].map(|m| on(&rule, m, &none));
        assert_eq!(found, ["2026-01-31", "2026-02-28", "2028-02-29", "2026-04-30"]);
    }

    #[test]
    fn the_last_friday_is_the_fourth_or_the_fifth() {
        let rule = rule(By::Weekday { week: 5, weekday: 5 });
        let none = Holidays::default();
        assert_eq!(on(&rule, "2026-10", &none), "2026-10-30");
        assert_eq!(on(&rule, "2026-11", &none), "2026-11-27");
    }

    #[test]
    fn a_day_off_moves_to_the_next_working_day_by_the_calendar() {
        let mut rule = rule(By::Date(25));
        rule.to_working_day = true;
        assert_eq!(on(&rule, "2026-10", &Holidays::default()), "2026-10-26", "a Sunday");
        let odd = days(&[("2026-10-25", true)]);
        assert_eq!(on(&rule, "2026-10", &odd), "2026-10-25", "worked instead of a holiday");
        let long = days(&[("2026-11-25", false), ("2026-11-26", false)]);
        assert_eq!(on(&rule, "2026-11", &long), "2026-11-27");
    }

    #[test]
    fn where_the_next_working_day_is_in_another_month_the_last_one_before_counts() {
        let mut rule = rule(By::Date(31));
        rule.to_working_day = true;
        // Saturday 31 October: Monday would be November's.
        assert_eq!(on(&rule, "2026-10", &Holidays::default()), "2026-10-30");
        let closed = Holidays::new((1..=31).map(|n| {
            let month: Month = "2026-10".parse().unwrap();
            (month.day(n), false)
        }));
        assert_eq!(on(&rule, "2026-10", &closed), "2026-10-31", "a month without a working day");
    }

    #[test]
    fn a_date_chosen_by_hand_stands_for_its_month_alone() {
        let mut rule = rule(By::Date(25));
        rule.to_working_day = true;
        let sunday: Day = "2026-11-15".parse().unwrap();
        rule.chosen.insert("2026-11".parse().unwrap(), sunday);
        assert_eq!(on(&rule, "2026-11", &Holidays::default()), "2026-11-15");
        assert_eq!(on(&rule, "2026-12", &Holidays::default()), "2026-12-25");
    }

    #[test]
    fn a_time_is_written_in_one_way() {
        assert_eq!(Wall::parse("15:05").map(Wall::minutes), Some(905));
        assert_eq!(Wall::of(905).to_string(), "15:05");
        for bad in ["24:00", "9:00", "09:60", "0900", "", "+9:00", "09:00:00", "九点"] {
            assert_eq!(Wall::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        /// For every month of eighty years, however the calendar lies: the day lies in its month, and where it moves,
        /// it is a working day and no working day stands between.
        #[test]
        fn the_day_lies_in_its_month(
            date in prop::option::of(1u32..=31), week in 1u32..=5, weekday in 1u32..=7,
            to_working_day: bool, months in 0u32..960,
            odd in prop::collection::vec((0i64..40, any::<bool>()), 0..30),
        ) {
            let start: Month = "2000-01".parse().unwrap();
            let month = (0..months).fold(start, |month, _| month.next());
            let by = date.map_or(By::Weekday { week, weekday }, By::Date);
            let holidays =
                Holidays::new(odd.into_iter().map(|(at, works)| (month.first().plus(at), works)));
            let plain = rule(by).date(month, &holidays);
            let day = DayRule { to_working_day, ..rule(by) }.date(month, &holidays);
            prop_assert!(month.holds(plain) && month.holds(day));
            prop_assert!(to_working_day || day == plain);
            if day != plain {
                prop_assert!(holidays.is_working(day) && !holidays.is_working(plain));
                let (low, high) = (day.min(plain), day.max(plain));
                let between = (1..31).map(|n| low.plus(n)).take_while(|one| *one < high);
                prop_assert!(between.into_iter().all(|one| !holidays.is_working(one)));
                // Backwards only where nothing in the month is worked from the day on.
                let rest = (0..31).map(|n| plain.plus(n)).take_while(|one| month.holds(*one));
                prop_assert!(day > plain || rest.into_iter().all(|one| !holidays.is_working(one)));
            }
        }
    }
}
