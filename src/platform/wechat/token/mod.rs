//! The access token: fetched with `stable_token`, kept until shortly before its end, and replaced once where WeChat
//! refuses it. In a process one fetches and the others wait; among replicas the same, through Redis. Without a
//! Redis each process fetches for itself, which is harmless: the stable token is the same for all.

mod shared;
mod shelf;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde::Deserialize;
use serde_json::json;

use crate::kernel::clock::{Stopwatch, pause};

use super::{Call, Class, Secret, Wechat, WechatError, call};

use shared::Place;
use shelf::{Kept, Shelf};

pub use shared::Shared;

/// How long to wait for another replica's fetch before fetching too, and how often to look.
const PATIENCE: Duration = Duration::from_secs(3);
const LOOK: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(super) struct Tokens {
    shelf: Mutex<Shelf>,
    /// Held by the one who fetches; inside, what came of the last fetch that failed.
    flight: tokio::sync::Mutex<Option<(Stopwatch, Class)>>,
    place: Option<Place>,
}

#[derive(Deserialize)]
struct Reply {
    access_token: String,
    #[serde(deserialize_with = "call::number")]
    expires_in: i64,
}

impl Tokens {
    pub(super) fn new(app_id: &str, shared: Option<Shared>) -> Self {
        let place = shared.map(|shared| Place::new(app_id, shared));
        Self { shelf: Mutex::default(), flight: tokio::sync::Mutex::default(), place }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wechat {
    /// A token to call with.
    ///
    /// # Errors
    /// `NoToken`, so that nobody takes a lost fetch for a lost call.
    pub(super) async fn token(&self) -> Result<Secret, WechatError> {
        if let Some(token) = self.tokens.shelf().look(self.clock.now()) {
            return Ok(token);
        }
        let waited = Stopwatch::start();
        let mut flight = self.tokens.flight.lock().await;
        // Whoever held it before us may have put a token there, or learnt that there is none.
        if let Some(token) = self.tokens.shelf().look(self.clock.now()) {
            return Ok(token);
        }
        if let Some((begun, class)) = *flight
            && begun.elapsed() <= waited.elapsed()
        {
            return Err(WechatError::NoToken(class));
        }
        let begun = Stopwatch::start();
        let fetched = match &self.tokens.place {
            Some(place) => self.shared_or_fetched(place).await,
            None => self.fetch(false).await,
        };
        *flight = fetched.as_ref().err().map(|error| (begun, error.class()));
        fetched.map_err(no_token)
    }

    /// What another replica fetched, or else our own fetch for all.
    async fn shared_or_fetched(&self, place: &Place) -> Result<Secret, WechatError> {
        let owner = B64.encode(self.rng.bytes::<16>());
        let waited = Stopwatch::start();
        loop {
            if let Some(kept) = place.read(self.clock.now()).await {
                return Ok(self.keep(kept));
            }
            match place.lock(&owner).await {
                Some(true) => break,
                Some(false) if waited.elapsed() < PATIENCE => pause(LOOK).await,
                // Whoever fetches takes too long, or there is no Redis.
                Some(false) | None => return self.fetch(false).await,
            }
        }
        // Between our look and the lock somebody may have stored one.
        let done = match place.read(self.clock.now()).await {
            Some(kept) => Ok(self.keep(kept)),
            None => self.fetch(false).await,
        };
        place.unlock(&owner).await;
        done
    }

    /// Another token than the one that was refused, unless WeChat has none for us today.
    pub(super) async fn replacement(&self, refused: &Secret) -> Result<Secret, WechatError> {
        self.tokens.shelf().discard(refused);
        if let Some(place) = &self.tokens.place {
            place.discard(refused).await;
        }
        let token = self.token().await?;
        if token != *refused {
            return Ok(token);
        }
        // WeChat hands out the very token it refuses.
        let _flight = self.tokens.flight.lock().await;
        let now = self.clock.now();
        if let Some(token) = self.tokens.shelf().look(now).filter(|token| token != refused) {
            return Ok(token);
        }
        let force = self.may_force().await;
        self.fetch(force).await.map_err(no_token)
    }

    /// Whether this replica may force a refresh now; if so, it counts for all.
    async fn may_force(&self) -> bool {
        let among_replicas = match &self.tokens.place {
            Some(place) => place.may_force().await,
            None => None,
        };
        among_replicas.unwrap_or_else(|| self.tokens.shelf().may_force(self.clock.now()))
    }

    async fn fetch(&self, force: bool) -> Result<Secret, WechatError> {
        let asked_at = self.clock.now();
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.secret.as_str(),
            "force_refresh": force,
        });
        let request = self.http.post(self.url(Call::Token)).json(&body);
        let reply: Reply = self.once(Call::Token, None, request, call::decode).await?;
        if reply.access_token.is_empty() {
            return Err(WechatError::Decode("the access token is empty"));
        }
        let kept = Kept::new(Secret::new(reply.access_token), reply.expires_in, asked_at);
        if let Some(place) = &self.tokens.place {
            place.store(&kept, self.clock.now()).await;
        }
        Ok(self.keep(kept))
    }

    fn keep(&self, kept: Kept) -> Secret {
        let (token, now) = (kept.token.clone(), self.clock.now());
        self.tokens.shelf().put(kept, self.tokens.place.is_some(), now);
        token
    }
}

fn no_token(error: WechatError) -> WechatError {
    tracing::warn!(%error, "no access token could be had from WeChat");
    WechatError::NoToken(error.class())
}

#[cfg(test)]
mod tests {
    use entity::At;

    use super::*;

    #[test]
    fn nothing_here_shows_a_token() {
        let tokens = Tokens::new("wx1", None);
        let kept = Kept::new(Secret::new("hush-hush"), 7200, At(0));
        tokens.shelf().put(kept, false, At(0));
        assert!(!format!("{tokens:?}").contains("hush"));
    }
}
