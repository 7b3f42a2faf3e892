//! 换密钥: values sealed with an older key are sealed anew with the newest. A few at a time, each few in a transaction
//! of their own; stopped at any point, the next run goes on with what is left. Afterwards the old key may be dropped
//! from `crypto.keys`.

use ::entity::Sealed;
use sea_orm::{
    ConnectionTrait,
    sea_query::{Alias, Expr, ExprTrait, LikeExpr, Order, Query},
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::SEALED;

/// Values looked at in one transaction.
const FEW: u64 = 200;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    pub moved: usize,
    /// Values that no key opens; they stay as they are.
    pub lost: usize,
}

/// Moves every value on to the newest key; `progress` hears of each few: column, and how many were moved so far.
///
/// # Errors
/// When the database fails; what was moved stays moved.
pub async fn rotate(
    state: &AppState,
    mut progress: impl FnMut(&str, usize),
) -> Result<Rotated, Error> {
    let mut done = Rotated::default();
    for sealed in SEALED {
        let mut from = Uuid::nil();
        while let Some(few) = some(state, sealed, from).await? {
            done.moved += few.moved;
            done.lost += few.lost;
            // What no key opens would be found again and again.
            if few.moved == 0 && few.last == from {
                break;
            }
            from = few.last;
            progress(&format!("{}.{}", sealed.0, sealed.1), done.moved);
        }
    }
    Ok(done)
}

struct Few {
    moved: usize,
    lost: usize,
    /// The id the next few begin with: several values may be sealed for the same.
    last: Uuid,
}

async fn some(
    state: &AppState,
    (table, column, row): &(&str, &str, &str),
    from: Uuid,
) -> Result<Option<Few>, Error> {
    let [table_name, value, id] = [*table, *column, *row].map(Alias::new);
    let newest = state.crypto.newest().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let mut older = Query::select();
    older
        .columns([id.clone(), value.clone()])
        .from(table_name.clone())
        .and_where(Expr::col(value.clone()).like("v1|%"))
        .and_where(
            Expr::col(value.clone()).not_like(LikeExpr::new(format!("{newest}%")).escape('!')),
        )
        .and_where(Expr::col(id.clone()).gte(from))
        .order_by(id.clone(), Order::Asc)
        .limit(FEW);
    let tx = state.db.write().await?;
    let found = tx.query_all(&older).await.step("read values of an older key")?;
    if found.is_empty() {
        return Ok(None);
    }
    let mut few = Few { moved: 0, lost: 0, last: from };
    let label = format!("{table}.{column}");
    for one in found {
        let for_row: Uuid = one.try_get_by_index(0).step("read a row's id")?;
        let old: String = one.try_get_by_index(1).step("read a sealed value")?;
        few.last = for_row;
        let Ok(plain) = state.crypto.open(&label, for_row, &Sealed(old.clone())) else {
            few.lost += 1;
            continue;
        };
        let new = state.crypto.seal(&label, for_row, &plain);
        let mut update = Query::update();
        // The old value names the row alone; where somebody has just written another, theirs stays.
        update
            .table(table_name.clone())
            .value(value.clone(), new.0)
            .and_where(Expr::col(id.clone()).eq(for_row))
            .and_where(Expr::col(value.clone()).eq(old));
        tx.execute(&update).await.step("seal a value anew")?;
        few.moved += 1;
    }
    tx.commit().await?;
    Ok(Some(few))
}
