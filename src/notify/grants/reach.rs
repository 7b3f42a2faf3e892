//! How many of some people a message would reach.

use std::collections::HashSet;

use ::entity::subscribe_grant::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    kernel::Error,
    notify::push::{TemplateKind, settings_of},
    platform::{AppState, db::Step},
};

use super::balance::usable;

/// "25 人中有 18 人能收到微信消息"
#[derive(Debug, Serialize, ToSchema)]
pub struct Reach {
    /// The kind of template.
    #[schema(example = "task_change")]
    pub template: &'static str,
    pub people: u64,
    /// Who has agreed to a message of it and has not had it yet.
    pub reachable: u64,
}

/// How many of `people`, whose grants `theirs` finds, a message of that kind would reach.
///
/// # Errors
/// When the grants cannot be read.
pub async fn reach(
    db: &impl ConnectionTrait,
    state: &AppState,
    kind: TemplateKind,
    people: u64,
    theirs: Condition,
) -> Result<Reach, Error> {
    let reachable = match settings_of(state, kind) {
        None => 0,
        Some(set) => {
            let held = Entity::find().filter(Column::TemplateId.eq(set.id.as_str()));
            let held = held.filter(usable(state)).filter(theirs).count(db).await;
            held.step("count grants")?
        }
    };
    Ok(Reach { template: kind.name(), people, reachable })
}

/// Who of these people has agreed to a message that tells them a seat is theirs to take, and has not had it yet.
///
/// # Errors
/// When the grants cannot be read.
pub async fn holders(state: &AppState, people: &[Uuid]) -> Result<HashSet<Uuid>, Error> {
    let Some(set) = settings_of(state, TemplateKind::ClaimResult) else {
        return Ok(HashSet::new());
    };
    let rows: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::PersonId)
        .filter(Column::TemplateId.eq(set.id.as_str()))
        .filter(Column::PersonId.is_in(people.iter().copied()))
        .filter(usable(state))
        .into_tuple()
        .all(state.db.read())
        .await
        .step("read who can be told")?;
    Ok(rows.into_iter().collect())
}
