//! Unfolding: the dates of the days ahead become tasks. A round has no input and may run anywhere, at any time:
//! the key of an occurrence lets each date come once.

use ::entity::task_series::{ActiveModel, Model};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{
        audience,
        change::TaskError,
        post::{self, Author, DispatchError, Origin},
    },
    identity::Scope,
    kernel::{Day, Error},
    platform::{AppState, Tx, db::Step},
};

use super::{COLUMN, Outline, rule_of, store};

/// Series looked through in one round.
const ROUND: u64 = 50;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unfolded {
    /// Tasks made.
    pub made: usize,
    /// Series that could not be unfolded; the office reads why.
    pub failed: usize,
    /// There are more to look through at once.
    pub more: bool,
}

/// One round over series nobody has looked through today.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn unfold(state: &AppState) -> Result<Unfolded, Error> {
    let today = Day::of(state.clock.now());
    let waiting = store::unseen(state.db.read(), &Scope::house(), today, ROUND).await?;
    let full = waiting.len() as u64 == ROUND;
    let mut done = Unfolded::default();
    for id in waiting {
        let tx = state.db.write().await?;
        match one(&tx, state, id, today).await {
            Ok(made) => {
                tx.commit().await?;
                done.made += made;
            }
            Err(DispatchError::Task(TaskError::Field(fault))) => {
                drop(tx);
                tracing::warn!(series.id = %id, field = fault.field, "a series makes no tasks");
                note_trouble(state, id, today, fault.zh).await?;
                done.failed += 1;
            }
            // One that cannot be read must not keep the others back.
            Err(error) => {
                tracing::error!(series.id = %id, %error, "a series could not be unfolded");
                done.failed += 1;
            }
        }
    }
    done.more = full && done.failed == 0;
    Ok(done)
}

/// Makes the tasks of one series that are still missing. Answers how many.
async fn one(tx: &Tx, state: &AppState, id: Uuid, today: Day) -> Result<usize, DispatchError> {
    let Some(row) = store::lock(tx, &Scope::house(), id).await? else { return Ok(0) };
    if row.paused {
        return Ok(0);
    }
    let now = state.clock.now();
    let ahead = today.plus(i64::from(row.ahead_days)).end();
    let mut made = 0;
    for start in rule_of(&row)?.starts(now, ahead) {
        if start <= now || !store::take(tx, state, id, Day::of(start)).await? {
            continue;
        }
        let task_id = task(tx, state, &row, start).await?;
        store::became(tx, id, Day::of(start), task_id).await?;
        made += 1;
    }
    let mut seen: ActiveModel = row.into();
    (seen.seen_on, seen.trouble) = (Set(Some(today.to_string())), Set(None));
    seen.update(&**tx).await.step("note that a series was looked through")?;
    Ok(made)
}

async fn task(
    tx: &Tx,
    state: &AppState,
    row: &Model,
    start: entity::At,
) -> Result<Uuid, DispatchError> {
    let author = Author { id: row.written_by, acts: false, scope: Scope::house() };
    let org = author.org(tx, row.org_id).await?;
    let mut form = Outline::open(state, COLUMN, row.id, &row.outline)?.at(start);
    audience::fit(tx, &author.scope, &org, &mut form).await?;
    form.publish = row.publish;
    let task_id = state.rng.id(state.clock.now());
    post::create(tx, state, &author, task_id, &org, Origin::Plan, form).await?;
    Ok(task_id)
}

/// The office reads why nothing came; tomorrow it is tried again.
async fn note_trouble(state: &AppState, id: Uuid, today: Day, why: String) -> Result<(), Error> {
    let tx = state.db.write().await?;
    let Some(row) = store::lock(&tx, &Scope::house(), id).await? else { return Ok(()) };
    let mut row: ActiveModel = row.into();
    (row.seen_on, row.trouble) = (Set(Some(today.to_string())), Set(Some(why)));
    row.update(&*tx).await.step("note why a series makes no tasks")?;
    tx.commit().await
}
