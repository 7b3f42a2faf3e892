//! 积分月结: at half past midnight on the first the months that are over are closed, org by org. Their sums stand from
//! then on; what comes to light later is entered in the open month and names the closed one.
//!
//! Closing and entering take turns at the org's row: whoever enters holds it a little (`FOR KEY SHARE`), who closes
//! holds it alone. So a sum misses nothing that was on its way. The database refuses what slips past.

use std::collections::HashSet;

use ::entity::{
    org as tree,
    points_entry::{ActiveModel, Column, Entity},
    points_freeze, points_frozen,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LockType, Query},
};
use uuid::Uuid;

use crate::{
    kernel::{Day, Error},
    platform::{
        AppState, Tx,
        cron::{Chunk, Run, Step as Work},
        db::Step,
    },
};

use super::points::total;

/// The job `points.month_end`: one month of one org in a transaction, until none is left.
pub fn chunk<'a>(
    state: &'a AppState,
    tx: &'a Tx,
    run: &'a Run,
    _cursor: Option<String>,
) -> Work<'a, Chunk> {
    Box::pin(async move {
        let closed = close_next(tx, state, &last_month(Day::of(run.due_at))).await?;
        Ok(Chunk { cursor: closed, ..Chunk::default() })
    })
}

/// The month before that day's, `YYYY-MM`.
pub(super) fn last_month(day: Day) -> String {
    day.month_start().plus(-1).to_string()[..7].to_owned()
}

/// Closes one month that has entries, is over and open still, the oldest first. Answers which, `2026-11 <org>`; none:
/// all are closed.
pub(super) async fn close_next(
    tx: &DatabaseTransaction,
    state: &AppState,
    until: &str,
) -> Result<Option<String>, Error> {
    let Some((period, org_id)) = open_month(tx, until).await? else { return Ok(None) };
    let org = tree::Entity::find_by_id(org_id).lock(LockType::Update).one(tx).await;
    org.step("hold an org to close its month")?;
    let now = state.clock.now();
    let id = state.rng.id(now);
    let row = points_freeze::ActiveModel {
        id: Set(id),
        org_id: Set(org_id),
        period: Set(period.clone()),
        frozen_at: Set(now),
    };
    row.insert(tx).await.step("close a month")?;
    keep_sums(tx, id, org_id, &period).await?;
    Ok(Some(format!("{period} {org_id}")))
}

async fn open_month(
    tx: &DatabaseTransaction,
    until: &str,
) -> Result<Option<(String, Uuid)>, Error> {
    let mut closed = Query::select();
    closed
        .expr(Expr::val(1))
        .from(points_freeze::Entity)
        .and_where(
            Expr::col((points_freeze::Entity, points_freeze::Column::OrgId))
                .equals((Entity, Column::OrgId)),
        )
        .and_where(
            Expr::col((points_freeze::Entity, points_freeze::Column::Period))
                .equals((Entity, Column::Period)),
        );
    Entity::find()
        .select_only()
        .columns([Column::Period, Column::OrgId])
        .filter(Column::Period.lte(until))
        .filter(Expr::exists(closed).not())
        .order_by_asc(Column::Period)
        .order_by_asc(Column::OrgId)
        .into_tuple()
        .one(tx)
        .await
        .step("look for a month to close")
}

/// The sums of a month by person and account, as the entries stand; one statement, however many people.
async fn keep_sums(
    tx: &DatabaseTransaction,
    id: Uuid,
    org_id: Uuid,
    period: &str,
) -> Result<(), Error> {
    use points_frozen::Column::{Amount, FreezeId, Kind, PersonId};
    let sums = Entity::find()
        .select_only()
        .expr_as(Expr::value(id), "freeze_id")
        .columns([Column::PersonId, Column::Kind])
        .column_as(total(), "amount")
        .filter(Column::OrgId.eq(org_id))
        .filter(Column::Period.eq(period))
        .group_by(Column::PersonId)
        .group_by(Column::Kind)
        .into_query();
    let mut keep = Query::insert();
    keep.into_table(points_frozen::Entity).columns([FreezeId, PersonId, Kind, Amount]);
    keep.select_from(sums).map_err(|error| Error::broken("sum a month", error))?;
    tx.execute(&keep).await.step("keep the sums of a month").map(drop)
}

/// Dates rows of closed months to today and notes which month they are about. Holds their orgs until the
/// transaction ends, so that no month closes in between.
pub(super) async fn into_open_months(
    tx: &DatabaseTransaction,
    state: &AppState,
    mut rows: Vec<ActiveModel>,
) -> Result<Vec<ActiveModel>, Error> {
    let mut orgs: Vec<Uuid> =
        rows.iter().filter_map(|row| row.org_id.try_as_ref()).copied().collect();
    orgs.sort_unstable();
    orgs.dedup();
    if orgs.is_empty() {
        return Ok(rows);
    }
    tree::Entity::find()
        .filter(tree::Column::Id.is_in(orgs.iter().copied()))
        .order_by_asc(tree::Column::Id)
        .lock(LockType::KeyShare)
        .all(tx)
        .await
        .step("hold the orgs of an entry")?;
    let closed = closed(tx, orgs).await?;
    let today = Day::of(state.clock.now()).to_string();
    for row in &mut rows {
        let (Some(org_id), Some(day)) = (row.org_id.try_as_ref(), row.occurred_on.try_as_ref())
        else {
            continue;
        };
        let month = day.get(..7).unwrap_or_default().to_owned();
        if closed.contains(&(*org_id, month.clone())) {
            row.corrects = Set(Some(month));
            row.occurred_on = Set(today.clone());
        }
    }
    Ok(rows)
}

async fn closed(
    db: &impl ConnectionTrait,
    orgs: Vec<Uuid>,
) -> Result<HashSet<(Uuid, String)>, Error> {
    let found: Vec<(Uuid, String)> = points_freeze::Entity::find()
        .select_only()
        .columns([points_freeze::Column::OrgId, points_freeze::Column::Period])
        .filter(points_freeze::Column::OrgId.is_in(orgs))
        .into_tuple()
        .all(db)
        .await
        .step("read which months are closed")?;
    Ok(found.into_iter().collect())
}
