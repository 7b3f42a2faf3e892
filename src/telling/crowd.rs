//! Telling crowds, one chunk after the other. A chunk reads the fact's row and its hearers anew: what was called off
//! meanwhile is not announced any more, and what was changed is said as it is now.

use std::time::Duration;

use ::entity::{
    event, event::Model as Happened, telling::Model as Telling, theme_day::ThemeDayState,
};
use sea_orm::EntityTrait;

use crate::{
    kernel::{Error, Event, clock::Stopwatch},
    notify::crowd::{self, Outcome},
    org::Walked,
    platform::{AppState, Tx, db::Step},
    themeday,
};

use super::{
    about::{About, about},
    hearers, say,
};

/// Members of one chunk. While it is told nobody else writes on SQLite, so it has to be over before anybody who claims
/// a seat notices; `make bench` says whether it is.
const CHUNK: u64 = 50;

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Chunks told, and tellings ended.
    pub handled: usize,
    pub failed: usize,
    /// There may be more to do at once.
    pub more: bool,
    /// How long the chunk took, without the wait for its turn.
    pub took: Duration,
}

/// One chunk of the telling whose turn it is.
///
/// # Errors
/// When what is to be told cannot be read; a chunk that fails is counted, not returned.
pub async fn go_on(state: &AppState) -> Result<Round, Error> {
    if !crowd::any_due(state).await? {
        return Ok(Round::default());
    }
    let tx = state.db.write().await?;
    let (watch, now) = (Stopwatch::start(), state.clock.now());
    // None: other replicas are at work on all there is.
    let Some(row) = crowd::take(&tx, now).await? else { return Ok(Round::default()) };
    match chunk(tx, state, &row).await {
        Ok(()) => Ok(Round { handled: 1, failed: 0, more: true, took: watch.elapsed() }),
        Err(error) => {
            tracing::error!(event.id = %row.event_id, event.kind = row.kind, %error, "a chunk of a telling failed");
            crowd::fail(state, &row).await?;
            Ok(Round { handled: 0, failed: 1, more: true, took: watch.elapsed() })
        }
    }
}

async fn chunk(tx: Tx, state: &AppState, row: &Telling) -> Result<(), Error> {
    let fact = event::Entity::find_by_id(row.event_id).one(&*tx).await.step("read a fact")?;
    let outcome = match fact {
        Some(fact) if !crowd::is_overtaken(&tx, row).await? => some(&tx, state, row, &fact).await?,
        _ => Outcome::Overtaken,
    };
    crowd::keep(&tx, row, &outcome, state.clock.now()).await?;
    tx.commit().await
}

async fn some(tx: &Tx, state: &AppState, row: &Telling, fact: &Happened) -> Result<Outcome, Error> {
    let about = about(tx, state, fact).await?;
    let event = Event::named(&fact.kind);
    let subject = event.map_or(&[][..], hearers).iter().find(|(hearer, _)| hearer.is_crowd());
    let (Some((_, subject)), Some(day)) = (subject, &about.theme_day) else {
        return Ok(Outcome::Overtaken);
    };
    if !still_so(event, &about) {
        return Ok(Outcome::Overtaken);
    }
    let from = row.cursor.as_deref().map_or(Ok(Walked::default()), str::parse)?;
    let (people, next) = themeday::some_concerned(&**tx, day, from, CHUNK).await?;
    crowd::hush(tx, row, &people, state.clock.now()).await?;
    let told = say(tx, state, fact, (&about, *subject), people).await?;
    Ok(Outcome::Told(told, next.map(|walked| walked.to_string())))
}

/// A day that was called off is not announced: its cancellation is.
fn still_so(event: Option<Event>, about: &About) -> bool {
    let off = about.theme_day.as_ref().map(|told| told.day.state == ThemeDayState::Cancelled);
    event == Some(Event::ThemeDayCancelled) || off == Some(false)
}
