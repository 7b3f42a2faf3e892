//! Civil days, as the wall calendar in Zunyi shows them: always Asia/Shanghai.

use std::{collections::HashMap, fmt, str::FromStr, time::Duration};

use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeZone, Timelike, Weekday};
use chrono_tz::Asia::Shanghai;
use entity::At;

/// A date in Asia/Shanghai.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(NaiveDate);

impl Day {
    /// The day an instant falls on.
    pub fn of(at: At) -> Self {
        Self(at.utc().with_timezone(&Shanghai).date_naive())
    }

    /// The date alone, for the calendar's own arithmetic.
    pub(super) fn date(self) -> NaiveDate {
        self.0
    }

    /// Midnight at which the day begins.
    pub fn start(self) -> At {
        self.time(0, 0)
    }

    /// Midnight at which the next day begins.
    pub fn end(self) -> At {
        self.start().plus(Duration::from_secs(24 * 3600))
    }

    /// An instant of this day by the wall clock. Hours past 23 or minutes past 59 read as the day's start.
    pub fn time(self, hour: u32, minute: u32) -> At {
        let wall = self.0.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
        Shanghai.from_local_datetime(&wall).earliest().map(|at| at.to_utc().into()).unwrap_or(At(0))
    }

    /// The day `n` days later (or earlier, when negative).
    pub fn plus(self, n: i64) -> Self {
        Self(self.0 + chrono::TimeDelta::days(n))
    }

    /// The year it is in.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month it is in, 1 to 12.
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// The same day of another year; of 29 February the 28th where that year has no 29th.
    pub fn in_year(self, year: i32) -> Self {
        self.0.with_year(year).or_else(|| self.plus(-1).0.with_year(year)).map_or(self, Self)
    }

    /// The first day of its month.
    pub fn month_start(self) -> Self {
        self.plus(-i64::from(self.0.day0()))
    }

    /// The first day of the month `n` months later.
    pub fn months_later(self, n: u32) -> Self {
        let start = self.month_start();
        start.0.checked_add_months(Months::new(n)).map_or(start, Self)
    }

    /// The Monday of this day's week.
    pub fn monday(self) -> Self {
        self.plus(-i64::from(self.0.weekday().num_days_from_monday()))
    }

    /// The next Saturday after this day; where it is a Saturday itself, the one in a week.
    pub fn next_saturday(self) -> Self {
        let ahead = (5 - i64::from(self.0.weekday().num_days_from_monday())).rem_euclid(7);
        self.plus(if ahead == 0 { 7 } else { ahead })
    }

    /// Whether it is a Saturday or a Sunday.
    pub fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), Weekday::Sat | Weekday::Sun)
    }

    /// The `n`th working day after this day; this day itself where `n` is 0.
    pub fn plus_working_days(self, n: u32, holidays: &Holidays) -> Self {
        let mut day = self;
        for _ in 0..n {
            day = day.plus(1);
            // No calendar has a year of days off: a wrong one ends the search, not the program.
            for _ in 0..366 {
                if holidays.is_working(day) {
                    break;
                }
                day = day.plus(1);
            }
        }
        day
    }
}

/// `2026-10-01`
impl FromStr for Day {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self)
    }
}

/// What a holiday calendar says: which days are off besides weekends, and which weekend days are worked. A day it
/// does not name is worked unless it is a weekend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays(HashMap<Day, bool>);

impl Holidays {
    /// From days and whether each is worked.
    pub fn new(days: impl IntoIterator<Item = (Day, bool)>) -> Self {
        Self(days.into_iter().collect())
    }

    /// Whether people work that day.
    pub fn is_working(&self, day: Day) -> bool {
        self.0.get(&day).copied().unwrap_or_else(|| !day.is_weekend())
    }
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Self {
        Self(date)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

/// A day as people say it: `11月28日`.
pub fn spoken_day(day: Day) -> String {
    format!("{}月{}日", day.0.month(), day.0.day())
}

/// An instant as people say it: `11月28日 09:00`.
pub fn spoken(at: At) -> String {
    let wall = at.utc().with_timezone(&Shanghai);
    format!("{}月{}日 {:02}:{:02}", wall.month(), wall.day(), wall.hour(), wall.minute())
}

/// An instant as forms have it: `2026年11月28日 09:00`.
pub fn written(at: At) -> String {
    let wall = at.utc().with_timezone(&Shanghai);
    format!("{} {:02}:{:02}", written_day(Day::of(at)), wall.hour(), wall.minute())
}

/// A date as forms have it: `2026年11月28日`.
pub fn written_day(day: Day) -> String {
    format!("{}年{}月{}日", day.0.year(), day.0.month(), day.0.day())
}

/// The same as [`spoken`] with the day of the week: `11月28日（周六）09:00`.
pub fn spoken_with_weekday(at: At) -> String {
    const DAYS: [&str; 7] = ["一", "二", "三", "四", "五", "六", "日"];
    let wall = at.utc().with_timezone(&Shanghai);
    let weekday = DAYS[wall.weekday().num_days_from_monday() as usize % 7];
    let (hour, minute) = (wall.hour(), wall.minute());
    format!("{}月{}日（周{weekday}）{hour:02}:{minute:02}", wall.month(), wall.day())
}

/// The day and the part of it an instant falls into, as people say it: `11月28日上午`.
pub fn spoken_part(at: At) -> String {
    let wall = at.utc().with_timezone(&Shanghai);
    let part = match wall.hour() {
        0..=5 => "凌晨",
        6..=11 => "上午",
        12..=17 => "下午",
        _ => "晚上",
    };
    format!("{}月{}日{part}", wall.month(), wall.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_shanghai_not_in_greenwich() {
        let late: At =
            "2026-11-22T15:59:59.999Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
        assert_eq!(Day::of(late).to_string(), "2026-11-22");
        assert_eq!(Day::of(At(late.ms() + 1)).to_string(), "2026-11-23");
        assert_eq!(Day::of(late).end(), At(late.ms() + 1));
        assert_eq!(spoken(Day::of(late).time(9, 5)), "11月22日 09:05");
        assert_eq!(spoken_with_weekday(Day::of(late).time(9, 5)), "11月22日（周日）09:05");
        assert_eq!(written(Day::of(late).time(9, 5)), "2026年11月22日 09:05");
        assert_eq!(spoken_part(late), "11月22日晚上");
        assert_eq!(spoken_part(At(late.ms() + 1)), "11月23日凌晨");
    }

    #[test]
    fn saturday_is_always_ahead() {
        let sunday = Day(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
        assert_eq!(sunday.next_saturday().to_string(), "2026-11-28");
        assert_eq!(sunday.plus(6).next_saturday().to_string(), "2026-12-05");
        assert_eq!(sunday.plus(5).next_saturday().to_string(), "2026-11-28");
        assert_eq!(sunday.monday().to_string(), "2026-11-16");
        assert_eq!(sunday.plus(1).monday(), sunday.plus(1));
    }
    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_has_its_like_in_every_year_and_months_begin_with_the_first() {
        assert_eq!(day("2024-02-29").in_year(2026), day("2026-02-28"));
        assert_eq!(day("2024-02-29").in_year(2028), day("2028-02-29"));
        assert_eq!(day("2024-02-28").in_year(2026), day("2026-02-28"));
        assert_eq!(day("2026-12-31").month_start(), day("2026-12-01"));
        assert_eq!(day("2026-11-30").months_later(3), day("2027-02-01"));
        assert_eq!(spoken_day(day("2026-11-03")), "11月3日");
    }

    #[test]
    fn without_a_calendar_weekends_alone_are_off() {
        let none = Holidays::default();
        assert_eq!(day("2026-11-20").plus_working_days(1, &none), day("2026-11-23"), "Friday");
        assert_eq!(day("2026-11-22").plus_working_days(7, &none), day("2026-12-01"), "Sunday");
        assert_eq!(day("2026-11-22").plus_working_days(0, &none), day("2026-11-22"));
    }

    #[test]
    fn days_off_are_skipped_and_worked_weekends_count() {
        let week = (1..=7).map(|n| (day(&format!("2026-10-0{n}")), false));
        let calendar = Holidays::new(week.chain([(day("2026-10-10"), true)]));
        // Wednesday before the holidays: Thursday the 8th, Friday the 9th, Saturday the 10th, which is worked.
        assert_eq!(day("2026-09-30").plus_working_days(1, &calendar), day("2026-10-08"));
        assert_eq!(day("2026-09-30").plus_working_days(3, &calendar), day("2026-10-10"));
        assert_eq!(day("2026-09-30").plus_working_days(4, &calendar), day("2026-10-12"));
    }

    #[test]
    fn a_calendar_without_a_working_day_ends_the_search() {
        let from = day("2026-01-01");
        let never = Holidays::new((0..900).map(|n| (from.plus(n), false)));
        assert!(from.plus_working_days(2, &never) > from);
    }

    proptest::proptest! {
        /// However the calendar lies, the day promised is a working day after this one.
        #[test]
        fn a_promise_ends_on_a_working_day(from in 0i64..700, n in 1u32..40, odd in proptest::collection::vec((0i64..800, proptest::bool::ANY), 0..60)) {
            let start = day("2026-01-01");
            let calendar = Holidays::new(odd.into_iter().map(|(at, work)| (start.plus(at), work)));
            let from = start.plus(from);
            let end = from.plus_working_days(n, &calendar);
            proptest::prop_assert!(end > from && calendar.is_working(end));
            let worked = (1..).map(|at| from.plus(at)).take_while(|day| *day <= end);
            proptest::prop_assert_eq!(worked.filter(|day| calendar.is_working(*day)).count(), n as usize);
        }
    }
}
