//! The rules of the ledger: who may decide, what an occasion is worth, how an entry is told.

use ::entity::{
    points_rule::{Model as Rule, PointsKind, PointsTrigger},
    proposal::ProposalState,
};
use uuid::Uuid;

use crate::kernel::Day;

/// What a second person says to what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Approve,
    Refuse {
        /// Why not.
        reason: String,
    },
}

impl Verdict {
    pub(super) fn state(&self) -> ProposalState {
        match self {
            Self::Approve => ProposalState::Approved,
            Self::Refuse { .. } => ProposalState::Refused,
        }
    }
}

/// Whether `by` is a second person to what `proposer` asked for `person`.
pub(super) fn is_second(by: Uuid, proposer: Uuid, person: Uuid) -> bool {
    by != proposer && by != person
}

/// In people's words.
pub(super) fn state_said(state: ProposalState) -> &'static str {
    match state {
        ProposalState::Pending => "等待另一个人审批",
        ProposalState::Approved => "已批准",
        ProposalState::Refused => "未批准",
    }
}

/// What an entry of points is for.
pub(super) fn said(trigger: PointsTrigger) -> &'static str {
    match trigger {
        PointsTrigger::ServiceHour => "服务时长",
        PointsTrigger::TaskConfirmed => "完成任务",
        PointsTrigger::Lead => "担任任务负责人",
        PointsTrigger::NoShow => "接单后未到场",
        PointsTrigger::Story => "晒单发布",
        PointsTrigger::AnswerFiveStars => "群众五星评价",
        PointsTrigger::Manual => "人工记分，两人经手",
        PointsTrigger::Reversal => "冲回一条记分",
    }
}

/// Whether a rule may be set: deductions are for missing, all else for serving; the house's own have none.
pub(super) fn fits(kind: PointsKind, trigger: PointsTrigger) -> bool {
    match trigger {
        PointsTrigger::Manual | PointsTrigger::Reversal => false,
        PointsTrigger::NoShow => kind == PointsKind::Deduction,
        _ => kind != PointsKind::Deduction,
    }
}

/// Whether a rule holds on that day.
pub(super) fn holds(rule: &Rule, day: Day) -> bool {
    let day = day.to_string();
    rule.from_on.as_ref().is_none_or(|from| *from <= day)
        && rule.until_on.as_ref().is_none_or(|until| day <= *until)
}

/// What an occasion is worth by a rule: for `service_hour`, `measure` is minutes and full hours count; for
/// `task_confirmed` it is the points the task planned, 0 for none of its own; else it is not looked at. `spent` is
/// what this person was given by the same rule this month. Negative for a deduction.
pub(super) fn worth(rule: &Rule, measure: i32, spent: i64) -> i32 {
    let planned = rule.trigger == PointsTrigger::TaskConfirmed && rule.kind == PointsKind::Base;
    let whole = match rule.trigger {
        PointsTrigger::ServiceHour => hourly(rule.amount, measure),
        _ if planned && measure > 0 && rule.amount > 0 => measure,
        _ => rule.amount,
    };
    let left = rule.monthly_cap.map(|cap| (i64::from(cap) - spent.abs()).max(0));
    let worth = left.map_or(whole, |left| whole.min(i32::try_from(left).unwrap_or(i32::MAX)));
    if rule.kind == PointsKind::Deduction { -worth } else { worth }
}

/// Points for minutes: what is begun and not full does not count.
fn hourly(rate: i32, minutes: i32) -> i32 {
    let points = i64::from(minutes.max(0)) * i64::from(rate) / 60;
    i32::try_from(points).unwrap_or(i32::MAX)
}

/// What goes back when `lost` minutes of a claim are corrected away and `left` remain: never more than the claim
/// was given, and all of it with its last minute.
pub(super) fn forfeit(rate: i32, lost: i32, left: i64, given: i64) -> i32 {
    let given = i32::try_from(given.max(0)).unwrap_or(i32::MAX);
    if left <= 0 { given } else { hourly(rate, lost).min(given) }
}

/// Half a year, by its months.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Half {
    /// `2026-H2`
    pub name: String,
    /// `2026-07`
    pub first: String,
    /// `2026-12`
    pub last: String,
}

impl Half {
    /// The last half year that was over before that day's.
    pub(super) fn before(day: Day) -> Self {
        let (year, half) = match day.month() {
            1..=6 => (day.year() - 1, 2),
            _ => (day.year(), 1),
        };
        let (first, last) = if half == 1 { ("01", "06") } else { ("07", "12") };
        Self {
            name: format!("{year}-H{half}"),
            first: format!("{year}-{first}"),
            last: format!("{year}-{last}"),
        }
    }
}

/// The highest star whose threshold is reached; 0: none.
pub(super) fn stars(points: i64, thresholds: &[i32; 5]) -> i32 {
    let reached = (1..).zip(thresholds).filter(|(_, least)| points >= i64::from(**least));
    reached.map(|(star, _)| star).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use entity::At;
    use proptest::prelude::*;
    use sea_orm::Iterable;

    use super::*;

    fn rule(trigger: PointsTrigger, kind: PointsKind, amount: i32, cap: Option<i32>) -> Rule {
        let (id, set_at) = (Uuid::nil(), At(0));
        Rule {
            id,
            org_id: id,
            kind,
            trigger,
            amount,
            monthly_cap: cap,
            from_on: Some("2026-11-01".into()),
            until_on: Some("2026-11-30".into()),
            set_by: id,
            set_at,
            replaced_at: None,
        }
    }

    #[test]
    fn a_rule_holds_on_its_first_and_last_day_and_not_beside_them() {
        let rule = rule(PointsTrigger::Lead, PointsKind::Base, 1, None);
        let first = Day::of(At(1_793_462_400_000));
        assert_eq!(first.to_string(), "2026-11-01");
        assert!(holds(&rule, first) && holds(&rule, first.plus(29)));
        assert!(!holds(&rule, first.plus(-1)) && !holds(&rule, first.plus(30)));
    }

    #[test]
    fn only_missing_costs_and_nobody_sets_rules_for_what_is_by_hand() {
        for trigger in PointsTrigger::iter() {
            let costs = fits(PointsKind::Deduction, trigger);
            assert_eq!(costs, trigger == PointsTrigger::NoShow);
            assert!(!(costs && fits(PointsKind::Base, trigger)));
        }
        assert!(!fits(PointsKind::Base, PointsTrigger::Manual));
    }

    #[test]
    fn full_hours_count_and_what_the_task_planned_goes_before_the_rule() {
        let hours = rule(PointsTrigger::ServiceHour, PointsKind::Base, 2, None);
        assert_eq!([59, 60, 89, 90, 120].map(|m| worth(&hours, m, 0)), [1, 2, 2, 3, 4]);
        let task = rule(PointsTrigger::TaskConfirmed, PointsKind::Base, 3, None);
        assert_eq!((worth(&task, 0, 0), worth(&task, 8, 0)), (3, 8));
        let none = rule(PointsTrigger::TaskConfirmed, PointsKind::Base, 0, None);
        assert_eq!(worth(&none, 8, 0), 0, "an org that gives none gives none");
        let missed = rule(PointsTrigger::NoShow, PointsKind::Deduction, 2, Some(3));
        assert_eq!((worth(&missed, 0, 0), worth(&missed, 0, -2)), (-2, -1));
    }

    #[test]
    fn the_half_year_that_is_over_is_rated() {
        let of = |day: &str| Half::before(day.parse().unwrap());
        let first = |half: Half| (half.name, half.first, half.last);
        let second = ("2026-H2".to_owned(), "2026-07".to_owned(), "2026-12".to_owned());
        assert_eq!(first(of("2027-01-01")), second);
        assert_eq!(first(of("2027-06-30")), second, "caught up late it is the same");
        assert_eq!(of("2027-07-01").name, "2027-H1");
        assert_eq!(
            (of("2027-07-01").first, of("2027-07-01").last),
            ("2027-01".into(), "2027-06".into())
        );
    }

    proptest! {
        /// More points are never fewer stars, and a threshold counts from its very point.
        #[test]
        fn stars_rise_with_points(points in -50i64..300, more in 0i64..50, mut least in [0i32..200, 0..200, 0..200, 0..200, 0..200]) {
            least.sort_unstable();
            let given = stars(points, &least);
            prop_assert!(stars(points + more, &least) >= given);
            let reached = least.iter().filter(|least| points >= i64::from(**least)).count();
            prop_assert_eq!(usize::try_from(given).unwrap(), reached);
        }

        /// Whatever comes in which order: a month gives exactly the cap, or all where all stays below it.
        #[test]
        fn a_month_never_gives_more_than_its_cap(
            minutes in proptest::collection::vec(0i32..600, 0..20), cap in 0i32..40, rate in 0i32..10,
        ) {
            let rule = rule(PointsTrigger::ServiceHour, PointsKind::Pioneer, rate, Some(cap));
            let given = |all: &[i32]| all.iter().fold(0i64, |spent, m| spent + i64::from(worth(&rule, *m, spent)));
            let whole: i64 = minutes.iter().map(|m| i64::from(hourly(rate, *m))).sum();
            let mut turned = minutes.clone();
            turned.reverse();
            prop_assert_eq!(given(&minutes), whole.min(i64::from(cap)));
            prop_assert_eq!(given(&turned), given(&minutes));
        }

        /// However a claim's hours are corrected away, its points never go below nothing, and end there with them.
        #[test]
        fn points_of_a_claim_never_fall_below_nothing(
            served in 0i32..600, rate in 0i32..10, steps in proptest::collection::vec(-200i32..200, 0..10),
        ) {
            let (mut minutes, mut points) = (i64::from(served), i64::from(hourly(rate, served)));
            for step in steps {
                let next = (minutes + i64::from(step)).max(0);
                if next < minutes {
                    let lost = i32::try_from(minutes - next).unwrap();
                    points -= i64::from(forfeit(rate, lost, next, points));
                }
                minutes = next;
                prop_assert!(points >= 0 && (minutes > 0 || points == 0));
            }
        }

        #[test]
        fn a_second_person_is_neither_of_the_first_two(by in 0u128..3, proposer in 0u128..3, person in 0u128..3) {
            let second = is_second(Uuid::from_u128(by), Uuid::from_u128(proposer), Uuid::from_u128(person));
            prop_assert_eq!(second, ![proposer, person].contains(&by));
        }
    }
}
