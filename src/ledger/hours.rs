//! Entries of hours: written once, summed often, changed never.

use ::entity::{
    hours_correction,
    hours_entry::{ActiveModel, Column, Entity, HoursKind, Model},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Func, OnConflict},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Day, Error},
    platform::{AppState, db::Step, http::page::newest_first},
};

use super::points;

/// What a claim earned.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    pub claim_id: Uuid,
    pub person_id: Uuid,
    pub org_id: Uuid,
    pub task_id: Uuid,
    /// Whole minutes of presence within the task's window.
    pub minutes: i32,
    /// The day in Shanghai on which the task began.
    pub day: Day,
    /// Led the task.
    pub lead: bool,
    /// Base points the task planned; 0: as the org's rule says.
    pub planned_points: i32,
}

/// Rows one statement takes: with a dozen values each it stays far below what either database binds.
pub(super) const BATCH: usize = 500;

/// Enters the minutes of confirmed claims, and the points the org's rules give for them; as many statements for five
/// hundred claims as for one. A second time for the same claim changes nothing.
///
/// # Errors
/// When the entries cannot be written; the transaction must then be dropped.
pub async fn award(
    tx: &DatabaseTransaction,
    state: &AppState,
    services: &[Service],
) -> Result<(), Error> {
    let now = state.clock.now();
    let row = |service: &Service| ActiveModel {
        id: Set(state.rng.id(now)),
        claim_id: Set(service.claim_id),
        kind: Set(HoursKind::Service),
        source_id: Set(None),
        person_id: Set(service.person_id),
        org_id: Set(service.org_id),
        task_id: Set(service.task_id),
        minutes: Set(service.minutes),
        served_on: Set(service.day.to_string()),
        period: NotSet,
        created_at: Set(now),
    };
    for batch in services.chunks(BATCH) {
        Entity::insert_many(batch.iter().map(row))
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx)
            .await
            .step("enter the hours")?;
    }
    let merits: Vec<_> = services.iter().flat_map(points::Merit::of_service).collect();
    points::award_for(tx, state, &merits).await
}

/// Enters what an approved correction changes; a second time changes nothing.
pub(super) async fn correct(
    tx: &DatabaseTransaction,
    state: &AppState,
    correction: &hours_correction::Model,
    minutes: i32,
) -> Result<(), Error> {
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        claim_id: Set(correction.claim_id),
        kind: Set(HoursKind::Correction),
        source_id: Set(Some(correction.id)),
        person_id: Set(correction.person_id),
        org_id: Set(correction.org_id),
        task_id: Set(correction.task_id),
        minutes: Set(minutes),
        served_on: Set(correction.served_on.clone()),
        period: NotSet,
        created_at: Set(now),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .step("enter the correction")
        .map(drop)
}

/// Sums over entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Totals {
    /// How many claims served.
    pub people: i64,
    /// Corrections included.
    pub minutes: i64,
}

async fn sum(db: &impl ConnectionTrait, filter: Condition) -> Result<Totals, Error> {
    let minutes = Func::coalesce([Expr::col(Column::Minutes).sum(), Expr::val(0)]);
    let totals = Entity::find()
        .select_only()
        .column_as(Expr::col(Column::ClaimId).count_distinct(), "people")
        // PostgreSQL sums integers to a wider type than it stores.
        .column_as(Expr::expr(minutes).cast_as(Alias::new("bigint")), "minutes")
        .filter(filter)
        .into_model::<Totals>()
        .one(db)
        .await
        .step("sum the hours")?;
    Ok(totals.unwrap_or_default())
}

/// What a task brought: how many served, and their minutes.
pub async fn totals(db: &impl ConnectionTrait, scope: &Scope, task: Uuid) -> Result<Totals, Error> {
    sum(db, Condition::all().add(Column::TaskId.eq(task)).add(scope.reach(Column::OrgId))).await
}

/// What a person has earned in all.
pub(super) async fn earned(db: &impl ConnectionTrait, scope: &Scope) -> Result<Totals, Error> {
    sum(db, scope.own(Column::PersonId)).await
}

/// The minutes a claim stands at, every entry counted; the claim was found by scope.
pub(super) async fn net(db: &impl ConnectionTrait, claim_id: Uuid) -> Result<i64, Error> {
    Ok(sum(db, Condition::all().add(Column::ClaimId.eq(claim_id))).await?.minutes)
}

/// A page of a person's entries, newest first, one more than asked where there are more.
pub(super) async fn entries(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let query = Entity::find().filter(scope.own(Column::PersonId));
    let page = newest_first(query, Column::Id, after, limit);
    page.all(db).await.step("list the hours")
}
