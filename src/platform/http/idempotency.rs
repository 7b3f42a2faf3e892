//! One key per tap: a POST repeated with the same `Idempotency-Key` gets the answer of the first success.
//!
//! The key is taken inside the transaction that does the work, so the answer and the work are stored together
//! or not at all. Refusals are not stored: they are judged afresh. Answers rest sealed.
//!
//! `together` is the same for many actors in one transaction.

mod together;

use ::entity::idempotency_key::{ActiveModel, Entity, Model};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder,
    dev::Payload,
    http::{StatusCode, header::HeaderMap},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, sea_query::OnConflict};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{AppState, Tx, db::Step},
};

use super::problem::{KEY_IN_PROGRESS, KEY_MISMATCH, Problem};

pub use together::{Asked, keep_all, kept};

/// The key a client sent with this request, if any; `Idempotency-Key` of 8 to 100 visible characters.
#[derive(Clone, Debug)]
pub struct RetryKey {
    key: Option<String>,
    route: String,
}

impl FromRequest for RetryKey {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let route = format!("{} {}", request.method(), request.path());
        let key = Self::read(request.headers());
        std::future::ready(key.map(|key| Self { key: key.map(str::to_owned), route }))
    }
}

impl RetryKey {
    /// The key as it was sent.
    ///
    /// # Errors
    /// A `validation` problem naming the header.
    pub fn read(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
        let Some(value) = headers.get("Idempotency-Key") else { return Ok(None) };
        let visible = |key: &&str| {
            (8..=100).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic())
        };
        value.to_str().ok().filter(visible).map(Some).ok_or_else(|| {
            Problem::field(
                "Idempotency-Key",
                "length",
                "Idempotency-Key 要有 8 到 100 个可见字符",
                "Idempotency-Key must be 8 to 100 visible characters",
            )
        })
    }

    /// The key of one part of the request, where each part is a transaction of its own.
    pub fn part(&self, name: impl std::fmt::Display) -> Self {
        let key = self.key.as_ref().map(|key| format!("{key}/{name}"));
        Self { key, route: self.route.clone() }
    }

    /// What the client sent; empty where it sent none.
    pub fn as_str(&self) -> &str {
        self.key.as_deref().unwrap_or_default()
    }

    /// The same, where a key is required.
    ///
    /// # Errors
    /// A `validation` problem naming the header.
    pub fn required(self) -> Result<Self, Problem> {
        if self.key.is_some() {
            return Ok(self);
        }
        Err(Problem::field(
            "Idempotency-Key",
            "required",
            "缺少 Idempotency-Key，请更新小程序后再试",
            "Idempotency-Key is required",
        ))
    }
}

/// What a creating request is answered with.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    body: String,
    replayed: bool,
}

impl Answer {
    /// The JSON that is sent.
    pub fn body(&self) -> &str {
        &self.body
    }
}

impl Responder for Answer {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        response.content_type("application/json").body(self.body)
    }
}

/// A key taken in a transaction: nobody else works on it until that ends.
#[derive(Debug)]
pub struct Taken {
    key: Option<(Uuid, String, String)>,
}

/// What taking a key found.
#[derive(Debug)]
pub enum Try {
    /// Do the work, then `Taken::keep` its answer.
    Fresh(Taken),
    /// It was done before; this is what was said.
    Done(Answer),
}

/// Why a key cannot be used now.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the same key came with another body")]
    Mismatch,
    #[error("the same request is being handled")]
    InProgress,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Mismatch => KEY_MISMATCH.into(),
            KeyError::InProgress => Self::from(KEY_IN_PROGRESS).retry_after(1),
            KeyError::Broken(error) => error.into(),
        }
    }
}

/// Takes the key for `actor`. A second try waits here until the first has committed or rolled back.
///
/// # Errors
/// `Mismatch` with another body; `InProgress` when the first try takes too long.
pub async fn take(
    tx: &DatabaseTransaction,
    state: &AppState,
    actor: Uuid,
    key: &RetryKey,
    body_hash: &str,
) -> Result<Try, KeyError> {
    let Some(text) = &key.key else { return Ok(Try::Fresh(Taken { key: None })) };
    let id = (actor, key.route.clone(), text.clone());
    let body_hash = fingerprint(state, body_hash);
    let row = ActiveModel {
        actor_id: Set(id.0),
        route: Set(id.1.clone()),
        key: Set(id.2.clone()),
        body_hash: Set(body_hash.clone()),
        status: Set(0),
        body: Set(::entity::Sealed(String::new())),
        created_at: Set(state.clock.now()),
    };
    let inserted = Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .step("take the retry key");
    match inserted {
        Ok(0) => {}
        Ok(_) => return Ok(Try::Fresh(Taken { key: Some(id) })),
        Err(error) if error.trouble == crate::kernel::Trouble::Busy => {
            return Err(KeyError::InProgress);
        }
        Err(error) => return Err(error.into()),
    }
    let stored = Entity::find_by_id(id).one(tx).await.step("read the kept answer")?;
    let stored = stored.ok_or(KeyError::InProgress)?;
    Ok(Try::Done(again(state, &stored, &body_hash)?))
}

/// Keyed, so that nobody can guess a body from its fingerprint.
fn fingerprint(state: &AppState, body_hash: &str) -> String {
    state.crypto.blind_index("idempotency_key.body_hash", body_hash)
}

/// What was said before, to the same body.
fn again(state: &AppState, stored: &Model, body_hash: &str) -> Result<Answer, KeyError> {
    if stored.body_hash != body_hash {
        return Err(KeyError::Mismatch);
    }
    Ok(replay(state, stored)?)
}

fn replay(state: &AppState, stored: &Model) -> Result<Answer, Error> {
    let body = state.crypto.open("idempotency_key.body", stored.actor_id, &stored.body)?;
    let status = u16::try_from(stored.status).ok().and_then(|s| StatusCode::from_u16(s).ok());
    let status = status.ok_or_else(|| Error::impossible("read the kept status"))?;
    Ok(Answer { status, body, replayed: true })
}

fn written(body: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(body).map_err(|error| Error::broken("write the answer", error))
}

impl Taken {
    /// Keeps the answer in the transaction that did the work.
    ///
    /// # Errors
    /// When it cannot be written; the transaction must then be dropped.
    pub async fn keep(
        self,
        tx: &DatabaseTransaction,
        state: &AppState,
        status: StatusCode,
        body: &impl Serialize,
    ) -> Result<Answer, Error> {
        let body = written(body)?;
        if let Some((actor_id, route, key)) = self.key {
            let sealed = state.crypto.seal("idempotency_key.body", actor_id, &body);
            let row = ActiveModel {
                actor_id: Set(actor_id),
                route: Set(route),
                key: Set(key),
                status: Set(i32::from(status.as_u16())),
                body: Set(sealed),
                ..Default::default()
            };
            Entity::update(row).exec(tx).await.step("keep the answer")?;
        }
        Ok(Answer { status, body, replayed: false })
    }
}

/// The whole of a creating POST: takes the key, does `work` in one transaction, keeps its answer as 201, commits.
///
/// # Errors
/// Those of `work`, of the key, and of the database; nothing is stored then.
pub async fn create<T: Serialize, E: From<Error>>(
    state: &AppState,
    actor: Uuid,
    key: &RetryKey,
    body_hash: &str,
    work: impl AsyncFnOnce(&Tx) -> Result<T, E>,
) -> Result<Answer, Problem>
where
    Problem: From<E>,
{
    let tx = state.db.write().await?;
    match take(&tx, state, actor, key, body_hash).await? {
        Try::Done(answer) => Ok(answer),
        Try::Fresh(taken) => {
            let view = work(&tx).await?;
            let answer = taken.keep(&tx, state, StatusCode::CREATED, &view).await?;
            tx.commit().await?;
            Ok(answer)
        }
    }
}
