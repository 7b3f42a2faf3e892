//! Cron lines by the wall clock of Asia/Shanghai, and the periods they make.

use chrono_tz::Asia::Shanghai;
use croner::{
    Cron,
    errors::CronError,
    parser::{CronParser, Seconds},
};
use entity::At;

use crate::kernel::{Day, Error};

use super::Occurrence;

/// Times of one look at most: a line that rings each second is not a job of ours.
const MOST: usize = 10_000;

fn parse(spec: &str) -> Result<Cron, CronError> {
    CronParser::builder().seconds(Seconds::Required).build().parse(spec)
}

/// The times a line of six fields is due in (from, until].
///
/// # Errors
/// When the line cannot be read.
pub fn times(spec: &str, from: At, until: At) -> Result<Vec<At>, Error> {
    let cron = parse(spec).map_err(|error| Error::broken("read a line of the timetable", error))?;
    // The crate carries what lies beyond the second along; lines of the timetable are due at whole ones.
    let from = At(from.ms().div_euclid(1000) * 1000);
    let after = cron.iter_after(from.utc().with_timezone(&Shanghai));
    let times = after.map(|at| At::from(at.to_utc())).take_while(|at| *at <= until);
    Ok(times.take(MOST).collect())
}

/// The occurrences of a line in (from, until]. The period is the local date, with the time where the line may be due
/// more than once a day.
pub(super) fn occurrences(spec: &str, from: At, until: At) -> Result<Vec<Occurrence>, Error> {
    let daily = spec.split_whitespace().take(3).all(|field| field.parse::<u32>().is_ok());
    let occurrence = |due_at: At| {
        let day = Day::of(due_at);
        let minutes = (due_at.ms() - day.start().ms()) / 60_000;
        let period = if daily {
            day.to_string()
        } else {
            format!("{day}T{:02}:{:02}", minutes / 60, minutes % 60)
        };
        Occurrence { period, due_at, org_id: None, subject_id: None }
    };
    Ok(times(spec, from, until)?.into_iter().map(occurrence).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn half_past_nine_is_said_in_zunyi_not_in_greenwich() {
        let (from, until) = (day("2028-02-28").start(), day("2028-03-02").start());
        let due = occurrences("0 30 9 * * *", from, until).unwrap();
        let periods: Vec<_> = due.iter().map(|o| o.period.as_str()).collect();
        assert_eq!(periods, ["2028-02-28", "2028-02-29", "2028-03-01"]);
        assert_eq!(due[1].due_at, day("2028-02-29").time(9, 30));
    }

    #[test]
    fn month_ends_quarters_and_mondays_are_met() {
        let (from, until) = (day("2026-12-31").start(), day("2027-04-30").start());
        let firsts = occurrences("0 0 9 1 * *", from, until).unwrap();
        assert_eq!(firsts.len(), 4);
        let quarters = occurrences("0 0 9 1 1,4,7,10 *", from, until).unwrap();
        let quarters: Vec<_> = quarters.into_iter().map(|o| o.period).collect();
        assert_eq!(quarters, ["2027-01-01", "2027-04-01"]);
        let mondays = times("0 30 8 * * MON", from, until).unwrap();
        assert!(mondays.iter().all(|at| Day::of(*at).monday() == Day::of(*at)));
        assert_eq!(mondays.len(), 17);
    }

    #[test]
    fn what_is_due_more_than_once_a_day_carries_the_time() {
        let due = occurrences("0 0 */12 * * *", day("2026-11-23").start(), day("2026-11-23").end());
        let periods: Vec<_> = due.unwrap().into_iter().map(|o| o.period).collect();
        assert_eq!(periods, ["2026-11-23T12:00", "2026-11-24T00:00"]);
        assert!(times("jeden Tag", At(0), At(1)).is_err());
    }

    proptest! {
        /// However a stretch of time is cut into looks, each occurrence is seen in exactly one of them.
        #[test]
        fn no_cut_doubles_or_drops(mut cuts in proptest::collection::vec(0i64..40 * 86_400_000, 0..20)) {
            let from = day("2028-02-10").start();
            let whole = At(from.ms() + 40 * 86_400_000);
            cuts.extend([0, 40 * 86_400_000]);
            cuts.sort_unstable();
            let mut seen = Vec::new();
            for pair in cuts.windows(2) {
                seen.extend(times("0 30 9 * * *", At(from.ms() + pair[0]), At(from.ms() + pair[1])).unwrap());
            }
            prop_assert_eq!(seen, times("0 30 9 * * *", from, whole).unwrap());
        }
    }
}
