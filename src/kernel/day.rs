//! Civil days, as the wall calendar in Zunyi shows them: always Asia/Shanghai.

use std::{fmt, str::FromStr, time::Duration};

use chrono::{Datelike, NaiveDate, NaiveTime, TimeZone, Timelike};
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

    /// The next Saturday after this day; where it is a Saturday itself, the one in a week.
    pub fn next_saturday(self) -> Self {
        let ahead = (5 - i64::from(self.0.weekday().num_days_from_monday())).rem_euclid(7);
        self.plus(if ahead == 0 { 7 } else { ahead })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m-%d"))
    }
}

/// `2026-10-01`
impl FromStr for Day {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self)
    }
}

/// An instant as people say it: `11月28日 09:00`.
pub fn spoken(at: At) -> String {
    let wall = at.utc().with_timezone(&Shanghai);
    format!("{}月{}日 {:02}:{:02}", wall.month(), wall.day(), wall.hour(), wall.minute())
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
    }

    #[test]
    fn saturday_is_always_ahead() {
        let sunday = Day(NaiveDate::from_ymd_opt(2026, 11, 22).unwrap());
        assert_eq!(sunday.next_saturday().to_string(), "2026-11-28");
        assert_eq!(sunday.plus(6).next_saturday().to_string(), "2026-12-05");
        assert_eq!(sunday.plus(5).next_saturday().to_string(), "2026-11-28");
    }
}
