//! The rule of a series: an iCalendar RRULE read in Asia/Shanghai, within bounds that a community needs. An
//! occurrence a day at most, by construction: what would divide a day is not accepted.

use entity::At;
use rrule::{RRule, RRuleSet, Tz, Unvalidated};

use crate::{dispatch::post::fault, kernel::Day, platform::http::problem::FieldFault};

/// Parts a rule may have. No UNTIL: a series has a field for its end. Nothing below a day.
const PARTS: &[&str] =
    &["FREQ", "INTERVAL", "COUNT", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"];
const FREQUENCIES: &[&str] = &["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
/// Most occurrences read at once.
const AT_ONCE: u16 = 500;

/// A rule that was understood.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    set: RRuleSet,
    until: Option<At>,
}

fn bad(zh: impl Into<String>, en: &str) -> FieldFault {
    fault("rule", "value", zh, en)
}

/// Reads a rule whose counting begins at `first`.
///
/// # Errors
/// Says what of it cannot be.
pub(super) fn read(rule: &str, first: At, until: Option<At>) -> Result<Rule, FieldFault> {
    let known = rule.split(';').all(|part| {
        let (name, value) = part.split_once('=').unwrap_or_default();
        let plain = |sign: u8| {
            sign.is_ascii_uppercase() || sign.is_ascii_digit() || matches!(sign, b',' | b'-' | b'+')
        };
        let small = |most: u32| value.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n));
        let fits = match name {
            "FREQ" => FREQUENCIES.contains(&value),
            "INTERVAL" => small(366),
            "COUNT" => small(1000),
            _ => value.len() <= 100 && !value.is_empty() && value.bytes().all(plain),
        };
        PARTS.contains(&name) && fits
    });
    if !known {
        let zh = "重复规则只能按天、周、月、年，例如每月第一个周六写 FREQ=MONTHLY;BYDAY=1SA";
        return Err(bad(zh, "Daily, weekly, monthly or yearly, e.g. FREQ=MONTHLY;BYDAY=1SA"));
    }
    let unclear = || bad("重复规则看不懂，请检查", "The rule cannot be understood");
    let start = first.utc().with_timezone(&Tz::Asia__Shanghai);
    let parsed: RRule<Unvalidated> = rule.parse().map_err(|_| unclear())?;
    let set = parsed.build(start).map_err(|_| unclear())?;
    Ok(Rule { set, until })
}

impl Rule {
    /// Starts between two instants, both included, in order, one a day.
    pub fn starts(&self, from: At, to: At) -> Vec<At> {
        let to = self.until.map_or(to, |until| until.min(to));
        if to < from {
            return Vec::new();
        }
        let there = |at: At| at.utc().with_timezone(&Tz::Asia__Shanghai);
        let found = self.set.clone().after(there(from)).before(there(to)).all(AT_ONCE);
        let mut starts: Vec<At> = found.dates.iter().map(|at| At(at.timestamp_millis())).collect();
        starts.dedup_by_key(|at| Day::of(*at));
        starts
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::kernel::day::spoken_with_weekday;

    /// Sunday 22 November 2026, 10:00 in Shanghai.
    const NOW: At = At(1_795_312_800_000);
    const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);

    fn told(rule: &str, first: At) -> Vec<String> {
        let starts = read(rule, first, None).unwrap().starts(first, first.plus(YEAR));
        starts.into_iter().take(3).map(spoken_with_weekday).collect()
    }

    #[test]
    fn a_rule_is_read_by_the_clock_on_the_wall_in_shanghai() {
        // Half past seven in the morning is still yesterday in Greenwich.
        let first = Day::of(NOW).plus(1).time(7, 30);
        assert_eq!(
            told("FREQ=WEEKLY;BYDAY=SA", first),
            ["11月28日（周六）07:30", "12月5日（周六）07:30", "12月12日（周六）07:30"]
        );
        assert_eq!(
            told("FREQ=MONTHLY;BYDAY=1SA", first),
            ["12月5日（周六）07:30", "1月2日（周六）07:30", "2月6日（周六）07:30"]
        );
        assert_eq!(told("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2", first).len(), 2);
    }

    #[test]
    fn what_divides_a_day_or_never_comes_is_not_accepted() {
        for bad in [
            "",
            "FREQ=HOURLY",
            "FREQ=MINUTELY;INTERVAL=5",
            "FREQ=DAILY;BYHOUR=9,15",
            "FREQ=DAILY;UNTIL=20270101T000000Z",
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;COUNT=1001",
            "BYDAY=SA",
            "RRULE:FREQ=DAILY",
            "FREQ=DAILY\nEXDATE:20261128T090000",
        ] {
            assert!(read(bad, NOW, None).is_err(), "{bad}");
        }
        let never = read("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", NOW, None);
        assert!(never.is_err() || never.unwrap().starts(NOW, NOW.plus(YEAR)).is_empty());
    }

    #[test]
    fn nothing_starts_after_the_end() {
        let until = Some(Day::of(NOW).plus(10).end());
        let rule = read("FREQ=DAILY", NOW, until).unwrap();
        assert_eq!(rule.starts(NOW, NOW.plus(YEAR)).len(), 11);
        assert!(rule.starts(NOW.plus(YEAR), NOW.plus(YEAR)).is_empty());
    }

    proptest! {
        /// Whatever somebody types: it is refused, or comes round at most once a day at the same time of day.
        #[test]
        fn no_rule_breaks_the_reader(
            freq in "(DAILY|WEEKLY|MONTHLY|YEARLY|HOURLY)", extra in "(;(INTERVAL=[0-9]{1,4}|COUNT=[0-9]{1,4}|BYDAY=[-+]?[0-9]{0,2}(MO|SA|SU)(,FR)?|BYMONTHDAY=-?[0-9]{1,2}|BYMONTH=[0-9]{1,2}|BYSETPOS=-?[0-9]{1,3}|WKST=SU)){0,4}",
        ) {
            if let Ok(rule) = read(&format!("FREQ={freq}{extra}"), NOW, None) {
                let starts = rule.starts(NOW, NOW.plus(YEAR));
                let minute = |at: &At| at.ms() - Day::of(*at).start().ms();
                prop_assert!(starts.windows(2).all(|pair| Day::of(pair[0]) < Day::of(pair[1])));
                prop_assert!(starts.iter().all(|at| minute(at) == minute(&NOW)));
            }
        }
    }
}
