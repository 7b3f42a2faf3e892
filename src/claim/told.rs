//! Who is concerned by what happens to claims: for those who tell people.

use ::entity::claim::Model;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{identity::Scope, kernel::Error};

use super::{model::holds_seat, store};

/// A claim the scope may know of.
///
/// # Errors
/// When the database cannot be read.
pub async fn find(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<Model>, Error> {
    store::find(db, scope, id).await
}

/// Everybody who holds a seat of a task.
///
/// # Errors
/// When the database cannot be read.
pub async fn holders(
    db: &impl ConnectionTrait,
    scope: &Scope,
    task_id: Uuid,
) -> Result<Vec<Uuid>, Error> {
    let claims = store::on_task(db, scope, task_id).await?;
    Ok(claims.into_iter().filter(|c| holds_seat(c.state)).map(|c| c.person_id).collect())
}
