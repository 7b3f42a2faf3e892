//! Runs by scope: those of one org in reach, and those of the installation.

use std::collections::HashMap;

use ::entity::{
    schedule,
    schedule_run::{Column, Entity, Model, RunState},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::Error,
    platform::{db::Step, http::page::newest_first},
};

/// Which runs.
#[derive(Debug)]
pub(super) struct Filter {
    pub org_id: Option<Uuid>,
    pub job: Option<String>,
    pub state: Option<RunState>,
    pub after: Option<Uuid>,
    pub limit: u64,
}

/// A page, newest first, with one more where there is more: of orgs in reach; without an org asked for, the
/// installation's own too.
pub(super) async fn list(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: Filter,
) -> Result<Vec<Model>, Error> {
    let within = scope.reach(Column::OrgId);
    let mut query = match filter.org_id {
        Some(org) => Entity::find().filter(within).filter(Column::OrgId.eq(org)),
        None => Entity::find().filter(Condition::any().add(within).add(Column::OrgId.is_null())),
    };
    if let Some(job) = filter.job {
        query = query.filter(Column::JobKey.eq(job));
    }
    if let Some(state) = filter.state {
        query = query.filter(Column::State.eq(state));
    }
    let page = newest_first(query, Column::Id, filter.after, filter.limit);
    page.all(db).await.step("list what the timetable did")
}

/// What jobs are called. Public.
pub(super) async fn words(db: &impl ConnectionTrait) -> Result<HashMap<String, String>, Error> {
    let rows: Vec<(String, String)> = schedule::Entity::find()
        .select_only()
        .columns([schedule::Column::JobKey, schedule::Column::Words])
        .into_tuple()
        .all(db)
        .await
        .step("read what jobs are called")?;
    Ok(rows.into_iter().collect())
}
