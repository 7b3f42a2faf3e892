//! What is heard of grants, from the phone and from WeChat, in any order and perhaps twice.

use std::time::Duration;

use ::entity::{
    At, message_template,
    subscribe_event::{ActiveModel, Column, Entity, Model as Heard, Source},
    subscribe_grant::{self, Entity as Grant},
    wechat_identity,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{LockType, OnConflict},
};
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, db::Step},
};

use super::balance::{MOST, left};

/// Within so long of each other the phone and WeChat tell of the same prompt.
const WINDOW: Duration = Duration::from_secs(600);

/// What the key of an outcome begins with, before the number of the message and the template.
const OUTCOME: &str = "Sent|";

/// Something heard of a grant.
pub(super) struct Word<'a> {
    pub person_id: Uuid,
    pub template_id: &'a str,
    pub source: Source,
    pub status: &'a str,
    pub at: At,
    pub key: &'a str,
}

/// Whoever accepts with a sound or an alert accepts.
fn accepts(status: &str) -> bool {
    status.starts_with("accept")
}

/// WeChat tells what somebody answered to one template of a prompt. Nothing where the openid is nobody's, or
/// `event_key` was heard before.
///
/// # Errors
/// When it cannot be written; the transaction must then be dropped.
pub async fn popup(
    tx: &DatabaseTransaction,
    state: &AppState,
    openid: &str,
    template_id: &str,
    status: &str,
    at: At,
    event_key: &str,
) -> Result<(), Error> {
    pushed(tx, state, openid, (Source::Popup, template_id, status, at, event_key)).await
}

/// WeChat tells that somebody changed their settings; it only ever tells of refusals.
///
/// # Errors
/// As [`popup`].
pub async fn change(
    tx: &DatabaseTransaction,
    state: &AppState,
    openid: &str,
    template_id: &str,
    status: &str,
    at: At,
    event_key: &str,
) -> Result<(), Error> {
    pushed(tx, state, openid, (Source::Change, template_id, status, at, event_key)).await
}

/// What WeChat told of a message after it took it on.
pub(in super::super) struct Outcome {
    pub message_id: String,
    /// 0: it arrived.
    pub code: i64,
    /// When it was told.
    pub at: At,
}

/// WeChat tells what became of a message, in its number for the error; it is noted.
///
/// # Errors
/// As [`popup`].
pub(in super::super) async fn sent(
    tx: &DatabaseTransaction,
    state: &AppState,
    person_id: Uuid,
    (template_id, message_id, code): (&str, &str, i64),
    at: At,
) -> Result<(), Error> {
    let (source, status) = (Source::Sent, code.to_string());
    let key = format!("{OUTCOME}{message_id}|{template_id}");
    let word = Word { person_id, template_id, source, status: &status, at, key: &key };
    hear(tx, state, &word).await
}

/// What was told since then of a person's messages of a template.
///
/// # Errors
/// When the rows cannot be read.
pub(in super::super) async fn outcomes(
    tx: &DatabaseTransaction,
    person_id: Uuid,
    template_id: &str,
    since: At,
) -> Result<Vec<Outcome>, Error> {
    let found = Entity::find()
        .filter(Column::PersonId.eq(person_id))
        .filter(Column::TemplateId.eq(template_id))
        .filter(Column::At.gt(since))
        .filter(Column::Source.eq(Source::Sent));
    let rows = found.all(tx).await.step("read what was told of messages")?;
    let read = |row: Heard| {
        let (message_id, _) = row.event_key.strip_prefix(OUTCOME)?.split_once('|')?;
        let (message_id, code) = (message_id.to_owned(), row.status.parse().ok()?);
        Some(Outcome { message_id, code, at: row.at })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

async fn pushed(
    tx: &DatabaseTransaction,
    state: &AppState,
    openid: &str,
    (source, template_id, status, at, event_key): (Source, &str, &str, At, &str),
) -> Result<(), Error> {
    let key = (state.wechat.app_id().to_owned(), openid.to_owned());
    let whose = wechat_identity::Entity::find_by_id(key).one(tx).await.step("look an openid up")?;
    let Some(whose) = whose else { return Ok(()) };
    let key = format!("{source:?}|{event_key}|{template_id}");
    let person_id = whose.person_id;
    hear(tx, state, &Word { person_id, template_id, source, status, at, key: &key }).await
}

/// Takes note of it, and changes the account where it says something new.
pub(super) async fn hear(
    tx: &DatabaseTransaction,
    state: &AppState,
    word: &Word<'_>,
) -> Result<(), Error> {
    let grant = locked(tx, word).await?;
    let known = Entity::find().filter(Column::EventKey.eq(word.key)).count(tx).await;
    if known.step("look a word up")? > 0 {
        return Ok(());
    }
    let left = left(tx, state, &grant).await?;
    let pair = pair(tx, word).await?;
    let change = counts(word, pair.as_ref());
    let event = ActiveModel {
        id: Set(state.rng.id(state.clock.now())),
        person_id: Set(word.person_id),
        template_id: Set(word.template_id.to_owned()),
        source: Set(word.source),
        status: Set(word.status.to_owned()),
        at: Set(word.at),
        change: Set(change),
        event_key: Set(word.key.to_owned()),
        pair_of: Set(pair.map(|pair| pair.id)),
    };
    Entity::insert(event).exec_without_returning(tx).await.step("note a word")?;
    if word.source == Source::Sent {
        return Ok(());
    }
    let stale = word.source == Source::Change && grant.accepted_at > Some(word.at);
    let permanent = grant.permanent || change > 0 && is_long_term(tx, word.template_id).await?;
    let mut row = grant.clone().into_active_model();
    if word.source == Source::Change && !accepts(word.status) && !stale {
        (row.balance, row.permanent) = (Set(0), Set(false));
    } else {
        row.balance = Set((left + change).clamp(0, MOST));
        row.permanent = Set(permanent);
    }
    if change > 0 {
        row.accepted_at = Set(Some(word.at));
    }
    row.last_status = Set(word.status.to_owned());
    row.last_event_at = Set(grant.last_event_at.max(word.at));
    row.version = Set(grant.version + 1);
    row.update(tx).await.step("change a grant").map(drop)
}

/// By how much the account changes: WeChat's word stands over the phone's.
fn counts(word: &Word<'_>, pair: Option<&Heard>) -> i32 {
    let yes = i32::from(accepts(word.status));
    match (word.source, pair) {
        (Source::Client | Source::Popup, None) => yes,
        (Source::Popup, Some(hint)) => yes - i32::from(accepts(&hint.status)),
        (Source::Client, Some(_)) | (Source::Change | Source::Sent, _) => 0,
    }
}

/// The account, made where there is none, locked: two words of one prompt are heard one after the other.
async fn locked(
    tx: &DatabaseTransaction,
    word: &Word<'_>,
) -> Result<subscribe_grant::Model, Error> {
    let row = subscribe_grant::ActiveModel {
        person_id: Set(word.person_id),
        template_id: Set(word.template_id.to_owned()),
        balance: Set(0),
        permanent: Set(false),
        last_status: Set(word.status.to_owned()),
        last_event_at: Set(word.at),
        accepted_at: Set(None),
        version: Set(0),
    };
    let once = OnConflict::columns([
        subscribe_grant::Column::PersonId,
        subscribe_grant::Column::TemplateId,
    ])
    .do_nothing()
    .to_owned();
    let made = Grant::insert(row).on_conflict(once).exec_without_returning(tx).await;
    made.step("open an account of grants")?;
    let key = (word.person_id, word.template_id.to_owned());
    let found = Grant::find_by_id(key).lock(LockType::NoKeyUpdate).one(tx).await;
    found.step("lock the grants")?.ok_or_else(|| Error::impossible("lock the grants"))
}

/// The oldest word of the other source that may tell of the same prompt and has no pair yet.
async fn pair(tx: &DatabaseTransaction, word: &Word<'_>) -> Result<Option<Heard>, Error> {
    let other = match word.source {
        Source::Client => Source::Popup,
        Source::Popup => Source::Client,
        Source::Change | Source::Sent => return Ok(None),
    };
    let near = Entity::find()
        .filter(Column::PersonId.eq(word.person_id))
        .filter(Column::TemplateId.eq(word.template_id))
        .filter(Column::At.between(word.at.minus(WINDOW), word.at.plus(WINDOW)))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .all(tx)
        .await
        .step("look for the other word")?;
    let taken: Vec<_> = near.iter().filter_map(|heard| heard.pair_of).collect();
    let mut free = near.into_iter().filter(|heard| {
        heard.source == other && heard.pair_of.is_none() && !taken.contains(&heard.id)
    });
    Ok(free.next())
}

async fn is_long_term(tx: &DatabaseTransaction, template_id: &str) -> Result<bool, Error> {
    let found = message_template::Entity::find_by_id(template_id.to_owned()).one(tx).await;
    Ok(found.step("read a template")?.is_some_and(|template| template.long_term))
}
