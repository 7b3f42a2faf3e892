//! What was told and waits to be seen to.

use std::time::Duration;

use ::entity::{
    At,
    wechat_push::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockBehavior, LockType, OnConflict},
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{
        AppState, Db, Tx,
        db::Step,
        wechat::push::{PushEvent, Told},
    },
};

use super::gate::Letter;

/// After that many failures, an hour after the first, a push waits for a person; `linli doctor` and the gauge tell.
pub(super) const TRIES: i32 = 12;
/// Signs of an event's name that are kept.
const NAME: usize = 64;
const SEALED: &str = "wechat_push.body";

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    Anew,
    /// It was told before.
    Known,
    /// It does not concern us: that it came is all that is noted.
    Counted,
}

/// Puts a letter on the shelf, once.
///
/// # Errors
/// When it cannot be stored: WeChat has to come again.
pub(super) async fn keep(state: &AppState, letter: Letter) -> Result<Kept, Error> {
    let now = state.clock.now();
    let id = state.rng.id(now);
    let Letter { digest, told } = letter;
    let strange = matches!(PushEvent::from(&told), PushEvent::Other(_));
    let row = ActiveModel {
        id: Set(id),
        digest: Set(digest),
        kind: Set(name(&told)),
        body: Set((!strange).then(|| state.crypto.seal(SEALED, id, &told.0.to_string()))),
        received_at: Set(now),
        due_at: Set(now),
        handled_at: Set(strange.then_some(now)),
        attempts: Set(0),
    };
    let once = OnConflict::column(Column::Digest).do_nothing().to_owned();
    let tx = state.db.write().await?;
    let insert = Entity::insert(row).on_conflict(once).exec_without_returning(&*tx).await;
    let rows = insert.step("keep a push")?;
    tx.commit().await?;
    Ok(match rows {
        0 => Kept::Known,
        _ if strange => Kept::Counted,
        _ => Kept::Anew,
    })
}

/// WeChat's name of the event, or of the kind of message: plain signs alone.
fn name(told: &Told) -> String {
    let event = Told::text(&told.0["Event"]).or_else(|| Told::text(&told.0["MsgType"]));
    let signs = event.unwrap_or_default();
    signs.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '_').take(NAME).collect()
}

/// Some of what is due, the longest waiting first.
pub(super) async fn waiting(state: &AppState, limit: u64) -> Result<Vec<Uuid>, Error> {
    let due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::HandledAt.is_null())
        .filter(Column::DueAt.lte(state.clock.now()))
        .filter(Column::Attempts.lt(TRIES))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id)
        .limit(limit);
    due.into_tuple().all(state.db.read()).await.step("read the pushes that wait")
}

/// A push that waits, locked. None: another replica has it.
pub(super) async fn lock(tx: &Tx, id: Uuid) -> Result<Option<Model>, Error> {
    let free = Entity::find_by_id(id).filter(Column::HandledAt.is_null());
    let free = free.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    free.one(&**tx).await.step("lock a push")
}

/// What a push tells.
///
/// # Errors
/// When it cannot be opened or read.
pub(super) fn told(state: &AppState, push: &Model) -> Result<Told, Error> {
    let body = state.crypto.open_some(SEALED, push.id, push.body.as_ref())?;
    let value = serde_json::from_str(&body.unwrap_or_default());
    Ok(Told(value.map_err(|error| Error::broken("read a push", error))?))
}

/// It was seen to: what it said goes, its hash stays.
pub(super) async fn done(tx: &Tx, push: Model, now: At) -> Result<(), Error> {
    let mut row: ActiveModel = push.into();
    row.body = Set(None);
    row.handled_at = Set(Some(now));
    row.update(&**tx).await.step("mark a push").map(drop)
}

/// It failed: again later, each time after twice as long. Whoever holds it is waited for: it may be our own failed
/// transaction that is still being rolled back.
pub(super) async fn put_off(tx: &Tx, id: Uuid, now: At) -> Result<(), Error> {
    let open = Entity::find_by_id(id).filter(Column::HandledAt.is_null());
    let found = open.lock(LockType::Update).one(&**tx).await.step("lock a push")?;
    let Some(push) = found else { return Ok(()) };
    let seconds = 2_u64.saturating_pow(push.attempts.unsigned_abs());
    let mut row: ActiveModel = push.clone().into();
    row.attempts = Set(push.attempts + 1);
    row.due_at = Set(now.plus(Duration::from_secs(seconds)));
    row.update(&**tx).await.step("put a push off").map(drop)
}

/// How many pushes wait for a person.
///
/// # Errors
/// When the table cannot be read.
pub async fn stuck(db: &Db) -> Result<u64, Error> {
    let stuck =
        Entity::find().filter(Column::HandledAt.is_null()).filter(Column::Attempts.gte(TRIES));
    stuck.count(db.read()).await.step("count stuck pushes")
}
