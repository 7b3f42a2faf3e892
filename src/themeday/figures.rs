//! 台账: how the orgs below one stand with their theme days, month by month: what is overdue, and the rates. Counted from
//! the rows themselves; nobody reports figures.

use std::collections::{BTreeMap, HashMap};

use ::entity::theme_day::{Model, ThemeDayState};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::PartyKeeper,
    kernel::{Day, Error, Month},
    org::{self, calendar},
    platform::AppState,
};

use super::{
    change::ThemeDayError,
    keep::day_rule,
    model::{DayStanding, Held, on_time, standing},
    outline::{Outline, Rests},
    store,
};

/// An org and a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StandingLine {
    pub org_id: Uuid,
    pub org_name: String,
    #[schema(value_type = String, format = "month", example = "2026-11")]
    pub month: Month,
    /// The day it fell or falls on: as planned, or by the rule.
    #[schema(value_type = String, format = Date)]
    pub date: String,
    pub standing: DayStanding,
    /// The same in people's words.
    pub standing_text: &'static str,
    pub theme_day_id: Option<Uuid>,
    pub theme: Option<String>,
    /// Members and who of them came, once a record was handed in.
    pub expected: Option<i32>,
    pub came: Option<i32>,
    /// Whether the first record came within three days.
    pub on_time: bool,
}

/// Sums over months, of one org or of all.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct ThemeDayRates {
    /// Months in which a day was due and not paused.
    pub due: u64,
    /// Records handed in.
    pub recorded: u64,
    /// Of these in time.
    pub on_time: u64,
    pub approved: u64,
    pub cancelled: u64,
    /// Members who should have come and who came, over all records.
    pub expected: u64,
    pub came: u64,
    /// `on_time` of `due`, percent with one decimal; null: nothing was due.
    pub on_time_rate: Option<f64>,
    /// `came` of `expected`, percent with one decimal; null: no record yet.
    pub attendance_rate: Option<f64>,
}

impl ThemeDayRates {
    fn add(&mut self, line: &StandingLine) {
        if line.standing.counts() {
            self.due += 1;
            self.recorded += u64::from(line.expected.is_some());
            self.on_time += u64::from(line.on_time);
        }
        self.approved += u64::from(line.standing == DayStanding::Approved);
        self.cancelled += u64::from(line.standing == DayStanding::Cancelled);
        let number = |n: Option<i32>| u64::try_from(n.unwrap_or_default()).unwrap_or_default();
        self.expected += number(line.expected);
        self.came += number(line.came);
        self.on_time_rate = percent(self.on_time, self.due);
        self.attendance_rate = percent(self.came, self.expected);
    }

    /// Over these lines.
    pub(super) fn over<'a>(lines: impl IntoIterator<Item = &'a StandingLine>) -> Self {
        let mut sums = Self::default();
        lines.into_iter().for_each(|line| sums.add(line));
        sums
    }
}

/// One decimal; nothing of nothing is no rate. More than all came where members left between the day and the record.
fn percent(part: u64, whole: u64) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    (whole > 0).then(|| (part.min(whole) as f64 * 1000.0 / whole as f64).round() / 10.0)
}

/// Every org with a rule at or below one in reach, and each month of the span: what is due, and how it stands.
///
/// # Errors
/// `NotFound` out of reach.
pub(super) async fn lines(
    state: &AppState,
    keeper: &PartyKeeper,
    org_id: Uuid,
    months: &[Month],
) -> Result<Vec<StandingLine>, ThemeDayError> {
    let (db, scope, now) = (state.db.read(), keeper.scope(), state.clock.now());
    let org = store::org_in_reach(db, &scope, org_id).await?;
    let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(vec![]) };
    let holidays = calendar::holidays(db, first.first(), last.last()).await?;
    let rules = store::rules_below(db, &scope, &org.path).await?;
    let names = org::names(db, rules.iter().map(|rule| rule.org_id)).await?;
    let mut days: HashMap<(Uuid, String), Model> = HashMap::new();
    for day in store::days_below(db, &scope, &org.path, months).await? {
        // The one that stands counts before one that was cancelled.
        let kept = days.entry((day.org_id, day.month.clone())).or_insert_with(|| day.clone());
        if kept.state == ThemeDayState::Cancelled {
            *kept = day;
        }
    }
    let mut all = Vec::with_capacity(rules.len() * months.len());
    for rule in &rules {
        let found = day_rule(rule)?;
        let since = Month::of(rule.set_at);
        for month in months {
            let day = days.remove(&(rule.org_id, month.to_string()));
            // What was before the first rule was nobody's duty.
            if day.is_none() && *month < since {
                continue;
            }
            let due = found.date(*month, &holidays);
            let name = names.get(&rule.org_id).cloned().unwrap_or_default();
            let mut line = line(state, (rule.org_id, name), (*month, due), day.as_ref())?;
            line.standing = standing(due, rule.paused, day.as_ref().map(held), now);
            line.standing_text = line.standing.spoken();
            all.push(line);
        }
    }
    Ok(all)
}

fn held(day: &Model) -> Held {
    Held { state: day.state, starts_at: day.starts_at, first_recorded_at: day.first_recorded_at }
}

fn line(
    state: &AppState,
    (org_id, org_name): (Uuid, String),
    (month, due): (Month, Day),
    day: Option<&Model>,
) -> Result<StandingLine, Error> {
    let outline = day.map(|day| Outline::open(state, Rests::Day, day.id, &day.outline));
    Ok(StandingLine {
        org_id,
        org_name,
        month,
        date: day.map_or(due, |day| Day::of(day.starts_at)).to_string(),
        standing: DayStanding::Ahead,
        standing_text: DayStanding::Ahead.spoken(),
        theme_day_id: day.map(|day| day.id),
        theme: outline.transpose()?.map(|outline| outline.theme),
        expected: day.and_then(|day| day.expected),
        came: day.and_then(|day| day.came),
        on_time: day.is_some_and(|day| on_time(held(day))),
    })
}

/// The rates of one org.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrgRates {
    pub org_id: Uuid,
    pub org_name: String,
    #[serde(flatten)]
    pub rates: ThemeDayRates,
}

/// All together, and each org by itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatesView {
    pub total: ThemeDayRates,
    pub orgs: Vec<OrgRates>,
}

/// Sums the lines up.
pub(super) fn rates(lines: &[StandingLine]) -> RatesView {
    let mut by_org: BTreeMap<Uuid, Vec<&StandingLine>> = BTreeMap::new();
    for line in lines {
        by_org.entry(line.org_id).or_default().push(line);
    }
    let one = |(org_id, lines): (Uuid, Vec<&StandingLine>)| OrgRates {
        org_id,
        org_name: lines.first().map(|line| line.org_name.clone()).unwrap_or_default(),
        rates: ThemeDayRates::over(lines),
    };
    RatesView { total: ThemeDayRates::over(lines), orgs: by_org.into_iter().map(one).collect() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(standing: DayStanding, came: Option<(i32, i32)>, on_time: bool) -> StandingLine {
        StandingLine {
            org_id: Uuid::from_u128(1),
            org_name: "第一党支部".into(),
            month: "2026-11".parse().unwrap(),
            date: "2026-11-25".into(),
            standing,
            standing_text: standing.spoken(),
            theme_day_id: None,
            theme: None,
            expected: came.map(|(all, _)| all),
            came: came.map(|(_, came)| came),
            on_time,
        }
    }

    #[test]
    fn what_was_not_due_spoils_no_rate() {
        let lines = [
            one(DayStanding::Approved, Some((10, 9)), true),
            one(DayStanding::Waiting, Some((10, 6)), false),
            one(DayStanding::NotPlanned, None, false),
            one(DayStanding::Paused, None, false),
            one(DayStanding::Ahead, None, false),
        ];
        let sums = ThemeDayRates::over(&lines);
        assert_eq!((sums.due, sums.recorded, sums.on_time, sums.approved), (3, 2, 1, 1));
        assert_eq!((sums.on_time_rate, sums.attendance_rate), (Some(33.3), Some(75.0)));
        assert_eq!(ThemeDayRates::over([]), ThemeDayRates::default());
    }

    proptest! {
        #[test]
        fn a_rate_is_between_nothing_and_all(part: u32, whole: u32) {
            let rate = percent(part.into(), whole.into());
            prop_assert_eq!(rate.is_none(), whole == 0);
            prop_assert!(rate.is_none_or(|rate| (0.0..=100.0).contains(&rate)));
        }
    }
}
