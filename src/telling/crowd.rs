//! Telling crowds, one chunk after the other. A chunk reads the fact's row and its hearers anew, right before it is
//! written down: what was called off meanwhile is not announced any more, and what was changed is said as it is now.
//! Only the writing takes the writer's turn.

use std::time::Duration;

use ::entity::{event, telling::Model as Telling, theme_day::ThemeDayState};
use sea_orm::EntityTrait;
use uuid::Uuid;

use crate::{
    kernel::{Error, Event, clock::Stopwatch},
    notify::{
        self, Letters,
        crowd::{self, Outcome},
    },
    org::Walked,
    platform::{AppState, Tx, db::Step},
    themeday,
};

use super::{
    about::{About, about},
    hearers, letters,
};

/// Members of one chunk. While SQLite writes it down nobody else writes, so it has to be over before anybody who claims
/// a seat notices; PostgreSQL keeps nobody waiting, and fewer chunks are sooner done. `make bench` says how both fare.
pub const fn chunk_size(on_sqlite: bool) -> u64 {
    if on_sqlite { 5 } else { 20 }
}

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

/// What a chunk has to say, read before it takes the writer's turn.
struct Chunk {
    people: Vec<Uuid>,
    letters: Letters,
    /// What they may have been told of it before.
    older: Vec<Telling>,
    next: Option<Walked>,
}

/// One chunk of the telling whose turn it is.
///
/// # Errors
/// When what is to be told cannot be read; a chunk that fails is counted, not returned.
pub async fn go_on(state: &AppState) -> Result<Round, Error> {
    let Some(row) = crowd::next(state).await? else { return Ok(Round::default()) };
    let reading = Stopwatch::start();
    let chunk = read(state, &row).await;
    let read = reading.elapsed();
    let tx = state.db.write().await?;
    let writing = Stopwatch::start();
    if !crowd::take(&tx, &row, state.clock.now()).await? {
        return Ok(Round::default());
    }
    let written = async { write(tx, state, &row, chunk?).await }.await;
    let took = read + writing.elapsed();
    let Err(error) = written else {
        return Ok(Round { handled: 1, failed: 0, more: true, took });
    };
    tracing::error!(event.id = %row.event_id, event.kind = row.kind, %error, "a chunk of a telling failed");
    crowd::fail(state, &row).await?;
    Ok(Round { handled: 0, failed: 1, more: true, took })
}

/// None: it is not so any more.
async fn read(state: &AppState, row: &Telling) -> Result<Option<Chunk>, Error> {
    let db = state.db.read();
    let fact = event::Entity::find_by_id(row.event_id).one(db).await.step("read a fact")?;
    let Some(fact) = fact else { return Ok(None) };
    let about = about(db, state, &fact).await?;
    let event = Event::named(&fact.kind);
    let subject = event.map_or(&[][..], hearers).iter().find(|(hearer, _)| hearer.is_crowd());
    let (Some((_, subject)), Some(day)) = (subject, &about.theme_day) else {
        return Ok(None);
    };
    if !still_so(event, &about) || crowd::is_overtaken(db, row).await? {
        return Ok(None);
    }
    let from = row.cursor.as_deref().map_or(Ok(Walked::default()), str::parse)?;
    let size = chunk_size(state.db.is_sqlite());
    let (people, next) = themeday::some_concerned(db, day, from, size).await?;
    let letters = letters(db, state, &fact, (&about, *subject), people.clone()).await?;
    Ok(Some(Chunk { people, letters, older: crowd::older_than(db, row).await?, next }))
}

async fn write(tx: Tx, state: &AppState, row: &Telling, chunk: Option<Chunk>) -> Result<(), Error> {
    let now = state.clock.now();
    let outcome = match chunk {
        Some(Chunk { people, letters, older, next }) => {
            crowd::hush(&tx, &older, &people, now).await?;
            let told = notify::deliver(&tx, letters).await?;
            Outcome::Told(told, next.map(|walked| walked.to_string()))
        }
        None => Outcome::Overtaken,
    };
    crowd::keep(&tx, row, &outcome, now).await?;
    tx.commit().await
}

/// A day that was called off is not announced: its cancellation is.
fn still_so(event: Option<Event>, about: &About) -> bool {
    let off = about.theme_day.as_ref().map(|told| told.day.state == ThemeDayState::Cancelled);
    event == Some(Event::ThemeDayCancelled) || off == Some(false)
}
