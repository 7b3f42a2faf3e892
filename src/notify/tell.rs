//! Putting notices into inboxes.

use ::entity::{
    At,
    notice::{ActiveModel, Column, Entity},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::{
    Subject,
    push::queue,
    words::{Matter, say},
};

/// Rows of one statement; a message to a whole street takes several.
const CHUNK: usize = 200;

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
    let (now, text) = (state.clock.now(), say(notice.subject, &notice.matter));
    let key = |person| dedup_key(&notice.occasion, notice.subject.name(), person);
    let mut told = 0;
    for some in people.chunks(CHUNK) {
        let rows = some.iter().map(|person_id| {
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
        let once = OnConflict::column(Column::DedupKey).do_nothing().to_owned();
        let insert = Entity::insert_many(rows.collect::<Vec<_>>()).on_conflict(once);
        told += insert.exec_without_returning(tx).await.step("tell people")?;
        let keyed: Vec<_> = some.iter().map(|id| (*id, key(*id))).collect();
        queue(tx, state, notice, &keyed).await?;
    }
    metrics::counter!("linli_notices_total", "kind" => notice.subject.name()).increment(told);
    Ok(told)
}
