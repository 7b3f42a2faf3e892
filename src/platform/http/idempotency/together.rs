//! Keys of many actors in one transaction. Whoever calls has locked each actor, so that nobody else works on their keys:
//! they need not be taken first, and are kept with their answers in one statement.

use std::collections::HashMap;

use ::entity::idempotency_key::{ActiveModel, Column, Entity};
use actix_web::http::StatusCode;
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{
        AppState,
        db::{Step, padded},
    },
};

use super::{Answer, KeyError, RetryKey, again, fingerprint, written};

/// What one actor asked, under which key.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    pub actor: Uuid,
    pub key: &'a RetryKey,
    pub body_hash: &'a str,
}

/// What was said before under these keys, of different actors, by actor.
///
/// # Errors
/// When they cannot be read.
pub async fn kept(
    tx: &DatabaseTransaction,
    state: &AppState,
    asked: &[Asked<'_>],
) -> Result<HashMap<Uuid, Result<Answer, KeyError>>, Error> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let by_actor: HashMap<Uuid, &Asked<'_>> = asked.iter().map(|one| (one.actor, one)).collect();
    // The index begins with the actor; whose key it is, is seen below.
    let (actors, keys): (Vec<_>, Vec<_>) =
        asked.iter().filter_map(|one| Some((one.actor, one.key.key.clone()?))).unzip();
    let rows = Entity::find()
        .filter(Column::ActorId.is_in(padded(actors)))
        .filter(Column::Key.is_in(padded(keys)))
        .all(tx)
        .await
        .step("read kept answers")?;
    let said = rows.into_iter().filter_map(|row| {
        let one = by_actor.get(&row.actor_id)?;
        let same = one.key.key.as_ref() == Some(&row.key) && one.key.route == row.route;
        same.then(|| (row.actor_id, again(state, &row, &fingerprint(state, one.body_hash))))
    });
    Ok(said.collect())
}

/// Keeps an answer for each, in their order.
///
/// # Errors
/// When they cannot be written; the transaction must then be dropped.
pub async fn keep_all(
    tx: &DatabaseTransaction,
    state: &AppState,
    status: StatusCode,
    answers: Vec<(Asked<'_>, impl Serialize)>,
) -> Result<Vec<Answer>, Error> {
    let (mut rows, mut said) = (Vec::new(), Vec::new());
    for (one, body) in answers {
        let body = written(&body)?;
        if let Some(key) = &one.key.key {
            rows.push(ActiveModel {
                actor_id: Set(one.actor),
                route: Set(one.key.route.clone()),
                key: Set(key.clone()),
                body_hash: Set(fingerprint(state, one.body_hash)),
                status: Set(i32::from(status.as_u16())),
                body: Set(state.crypto.seal("idempotency_key.body", one.actor, &body)),
                created_at: Set(state.clock.now()),
            });
        }
        said.push(Answer { status, body, replayed: false });
    }
    if !rows.is_empty() {
        let kept = Entity::insert_many(rows).exec_without_returning(tx).await;
        kept.step("keep the answers")?;
    }
    Ok(said)
}
