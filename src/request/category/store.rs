//! Categories in force are public, as the tree is; changing one is for the scope that reaches its org.

use ::entity::{
    category::{Column, Entity, Model},
    org as org_row,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{identity::Scope, kernel::Error, org, platform::db::Step};

use super::model::nearest;

/// The categories in force at an org, those out of use last. Public.
pub async fn in_force(
    db: &impl ConnectionTrait,
    org: &org_row::Model,
) -> Result<Vec<Model>, Error> {
    let above = org::ancestors(db, org).await?;
    let way: Vec<_> = above.iter().map(|org| org.id).chain([org.id]).collect();
    let set = Entity::find().filter(Column::OrgId.is_in(way.clone())).all(db).await;
    Ok(nearest(&way, set.step("read the categories")?))
}

/// Categories by id, in one query; the ids come from requests the scope was asked for.
pub async fn by_ids(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    ids: Vec<Uuid>,
) -> Result<Vec<Model>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(db).await.step("read categories")
}

/// How many an org has set itself.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    _scope: &Scope,
    org_id: Uuid,
) -> Result<u64, Error> {
    let own = Entity::find().filter(Column::OrgId.eq(org_id));
    own.count(db).await.step("count the categories")
}

/// A category of an org in reach, locked until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    let found = Entity::find_by_id(id).filter(scope.reach(Column::OrgId));
    found.lock(LockType::NoKeyUpdate).one(tx).await.step("lock a category")
}
