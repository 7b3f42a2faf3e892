//! What an org does daily at an hour of its own: when that is, for many orgs in two queries.
//!
//! A change of the hour neither doubles nor drops: the period is org and day, and on the day of the change the new
//! hour, if it is over already, comes at the moment of the change.

use std::collections::HashMap;

use ::entity::{
    At, org,
    org_setting::{Column, Entity},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationDef,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    identity::upward,
    kernel::{Day, Error},
    platform::{cron::Occurrence, db::Step},
};

use super::store;

/// The occurrences of a daily job of these orgs in (from, until]; `hour` is the name of the setting and its default,
/// `minute` stands still. The period is `{day}|{org}`.
///
/// # Errors
/// When the rows cannot be read.
pub async fn daily(
    db: &impl ConnectionTrait,
    orgs: impl IntoIterator<Item = Uuid>,
    hour: (&str, i32),
    minute: u32,
    (from, until): (At, At),
) -> Result<Vec<Occurrence>, Error> {
    let orgs = store::paths(db, orgs).await?;
    if orgs.is_empty() || until <= from {
        return Ok(Vec::new());
    }
    let set = set(db, hour.0).await?;
    let mut due = Vec::new();
    for (org_id, path) in orgs {
        let nearest = upward(&path).into_iter().rev().find_map(|above| set.get(above));
        let (hour, since) = nearest.copied().unwrap_or((hour.1, At(0)));
        let mut day = Day::of(from);
        while day <= Day::of(until) {
            let due_at = slot(day, hour, minute, since);
            if from < due_at && due_at <= until {
                let period = format!("{day}|{org_id}");
                due.push(Occurrence { period, due_at, org_id: Some(org_id), subject_id: None });
            }
            day = day.plus(1);
        }
    }
    Ok(due)
}

/// When it is due on a day, by an hour that holds since then.
fn slot(day: Day, hour: i32, minute: u32, since: At) -> At {
    let slot = day.time(hour.unsigned_abs(), minute);
    if Day::of(since) == day { slot.max(since) } else { slot }
}

/// Where the hour was set, to what, and when.
async fn set(db: &impl ConnectionTrait, key: &str) -> Result<HashMap<String, (i32, At)>, Error> {
    let of_org: RelationDef =
        Entity::belongs_to(org::Entity).from(Column::OrgId).to(org::Column::Id).into();
    let rows: Vec<(String, Value, At)> = Entity::find()
        .select_only()
        .column(org::Column::Path)
        .columns([Column::Value, Column::SetAt])
        .join(JoinType::InnerJoin, of_org)
        .filter(Column::Key.eq(key))
        .into_tuple()
        .all(db)
        .await
        .step("read the hours of orgs")?;
    let hour = |value: Value| value.as_i64().and_then(|hour| i32::try_from(hour).ok());
    let known = rows.into_iter().filter_map(|(path, value, at)| Some((path, (hour(value)?, at))));
    Ok(known.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whenever the hour is changed, each day has one slot, and the one of the day of the change is not before it
        /// unless it was the old one's as well.
        #[test]
        fn a_change_of_hour_leaves_each_day_its_slot(hour in 0i32..24, changed in 0i64..3 * 86_400_000) {
            let first: Day = "2028-02-28".parse().unwrap();
            let since = At(first.start().ms() + changed);
            for n in 0..3 {
                let day = first.plus(n);
                let at = slot(day, hour, 30, since);
                prop_assert_eq!(Day::of(at), day);
                if Day::of(since) == day {
                    prop_assert!(at >= since);
                } else {
                    prop_assert_eq!(at, day.time(hour.unsigned_abs(), 30));
                }
            }
        }
    }
}
