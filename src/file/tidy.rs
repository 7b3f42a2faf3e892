//! What nobody needs goes: photos that belong to nothing a day after their upload, and pictures that were given up.
//! First the row says so, then the pictures go, then the row: a crash in between leaves work for the next round.

use std::time::Duration;

use ::entity::file::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{
    kernel::Error,
    platform::{AppState, Tx, db::Step},
};

use super::{model::Size, store};

/// How long a photo may wait for something to belong to.
const WAITS: Duration = Duration::from_secs(24 * 3600);
const AT_ONCE: u64 = 100;

/// One round; tells how many photos went. Idempotent, on any replica.
///
/// # Errors
/// When rows cannot be read or the file store does not answer.
pub async fn tidy(state: &AppState) -> Result<usize, Error> {
    let tx = state.db.write().await?;
    discard_loose(&tx, state).await?;
    tx.commit().await?;
    let mut gone = 0;
    for file in store::discarded(state.db.read(), AT_ONCE).await? {
        for size in [Size::Thumb, Size::Full] {
            state.vault.delete(&size.stored(&file.name)).await?;
        }
        let tx = state.db.write().await?;
        Entity::delete_by_id(file.id).exec(&*tx).await.step("forget a photo")?;
        tx.commit().await?;
        gone += 1;
    }
    Ok(gone)
}

/// Locked first and asked again: somebody may be attaching one right now.
async fn discard_loose(tx: &Tx, state: &AppState) -> Result<(), Error> {
    let now = state.clock.now();
    let ids = store::loose(tx, now.minus(WAITS), AT_ONCE).await?;
    if ids.is_empty() {
        return Ok(());
    }
    store::locked(tx, &ids).await?;
    let used = store::uses(&**tx, ids.iter().copied()).await?;
    let loose = ids.into_iter().filter(|id| used.iter().all(|one| one.file_id != *id));
    Entity::update_many()
        .col_expr(Column::DiscardedAt, Expr::value(now))
        .filter(Column::Id.is_in(loose))
        .exec(&**tx)
        .await
        .step("discard loose photos")
        .map(drop)
}
