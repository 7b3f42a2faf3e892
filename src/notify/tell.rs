//! Putting notices into inboxes.

use ::entity::{
    At,
    notice::{ActiveModel, Column, Entity},
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::{
    Subject,
    push::{self, Message},
    words::{Matter, say},
};

/// Rows of one statement; a message to a whole street takes several.
pub(super) const CHUNK: usize = 200;

/// Something to be told to some people.
#[derive(Clone, Debug)]
pub struct Notice {
    pub subject: Subject,
    pub matter: Matter,
    /// What happened, e.g. the id of the fact: with the person it makes the notice one of a kind.
    pub occasion: String,
    pub org_id: Uuid,
    pub request_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    /// The row it is about.
    pub subject_id: Uuid,
    /// When what it is about begins: no phone rings for it any more. None: nothing begins.
    pub begins_at: Option<At>,
}

/// One of a kind: what happened, what is said of it, to whom.
pub(super) fn dedup_key(occasion: &str, kind: &str, person_id: Uuid) -> String {
    format!("{occasion}|{kind}|{person_id}")
}

/// What some people are to be told, written and sealed, and in nobody's inbox yet.
#[derive(Debug)]
pub struct Letters {
    subject: Subject,
    lines: Vec<ActiveModel>,
    messages: Vec<Message>,
}

/// Writes what some people are to be told. Only reads: a transaction need not begin before.
///
/// # Errors
/// When what decides whose phone may ring cannot be read.
pub async fn write(
    db: &impl ConnectionTrait,
    state: &AppState,
    notice: &Notice,
    people: &[Uuid],
) -> Result<Letters, Error> {
    let (now, text) = (state.clock.now(), say(notice.subject, &notice.matter));
    let key = |person| dedup_key(&notice.occasion, notice.subject.name(), person);
    let lines = people.iter().map(|person_id| {
        let id = state.rng.id(now);
        ActiveModel {
            id: Set(id),
            person_id: Set(*person_id),
            kind: Set(notice.subject.name().to_owned()),
            dedup_key: Set(key(*person_id)),
            org_id: Set(notice.org_id),
            request_id: Set(notice.request_id),
            task_id: Set(notice.task_id),
            subject_id: Set(notice.subject_id),
            body: Set(state.crypto.seal("notice.body", id, &text)),
            at: Set(now),
            read_at: Set(None),
        }
    });
    let lines = lines.collect();
    let keyed: Vec<_> = people.iter().map(|id| (*id, key(*id))).collect();
    let messages = push::messages(db, state, notice, &keyed).await?;
    Ok(Letters { subject: notice.subject, lines, messages })
}

/// Puts letters into inboxes and the queue of messages. Who has heard of the same occasion already hears nothing more.
/// Says how many inboxes got a line.
///
/// # Errors
/// When the rows cannot be written; the transaction must then be dropped.
pub async fn deliver(tx: &DatabaseTransaction, letters: Letters) -> Result<u64, Error> {
    let (mut told, mut lines) = (0, letters.lines.into_iter().peekable());
    while lines.peek().is_some() {
        let some: Vec<_> = lines.by_ref().take(CHUNK).collect();
        let once = OnConflict::column(Column::DedupKey).do_nothing().to_owned();
        let insert = Entity::insert_many(some).on_conflict(once);
        told += insert.exec_without_returning(tx).await.step("tell people")?;
    }
    push::queue(tx, letters.messages).await?;
    metrics::counter!("linli_notices_total", "kind" => letters.subject.name()).increment(told);
    Ok(told)
}

/// Tells people, in the caller's transaction. Who has heard of the same occasion already hears nothing more.
/// Says how many inboxes got a line.
///
/// # Errors
/// When the rows cannot be written; the transaction must then be dropped.
pub async fn tell(
    tx: &DatabaseTransaction,
    state: &AppState,
    notice: &Notice,
    people: &[Uuid],
) -> Result<u64, Error> {
    deliver(tx, write(tx, state, notice, people).await?).await
}
