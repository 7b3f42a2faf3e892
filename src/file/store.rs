//! Photos and what they belong to, by id.

use ::entity::{
    At, file,
    file_use::{self, Attached},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::LockType,
};
use uuid::Uuid;

use crate::{kernel::Error, platform::db::Step};

/// The photo and all it belongs to.
pub(super) async fn find(
    db: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<(file::Model, Vec<file_use::Model>)>, Error> {
    let found = file::Entity::find_by_id(id).one(db).await.step("read a photo")?;
    let Some(found) = found else { return Ok(None) };
    Ok(Some((found, uses(db, [id]).await?)))
}

/// What these photos belong to.
pub(super) async fn uses(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<file_use::Model>, Error> {
    let uses = file_use::Entity::find().filter(file_use::Column::FileId.is_in(ids)).all(db).await;
    uses.step("read what photos belong to")
}

/// Photos that are not given up.
pub(super) async fn by_ids(
    db: &impl ConnectionTrait,
    ids: Vec<Uuid>,
) -> Result<Vec<file::Model>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = file::Entity::find().filter(file::Column::Id.is_in(ids));
    found.filter(file::Column::DiscardedAt.is_null()).all(db).await.step("read photos")
}

/// The photos, locked in the order of their ids until the transaction ends.
pub(super) async fn locked(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<Vec<file::Model>, Error> {
    file::Entity::find()
        .filter(file::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(file::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx)
        .await
        .step("lock photos")
}

/// How many photos somebody has uploaded since then, kept or not.
pub(super) async fn uploaded_since(
    db: &impl ConnectionTrait,
    person: Uuid,
    since: At,
) -> Result<u64, Error> {
    file::Entity::find()
        .filter(file::Column::PersonId.eq(person))
        .filter(file::Column::CreatedAt.gte(since))
        .count(db)
        .await
        .step("count a day's photos")
}

/// The photos of many owners in their order, with the owner each belongs to; one query.
pub(super) async fn of_owners(
    db: &impl ConnectionTrait,
    to: Attached,
    owners: &[Uuid],
) -> Result<Vec<(file_use::Model, Option<file::Model>)>, Error> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    file_use::Entity::find()
        .find_also_related(file::Entity)
        .filter(file_use::Column::Kind.eq(to))
        .filter(file_use::Column::OwnerId.is_in(owners.iter().copied()))
        .order_by_asc(file_use::Column::OwnerId)
        .order_by_asc(file_use::Column::Place)
        .all(db)
        .await
        .step("read the photos of rows")
}

/// The ids of an owner's photos, in their order.
///
/// # Errors
/// When they cannot be read.
pub async fn ids_of(
    db: &impl ConnectionTrait,
    to: Attached,
    owner: Uuid,
) -> Result<Vec<Uuid>, Error> {
    file_use::Entity::find()
        .select_only()
        .column(file_use::Column::FileId)
        .filter(file_use::Column::Kind.eq(to))
        .filter(file_use::Column::OwnerId.eq(owner))
        .order_by_asc(file_use::Column::Place)
        .into_tuple()
        .all(db)
        .await
        .step("read which photos a row has")
}

/// Ids of photos that belong to something, to be compared with.
fn in_use() -> sea_orm::sea_query::SelectStatement {
    file_use::Entity::find().select_only().column(file_use::Column::FileId).into_query()
}

/// Photos uploaded before then that belong to nothing.
pub(super) async fn loose(
    tx: &DatabaseTransaction,
    before: At,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    file::Entity::find()
        .select_only()
        .column(file::Column::Id)
        .filter(file::Column::DiscardedAt.is_null())
        .filter(file::Column::CreatedAt.lt(before))
        .filter(file::Column::Id.not_in_subquery(in_use()))
        .order_by_asc(file::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(tx)
        .await
        .step("look for loose photos")
}

/// Photos given up whose pictures may still be there.
pub(super) async fn discarded(
    db: &impl ConnectionTrait,
    limit: u64,
) -> Result<Vec<file::Model>, Error> {
    file::Entity::find()
        .filter(file::Column::DiscardedAt.is_not_null())
        .limit(limit)
        .all(db)
        .await
        .step("look for discarded photos")
}
