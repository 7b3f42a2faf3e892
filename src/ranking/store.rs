//! One aggregate per ranking. The same SQL on both databases.

use std::collections::HashSet;

use ::entity::{
    membership::{self, MembershipState},
    org,
};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    Statement, Value,
};
use uuid::Uuid;

use crate::{kernel::Error, platform::db::Step};

use super::model::{By, Period};

const MONTH: &str = include_str!("month.sql");
const PEOPLE: &str = include_str!("people.sql");
const TEAMS: &str = include_str!("teams.sql");

/// A named person, or the reader; and in every row the totals of all.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct PersonRow {
    pub people: i64,
    pub total: i64,
    pub person_id: Option<Uuid>,
    pub name: Option<String>,
    pub ranked: Option<bool>,
    pub amount: Option<i64>,
    pub corrected: Option<i32>,
    pub place: Option<i64>,
}

#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct TeamRow {
    pub org_id: Uuid,
    pub name: String,
    pub people: i64,
    pub amount: i64,
    pub corrected: i32,
    pub place: i64,
}

/// The whole statement: whose month, what counts, how it is told.
fn statement(db: &DatabaseConnection, by: By, told: &str, values: Vec<Value>) -> Statement {
    let earned = match by {
        By::Hours => include_str!("earned_hours.sql"),
        By::Claims => include_str!("earned_claims.sql"),
        By::Points => include_str!("earned_points.sql"),
    };
    let sql = format!("{MONTH}{earned}{told}");
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// The subtree of an org as a range of paths: `0` is the sign after `/`.
fn month_of(org: &org::Model, period: &Period) -> Vec<Value> {
    let end = format!("{}0", org.path.trim_end_matches('/'));
    vec![period.text().into(), org.path.as_str().into(), end.into()]
}

/// Those who belong to the org or below it, best first: the first hundred named, the reader among them wherever
/// they stand. The caller has checked that the reader may look.
pub(super) async fn people(
    db: &DatabaseConnection,
    org: &org::Model,
    period: &Period,
    by: By,
    reader: Uuid,
) -> Result<Vec<PersonRow>, Error> {
    let mut values = month_of(org, period);
    values.push(reader.into());
    let rows = PersonRow::find_by_statement(statement(db, by, PEOPLE, values)).all(db).await;
    rows.step("rank the people")
}

/// The branches below the org with enough people, best first.
pub(super) async fn teams(
    db: &DatabaseConnection,
    org: &org::Model,
    period: &Period,
    by: By,
    least: i32,
) -> Result<Vec<TeamRow>, Error> {
    let mut values = month_of(org, period);
    values.push(i64::from(least).into());
    let rows = TeamRow::find_by_statement(statement(db, by, TEAMS, values)).all(db).await;
    rows.step("rank the teams")
}

/// Which of these people belong to one of these orgs.
pub(super) async fn fellows(
    db: &DatabaseConnection,
    orgs: Vec<Uuid>,
    people: Vec<Uuid>,
) -> Result<HashSet<Uuid>, Error> {
    use membership::Column;
    if orgs.is_empty() || people.is_empty() {
        return Ok(HashSet::new());
    }
    let rows: Vec<Uuid> = membership::Entity::find()
        .select_only()
        .column(Column::PersonId)
        .filter(Column::OrgId.is_in(orgs))
        .filter(Column::PersonId.is_in(people))
        .filter(Column::State.eq(MembershipState::Confirmed))
        .into_tuple()
        .all(db)
        .await
        .step("look who belongs together")?;
    Ok(rows.into_iter().collect())
}
