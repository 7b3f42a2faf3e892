//! Complaints as the caller may see them: their own, or those that lie with an org in reach.

use ::entity::complaint::{Column, ComplaintState, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

/// Which complaints.
#[derive(Debug, Default)]
pub(super) struct Filter {
    /// About that org.
    pub org_id: Option<Uuid>,
    pub state: Option<ComplaintState>,
    pub after: Option<Uuid>,
    pub limit: u64,
}

/// One page of those that lie with an org in reach, newest first, with one more where there is more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: Filter,
) -> Result<Vec<Model>, Error> {
    let mut query = Entity::find().filter(scope.reach(Column::AboveOrgId));
    if let Some(org) = filter.org_id {
        query = query.filter(Column::OrgId.eq(org));
    }
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state));
    }
    let page = newest_first(query, Column::Id, filter.after, filter.limit);
    page.all(db).await.step("list complaints")
}

/// One page of one's own.
pub(super) async fn own(
    db: &impl ConnectionTrait,
    scope: &Scope,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let query = Entity::find().filter(scope.own(Column::PersonId));
    newest_first(query, Column::Id, after, limit).all(db).await.step("list one's complaints")
}

/// One that lies with an org in reach, locked until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::AboveOrgId));
    found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a complaint")
}
