//! 设置 over the tree: what is in force at many orgs in two queries, and changing it at one.

use std::collections::HashMap;

use ::entity::{
    org::Model,
    org_setting::{ActiveModel, Column, Entity},
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, sea_query::OnConflict,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    identity::{Scope, upward},
    kernel::Error,
    platform::{AppState, db::Step, http::Problem, http::problem::NOT_FOUND},
};

use super::{
    store,
    values::{OrgSettings, SettingsChange, SettingsView, in_force},
};

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("no such org, or out of reach")]
    NotFound,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::NotFound => NOT_FOUND.into(),
            SettingsError::Broken(error) => error.into(),
        }
    }
}

/// The settings in force at each of the orgs; two queries whatever their number. An id of no org has none.
///
/// # Errors
/// When the rows cannot be read.
pub async fn settings_of(
    db: &impl ConnectionTrait,
    org_ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, OrgSettings>, Error> {
    let orgs = store::paths(db, org_ids).await?;
    let mut steps: Vec<_> = orgs.iter().flat_map(|(_, path)| upward(path)).collect();
    steps.sort_unstable();
    steps.dedup();
    if steps.is_empty() {
        return Ok(HashMap::new());
    }
    let set = store::set_at(db, steps).await?;
    orgs.iter().map(|(id, path)| Ok((*id, in_force(path, &set)?.values))).collect()
}

/// What is in force at an org that one of the caller's scopes reaches, and where it comes from.
///
/// # Errors
/// `NotFound`.
pub(super) async fn view(
    db: &impl ConnectionTrait,
    scopes: &[Scope],
    id: Uuid,
) -> Result<SettingsView, SettingsError> {
    let org = reached(db, scopes, id).await?;
    Ok(in_force(&org.path, &store::set_at(db, upward(&org.path)).await?)?)
}

/// Sets values at an org that one of the caller's scopes reaches, or goes back to what is inherited.
///
/// # Errors
/// `NotFound`.
pub(super) async fn change(
    state: &AppState,
    scopes: &[Scope],
    by: Uuid,
    id: Uuid,
    change: &SettingsChange,
) -> Result<SettingsView, SettingsError> {
    let tx = state.db.write().await?;
    let org = reached(&*tx, scopes, id).await?;
    for (key, value) in change.each() {
        match value {
            Some(value) => set(&tx, state, by, org.id, key, value).await?,
            None => {
                let gone = Entity::delete_by_id((org.id, key.to_owned())).exec(&*tx).await;
                gone.step("take a setting back")?;
            }
        }
    }
    let view = in_force(&org.path, &store::set_at(&*tx, upward(&org.path)).await?)?;
    tx.commit().await?;
    Ok(view)
}

async fn reached(
    db: &impl ConnectionTrait,
    scopes: &[Scope],
    id: Uuid,
) -> Result<Model, SettingsError> {
    let org = store::find(db, id).await?;
    let org = org.filter(|org| scopes.iter().any(|scope| scope.covers(&org.path)));
    org.ok_or(SettingsError::NotFound)
}

async fn set(
    tx: &DatabaseTransaction,
    state: &AppState,
    by: Uuid,
    org_id: Uuid,
    key: &str,
    value: Value,
) -> Result<(), Error> {
    let row = ActiveModel {
        org_id: Set(org_id),
        key: Set(key.to_owned()),
        value: Set(value),
        set_by: Set(by),
        set_at: Set(state.clock.now()),
    };
    let again = OnConflict::columns([Column::OrgId, Column::Key])
        .update_columns([Column::Value, Column::SetBy, Column::SetAt])
        .to_owned();
    let stored = Entity::insert(row).on_conflict(again).exec_without_returning(tx).await;
    stored.step("set a setting").map(drop)
}
