//! Tasks by scope: those of the offices a role reaches, those in the pools of one's orgs, those one leads.

use std::collections::HashMap;

use ::entity::{
    task::{Column, Entity, Model, TaskState},
    task_loan::{self, LoanState},
    task_person,
};
use entity::At;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{LockType, SelectStatement},
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

/// Tasks to which an org of the scope's pools lends its people.
fn lent(scope: &Scope) -> SelectStatement {
    task_loan::Entity::find()
        .select_only()
        .column(task_loan::Column::TaskId)
        .filter(scope.pools(task_loan::Column::OrgId))
        .filter(task_loan::Column::State.eq(LoanState::Accepted))
        .into_query()
}

/// Tasks for which the caller was named.
fn named(scope: &Scope) -> SelectStatement {
    task_person::Entity::find()
        .select_only()
        .column(task_person::Column::TaskId)
        .filter(scope.own(task_person::Column::PersonId))
        .into_query()
}

/// A draft is the office's alone; what was published shows in the pools, or to those it names alone.
fn visible(scope: &Scope) -> Condition {
    let pools = Condition::any()
        .add(scope.pools(Column::RingOrgId))
        .add(Column::Id.in_subquery(lent(scope)));
    let for_them =
        Condition::any().add(Column::Named.eq(false)).add(Column::Id.in_subquery(named(scope)));
    let shown = Condition::all().add(pools).add(for_them).add(Column::State.ne(TaskState::Draft));
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

/// Their rows, locked until the transaction ends, in the order of their ids.
pub async fn lock_all(
    tx: &DatabaseTransaction,
    scope: &Scope,
    ids: Vec<Uuid>,
) -> Result<Vec<Model>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find()
        .filter(Column::Id.is_in(ids))
        .filter(visible(scope))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await;
    found.step("lock tasks")
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

/// Tasks that can be claimed now or soon; the soonest first.
fn claimable(now: At, limit: u64) -> Select<Entity> {
    Entity::find()
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::ClaimUntil.gt(now))
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
        .limit(limit)
}

/// Those of the scope's pools that are for everybody there. One query for the pools of one's own orgs, one for
/// those that others borrow from, so that each finds its index.
pub(super) async fn open(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let for_all = claimable(now, limit).filter(Column::Named.eq(false));
    let own = for_all.clone().filter(scope.pools(Column::RingOrgId)).all(db).await;
    let mut found = own.step("read the open tasks")?;
    let borrowed = for_all.filter(Column::Id.in_subquery(lent(scope))).all(db).await;
    found.extend(borrowed.step("read the tasks one's org lends people to")?);
    found.sort_by_key(|task| task.id);
    found.dedup_by_key(|task| task.id);
    Ok(found)
}

/// Those that are for people the office named, the caller among them. They never stand on the board.
pub(super) async fn open_by_name(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    claimable(now, limit)
        .filter(Column::Named.eq(true))
        .filter(Column::Id.in_subquery(named(scope)))
        .all(db)
        .await
        .step("read the tasks one was named for")
}

/// Which orgs lend their people to tasks that were read by scope, in one query.
pub(super) async fn lenders(
    db: &impl ConnectionTrait,
    tasks: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Vec<Uuid>>, Error> {
    use task_loan::Column as Loan;
    let mut lent: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let ids: Vec<_> = tasks.into_iter().collect();
    if ids.is_empty() {
        return Ok(lent);
    }
    let rows: Vec<(Uuid, Uuid)> = task_loan::Entity::find()
        .select_only()
        .columns([Loan::TaskId, Loan::OrgId])
        .filter(Loan::TaskId.is_in(ids))
        .filter(Loan::State.eq(LoanState::Accepted))
        .order_by_asc(Loan::Id)
        .into_tuple()
        .all(db)
        .await
        .step("read who lends people")?;
    for (task, org) in rows {
        lent.entry(task).or_default().push(org);
    }
    Ok(lent)
}

/// The people named for a task, as its office and the house know them.
pub async fn named_for(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
) -> Result<Vec<Uuid>, Error> {
    let task = Entity::find_by_id(task_id).select_only().column(Column::Id).filter(staff(scope));
    let rows = task_person::Entity::find()
        .filter(task_person::Column::TaskId.in_subquery(task.into_query()));
    let rows = rows.order_by_asc(task_person::Column::PersonId).all(db).await;
    Ok(rows.step("read who was named")?.into_iter().map(|row| row.person_id).collect())
}

/// Every published task whose time to claim is not over, whatever became of it: a card of an earlier time may
/// still offer it.
pub(super) async fn unexpired(
    db: &impl ConnectionTrait,
    scope: &Scope,
    now: At,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let query = Entity::find()
        .filter(scope.pools(Column::RingOrgId))
        .filter(Column::State.ne(TaskState::Draft))
        .filter(Column::ClaimUntil.gt(now))
        .order_by_asc(Column::Id)
        .limit(limit);
    let query = match after {
        Some(after) => query.filter(Column::Id.gt(after)),
        None => query,
    };
    query.all(db).await.step("read the unexpired tasks")
}

/// What changed since then, for what Redis shows of it.
pub async fn changed_since(
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
