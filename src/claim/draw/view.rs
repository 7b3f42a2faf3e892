//! A draw as people see it: everything that is needed to work it out again, and no names.

use ::entity::{draw_entry, task};
use entity::At;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch,
    identity::{Resident, Scope},
    kernel::Error,
    platform::AppState,
};

use super::store;

/// Somebody who signed up, by number alone.
#[derive(Debug, Serialize, ToSchema)]
pub struct DrawEntry {
    pub number: i32,
    /// A code of their own, which goes into the draw.
    pub receipt: String,
    /// Their place in the order, from 1; null before the draw.
    pub place: Option<i32>,
}

/// 抽签
#[derive(Debug, Serialize, ToSchema)]
pub struct DrawView {
    /// Until when one signs up; then it is drawn.
    pub draw_at: At,
    pub drawn_at: Option<At>,
    /// SHA-256 of the seed, hexadecimal; published before anybody signed up.
    pub commitment: String,
    /// The seed; null before the draw.
    pub seed: Option<String>,
    /// SHA-256 of the lines `number receipt` of all entries; null before the draw.
    pub digest: Option<String>,
    /// How many signed up.
    pub count: usize,
    pub mine: Option<DrawEntry>,
    /// All of them in the order they were drawn; empty before.
    pub order: Vec<DrawEntry>,
}

fn entry(row: &draw_entry::Model) -> DrawEntry {
    DrawEntry { number: row.number, receipt: row.receipt.clone(), place: row.place }
}

/// The draw of a task the caller may know of. None: there is no such task, or none is drawn for it.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn view(
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
) -> Result<Option<DrawView>, Error> {
    let db = state.db.read();
    let task = dispatch::find(db, &me.scope(), task_id).await?;
    match task.and_then(|task| Some((task.draw_at?, task))) {
        Some((draw_at, task)) => of(state, &task, draw_at, me.id()).await.map(Some),
        None => Ok(None),
    }
}

async fn of(
    state: &AppState,
    task: &task::Model,
    draw_at: At,
    me: Uuid,
) -> Result<DrawView, Error> {
    let rows = store::of_task(state.db.read(), &Scope::house(), task.id).await?;
    let seed = state.crypto.open_some("task.draw_seed", task.id, task.draw_seed.as_ref())?;
    let mut order: Vec<_> = rows.iter().filter(|row| row.place.is_some()).map(entry).collect();
    order.sort_by_key(|entry| entry.place);
    Ok(DrawView {
        draw_at,
        drawn_at: task.drawn_at,
        commitment: task.draw_commitment.clone().unwrap_or_default(),
        seed: seed.filter(|_| task.drawn_at.is_some()),
        digest: task.draw_digest.clone(),
        count: rows.len(),
        mine: rows.iter().find(|row| row.person_id == me).map(entry),
        order,
    })
}
