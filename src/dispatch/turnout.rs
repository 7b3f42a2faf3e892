//! Too few: once claiming is over, the office of a task that stays below its minimum is told, once, and decides.

use ::entity::task::{ActiveModel, Column, Entity, TaskState};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Error, Event},
    platform::{AppState, db::Step, outbox},
};

use super::{change::fact, store};

/// Tasks told of in one round.
const ROUND: u64 = 200;

/// One round: tells of every task whose time to claim has ended below its minimum. Answers how many.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn look(state: &AppState) -> Result<usize, Error> {
    let now = state.clock.now();
    let short: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(TaskState::Open))
        .filter(Column::ClaimUntil.lte(now))
        .filter(Column::ShortAt.is_null())
        .filter(Expr::col(Column::Used).lt(Expr::col(Column::MinTurnout)))
        .limit(ROUND)
        .into_tuple()
        .all(state.db.read())
        .await
        .step("look for tasks with too few")?;
    let mut told = 0;
    for id in short {
        told += usize::from(tell(state, id).await?);
    }
    Ok(told)
}

/// Tells of one, unless somebody did or enough have claimed meanwhile.
async fn tell(state: &AppState, id: Uuid) -> Result<bool, Error> {
    let tx = state.db.write().await?;
    let Some(task) = store::lock(&tx, &Scope::house(), id).await? else { return Ok(false) };
    let now = state.clock.now();
    let over = task.state == TaskState::Open && task.claim_until <= now && task.short_at.is_none();
    let Some(least) = task.min_turnout.filter(|least| over && task.used < *least) else {
        return Ok(false);
    };
    let words = format!("已有 {} 人接单，最少要 {least} 人", task.used);
    let ver = task.ver;
    let mut row: ActiveModel = task.into();
    (row.short_at, row.ver, row.updated_at) = (Set(Some(now)), Set(ver + 1), Set(now));
    let task = row.update(&*tx).await.step("note that too few came")?;
    outbox::record(&*tx, state, [fact(&task, Event::TaskShort, None, Some(words))]).await?;
    tx.commit().await?;
    Ok(true)
}
