//! The calendar of political birthdays: which day it falls on, how many years it makes, which years are special.

use ::entity::wish_template::Milestone;

use crate::{
    kernel::Day,
    org::{Anniversary, OrgSettings},
};

/// How many years come round on `day` for something that happened on `date`. The year it happened in is none; what
/// happened on 29 February comes round on the 28th where a year has no 29th.
pub(super) fn years_on(date: Day, day: Day) -> Option<u32> {
    let years = u32::try_from(day.year() - date.year()).ok().filter(|years| *years > 0)?;
    (date.in_year(day.year()) == day).then_some(years)
}

/// The first day from `from` on that it comes round, with the years.
pub(super) fn next(date: Day, from: Day) -> Option<(Day, u32)> {
    let years = from.year()..=from.year() + 1;
    let days = years.map(|year| date.in_year(year)).filter(|day| *day >= from);
    days.filter_map(|day| Some((day, years_on(date, day)?))).next()
}

/// The date that counts at the branch. The other one does not stand in for it: who is not yet a full member has no
/// anniversary where 转正 counts.
pub(super) fn counted(of: &Anniversary, rules: &OrgSettings) -> Option<Day> {
    if rules.birthday_by_full_date { of.full_on } else { of.joined_on }
}

/// What kind of year it is.
pub(super) fn milestone(years: u32) -> Milestone {
    match years % 10 {
        0 => Milestone::Tenth,
        5 => Milestone::Fifth,
        _ => Milestone::Ordinary,
    }
}

/// A month or a quarter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Span {
    fn of(first: Day, months: u32) -> Self {
        Self { from: first, to: first.months_later(months).plus(-1) }
    }

    /// The month a day is in.
    pub fn month_of(day: Day) -> Self {
        Self::of(day.month_start(), 1)
    }

    /// What a list on this first day of a month covers: the quarter where one begins, else the month.
    pub fn listed_on(first: Day) -> Self {
        Self::of(first.month_start(), if first.month() % 3 == 1 { 3 } else { 1 })
    }

    /// `2026-11`
    pub fn month(text: &str) -> Option<Self> {
        let first: Day = format!("{text}-01").parse().ok().filter(|_| text.len() == 7)?;
        within_reason(first).then(|| Self::of(first, 1))
    }

    /// `2026-Q4`
    pub fn quarter(text: &str) -> Option<Self> {
        let (year, quarter) = text.split_once("-Q").filter(|_| text.len() == 7)?;
        let quarter: u32 = quarter.parse().ok().filter(|quarter| (1..=4).contains(quarter))?;
        let first: Day = format!("{year}-{:02}-01", quarter * 3 - 2).parse().ok()?;
        within_reason(first).then(|| Self::of(first, 3))
    }

    /// Every day of it.
    pub fn days(self) -> Vec<Day> {
        let from_here = (0..).map(|n| self.from.plus(n));
        from_here.take_while(|day| *day <= self.to).collect()
    }
}

fn within_reason(day: Day) -> bool {
    (2000..=2100).contains(&day.year())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn who_joined_on_the_29th_of_february_is_greeted_on_the_28th_in_common_years() {
        let joined = day("2004-02-29");
        assert_eq!(years_on(joined, day("2026-02-28")), Some(22));
        assert_eq!(years_on(joined, day("2028-02-29")), Some(24));
        assert_eq!(years_on(joined, day("2028-02-28")), None, "a leap year has the day itself");
        assert_eq!(years_on(joined, day("2026-03-01")), None);
        assert_eq!(years_on(joined, day("2100-02-28")), Some(96), "2100 is a common year");
    }

    #[test]
    fn the_year_of_joining_is_no_anniversary() {
        let joined = day("2026-11-23");
        assert_eq!(years_on(joined, joined), None);
        assert_eq!(next(joined, joined), Some((day("2027-11-23"), 1)));
        assert_eq!(next(day("2028-01-01"), day("2026-11-23")), None, "a date still to come");
    }

    #[test]
    fn every_fifth_year_is_special() {
        assert_eq!([1, 4, 6, 99].map(milestone), [Milestone::Ordinary; 4]);
        assert_eq!([5, 15, 65].map(milestone), [Milestone::Fifth; 3]);
        assert_eq!([10, 20, 100].map(milestone), [Milestone::Tenth; 3]);
    }

    #[test]
    fn two_dates_are_two_fields_and_the_org_chooses() {
        let of = Anniversary {
            person_id: uuid::Uuid::nil(),
            branch_id: uuid::Uuid::nil(),
            joined_on: Some(day("2025-07-01")),
            full_on: None,
        };
        let by =
            |birthday_by_full_date| OrgSettings { birthday_by_full_date, ..Default::default() };
        assert_eq!(counted(&of, &by(false)), Some(day("2025-07-01")));
        assert_eq!(counted(&of, &by(true)), None, "the other date does not stand in");
    }

    #[test]
    fn months_and_quarters_are_read_and_nothing_else() {
        let span = |from, to| Some(Span { from: day(from), to: day(to) });
        assert_eq!(Span::month("2028-02"), span("2028-02-01", "2028-02-29"));
        assert_eq!(Span::quarter("2026-Q4"), span("2026-10-01", "2026-12-31"));
        for bad in ["2026-13", "2026-1", "26-11", "2026-11-01", "1999-12", "", "2026-+1"] {
            assert_eq!(Span::month(bad), None, "{bad}");
        }
        for bad in ["2026-Q5", "2026-Q0", "2026-4", "2026Q4", "2101-Q1", "-Q1", "2026-q4"] {
            assert_eq!(Span::quarter(bad), None, "{bad}");
        }
        assert_eq!(Span::listed_on(day("2026-11-01")), Span::month("2026-11").unwrap());
        assert_eq!(Span::listed_on(day("2026-10-01")), Span::quarter("2026-Q4").unwrap());
    }

    proptest! {
        /// Over a hundred and twenty years: once in every year but the first, never before, on the day itself or,
        /// for a 29 February, on the last day of that month, and each year one more.
        #[test]
        fn it_comes_round_once_a_year_for_a_hundred_and_twenty_years(offset in 0i64..36_525) {
            let joined = day("1926-01-01").plus(offset);
            let mut seen = Vec::new();
            for n in 0..=(120 * 366) {
                let at = joined.plus(n);
                if let Some(years) = years_on(joined, at) {
                    let leapt = joined.to_string().ends_with("02-29");
                    let last = leapt && at.month() == 2 && at.plus(1).month() == 3;
                    prop_assert!(last || at.to_string()[5..] == joined.to_string()[5..]);
                    prop_assert_eq!(i64::from(at.year() - joined.year()), i64::from(years));
                    seen.push(years);
                }
            }
            prop_assert!(seen.len() >= 120);
            prop_assert!(seen.iter().zip(1..).all(|(years, n)| *years == n), "{:?}", seen);
            prop_assert!((0..400).all(|n| years_on(joined, joined.plus(-n)).is_none()));
        }

        /// The next one is the first day from here that it comes round.
        #[test]
        fn the_next_one_is_the_first_from_here(offset in 0i64..20_000, ahead in 0i64..20_000) {
            let (joined, from) = (day("1970-01-01").plus(offset), day("1970-01-01").plus(ahead));
            let by_hand = (0..800).map(|n| from.plus(n)).find_map(|at| Some((at, years_on(joined, at)?)));
            let soon = joined <= from.plus(365);
            if soon { prop_assert_eq!(next(joined, from), by_hand.filter(|(at, _)| at.year() <= from.year() + 1)); }
        }
    }
}
