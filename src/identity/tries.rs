//! Counting wrong passwords. By the name that was typed, known or not, so that waiting tells nobody which names exist;
//! and by the address they came from, so that nobody tries one password on many names.

use std::{net::IpAddr, time::Duration};

use ::entity::{
    At,
    sign_in_try::{ActiveModel, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    DatabaseTransaction, EntityTrait, QuerySelect,
    sea_query::{LockType, OnConflict},
};

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

/// What tries are counted by.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    Name(&'a str),
    Address(IpAddr),
}

impl By<'_> {
    /// Free tries before waiting begins. A whole office may sit behind one address.
    fn free(self) -> i32 {
        match self {
            By::Name(_) => 3,
            By::Address(_) => 30,
        }
    }

    fn index(self, state: &AppState) -> String {
        match self {
            By::Name(name) => state.crypto.blind_index("sign_in_try.name", name),
            By::Address(address) => {
                state.crypto.blind_index("sign_in_try.address", &address.to_string())
            }
        }
    }
}

/// Seconds to wait before the next try; None: now.
pub async fn wait_for(state: &AppState, by: By<'_>) -> Result<Option<u32>, Error> {
    let found = Entity::find_by_id(by.index(state)).one(state.db.read()).await;
    Ok(found.step("read the tries")?.and_then(|row| seconds_left(&row, state.clock.now())))
}

/// The same under a lock that lasts until the transaction ends: tries made at once are judged one after another.
pub async fn lock(
    tx: &DatabaseTransaction,
    state: &AppState,
    by: By<'_>,
) -> Result<(Model, Option<u32>), Error> {
    let now = state.clock.now();
    let name_index = by.index(state);
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

/// Counts a try under its lock. A good one clears the name; the address keeps its failures, or one's own account
/// would buy guesses at others'.
pub async fn count(
    tx: &DatabaseTransaction,
    state: &AppState,
    by: By<'_>,
    row: Model,
    good: bool,
) -> Result<(), Error> {
    let now = state.clock.now();
    let failures = match (good, by) {
        (true, By::Address(_)) => return Ok(()),
        (true, By::Name(_)) => 0,
        (false, _) => row.failures.saturating_add(1),
    };
    let mut row: ActiveModel = row.into();
    row.failures = Set(failures);
    row.locked_until = Set(wait(failures - by.free()).map(|wait| now.plus(wait)));
    row.updated_at = Set(now);
    row.update(tx).await.step("count a try")?;
    Ok(())
}

fn seconds_left(row: &Model, now: At) -> Option<u32> {
    let until = row.locked_until.filter(|until| *until > now)?;
    let seconds = (until.ms() - now.ms()).div_euclid(1000) + 1;
    Some(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// How long after that many failures beyond the free ones: 2, 4, 8 … seconds, at most a quarter of an hour.
fn wait(over: i32) -> Option<Duration> {
    let over = u32::try_from(over).ok().filter(|over| *over > 0)?;
    Some(Duration::from_secs(2u64.saturating_pow(over).min(900)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_grows_and_ends_at_a_quarter_of_an_hour() {
        assert_eq!(wait(0), None);
        assert_eq!(wait(1), Some(Duration::from_secs(2)));
        assert_eq!(wait(3), Some(Duration::from_secs(8)));
        assert_eq!(wait(1000), Some(Duration::from_secs(900)));
    }
}
