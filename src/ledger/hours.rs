//! Entries of hours: written once, summed often, changed never.

use ::entity::hours_entry::{ActiveModel, Column, Entity, HoursKind, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, QueryFilter, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Day, Error},
    platform::{AppState, db::Step, http::page::newest_first},
};

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
}

/// Enters the minutes of a confirmed claim. A second time for the same claim changes nothing.
pub async fn award(
    tx: &DatabaseTransaction,
    state: &AppState,
    service: Service,
) -> Result<(), Error> {
    let now = state.clock.now();
    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        claim_id: Set(service.claim_id),
        kind: Set(HoursKind::Service),
        person_id: Set(service.person_id),
        org_id: Set(service.org_id),
        task_id: Set(service.task_id),
        minutes: Set(service.minutes),
        served_on: Set(service.day.to_string()),
        created_at: Set(now),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .step("enter the hours")?;
    Ok(())
}

/// Sums over entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Totals {
    /// How many claims served.
    pub people: i64,
    pub minutes: i64,
}

async fn sum(db: &impl ConnectionTrait, filter: Condition) -> Result<Totals, Error> {
    use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func};
    let minutes = Func::coalesce([Expr::col(Column::Minutes).sum(), Expr::val(0)]);
    let totals = Entity::find()
        .select_only()
        .column_as(Column::Id.count(), "people")
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
