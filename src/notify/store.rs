//! One's own inbox.

use ::entity::{
    At,
    notice::{Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

fn unseen(scope: &Scope) -> Condition {
    Condition::all().add(scope.own(Column::PersonId)).add(Column::ReadAt.is_null())
}

/// A page, newest first, one row more than asked where there are more.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    unread_only: bool,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Model>, Error> {
    let mine = Condition::all().add(scope.own(Column::PersonId));
    let query = Entity::find().filter(if unread_only { unseen(scope) } else { mine });
    newest_first(query, Column::Id, after, limit).all(db).await.step("read the inbox")
}

/// How many lines nobody has read.
///
/// # Errors
/// When the database cannot be read.
pub async fn unread(db: &impl ConnectionTrait, scope: &Scope) -> Result<u64, Error> {
    Entity::find().filter(unseen(scope)).count(db).await.step("count unread notices")
}

/// Marks one line, or all, as read. Says whether the line is one's own.
pub(super) async fn mark_read(
    tx: &impl ConnectionTrait,
    scope: &Scope,
    id: Option<Uuid>,
    now: At,
) -> Result<bool, Error> {
    let mut update =
        Entity::update_many().col_expr(Column::ReadAt, Expr::value(now)).filter(unseen(scope));
    if let Some(id) = id {
        update = update.filter(Column::Id.eq(id));
    }
    let marked = update.exec(tx).await.step("mark a notice read")?.rows_affected;
    let Some(id) = id.filter(|_| marked == 0) else { return Ok(true) };
    let own = Entity::find_by_id(id).filter(scope.own(Column::PersonId)).one(tx).await;
    Ok(own.step("look for the notice")?.is_some())
}
