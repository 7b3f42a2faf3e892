//! The figures themselves, and how they are counted.

use std::collections::HashMap;

use entity::At;
use sea_orm::{ConnectionTrait, FromQueryResult, Statement, Value};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    identity::Registrar,
    kernel::{Day, Error, Month},
    org,
    platform::{
        AppState,
        db::Step,
        http::{Problem, problem::NOT_FOUND},
    },
};

/// What a month brought to an org and all below it.
#[derive(Clone, Debug, FromQueryResult, Serialize, ToSchema)]
pub struct Figures {
    /// Requests posted in the month.
    pub requests: i64,
    /// Of these, the ones the office reacted to within its promise: asked back, dispatched, declined, passed on, merged.
    pub answered_in_time: i64,
    /// Of these, the ones that wait for the office past its promise now.
    pub overdue: i64,
    /// Requests closed in the month, whenever they were posted.
    pub closed: i64,
    /// Of the closed ones, those that silence closed: nobody has said that it was done.
    pub unconfirmed: i64,
    /// Answers of residents in the month.
    pub answers: i64,
    /// Of the answers, “partly” and “not done”.
    pub reopened: i64,
    /// Stars of the answers, 1 to 5; null: none were given.
    pub stars_average: Option<f64>,
    /// Tasks that began in the month and were not called off.
    pub tasks: i64,
    /// Their places.
    pub slots: i64,
    /// Of the places, those taken.
    pub filled: i64,
    /// Claimants who did not come and had no excuse.
    pub no_shows: i64,
    /// People with hours of the month, each once.
    pub people: i64,
    /// Minutes of service on days of the month, corrections included.
    pub minutes: i64,
    /// Of the minutes, what corrections added or took.
    pub corrected_minutes: i64,
    /// Stories published in the month that still are.
    pub stories: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DayFigures {
    /// A day in Shanghai.
    #[schema(example = "2026-11-24")]
    pub date: String,
    pub requests: i64,
    pub closed: i64,
    /// Minutes of service.
    pub minutes: i64,
}

#[derive(Debug, FromQueryResult, Serialize, ToSchema)]
pub struct CategoryFigures {
    pub category: String,
    /// Posted in the month.
    pub requests: i64,
    /// Of these, closed by now.
    pub closed: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct BelowFigures {
    pub org_id: Uuid,
    pub org_name: String,
    pub total: Figures,
}

/// A month of an org.
#[derive(Debug, Serialize, ToSchema)]
pub struct Overview {
    pub org_id: Uuid,
    pub org_name: String,
    /// A month in Shanghai.
    #[schema(value_type = String, example = "2026-11")]
    pub month: Month,
    /// When it was counted.
    pub as_of: At,
    pub total: Figures,
    /// The month before.
    pub previous: Figures,
    /// Every day of the month.
    pub days: Vec<DayFigures>,
    /// What was asked for, the most first; twenty at most.
    pub categories: Vec<CategoryFigures>,
    /// The orgs right below, by name, each with all below it.
    pub below: Vec<BelowFigures>,
}

/// A row of `figures.sql`.
struct Part {
    id: Uuid,
    name: String,
    total: Figures,
}

impl FromQueryResult for Part {
    fn from_query_result(row: &sea_orm::QueryResult, pre: &str) -> Result<Self, sea_orm::DbErr> {
        let total = Figures::from_query_result(row, pre)?;
        Ok(Self { id: row.try_get(pre, "id")?, name: row.try_get(pre, "name")?, total })
    }
}

/// A row of `days.sql`: the day as a date, or as a number of days since 1970.
#[derive(FromQueryResult)]
struct Brought {
    what: String,
    day: String,
    n: i64,
}

/// The overview of an org in reach.
///
/// # Errors
/// `NOT_FOUND` out of reach.
pub(super) async fn overview(
    state: &AppState,
    me: &Registrar,
    org_id: Uuid,
    month: Option<Month>,
) -> Result<Overview, Problem> {
    let (db, as_of) = (state.db.read(), state.clock.now());
    let org = org::find(db, org_id).await?.filter(|org| me.scope().covers(&org.path));
    let org = org.ok_or(NOT_FOUND)?;
    let month = month.unwrap_or_else(|| Month::of(as_of));
    let (now, before, days, categories) = tokio::try_join!(
        parts(db, org_id, month, true, as_of),
        parts(db, org_id, month.previous(), false, as_of),
        days(db, org_id, month),
        categories(db, org_id, month),
    )?;
    let (mut own, below): (Vec<_>, Vec<_>) = now.into_iter().partition(|part| part.id == org_id);
    let found = own.pop().zip(before.into_iter().next());
    let (total, previous) = found.ok_or_else(|| Error::impossible("count an org that is there"))?;
    let below = below.into_iter();
    let below =
        below.map(|part| BelowFigures { org_id: part.id, org_name: part.name, total: part.total });
    Ok(Overview {
        org_id,
        org_name: org.name,
        month,
        as_of,
        total: total.total,
        previous: previous.total,
        days,
        categories,
        below: below.collect(),
    })
}

fn asked(db: &impl ConnectionTrait, sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// The month as instants and as dates; neither end is in it.
fn bounds(month: Month) -> [Value; 4] {
    let (first, next) = (month.first(), month.next().first());
    [
        first.start().ms().into(),
        next.start().ms().into(),
        first.to_string().into(),
        next.to_string().into(),
    ]
}

async fn parts(
    db: &impl ConnectionTrait,
    org_id: Uuid,
    month: Month,
    below: bool,
    as_of: At,
) -> Result<Vec<Part>, Error> {
    let mut values = vec![org_id.into()];
    values.extend(bounds(month));
    values.extend([i32::from(below).into(), as_of.ms().into()]);
    let sql = include_str!("sql/figures.sql");
    Part::find_by_statement(asked(db, sql, values)).all(db).await.step("count a month")
}

async fn days(
    db: &impl ConnectionTrait,
    org_id: Uuid,
    month: Month,
) -> Result<Vec<DayFigures>, Error> {
    let mut values = vec![org_id.into()];
    values.extend(bounds(month));
    let rows = Brought::find_by_statement(asked(db, include_str!("sql/days.sql"), values));
    let rows = rows.all(db).await.step("count days")?;
    let brought: HashMap<_, _> =
        rows.into_iter().map(|row| ((row.what, date(&row.day)), row.n)).collect();
    let n = |what: &str, date: &str| {
        brought.get(&(what.to_owned(), date.to_owned())).copied().unwrap_or_default()
    };
    let days = (0..).map(|n| month.first().plus(n)).take_while(|day| month.holds(*day));
    Ok(days
        .map(|day| day.to_string())
        .map(|date| DayFigures {
            requests: n("requests", &date),
            closed: n("closed", &date),
            minutes: n("minutes", &date),
            date,
        })
        .collect())
}

/// A date, from itself or from the number of days since 1970.
fn date(day: &str) -> String {
    let epoch = Day::of(At(0));
    day.parse().map_or_else(|_| day.to_owned(), |n| epoch.plus(n).to_string())
}

async fn categories(
    db: &impl ConnectionTrait,
    org_id: Uuid,
    month: Month,
) -> Result<Vec<CategoryFigures>, Error> {
    let [from, to, ..] = bounds(month);
    let sql = include_str!("sql/categories.sql");
    let asked = asked(db, sql, vec![org_id.into(), from, to]);
    CategoryFigures::find_by_statement(asked).all(db).await.step("count categories")
}
