//! Tasks by scope: those of the offices a role reaches, those in the pools of one's orgs, those one leads.

use ::entity::task::{Column, Entity, Model, TaskState};
use entity::At;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

fn staff(scope: &Scope) -> Condition {
    Condition::any().add(scope.reach(Column::OrgId)).add(scope.own(Column::LeadId))
}

/// A draft is the office's alone; what was published shows in the pools.
fn visible(scope: &Scope) -> Condition {
    let shown = Condition::all()
        .add(scope.pools(Column::RingOrgId))
        .add(Column::State.ne(TaskState::Draft));
    staff(scope).add(shown)
}

/// A task the scope may know of.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    Entity::find_by_id(id).filter(visible(scope)).one(db).await.step("read a task")
}

/// A task of the caller's offices, or that they lead.
pub async fn find_for_staff(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    Entity::find_by_id(id).filter(staff(scope)).one(db).await.step("read an office's task")
}

/// The row, locked until the transaction ends, for whoever changes it or its claims. Order: person, then task.
pub async fn lock(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found =
        Entity::find_by_id(id).filter(visible(scope)).lock(LockType::NoKeyUpdate).one(tx).await;
    found.step("lock a task")
}

/// Tasks by id, in one query, unordered; the ids come from rows the scope was asked for.
pub async fn by_ids(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: Vec<Uuid>,
) -> Result<Vec<Model>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find().filter(Column::Id.is_in(ids)).filter(visible(scope)).all(db).await;
    found.step("read tasks")
}

/// Tasks that can be claimed now or soon, of the scope's pools; the soonest first.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(scope.pools(Column::RingOrgId))
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::ClaimUntil.gt(now))
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
        .step("read the open tasks")
}

/// Every published task whose time to claim is not over, whatever became of it: a card of an earlier time may
/// still offer it.
pub(super) async fn unexpired(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now: At,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(scope.pools(Column::RingOrgId))
        .filter(Column::State.ne(TaskState::Draft))
        .filter(Column::ClaimUntil.gt(now))
        .all(db)
        .await
        .step("read the unexpired tasks")
}

/// What changed since then, for the board.
pub(super) async fn changed_since(
    db: &impl ConnectionTrait,
    scope: &Scope,
    since: At,
) -> Result<Vec<Model>, Error> {
    Entity::find()
        .filter(scope.reach(Column::OrgId))
        .filter(Column::UpdatedAt.gte(since))
        .all(db)
        .await
        .step("read what changed")
}

/// An office's tasks, newest first, one more than asked where there are more.
pub async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Option<Uuid>,
    states: &[TaskState],
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().filter(visible(scope));
    if let Some(org) = org_id {
        query = query.filter(Column::OrgId.eq(org));
    }
    if !states.is_empty() {
        query = query.filter(Column::State.is_in(states.iter().copied()));
    }
    let page = newest_first(query, Column::Id, after, limit);
    page.all(db).await.step("list tasks")
}
