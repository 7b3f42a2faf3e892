//! 定期任务: a service that comes round by a rule (每月第一个周六). The days ahead are looked through once a day and
//! each date becomes a task exactly once, whatever the number of replicas; the office may skip a date, pause, or
//! change what comes. Tasks that are made already stay as they are.

pub mod routes;
mod rule;
mod store;
mod unfold;
mod write;

use std::{collections::HashSet, time::Duration};

use ::entity::task_series::Model;
use chrono::NaiveDate;
use entity::At;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{
    kernel::{Day, Error, day::spoken_with_weekday},
    platform::AppState,
};

use super::outline::Outline;

pub use unfold::unfold;

/// Where the outline rests.
const COLUMN: &str = "task_series.outline";
/// How far ahead a rule is asked for its next dates.
const AHEAD: Duration = Duration::from_secs(366 * 24 * 3600);

/// A series as it is written.
#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesForm {
    #[validate(nested)]
    task: Outline,
    /// iCalendar RRULE by day, week, month or year, e.g. `FREQ=MONTHLY;BYDAY=1SA`; no UNTIL.
    #[validate(length(min = 5, max = 200))]
    #[schema(
        format = "rrule",
        min_length = 5,
        max_length = 200,
        example = "FREQ=MONTHLY;BYDAY=1SA"
    )]
    rule: String,
    /// Where counting begins; its time of day in Asia/Shanghai is every occurrence's.
    first: At,
    /// None starts after; open when absent.
    until: Option<At>,
    /// How many days ahead the tasks are made, 14 when absent.
    #[validate(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    publish_ahead_days: Option<i32>,
    /// Open them at once (absent: yes) instead of leaving drafts.
    publish: Option<bool>,
    /// Nothing new is made meanwhile.
    #[serde(default)]
    paused: bool,
}

#[derive(Clone, Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkipForm {
    /// A date of the series in Asia/Shanghai.
    date: NaiveDate,
}

/// A date on which a series comes round.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Coming {
    pub starts_at: At,
    /// In words: `11月28日（周六）09:00`.
    pub said: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SeriesView {
    pub id: Uuid,
    pub org_id: Uuid,
    pub task: Outline,
    pub rule: String,
    pub first: At,
    pub until: Option<At>,
    pub publish_ahead_days: i32,
    pub publish: bool,
    pub paused: bool,
    /// The next five dates, without those that are skipped.
    pub next: Vec<Coming>,
    /// Why the last look at the days ahead made nothing.
    pub trouble: Option<String>,
    pub updated_at: At,
}

/// The rule of a stored series.
fn rule_of(row: &Model) -> Result<rule::Rule, Error> {
    rule::read(&row.rule, row.first_at, row.until_at)
        .map_err(|_| Error::impossible("read the rule of a series"))
}

/// Series as the office sees them; the dates they skip read in one query.
async fn views(
    db: &impl ConnectionTrait,
    state: &AppState,
    rows: Vec<Model>,
) -> Result<Vec<SeriesView>, Error> {
    let skipped = store::skipped(db, rows.iter().map(|row| row.id)).await?;
    let nothing = HashSet::new();
    let view = |row: Model| {
        let skipped = skipped.get(&row.id).unwrap_or(&nothing);
        let now = state.clock.now();
        let ahead = rule_of(&row)?.starts(now, now.plus(AHEAD)).into_iter();
        let next = ahead
            .filter(|at| !skipped.contains(&Day::of(*at).to_string()))
            .take(5)
            .map(|starts_at| Coming { starts_at, said: spoken_with_weekday(starts_at) });
        Ok(SeriesView {
            next: next.collect(),
            task: Outline::open(state, COLUMN, row.id, &row.outline)?,
            id: row.id,
            org_id: row.org_id,
            rule: row.rule,
            first: row.first_at,
            until: row.until_at,
            publish_ahead_days: row.ahead_days,
            publish: row.publish,
            paused: row.paused,
            trouble: row.trouble,
            updated_at: row.updated_at,
        })
    };
    rows.into_iter().map(view).collect()
}
