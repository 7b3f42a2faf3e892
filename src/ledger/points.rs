//! Entries of points: counted by the rules in force, in the transaction that makes their source true.

use std::collections::HashMap;

use ::entity::{
    points_entry::{ActiveModel, Column, Entity},
    points_rule::{self, PointsKind, PointsTrigger},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, OnConflict},
};
use uuid::Uuid;

use crate::{
    kernel::{Day, Error},
    platform::{AppState, db::Step},
};

use super::{
    freeze,
    hours::{BATCH, Service},
    model,
    rules::{self, InForce},
};

/// Something that earns or costs points where the org's rules say so.
#[derive(Clone, Copy, Debug)]
pub struct Merit {
    pub trigger: PointsTrigger,
    /// The row it comes from: a claim, a correction, a story, an answer. One entry per source, occasion, kind and person.
    pub source_id: Uuid,
    pub person_id: Uuid,
    pub org_id: Uuid,
    pub claim_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    /// The day in Shanghai it counts for.
    pub day: Day,
    /// Minutes for `service_hour`, points the task planned for `task_confirmed`, else 0.
    pub measure: i32,
}

impl Merit {
    /// What a claim that served is good for.
    pub(super) fn of_service(service: &Service) -> Vec<Self> {
        let merit = |trigger, measure| Self {
            trigger,
            source_id: service.claim_id,
            person_id: service.person_id,
            org_id: service.org_id,
            claim_id: Some(service.claim_id),
            task_id: Some(service.task_id),
            day: service.day,
            measure,
        };
        let mut all = vec![
            merit(PointsTrigger::ServiceHour, service.minutes),
            merit(PointsTrigger::TaskConfirmed, service.planned_points),
        ];
        all.extend(service.lead.then(|| merit(PointsTrigger::Lead, 0)));
        all
    }
}

/// A seat that was held and nobody came.
#[derive(Clone, Copy, Debug)]
pub struct Missed {
    pub claim_id: Uuid,
    pub person_id: Uuid,
    pub org_id: Uuid,
    pub task_id: Uuid,
    /// The day in Shanghai on which the task began.
    pub day: Day,
}

/// Takes points for seats missed, where a rule says so. A second time changes nothing; `take_back` undoes it.
///
/// # Errors
/// When the entries cannot be written; the transaction must then be dropped.
pub async fn deduct(
    tx: &DatabaseTransaction,
    state: &AppState,
    missed: &[Missed],
) -> Result<(), Error> {
    let merit = |missed: &Missed| Merit {
        trigger: PointsTrigger::NoShow,
        source_id: missed.claim_id,
        person_id: missed.person_id,
        org_id: missed.org_id,
        claim_id: Some(missed.claim_id),
        task_id: Some(missed.task_id),
        day: missed.day,
        measure: 0,
    };
    award_for(tx, state, &missed.iter().map(merit).collect::<Vec<_>>()).await
}

/// Whose month under which rule of which org.
type Purse = (Uuid, Uuid, PointsKind, PointsTrigger, String);

/// Enters what the rules give for each merit; as many statements for five hundred as for one. What was entered
/// before stays as it is.
///
/// # Errors
/// When the entries cannot be written; the transaction must then be dropped.
pub async fn award_for(
    tx: &DatabaseTransaction,
    state: &AppState,
    merits: &[Merit],
) -> Result<(), Error> {
    if merits.is_empty() {
        return Ok(());
    }
    let rules = rules::in_force(tx, merits.iter().map(|merit| merit.org_id)).await?;
    if rules.is_empty() {
        return Ok(());
    }
    let mut spent = spent(tx, &rules, merits).await?;
    let mut rows = Vec::new();
    for merit in merits {
        let here = rules.at(merit.org_id, merit.trigger);
        for rule in here.filter(|rule| model::holds(rule, merit.day)) {
            let period = merit.day.to_string()[..7].to_owned();
            let purse = (merit.person_id, rule.org_id, rule.kind, rule.trigger, period);
            let spent = spent.entry(purse).or_default();
            let amount = model::worth(rule, merit.measure, *spent);
            if amount != 0 {
                *spent += i64::from(amount);
                rows.push(row(state, merit, rule.kind, Some(rule.id), amount));
            }
        }
    }
    insert(tx, state, rows).await
}

/// What people were given this month under rules that set a limit; those rules are held until the transaction ends.
async fn spent(
    tx: &DatabaseTransaction,
    rules: &InForce,
    merits: &[Merit],
) -> Result<HashMap<Purse, i64>, Error> {
    let capped = rules.capped();
    if capped.is_empty() {
        return Ok(HashMap::new());
    }
    rules::hold(tx, &capped).await?;
    let mut people: Vec<_> = merits.iter().map(|merit| merit.person_id).collect();
    people.sort_unstable();
    people.dedup();
    let mut periods: Vec<_> = merits.iter().map(|m| m.day.to_string()[..7].to_owned()).collect();
    periods.sort_unstable();
    periods.dedup();
    let mut known = HashMap::new();
    for people in people.chunks(BATCH) {
        let by_rule = Entity::belongs_to(points_rule::Entity)
            .from(Column::RuleId)
            .to(points_rule::Column::Id);
        let rows: Vec<(Uuid, Uuid, PointsKind, PointsTrigger, String, i64)> = Entity::find()
            .select_only()
            .column(Column::PersonId)
            .column(points_rule::Column::OrgId)
            .column(points_rule::Column::Kind)
            .column(points_rule::Column::Trigger)
            .column(Column::Period)
            .column_as(total(), "amount")
            .join(JoinType::InnerJoin, by_rule.into())
            .filter(Column::PersonId.is_in(people.iter().copied()))
            .filter(Column::Period.is_in(periods.iter().map(String::as_str)))
            .filter(points_rule::Column::OrgId.is_in(capped.iter().map(|rule| rule.org_id)))
            .group_by(Column::PersonId)
            .group_by(points_rule::Column::OrgId)
            .group_by(points_rule::Column::Kind)
            .group_by(points_rule::Column::Trigger)
            .group_by(Column::Period)
            .into_tuple()
            .all(tx)
            .await
            .step("count the month's points")?;
        known.extend(rows.into_iter().map(|(person, org, kind, trigger, period, amount)| {
            ((person, org, kind, trigger, period), amount)
        }));
    }
    Ok(known)
}

/// PostgreSQL sums integers to a wider type than it stores.
pub(super) fn total() -> Expr {
    use sea_orm::sea_query::ExprTrait;
    Expr::col((Entity, Column::Amount)).sum().cast_as(Alias::new("bigint"))
}

pub(super) fn row(
    state: &AppState,
    merit: &Merit,
    kind: PointsKind,
    rule_id: Option<Uuid>,
    amount: i32,
) -> ActiveModel {
    let now = state.clock.now();
    ActiveModel {
        id: Set(state.rng.id(now)),
        person_id: Set(merit.person_id),
        org_id: Set(merit.org_id),
        kind: Set(kind),
        trigger: Set(merit.trigger),
        amount: Set(amount),
        rule_id: Set(rule_id),
        source_id: Set(merit.source_id),
        claim_id: Set(merit.claim_id),
        task_id: Set(merit.task_id),
        occurred_on: Set(merit.day.to_string()),
        period: NotSet,
        corrects: Set(None),
        created_at: Set(now),
    }
}

/// Enters rows; those dated into a closed month count today, and name it.
pub(super) async fn insert(
    tx: &DatabaseTransaction,
    state: &AppState,
    rows: Vec<ActiveModel>,
) -> Result<(), Error> {
    let rows = freeze::into_open_months(tx, state, rows).await?;
    for batch in rows.chunks(BATCH) {
        Entity::insert_many(batch.iter().cloned())
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await
            .step("enter the points")?;
    }
    Ok(())
}

/// Points by hand, once approved.
pub(super) async fn give(
    tx: &DatabaseTransaction,
    state: &AppState,
    merit: &Merit,
    kind: PointsKind,
    amount: i32,
) -> Result<(), Error> {
    let signed = if kind == PointsKind::Deduction { -amount } else { amount };
    insert(tx, state, vec![row(state, merit, kind, None, signed)]).await
}

/// Takes back what an occasion gave or cost, by entries the other way on the same day, or today where its month is
/// closed. A second time changes nothing.
///
/// # Errors
/// When the entries cannot be written; the transaction must then be dropped.
pub async fn take_back(
    tx: &DatabaseTransaction,
    state: &AppState,
    trigger: PointsTrigger,
    source_id: Uuid,
) -> Result<(), Error> {
    let found = Entity::find()
        .filter(Column::SourceId.eq(source_id))
        .filter(Column::Trigger.eq(trigger))
        .all(tx)
        .await
        .step("look for points to take back")?;
    let now = state.clock.now();
    let back = found.into_iter().map(|entry| ActiveModel {
        id: Set(state.rng.id(now)),
        trigger: Set(PointsTrigger::Reversal),
        amount: Set(-entry.amount),
        source_id: Set(entry.id),
        created_at: Set(now),
        person_id: Set(entry.person_id),
        org_id: Set(entry.org_id),
        kind: Set(entry.kind),
        rule_id: Set(entry.rule_id),
        claim_id: Set(entry.claim_id),
        task_id: Set(entry.task_id),
        occurred_on: Set(entry.occurred_on),
        period: NotSet,
        corrects: Set(entry.corrects),
    });
    insert(tx, state, back.collect()).await
}
