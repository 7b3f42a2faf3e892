//! Who called a moment ago: a phone that taps and polls is looked up once in some seconds, not at each call. Whoever holds
//! a role is looked up each time, and so is whoever changes anything: a sign-out is heard at once here, and after those
//! seconds on other replicas.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use uuid::Uuid;

use crate::{
    kernel::{Error, clock::Stopwatch},
    platform::{AppState, config::AuthSettings},
};

use super::{Caller, access_token::Claims, store};

/// People remembered at most.
const MOST: usize = 50_000;

/// The callers of one process, by session.
#[derive(Debug)]
pub struct Known {
    life: Duration,
    callers: Mutex<HashMap<Uuid, (Caller, Stopwatch)>>,
}

impl Known {
    pub fn new(auth: &AuthSettings) -> Self {
        Self { life: Duration::from_secs(auth.remember_seconds), callers: Mutex::default() }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Uuid, (Caller, Stopwatch)>> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who a token speaks for; None: their session has ended.
    ///
    /// # Errors
    /// When it is not remembered and cannot be read.
    pub(super) async fn caller(
        &self,
        state: &AppState,
        claims: &Claims,
    ) -> Result<Option<Caller>, Error> {
        if let Some(caller) = self.remembered(claims) {
            return Ok(Some(caller));
        }
        let caller = store::caller(state, claims).await?;
        if let Some(caller) = caller.as_ref().filter(|caller| caller.roles.is_empty()) {
            self.remember(caller.clone());
        }
        Ok(caller)
    }

    fn remembered(&self, claims: &Claims) -> Option<Caller> {
        let all = self.all();
        let (caller, since) = all.get(&claims.sid)?;
        let same = caller.person_id == claims.sub && since.elapsed() < self.life;
        same.then(|| Caller { token_ends: claims.ends(), ..caller.clone() })
    }

    fn remember(&self, caller: Caller) {
        if self.life.is_zero() {
            return;
        }
        let mut all = self.all();
        if all.len() >= MOST {
            all.retain(|_, (_, since)| since.elapsed() < self.life);
        }
        if all.len() < MOST {
            all.insert(caller.session_id, (caller, Stopwatch::start()));
        }
    }

    /// The same, looked up and not remembered: what they are about to do may change who they are.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) async fn anew(
        &self,
        state: &AppState,
        claims: &Claims,
    ) -> Result<Option<Caller>, Error> {
        self.all().remove(&claims.sid);
        store::caller(state, claims).await
    }
}
