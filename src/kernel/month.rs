//! Civil months in Asia/Shanghai.

use std::{fmt, str::FromStr};

use chrono::{Datelike, Months, NaiveDate};
use entity::At;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::Day;

/// A month, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month an instant falls in.
    pub fn of(at: At) -> Self {
        let date = Day::of(at).date();
        Self(date.with_day(1).unwrap_or(date))
    }

    /// Its first day.
    pub fn first(self) -> Day {
        self.0.into()
    }

    /// Its last day.
    pub fn last(self) -> Day {
        self.next().first().plus(-1)
    }

    /// The month after.
    pub fn next(self) -> Self {
        Self(self.0 + Months::new(1))
    }

    /// The month before.
    pub fn previous(self) -> Self {
        Self(self.0 - Months::new(1))
    }

    /// Whether a day lies in it.
    pub fn holds(self, day: Day) -> bool {
        self.first() <= day && day <= self.last()
    }

    /// The `n`th day, at most the last one: the 31st of February is the 28th or 29th.
    pub fn day(self, n: u32) -> Day {
        self.first().plus(i64::from(n.max(1)) - 1).min(self.last())
    }

    /// The `n`th of a day of the week (1 Monday to 7 Sunday); the last one where there are fewer than `n`.
    pub fn nth_weekday(self, n: u32, weekday: u32) -> Day {
        let ahead = (weekday + 6 - self.0.weekday().num_days_from_monday()) % 7;
        let first = self.first().plus(i64::from(ahead));
        let all = (0..n.clamp(1, 5)).map(|week| first.plus(i64::from(week) * 7));
        all.take_while(|day| self.holds(*day)).last().unwrap_or(first)
    }
}

/// `2026-11`
impl FromStr for Month {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Seven signs alone: a shorter one reads as another month to people who sort texts.
        let text = if text.len() == 7 { text } else { "" };
        NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map(Self)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_is_written_in_one_way() {
        assert_eq!(month("2026-02").last().to_string(), "2026-02-28");
        assert_eq!(month("2028-02").last().to_string(), "2028-02-29");
        assert_eq!(month("2026-12").next(), month("2027-01"));
        for bad in ["2026-13", "2026-1", "2026-11-01", "", "十一月", "2026-00"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }

    #[test]
    fn it_begins_at_midnight_in_shanghai() {
        let first = month("2026-11").first().start();
        assert_eq!(Month::of(first), month("2026-11"));
        assert_eq!(Month::of(At(first.ms() - 1)), month("2026-10"));
    }

    proptest! {
        #[test]
        fn every_day_asked_for_lies_in_the_month(months in 0u32..1200, n in 1u32..=31, week in 1u32..=5, weekday in 1u32..=7) {
            let month = (0..months).fold(month("2000-01"), |month, _| month.next());
            prop_assert!(month.holds(month.day(n)));
            let day = month.nth_weekday(week, weekday);
            prop_assert!(month.holds(day) && day.date().weekday().number_from_monday() == weekday);
            prop_assert!(week < 5 || !month.holds(day.plus(7)), "5 is the last");
            prop_assert_eq!(month.next().previous(), month);
        }
    }
}
