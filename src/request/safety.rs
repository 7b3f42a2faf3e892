//! What keeps people safe at the work for a request: its category says it, the tasks made from it keep to it.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{identity::Scope, kernel::Error};

use super::category::{self, Safety};

/// By category; in one query, or none without categories.
///
/// # Errors
/// When the rows cannot be read.
pub async fn safety(
    db: &impl ConnectionTrait,
    scope: &Scope,
    categories: Vec<Uuid>,
) -> Result<HashMap<Uuid, Safety>, Error> {
    let found = category::by_ids(db, scope, categories).await?;
    Ok(found.iter().map(|one| (one.id, Safety::from(one))).collect())
}
