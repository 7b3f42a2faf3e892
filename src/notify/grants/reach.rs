//! How many of some people a message would reach.

use ::entity::subscribe_grant::{Column, Entity};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

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
