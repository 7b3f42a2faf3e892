//! Templates: one's own to change, those of one's org and above to use.

use ::entity::{
    org,
    task_template::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    QueryTrait, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    identity::{Scope, upward},
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

/// A template of the scope's offices, locked until the transaction ends.
pub(super) async fn lock(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a template")
}

/// A template by its id, for whoever turns out to use it: `write::used` compares the orgs.
pub(super) async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, Error> {
    Entity::find_by_id(id).one(db).await.step("read a template")
}

/// The templates an org can use, its own and those of the orgs above, newest first, one more than asked where
/// there are more. The caller's scope covers the org.
pub(super) async fn usable(
    db: &impl ConnectionTrait,
    org: &org::Model,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let way = org::Entity::find()
        .select_only()
        .column(org::Column::Id)
        .filter(org::Column::Path.is_in(upward(&org.path)))
        .into_query();
    let query = Entity::find().filter(Column::OrgId.in_subquery(way));
    newest_first(query, Column::Id, after, limit).all(db).await.step("list templates")
}
