//! Who is concerned by what happens to a story: for those who tell people.

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{identity::Scope, kernel::Error};

use super::store;

/// Author and title of a story the scope may know of.
///
/// # Errors
/// When the database cannot be read.
pub async fn titled(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: Uuid,
) -> Result<Option<(Uuid, String)>, Error> {
    Ok(store::find(db, scope, id).await?.map(|story| (story.author_id, story.title)))
}
