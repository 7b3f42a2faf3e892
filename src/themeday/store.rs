//! Theme days by scope: those of the orgs a role reaches, and those a member is invited to: of their home branch and
//! of the orgs above it.

use std::collections::HashMap;

use ::entity::{
    At, org,
    theme_day::{self, Column, Entity, Model, ThemeDayState},
    theme_day_person::{self, Attendance},
    theme_day_rule,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, Iterable,
    QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    identity::{Scope, within},
    kernel::{Error, Month},
    org as orgs,
    platform::{db::Step, http::page::newest_first},
};

use super::change::ThemeDayError;

fn visible<C: ColumnTrait>(scope: &Scope, org_id: C) -> Condition {
    Condition::any().add(scope.reach(org_id)).add(scope.pools(org_id))
}

/// Whether the days of an org are any business of the scope.
pub(super) async fn concerns(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
) -> Result<bool, Error> {
    let org = org::Entity::find_by_id(org_id).filter(visible(scope, org::Column::Id));
    Ok(org.one(db).await.step("read an org")?.is_some())
}

/// A day the scope may know of.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    Entity::find_by_id(id)
        .filter(visible(scope, Column::OrgId))
        .one(db)
        .await
        .step("read a theme day")
}

/// A day one is invited to; nobody moves it until the transaction ends, while others answer beside.
pub(super) async fn invited(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.pools(Column::OrgId));
    found.lock(LockType::Share).one(tx).await.step("read an invitation")
}

/// A day of the offices a role reaches, locked until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a theme day")
}

/// One page of an org's days, the latest planned first, with one row more where there is more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (org_id, month): (Uuid, Option<Month>),
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let mut query =
        Entity::find().filter(visible(scope, Column::OrgId)).filter(Column::OrgId.eq(org_id));
    if let Some(month) = month {
        query = query.filter(Column::Month.eq(month.to_string()));
    }
    newest_first(query, Column::Id, after, limit).all(db).await.step("list theme days")
}

/// An org in reach.
pub(super) async fn org_in_reach(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<org::Model, ThemeDayError> {
    let org = orgs::find(db, id).await?;
    org.filter(|org| scope.covers(&org.path)).ok_or(ThemeDayError::NotFound)
}

/// The rule of an org in reach.
pub(super) async fn rule(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Uuid,
) -> Result<Option<theme_day_rule::Model>, Error> {
    let found = theme_day_rule::Entity::find_by_id(org_id);
    let found = found.filter(scope.reach(theme_day_rule::Column::OrgId)).one(db).await;
    found.step("read a rule of theme days")
}

/// What setting a rule again writes anew.
pub(super) fn rule_columns() -> impl Iterator<Item = theme_day_rule::Column> {
    use theme_day_rule::Column as Rule;
    Rule::iter().filter(|column| !matches!(column, Rule::OrgId))
}

/// The rules at or below an org, in the order of their orgs.
pub(super) async fn rules_below(
    db: &impl ConnectionTrait,
    scope: &Scope,
    path: &str,
) -> Result<Vec<theme_day_rule::Model>, Error> {
    use theme_day_rule::{Column as Rule, Entity};
    Entity::find()
        .filter(scope.reach(Rule::OrgId))
        .filter(within(Rule::OrgId, &[path.to_owned()]))
        .order_by_asc(Rule::OrgId)
        .all(db)
        .await
        .step("read the rules below an org")
}

/// The rules of these orgs. The house's own.
pub(super) async fn rules_of(
    db: &impl ConnectionTrait,
    orgs: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, theme_day_rule::Model>, Error> {
    let found = theme_day_rule::Entity::find();
    let found = found.filter(theme_day_rule::Column::OrgId.is_in(orgs)).all(db).await;
    let rules = found.step("read rules of theme days")?.into_iter();
    Ok(rules.map(|rule| (rule.org_id, rule)).collect())
}

/// The rules that are not paused. The house's own.
pub(super) async fn rules_in_force(
    db: &impl ConnectionTrait,
) -> Result<Vec<theme_day_rule::Model>, Error> {
    let found = theme_day_rule::Entity::find();
    let found = found.filter(theme_day_rule::Column::Paused.eq(false)).all(db).await;
    found.step("read the rules in force")
}

/// What was planned for these months at or below an org; where one was cancelled and planned anew, both.
pub(super) async fn days_below(
    db: &impl ConnectionTrait,
    scope: &Scope,
    path: &str,
    months: &[Month],
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(scope.reach(Column::OrgId))
        .filter(within(Column::OrgId, &[path.to_owned()]))
        .filter(Column::Month.is_in(months.iter().map(Month::to_string)))
        .order_by_asc(Column::Id)
        .all(db)
        .await
        .step("read the theme days below an org")
}

/// Days in one of the states that begin within these instants. The house's own.
pub(super) async fn beginning(
    db: &impl ConnectionTrait,
    states: &[ThemeDayState],
    (from, until): (At, At),
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(Column::State.is_in(states.iter().copied()))
        .filter(Column::StartsAt.gt(from))
        .filter(Column::StartsAt.lte(until))
        .all(db)
        .await
        .step("read the theme days ahead")
}

/// What people said to a day or how they came, of those named.
pub(super) async fn of_people(
    db: &impl ConnectionTrait,
    day: Uuid,
    people: &[Uuid],
) -> Result<HashMap<Uuid, theme_day_person::Model>, Error> {
    use theme_day_person::{Column as Person, Entity};
    let rows = Entity::find()
        .filter(Person::ThemeDayId.eq(day))
        .filter(Person::PersonId.is_in(people.iter().copied()))
        .all(db)
        .await
        .step("read who comes")?;
    Ok(rows.into_iter().map(|row| (row.person_id, row)).collect())
}

/// What one person said to many days.
pub(super) async fn of_person(
    db: &impl ConnectionTrait,
    days: Vec<Uuid>,
    person: Uuid,
) -> Result<HashMap<Uuid, theme_day_person::Model>, Error> {
    use theme_day_person::{Column as Person, Entity};
    let rows = Entity::find()
        .filter(Person::PersonId.eq(person))
        .filter(Person::ThemeDayId.is_in(days))
        .all(db)
        .await
        .step("read one's answers")?;
    Ok(rows.into_iter().map(|row| (row.theme_day_id, row)).collect())
}

/// Who said they do not come.
pub(super) async fn declined(
    db: &impl ConnectionTrait,
    day: Uuid,
    people: &[Uuid],
) -> Result<Vec<Uuid>, Error> {
    use theme_day_person::{Column as Person, Entity};
    Entity::find()
        .select_only()
        .column(Person::PersonId)
        .filter(Person::ThemeDayId.eq(day))
        .filter(Person::PersonId.is_in(people.iter().copied()))
        .filter(Person::Answer.is_in([Attendance::No, Attendance::Leave]))
        .into_tuple()
        .all(db)
        .await
        .step("read who does not come")
}

/// How many said what, and how many came.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub yes: i64,
    pub no: i64,
    pub leave: i64,
    pub came: i64,
}

pub(super) async fn tally(db: &impl ConnectionTrait, day: Uuid) -> Result<Tally, Error> {
    use theme_day_person::{Column as Person, Entity};
    let rows: Vec<(Option<Attendance>, i64, i64)> = Entity::find()
        .select_only()
        .column(Person::Answer)
        .column_as(Person::Id.count(), "said")
        .column_as(Person::CameAt.count(), "came")
        .filter(Person::ThemeDayId.eq(day))
        .group_by(Person::Answer)
        .into_tuple()
        .all(db)
        .await
        .step("count who comes")?;
    let mut tally = Tally::default();
    for (answer, said, came) in rows {
        tally.came += came;
        match answer {
            Some(Attendance::Yes) => tally.yes = said,
            Some(Attendance::No) => tally.no = said,
            Some(Attendance::Leave) => tally.leave = said,
            None => {}
        }
    }
    Ok(tally)
}

/// Whether the org has a day of that month that stands.
pub(super) async fn planned(
    db: &impl ConnectionTrait,
    org_id: Uuid,
    month: Month,
) -> Result<bool, Error> {
    let found = theme_day::Entity::find()
        .filter(Column::OrgId.eq(org_id))
        .filter(Column::Month.eq(month.to_string()))
        .filter(Column::State.ne(ThemeDayState::Cancelled))
        .one(db)
        .await;
    Ok(found.step("look for the plan of a month")?.is_some())
}
