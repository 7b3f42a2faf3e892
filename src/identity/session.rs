//! Sessions: one sign-in is a family of refresh tokens, of which one generation is current.
//!
//! A refresh token is derived (HMAC over session and generation), not random: a client whose reply was lost
//! shows the old one again and gets the very same successor, as long as that was never used. Any older one
//! means that somebody copied it: the family ends.

use std::time::Duration;

use ::entity::session::{ActiveModel, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, QuerySelect,
    sea_query::LockType,
};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::{
    kernel::Error,
    platform::{
        AppState,
        crypto::{hmac_b64, sha256_b64},
        db::Step,
    },
};

use super::access_token;

/// What a sign-in or a refresh hands out.
#[derive(Debug)]
pub struct Tokens {
    pub person_id: Uuid,
    pub access: String,
    pub refresh: String,
    /// Life of the access token, seconds.
    pub expires_in: u64,
}

/// How long a session lasts without being renewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// A phone: `auth.refresh_days`.
    Phone,
    /// A desk that others may sit down at: `auth.staff_idle_minutes`.
    Desk,
}

impl Life {
    fn of(self, state: &AppState) -> Duration {
        let auth = &state.settings.auth;
        match self {
            Self::Phone => Duration::from_secs(auth.refresh_days * 24 * 3600),
            Self::Desk => Duration::from_secs(auth.staff_idle_minutes * 60),
        }
    }
}

/// Opens a session for a person whose identity was just proved.
pub async fn open(
    tx: &DatabaseTransaction,
    state: &AppState,
    person: Uuid,
    life: Life,
) -> Result<Tokens, Error> {
    let life = life.of(state);
    let now = state.clock.now();
    let id = state.rng.id(now);
    let refresh = derive(state, id, 0)?;
    let row = ActiveModel {
        id: Set(id),
        person_id: Set(person),
        generation: Set(0),
        token_hash: Set(sha256_b64(refresh.as_bytes())),
        previous_hash: Set(None),
        life_ms: Set(i64::try_from(life.as_millis()).unwrap_or(i64::MAX)),
        expires_at: Set(now.plus(life)),
        revoked_at: Set(None),
        created_at: Set(now),
    };
    Entity::insert(row).exec_without_returning(tx).await.step("open a session")?;
    hand_out(state, person, id, refresh)
}

/// Moves a session on. None: the token is not good, and if it was one of ours used twice, its family has ended.
///
/// The caller commits in both cases.
pub async fn renew(
    tx: &DatabaseTransaction,
    state: &AppState,
    token: &str,
) -> Result<Option<Tokens>, Error> {
    let Some(id) = token.split('.').next().and_then(|id| id.parse::<Uuid>().ok()) else {
        return Ok(None);
    };
    let found =
        Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx).await.step("read a session")?;
    let now = state.clock.now();
    let Some(session) = found.filter(|s| s.revoked_at.is_none() && s.expires_at > now) else {
        return Ok(None);
    };
    let hash = sha256_b64(token.as_bytes());
    let is = |known: &str| bool::from(known.as_bytes().ct_eq(hash.as_bytes()));
    if is(&session.token_hash) {
        return advance(tx, state, session).await.map(Some);
    }
    if session.previous_hash.as_deref().is_some_and(is) {
        let refresh = derive(state, id, session.generation)?;
        return hand_out(state, session.person_id, id, refresh).map(Some);
    }
    // Only a token we once signed ends the family; a made-up one with a known id must not.
    for generation in (0..session.generation).rev() {
        if bool::from(derive(state, id, generation)?.as_bytes().ct_eq(token.as_bytes())) {
            tracing::warn!(session.id = %id, "a used refresh token came again: the session ends");
            end(tx, state, id).await?;
            break;
        }
    }
    Ok(None)
}

async fn advance(
    tx: &DatabaseTransaction,
    state: &AppState,
    session: Model,
) -> Result<Tokens, Error> {
    let (id, person) = (session.id, session.person_id);
    let generation = session.generation + 1;
    let life = Duration::from_millis(session.life_ms.unsigned_abs());
    let refresh = derive(state, id, generation)?;
    let row = ActiveModel {
        id: Set(id),
        generation: Set(generation),
        token_hash: Set(sha256_b64(refresh.as_bytes())),
        previous_hash: Set(Some(session.token_hash)),
        expires_at: Set(state.clock.now().plus(life)),
        ..Default::default()
    };
    row.update(tx).await.step("renew a session")?;
    hand_out(state, person, id, refresh)
}

/// Ends a session; its access tokens stop working at once.
pub async fn end(tx: &DatabaseTransaction, state: &AppState, id: Uuid) -> Result<(), Error> {
    let row =
        ActiveModel { id: Set(id), revoked_at: Set(Some(state.clock.now())), ..Default::default() };
    row.update(tx).await.step("end a session")?;
    Ok(())
}

fn derive(state: &AppState, id: Uuid, generation: i64) -> Result<String, Error> {
    let key = state
        .settings
        .auth
        .refresh_key
        .first()
        .map_err(|why| Error::broken("read the refresh key", anyhow::anyhow!(why)))?;
    let secret = hmac_b64(&key, &["refresh", &id.to_string(), &generation.to_string()]);
    Ok(format!("{}.{secret}", id.simple()))
}

fn hand_out(state: &AppState, person_id: Uuid, id: Uuid, refresh: String) -> Result<Tokens, Error> {
    let (access, expires_in) = access_token::issue(state, person_id, id)?;
    Ok(Tokens { person_id, access, refresh, expires_in })
}
