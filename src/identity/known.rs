//! Who called a moment ago: a phone that taps and polls is looked up once in some seconds, not at each call, and the
//! signature of its token is checked once. Whoever holds a role is looked up each time, and so is whoever changes
//! anything: a sign-out is heard at once here, and after those seconds on other replicas.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use uuid::Uuid;

use crate::{
    kernel::{Error, clock::Stopwatch},
    platform::AppState,
};

use super::{
    Caller, Resident,
    access_token::{self, Claims},
    lookup::Lookup,
};

/// People, and tokens, remembered at most.
const MOST: usize = 50_000;

#[derive(Debug, Default)]
struct Seen {
    /// Tokens with a good signature, and what they say; until they end.
    tokens: HashMap<String, Claims>,
    /// By session.
    callers: HashMap<Uuid, (Arc<Caller>, Stopwatch)>,
}

/// The callers of one process.
#[derive(Debug)]
pub struct Known {
    life: Duration,
    seen: Mutex<Seen>,
    lookup: Lookup,
}

impl Known {
    /// Begins to look callers up, on the runtime this is called on.
    pub fn start(state: &AppState) -> Self {
        let life = Duration::from_secs(state.settings.auth.remember_seconds);
        Self { life, seen: Mutex::default(), lookup: Lookup::start(state) }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a token of ours says, as `access_token::verify`.
    pub(super) fn verify(&self, state: &AppState, token: &str) -> Option<Claims> {
        let now = state.clock.now();
        if let Some(claims) = self.seen().tokens.get(token) {
            return claims.are_good_at(now).then(|| claims.clone());
        }
        let claims = access_token::verify(state, token)?;
        if !self.life.is_zero() {
            let mut seen = self.seen();
            if seen.tokens.len() >= MOST {
                seen.tokens.retain(|_, claims| claims.are_good_at(now));
            }
            if seen.tokens.len() < MOST {
                seen.tokens.insert(token.to_owned(), claims.clone());
            }
        }
        Some(claims)
    }

    /// Who a token speaks for, where nobody needs to be asked.
    pub fn at_once(&self, state: &AppState, token: &str) -> Option<Resident> {
        let seen = self.seen();
        let claims = seen.tokens.get(token)?;
        let caller = self.remembered(&seen, claims)?;
        claims.are_good_at(state.clock.now()).then(|| Resident::of(caller))
    }

    /// Who a token speaks for; None: their session has ended.
    ///
    /// # Errors
    /// When it is not remembered and cannot be read.
    pub(super) async fn caller(&self, claims: &Claims) -> Result<Option<Arc<Caller>>, Error> {
        let remembered = self.remembered(&self.seen(), claims);
        if remembered.is_some() {
            return Ok(remembered);
        }
        let caller = self.lookup.caller(claims).await?;
        if let Some(caller) = caller.as_ref().filter(|caller| caller.roles.is_empty()) {
            self.remember(caller.clone());
        }
        Ok(caller)
    }

    fn remembered(&self, seen: &Seen, claims: &Claims) -> Option<Arc<Caller>> {
        let (caller, since) = seen.callers.get(&claims.sid)?;
        caller.with(claims).filter(|_| since.elapsed() < self.life)
    }

    fn remember(&self, caller: Arc<Caller>) {
        if self.life.is_zero() {
            return;
        }
        let callers = &mut self.seen().callers;
        if callers.len() >= MOST {
            callers.retain(|_, (_, since)| since.elapsed() < self.life);
        }
        if callers.len() < MOST {
            callers.insert(caller.session_id, (caller, Stopwatch::start()));
        }
    }

    /// The same, looked up and not remembered: what they are about to do may change who they are.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) async fn anew(&self, claims: &Claims) -> Result<Option<Arc<Caller>>, Error> {
        self.seen().callers.remove(&claims.sid);
        self.lookup.caller(claims).await
    }
}
