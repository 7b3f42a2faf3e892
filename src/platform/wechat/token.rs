//! The access token: fetched with `stable_token`, kept in the process until shortly before its end, fetched by
//! one caller at a time, and replaced once where WeChat refuses it.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use entity::At;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{Class, Secret, Wechat, WechatError, call};

/// Must stay under the 300 s that every token handed out has left.
const MARGIN_S: i64 = 120;
const LEAST_S: i64 = 30;

/// WeChat allows 20 forced refreshes a day, 30 s apart, to all replicas together.
const FORCED_A_DAY: usize = 10;
const FORCED_APART: Duration = Duration::from_secs(30);
const DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, Default)]
pub(super) struct Tokens {
    shelf: Mutex<Shelf>,
    /// Held by the one who fetches.
    flight: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Shelf {
    kept: Option<(Secret, At)>,
    forced: Vec<At>,
}

#[derive(Deserialize)]
struct Reply {
    access_token: String,
    #[serde(deserialize_with = "call::number")]
    expires_in: i64,
}

impl Wechat {
    /// A call that carries the access token. Where the token is refused, it is replaced and the call made once
    /// more: WeChat looks at the token before anything else, so the first one did nothing.
    pub(super) async fn post_with_token<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, WechatError> {
        let token = self.token().await?;
        match self.post(path, &token, body).await {
            Err(refused) if refused.class() == Class::Token => {
                tracing::warn!(wechat.path = path, error = %refused, "WeChat refused our access token");
                let fresh = self.replacement(&token).await?;
                self.post(path, &fresh, body).await
            }
            done => done,
        }
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &Secret,
        body: &impl Serialize,
    ) -> Result<T, WechatError> {
        let query = [("access_token", token.as_str())];
        call::send(self.http.post(self.url(path)).query(&query).json(body)).await
    }

    async fn token(&self) -> Result<Secret, WechatError> {
        if let Some(token) = self.tokens.shelf().look(self.clock.now()) {
            return Ok(token);
        }
        let _flight = self.tokens.flight.lock().await;
        // Whoever held it before us may have put a token there.
        if let Some(token) = self.tokens.shelf().look(self.clock.now()) {
            return Ok(token);
        }
        self.fetch(false).await
    }

    /// Another token than the one that was refused, unless WeChat has none for us today.
    async fn replacement(&self, refused: &Secret) -> Result<Secret, WechatError> {
        self.tokens.shelf().discard(refused);
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
        let force = self.tokens.shelf().may_force(now);
        self.fetch(force).await
    }

    async fn fetch(&self, force: bool) -> Result<Secret, WechatError> {
        let asked_at = self.clock.now();
        let body = json!({
            "grant_type": "client_credential",
            "appid": self.app_id,
            "secret": self.secret.as_str(),
            "force_refresh": force,
        });
        let reply: Reply =
            call::send(self.http.post(self.url("/cgi-bin/stable_token")).json(&body)).await?;
        if reply.access_token.is_empty() {
            return Err(WechatError::Decode("the access token is empty"));
        }
        let token = Secret::new(reply.access_token);
        self.tokens.shelf().put(token.clone(), asked_at.plus(life(reply.expires_in)));
        Ok(token)
    }
}

/// How long we use a token that WeChat says has that many seconds left.
fn life(expires_in: i64) -> Duration {
    Duration::from_secs(expires_in.saturating_sub(MARGIN_S).max(LEAST_S).unsigned_abs())
}

impl Tokens {
    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn look(&self, now: At) -> Option<Secret> {
        self.kept.as_ref().filter(|(_, until)| now < *until).map(|(token, _)| token.clone())
    }

    fn put(&mut self, token: Secret, until: At) {
        self.kept = Some((token, until));
    }

    /// Compares first: another caller may have replaced it already.
    fn discard(&mut self, refused: &Secret) {
        self.kept.take_if(|(token, _)| token == refused);
    }

    /// Whether a refresh may be forced now; if so, it counts.
    fn may_force(&mut self, now: At) -> bool {
        self.forced.retain(|at| now < at.plus(DAY));
        let apart = self.forced.last().is_none_or(|last| now >= last.plus(FORCED_APART));
        let may = apart && self.forced.len() < FORCED_A_DAY;
        if may {
            self.forced.push(now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_used_until_shortly_before_its_end() {
        assert_eq!([7200, 300, 60, -5].map(|s| life(s).as_secs()), [7080, 180, 30, 30]);
        let mut shelf = Shelf::default();
        assert_eq!(shelf.look(At(0)), None);
        shelf.put(Secret::new("a"), At(1000));
        assert_eq!(shelf.look(At(999)), Some(Secret::new("a")));
        assert_eq!(shelf.look(At(1000)), None);
    }

    #[test]
    fn only_the_refused_token_is_discarded() {
        let mut shelf = Shelf::default();
        shelf.put(Secret::new("new"), At(1000));
        shelf.discard(&Secret::new("old"));
        assert!(shelf.look(At(0)).is_some());
        shelf.discard(&Secret::new("new"));
        assert_eq!(shelf.look(At(0)), None);
    }

    #[test]
    fn force_is_rare() {
        let mut shelf = Shelf::default();
        let at = |n: u32| At(0).plus(FORCED_APART * n);
        assert!(shelf.may_force(at(0)));
        assert!(!shelf.may_force(At(at(1).ms() - 1)));
        for n in 1..10 {
            assert!(shelf.may_force(at(n)), "{n}");
        }
        assert!(!shelf.may_force(at(10)));
        assert!(shelf.may_force(At(0).plus(DAY)));
    }

    #[test]
    fn nothing_here_shows_a_token() {
        let tokens = Tokens::default();
        tokens.shelf().put(Secret::new("hush-hush"), At(1));
        assert!(!format!("{tokens:?}").contains("hush"));
    }
}
