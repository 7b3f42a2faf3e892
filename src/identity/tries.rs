//! Counting wrong passwords. By the name that was typed, known or not, so that waiting tells nobody which names exist.

use std::time::Duration;

use ::entity::{
    At,
    sign_in_try::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{LockType, OnConflict},
};

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

/// Free tries before waiting begins.
const FREE_TRIES: i32 = 3;
/// Failures are forgotten after that long without another.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);

/// Seconds to wait before that name may be tried; None: now.
pub async fn wait_for(state: &AppState, name: &str) -> Result<Option<u32>, Error> {
    let found = Entity::find_by_id(index(state, name)).one(state.db.read()).await;
    Ok(found.step("read the tries")?.and_then(|row| seconds_left(&row, state.clock.now())))
}

/// The same under a lock that lasts until the transaction ends: tries made at once are judged one after another.
pub async fn lock(
    tx: &DatabaseTransaction,
    state: &AppState,
    name: &str,
) -> Result<(Model, Option<u32>), Error> {
    let now = state.clock.now();
    let name_index = index(state, name);
    let first = ActiveModel {
        name_index: Set(name_index.clone()),
        failures: Set(0),
        locked_until: Set(None),
        updated_at: Set(now),
    };
    Entity::insert(first)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .step("begin to count tries")?;
    let row = Entity::find_by_id(name_index).lock(LockType::NoKeyUpdate).one(tx).await;
    let row = row.step("lock the tries")?.ok_or_else(|| Error::impossible("lock the tries"))?;
    let left = seconds_left(&row, now);
    Ok((row, left))
}

/// Counts a try of a locked name.
pub async fn count(
    tx: &DatabaseTransaction,
    state: &AppState,
    row: Model,
    good: bool,
) -> Result<(), Error> {
    let now = state.clock.now();
    let failures = if good { 0 } else { row.failures.saturating_add(1) };
    let mut row: ActiveModel = row.into();
    row.failures = Set(failures);
    row.locked_until = Set(wait(failures).map(|wait| now.plus(wait)));
    row.updated_at = Set(now);
    row.update(tx).await.step("count a try")?;
    Ok(())
}

/// Forgets names nobody has tried for a day; tells how many.
///
/// # Errors
/// When they cannot be deleted.
pub async fn forget_old(state: &AppState) -> Result<u64, Error> {
    let tx = state.db.write().await?;
    let forgotten = Entity::delete_many()
        .filter(Column::UpdatedAt.lt(state.clock.now().minus(REMEMBERED)))
        .exec(&*tx)
        .await
        .step("forget old tries")?;
    tx.commit().await?;
    Ok(forgotten.rows_affected)
}

fn index(state: &AppState, name: &str) -> String {
    state.crypto.blind_index("sign_in_try.name", name)
}

fn seconds_left(row: &Model, now: At) -> Option<u32> {
    let until = row.locked_until.filter(|until| *until > now)?;
    let seconds = (until.ms() - now.ms()).div_euclid(1000) + 1;
    Some(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// How long after that many failures in a row: 2, 4, 8 … seconds, at most a quarter of an hour.
fn wait(failures: i32) -> Option<Duration> {
    let over = u32::try_from(failures - FREE_TRIES).ok().filter(|over| *over > 0)?;
    Some(Duration::from_secs(2u64.saturating_pow(over).min(900)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends_at_a_quarter_of_an_hour() {
        assert_eq!(wait(3), None);
        assert_eq!(wait(4), Some(Duration::from_secs(2)));
        assert_eq!(wait(6), Some(Duration::from_secs(8)));
        assert_eq!(wait(1000), Some(Duration::from_secs(900)));
    }
}
