//! What keeps people safe at the work for a request: its category says it, the tasks made from it keep to it.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{identity::Scope, kernel::Error};

use super::{
    category::{self, Safety},
    store,
};

/// By request, for those whose category is one of the org's own; in two queries, or none without requests.
///
/// # Errors
/// When the rows cannot be read.
pub async fn safety(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: Vec<Uuid>,
) -> Result<HashMap<Uuid, Safety>, Error> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let requests = store::by_ids(db, scope, ids).await?;
    let categories = requests.iter().filter_map(|row| row.category_id).collect();
    let categories = category::by_ids(db, scope, categories).await?;
    let by_category: HashMap<_, _> =
        categories.iter().map(|one| (one.id, Safety::from(one))).collect();
    let kept = |row: &::entity::request::Model| {
        Some((row.id, by_category.get(&row.category_id?)?.clone()))
    };
    Ok(requests.iter().filter_map(kept).collect())
}
