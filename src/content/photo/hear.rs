//! Verdicts of WeChat's on photos: each counts once, for the version it was asked about, and never against people.

use ::entity::media_check::{ActiveModel, Entity, MediaState, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect, sea_query::LockType};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{
        AppState, Tx,
        db::Step,
        wechat::{Suggest, push::Media},
    },
};

use super::store;

/// Parked verdicts brought home in one round.
const AT_ONCE: u64 = 100;

/// Hears a verdict, in the caller's transaction. One about a photo nobody knows the number of yet is parked.
///
/// # Errors
/// When it cannot be kept.
pub async fn hear(tx: &Tx, state: &AppState, told: &Media) -> Result<(), Error> {
    match store::by_trace(tx, &told.trace_id).await? {
        Some(row) => heed(tx, state, row, told).await,
        None if told.trace_id.is_empty() => Ok(()),
        None => store::park(tx, told, state.clock.now()).await,
    }
}

/// Brings parked verdicts and their photos together; a row may have learnt its number after the verdict was parked.
pub(super) async fn join_parked(state: &AppState) -> Result<usize, Error> {
    let parked = store::known_parked(state.db.read(), AT_ONCE).await?;
    let joined = parked.len();
    for one in parked {
        let (trace_id, code, label) = (one.trace_id, one.code, one.label);
        let told = Media { trace_id, code, suggest: one.suggest, label };
        let tx = state.db.write().await?;
        if let Some(row) = store::by_trace(&tx, &told.trace_id).await? {
            heed(&tx, state, row, &told).await?;
            store::unpark(&tx, &told.trace_id).await?;
        }
        tx.commit().await?;
    }
    Ok(joined)
}

/// Applies what is known of the same pixels to a check.
pub(super) async fn apply(tx: &Tx, state: &AppState, id: Uuid, told: &Media) -> Result<(), Error> {
    let found = Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&**tx).await;
    match found.step("lock a photo's check")? {
        Some(row) => heed(tx, state, row, told).await,
        None => Ok(()),
    }
}

/// The first word counts. What could not be fetched was not looked at: people do.
async fn heed(tx: &Tx, state: &AppState, row: Model, told: &Media) -> Result<(), Error> {
    if row.heard_at.is_some() {
        return Ok(());
    }
    let current = store::version(&**tx, row.object_id).await?;
    let same = current.as_ref() == Some(&row.object_version);
    let open = matches!(row.state, MediaState::Pending | MediaState::Review);
    let said = (told.code == 0).then(|| Suggest::of(&told.suggest));
    let next = match said {
        _ if !same => MediaState::Expired,
        _ if !open || row.decided_by.is_some() => row.state,
        Some(Suggest::Pass) => MediaState::Passed,
        Some(Suggest::Risky) => MediaState::Refused,
        Some(Suggest::Review) | None => MediaState::Review,
    };
    let outcome = said.map_or("not_looked_at", Suggest::word);
    metrics::counter!("linli_media_checks_total", "outcome" => outcome).increment(1);
    let mut row: ActiveModel = row.into();
    row.state = Set(next);
    row.heard_at = Set(Some(state.clock.now()));
    row.suggest = Set(said.map(|said| said.word().to_owned()));
    row.label = Set(said.and_then(|_| i32::try_from(told.label).ok()));
    row.update(&**tx).await.step("keep a verdict").map(drop)
}
