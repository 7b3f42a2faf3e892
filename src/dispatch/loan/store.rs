//! Loans by scope: those asked of one's offices, and those they asked for.

use ::entity::{
    task,
    task_loan::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait, JoinType,
    QueryFilter, QuerySelect, RelationDef, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

/// A loan that one of the scope's offices is asked for, locked until the transaction ends.
pub(super) async fn lock(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a loan")
}

/// The same without the lock.
pub(super) async fn asked(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId)).one(db).await;
    found.step("read a loan")
}

/// Loans asked of the scope's offices or by them, newest first, one more than asked where there are more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    org_id: Option<Uuid>,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let of_task: RelationDef =
        Entity::belongs_to(task::Entity).from(Column::TaskId).to(task::Column::Id).into();
    let known =
        Condition::any().add(scope.reach(Column::OrgId)).add(scope.reach(task::Column::OrgId));
    let mut query = Entity::find().join(JoinType::InnerJoin, of_task).filter(known);
    if let Some(org) = org_id {
        let either = Condition::any().add(Column::OrgId.eq(org)).add(task::Column::OrgId.eq(org));
        query = query.filter(either);
    }
    newest_first(query, Column::Id, after, limit).all(db).await.step("list loans")
}
