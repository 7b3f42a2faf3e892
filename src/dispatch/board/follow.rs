//! How a replica's grid comes to know the cards: all of them from SQL when it begins to hear, each changed one from
//! whoever showed it, and in rounds what changed lately, for news are lost now and then. A line that breaks empties the
//! grid; it begins anew.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    dispatch::{
        store,
        view::{Card, cards},
    },
    identity::Scope,
    kernel::{
        Error,
        clock::{Stopwatch, pause},
    },
    platform::{
        AppState,
        redis::{News, Redis},
    },
};

use super::{CHUNK, grid::Grid, keep::LOOK_BACK};

/// Where cards that changed are told, below the installation's prefix.
const CHANNEL: &str = "board";
/// Between two looks whether the line is back.
const AGAIN: Duration = Duration::from_secs(1);
/// Between two rounds.
const ROUND: Duration = Duration::from_secs(5);

/// What is told.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Shown(Box<Card>),
    /// It is for named people now: nobody else sees it.
    Gone(Uuid),
}

/// Tells every replica what cards say now. Best effort.
pub(super) async fn tell(redis: &Redis, cards: Vec<Card>) {
    let told = cards.into_iter().map(|card| match card.named {
        true => Told::Gone(card.id),
        false => Told::Shown(Box::new(card)),
    });
    let texts: Vec<_> = told.filter_map(|told| serde_json::to_string(&told).ok()).collect();
    redis.say(CHANNEL, &texts).await;
}

/// A grid that is kept like SQL, on the runtime this is called on, for as long as it is there.
pub fn follow(state: &AppState) -> Arc<Grid> {
    let grid = Arc::<Grid>::default();
    if let Some(redis) = state.redis.clone() {
        tokio::spawn(keep(state.clone(), redis, Arc::downgrade(&grid)));
    }
    grid
}

async fn keep(state: AppState, redis: Redis, grid: Weak<Grid>) {
    while grid.strong_count() > 0 {
        if let Some(mut news) = redis.listen(CHANNEL).await {
            if let Err(error) = hear(&state, &mut news, &grid).await {
                tracing::warn!(%error, "what is near could not be kept");
            }
            if let Some(grid) = grid.upgrade() {
                grid.set_ready(false);
            }
        }
        pause(AGAIN).await;
    }
}

/// Fills the grid, then keeps it until the line breaks or nobody wants it any more.
async fn hear(state: &AppState, news: &mut News, grid: &Weak<Grid>) -> Result<(), Error> {
    fill(state, grid).await?;
    let mut round = Stopwatch::start();
    while let Some(grid) = grid.upgrade() {
        tokio::select! {
            told = news.next() => match told.as_deref().map(serde_json::from_str) {
                Some(Ok(Told::Shown(card))) => grid.show(vec![*card], state.clock.now()),
                Some(Ok(Told::Gone(id))) => grid.hide(id),
                Some(Err(error)) => tracing::warn!(%error, "a card that cannot be read"),
                None => return Ok(()),
            },
            () = pause(AGAIN) => {}
        }
        if round.elapsed() > ROUND {
            round = Stopwatch::start();
            repair(state, &grid).await?;
        }
    }
    Ok(())
}

async fn fill(state: &AppState, grid: &Weak<Grid>) -> Result<(), Error> {
    let (db, house, now) = (state.db.read(), Scope::house(), state.clock.now());
    let mut after = None;
    loop {
        let tasks = store::unexpired(db, &house, now, after, CHUNK).await?;
        after = tasks.last().map(|task| task.id);
        let cards = cards(db, &tasks).await?;
        let Some(grid) = grid.upgrade() else { return Ok(()) };
        grid.show(cards, now);
        if after.is_none() {
            grid.set_ready(true);
            tracing::info!(grid.cards = grid.len(), "what is near is known");
            return Ok(());
        }
    }
}

/// One round: what changed lately, once more.
async fn repair(state: &AppState, grid: &Grid) -> Result<(), Error> {
    let (db, house, now) = (state.db.read(), Scope::house(), state.clock.now());
    let tasks = store::changed_since(db, &house, now.minus(LOOK_BACK)).await?;
    grid.show(cards(db, &tasks).await?, now);
    Ok(())
}
