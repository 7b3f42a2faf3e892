//! Brings news to this process while somebody listens: from Redis where there is one, else from the facts themselves.

use std::{collections::HashSet, time::Duration};

use ::entity::event::{Column, Entity};
use futures_util::StreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    kernel::{Error, clock::pause, rng::first_id_at},
    platform::{AppState, db::Step, live::Told, redis::News},
};

use super::news;

/// Between two looks into the facts.
const LOOK: Duration = Duration::from_secs(1);
/// How far back a look goes: a fact is seen when it is committed, and may be older by then.
const BACK: Duration = Duration::from_secs(10);
/// Facts of one look.
const MOST: u64 = 500;

/// Sees to it that somebody brings news; ends when nobody wants them any more.
pub(super) fn begin(state: &AppState) {
    if state.live.wants_feeding() {
        tokio::spawn(feed(state.clone()));
    }
}

/// The signs of this process come down by the news of other replicas, which come through Redis alone.
pub fn follow(state: &AppState) {
    if state.redis.is_some() {
        state.live.keep();
        begin(state);
    }
}

async fn feed(state: AppState) {
    let mut seen = None;
    loop {
        if state.live.rests() {
            return;
        }
        let listening = match &state.redis {
            Some(redis) => redis.listen(news::CHANNEL).await,
            None => None,
        };
        match listening {
            Some(news) => {
                seen = None;
                hear(&state, news).await;
            }
            // Signs come down by themselves.
            None if state.live.listeners() == 0 => pause(LOOK).await,
            None => {
                if let Err(error) = look(&state, &mut seen).await {
                    tracing::warn!(%error, "could not look for news");
                }
                pause(LOOK).await;
            }
        }
    }
}

/// Until the line breaks or nobody listens.
async fn hear(state: &AppState, mut news: News) {
    // What was told while nobody heard it is not known.
    state.signs.take_all_down();
    while state.live.is_wanted() {
        tokio::select! {
            told = news.next() => match told.as_deref().map(serde_json::from_str::<Told>) {
                Some(Ok(told)) => state.live.tell(&told),
                Some(Err(error)) => tracing::warn!(%error, "news that cannot be read"),
                None => return,
            },
            () = pause(LOOK) => {}
        }
    }
}

/// Looks into the facts of the last moments; the first look only learns what is known already.
async fn look(state: &AppState, seen: &mut Option<HashSet<Uuid>>) -> Result<(), Error> {
    let db = state.db.read();
    let since = first_id_at(state.clock.now().minus(BACK));
    let recent = Entity::find().filter(Column::Id.gte(since)).order_by_asc(Column::Id).limit(MOST);
    let recent = recent.all(db).await.step("look for news")?;
    let ids = recent.iter().map(|fact| fact.id).collect();
    let fresh: Vec<_> = match seen.replace(ids) {
        None => Vec::new(),
        Some(known) => recent.into_iter().filter(|fact| !known.contains(&fact.id)).collect(),
    };
    for told in news::told(db, &fresh).await? {
        state.live.tell(&told);
    }
    Ok(())
}
