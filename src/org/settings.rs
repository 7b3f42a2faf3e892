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
    audit::{self, Act, Deed},
    identity::{Keeper, Scope, upward},
    kernel::{Error, Quiet},
    platform::{AppState, Tx, db::Step, http::Problem, http::problem::NOT_FOUND},
};

use super::{
    SETTING_LOCKED, store,
    values::{OrgSettings, SettingsChange, SettingsView, Switch, in_force},
};

impl OrgSettings {
    /// 免打扰时段
    pub fn quiet(&self) -> Quiet {
        Quiet::new(self.quiet_from, self.quiet_until)
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("no such org, or out of reach")]
    NotFound,
    #[error("{0} is forbidden here or above")]
    Locked(&'static str),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        match error {
            SettingsError::NotFound => NOT_FOUND.into(),
            SettingsError::Locked(key) => Self::from(SETTING_LOCKED).with("setting", key),
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
    Ok(force(db, &org).await?)
}

/// Sets values at an org that one of the caller's scopes reaches, or goes back to what is inherited.
///
/// # Errors
/// `NotFound`; `Locked` for what was forbidden here or above.
pub(super) async fn change(
    state: &AppState,
    scopes: &[Scope],
    by: Uuid,
    id: Uuid,
    change: &SettingsChange,
) -> Result<SettingsView, SettingsError> {
    let tx = state.db.write().await?;
    let org = reached(&*tx, scopes, id).await?;
    let before = force(&*tx, &org).await?;
    let mut done = Vec::new();
    for (key, value) in change.each() {
        if before.settings.get(key).is_some_and(|known| known.locked_at.is_some()) {
            return Err(SettingsError::Locked(key));
        }
        done.push(format!("{key} = {}", value.as_ref().unwrap_or(&Value::Null)));
        match value {
            Some(value) => set(&tx, state, by, org.id, (key, value, false)).await?,
            None => unset(&tx, org.id, key).await?,
        }
    }
    let deed = Deed {
        act: Act::SettingsChanged,
        actor_id: Some(by),
        org_id: Some(org.id),
        subject_id: Some(org.id),
        why: Some(done.join(", ")),
    };
    finish(tx, state, &org, deed).await
}

/// Forbids a switch at an org in reach and everywhere below it, or lifts that again.
///
/// # Errors
/// `NotFound`; `Locked` where an org above has forbidden it.
pub(super) async fn forbid(
    state: &AppState,
    keeper: &Keeper,
    id: Uuid,
    switch: Switch,
    forbidden: bool,
) -> Result<SettingsView, SettingsError> {
    let tx = state.db.write().await?;
    let org = reached(&*tx, &[keeper.scope()], id).await?;
    let key = switch.key();
    let locked_at = force(&*tx, &org).await?.settings.get(key).and_then(|known| known.locked_at);
    if locked_at.is_some_and(|at| at != org.id) {
        return Err(SettingsError::Locked(key));
    }
    match (forbidden, locked_at) {
        (true, None) => set(&tx, state, keeper.id(), org.id, (key, false.into(), true)).await?,
        (false, Some(_)) => unset(&tx, org.id, key).await?,
        _ => {}
    }
    let act = if forbidden { Act::SettingForbidden } else { Act::SettingAllowed };
    let (actor_id, org_id, subject_id) = (Some(keeper.id()), Some(org.id), Some(org.id));
    let deed = Deed { act, actor_id, org_id, subject_id, why: Some(key.to_owned()) };
    finish(tx, state, &org, deed).await
}

async fn force(db: &impl ConnectionTrait, org: &Model) -> Result<SettingsView, Error> {
    in_force(&org.path, &store::set_at(db, upward(&org.path)).await?)
}

async fn finish(
    tx: Tx,
    state: &AppState,
    org: &Model,
    deed: Deed,
) -> Result<SettingsView, SettingsError> {
    let view = force(&*tx, org).await?;
    audit::record(&tx, state, deed).await?;
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
    (key, value, locked): (&str, Value, bool),
) -> Result<(), Error> {
    let row = ActiveModel {
        org_id: Set(org_id),
        key: Set(key.to_owned()),
        value: Set(value),
        set_by: Set(by),
        set_at: Set(state.clock.now()),
        locked: Set(locked),
    };
    let again = OnConflict::columns([Column::OrgId, Column::Key])
        .update_columns([Column::Value, Column::SetBy, Column::SetAt, Column::Locked])
        .to_owned();
    let stored = Entity::insert(row).on_conflict(again).exec_without_returning(tx).await;
    stored.step("set a setting").map(drop)
}

async fn unset(tx: &DatabaseTransaction, org_id: Uuid, key: &str) -> Result<(), Error> {
    let gone = Entity::delete_by_id((org_id, key.to_owned())).exec(tx).await;
    gone.step("take a setting back").map(drop)
}
