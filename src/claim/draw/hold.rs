//! The moment of the draw: by the house, under the task's lock, once.

use ::entity::{
    draw_entry,
    task::{self, TaskState},
    waitlist::{self, WaitState},
};
use entity::At;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::{
    dispatch,
    identity::Scope,
    kernel::{Error, Event},
    platform::{AppState, Tx, db::Step, outbox},
};

use super::{
    super::{offers, queue},
    model, store,
};

/// Rows of a statement.
const CHUNK: usize = 500;
/// Ids drawn for one instant keep their order up to four thousand.
const AN_INSTANT: usize = 2000;

/// Tasks whose draw is due; the longest due first.
///
/// # Errors
/// When they cannot be read.
pub async fn due(
    db: &impl ConnectionTrait,
    _house: &Scope,
    now: At,
    limit: u64,
) -> Result<Vec<Uuid>, Error> {
    task::Entity::find()
        .select_only()
        .column(task::Column::Id)
        .filter(task::Column::State.eq(TaskState::Open))
        .filter(task::Column::DrawnAt.is_null())
        .filter(task::Column::DrawAt.lte(now))
        .order_by_asc(task::Column::DrawAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
        .step("read which draws are due")
}

/// Draws: everybody who signed up waits in the drawn order from now on, and the first get the seats.
///
/// # Errors
/// When it cannot be stored; nothing of it happened then.
pub async fn hold(state: &AppState, task_id: Uuid) -> Result<(), Error> {
    let (tx, house, now) = (state.db.write().await?, Scope::house(), state.clock.now());
    let Some(task) = dispatch::lock(&tx, &house, task_id).await? else { return Ok(()) };
    let is_due = task.draw_at.is_some_and(|at| at <= now) && task.drawn_at.is_none();
    if !is_due || task.state != TaskState::Open {
        return Ok(());
    }
    let seed = state.crypto.open_some("task.draw_seed", task.id, task.draw_seed.as_ref())?;
    let seed = seed.ok_or_else(|| Error::impossible("read the seed of a draw"))?;
    let entries = store::of_task(&*tx, &house, task_id).await?;
    let receipts: Vec<_> =
        entries.iter().map(|entry| (entry.number, entry.receipt.clone())).collect();
    let digest = model::digest(&receipts);
    let order = model::order(&seed, &digest, entries.iter().map(|entry| entry.number));
    let place = |number: i32| order.iter().position(|drawn| *drawn == number);
    let mut drawn: Vec<_> =
        entries.into_iter().filter_map(|entry| Some((place(entry.number)?, entry))).collect();
    drawn.sort_by_key(|(place, _)| *place);
    line_up(&tx, state, &task, drawn).await?;
    let row = task::ActiveModel {
        drawn_at: Set(Some(now)),
        draw_digest: Set(Some(digest)),
        ver: Set(task.ver + 1),
        updated_at: Set(now),
        ..task.clone().into()
    };
    let task = row.update(&*tx).await.step("note the draw")?;
    let fact = queue::fact(&task, task.id, Event::DrawHeld, None);
    outbox::record(&*tx, state, [fact]).await?;
    offers::fill(&tx, state, task).await?;
    tx.commit().await
}

/// Writes each one's place down and lets them wait in that order, to be taken at once.
async fn line_up(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    drawn: Vec<(usize, draw_entry::Model)>,
) -> Result<(), Error> {
    let now = state.clock.now();
    let mut waiting = Vec::new();
    let mut places = Vec::new();
    for (place, entry) in drawn {
        // Ids are the order of the queue.
        let instant = At(now.ms() + i64::try_from(place / AN_INSTANT).unwrap_or(0));
        waiting.push(waitlist::ActiveModel {
            id: Set(state.rng.id(instant)),
            task_id: Set(task.id),
            person_id: Set(entry.person_id),
            state: Set(WaitState::Waiting),
            at_once: Set(true),
            joined_at: Set(now),
            updated_at: Set(now),
        });
        let entry = draw_entry::Model { place: i32::try_from(place + 1).ok(), ..entry };
        places.push(draw_entry::ActiveModel::from(entry).reset_all());
    }
    let all = draw_entry::Entity::delete_many().filter(draw_entry::Column::TaskId.eq(task.id));
    all.exec(&**tx).await.step("take the entries")?;
    for some in places.chunks(CHUNK) {
        let rows = draw_entry::Entity::insert_many(some.to_vec());
        rows.exec_without_returning(&**tx).await.step("write the places down")?;
    }
    for some in waiting.chunks(CHUNK) {
        let rows = waitlist::Entity::insert_many(some.to_vec());
        rows.exec_without_returning(&**tx).await.step("line up who was drawn")?;
    }
    Ok(())
}
