//! Claims by scope: one's own, and those on tasks of the offices a role reaches.

use std::collections::{HashMap, HashSet};

use ::entity::{
    At,
    claim::{ClaimState, Column, Entity, Model},
    task,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, Select,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event, Fact},
    platform::{db::Step, http::page::newest_first},
};

fn of_task() -> RelationDef {
    Entity::belongs_to(task::Entity).from(Column::TaskId).to(task::Column::Id).into()
}

fn visible(scope: &Scope) -> Condition {
    Condition::any()
        .add(scope.own(Column::PersonId))
        .add(scope.reach(task::Column::OrgId))
        .add(scope.own(task::Column::LeadId))
}

/// A claim the scope may know of.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    Entity::find_by_id(id)
        .join(JoinType::InnerJoin, of_task())
        .filter(visible(scope))
        .one(db)
        .await
        .step("read a claim")
}

/// One's own claim, whatever other roles one has.
pub(super) async fn own(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.own(Column::PersonId)).one(db).await;
    found.step("read one's claim")
}

/// The claim by which the scope's person holds a seat of a task.
pub(super) async fn seat_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = seats(task_id).filter(scope.own(Column::PersonId)).one(db).await;
    found.step("look for one's seat")
}

/// The claim by which this person holds a seat of a task.
pub(super) async fn seat_held(
    db: &impl ConnectionTrait,
    _house: &Scope,
    (task_id, person_id): (Uuid, Uuid),
) -> Result<Option<Model>, Error> {
    let found = seats(task_id).filter(Column::PersonId.eq(person_id)).one(db).await;
    found.step("look for a person's seat")
}

/// Which of these people hold a seat of these tasks: task and person.
pub(super) async fn seated(
    db: &impl ConnectionTrait,
    _house: &Scope,
    pairs: &[(Uuid, Uuid)],
) -> Result<HashSet<(Uuid, Uuid)>, Error> {
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::TaskId, Column::PersonId])
        .filter(Column::PersonId.is_in(pairs.iter().map(|(_, person)| *person)))
        .filter(Column::TaskId.is_in(pairs.iter().map(|(task, _)| *task)))
        .filter(Column::State.is_not_in([ClaimState::Released, ClaimState::Cancelled]))
        .into_tuple()
        .all(db)
        .await
        .step("read who has a seat")?;
    Ok(rows.into_iter().collect())
}

/// Claims that hold a seat of a task.
fn seats(task_id: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::TaskId.eq(task_id))
        .filter(Column::State.is_not_in([ClaimState::Released, ClaimState::Cancelled]))
}

/// Claims whose holder was asked to say again that they come, and did not in time; the longest overdue first.
pub(super) async fn lapsing(
    db: &impl ConnectionTrait,
    _house: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(Column::ReconfirmBy.lte(now))
        .filter(Column::State.eq(ClaimState::Active))
        .order_by_asc(Column::ReconfirmBy)
        .limit(limit)
        .all(db)
        .await
        .step("read who did not answer")
}

/// One's seats in work that has not ended, by the id of the task.
pub(super) async fn held(db: &impl ConnectionTrait, scope: &Scope) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(scope.own(Column::PersonId))
        .filter(Column::State.is_in([ClaimState::Active, ClaimState::CheckedIn]))
        .order_by_asc(Column::TaskId)
        .all(db)
        .await
        .step("read the seats one holds")
}

/// One's claims, newest first, one more than asked where there are more.
pub(super) async fn mine(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let query = Entity::find().filter(scope.own(Column::PersonId));
    let page = newest_first(query, Column::Id, after, limit);
    page.all(db).await.step("list one's claims")
}

/// One's claims on work that is not over, soonest first.
pub(super) async fn next(
    db: &impl ConnectionTrait,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .join(JoinType::InnerJoin, of_task())
        .filter(scope.own(Column::PersonId))
        .filter(Column::State.is_in([ClaimState::Active, ClaimState::CheckedIn]))
        .filter(task::Column::State.eq(task::TaskState::Open))
        .order_by_asc(task::Column::StartsAt)
        .limit(limit)
        .all(db)
        .await
        .step("read what comes next")
}

/// The claims on a task that the scope may know of, in the order they were made.
pub(super) async fn on_task(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .join(JoinType::InnerJoin, of_task())
        .filter(visible(scope))
        .filter(Column::TaskId.eq(task_id))
        .order_by_asc(Column::Id)
        .all(db)
        .await
        .step("read the claims on a task")
}

/// Who holds or held each of these claims.
pub(super) async fn holders(
    db: &impl ConnectionTrait,
    _house: &Scope,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, Uuid>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::PersonId])
        .filter(Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await
        .step("read who holds the claims")?;
    Ok(rows.into_iter().collect())
}

/// Tasks that are over but have people checked in: task, org, end. The longest over first.
pub(super) async fn ended_with_people_inside(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now: At,
) -> Result<Vec<(Uuid, Uuid, At)>, Error> {
    let inside = Entity::find()
        .select_only()
        .column(Column::TaskId)
        .filter(Column::State.eq(ClaimState::CheckedIn))
        .into_query();
    task::Entity::find()
        .select_only()
        .columns([task::Column::Id, task::Column::OrgId, task::Column::EndsAt])
        .filter(scope.reach(task::Column::OrgId))
        .filter(task::Column::EndsAt.lte(now))
        .filter(task::Column::Id.in_subquery(inside))
        .order_by_asc(task::Column::EndsAt)
        .into_tuple()
        .all(db)
        .await
        .step("look for forgotten check-outs")
}

/// Tasks that wait to be confirmed: task, org, when they were reported. The longest waiting first.
pub(super) async fn reported(
    db: &impl ConnectionTrait,
    scope: &Scope,
) -> Result<Vec<(Uuid, Uuid, At)>, Error> {
    let rows: Vec<(Uuid, Uuid, Option<At>)> = task::Entity::find()
        .select_only()
        .columns([task::Column::Id, task::Column::OrgId, task::Column::ReportedAt])
        .filter(scope.reach(task::Column::OrgId))
        .filter(task::Column::State.eq(task::TaskState::Reported))
        .order_by_asc(task::Column::ReportedAt)
        .into_tuple()
        .all(db)
        .await
        .step("read what waits to be confirmed")?;
    Ok(rows.into_iter().filter_map(|(id, org, at)| Some((id, org, at?))).collect())
}

/// A fact about a claim.
pub(super) fn fact(
    task: &task::Model,
    claim: &Model,
    event: Event,
    actor: Option<Uuid>,
    words: Option<String>,
) -> Fact {
    Fact {
        event,
        org_id: task.org_id,
        request_id: task.request_id,
        task_id: Some(task.id),
        subject_id: claim.id,
        actor_id: actor,
        words,
    }
}
