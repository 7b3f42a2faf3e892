//! Too fast: how many calls one caller may make. A person is counted once they are signed in, an address before.
//!
//! | key | type | content | rebuilt from |
//! | --- | --- | --- | --- |
//! | `linli:rl:<class>:<caller>` | STRING, until it has run out | when the caller's whole allowance is back, ms | empty is correct |
//!
//! Callers stand in the key as a keyed hash: neither address nor id can be read in Redis. Where Redis does not answer,
//! each process counts for itself.

use std::{
    num::NonZeroU32,
    sync::{Arc, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use actix_web::http::Method;
use governor::{
    Quota, RateLimiter, clock, middleware::NoOpMiddleware, nanos::Nanos,
    state::keyed::HashMapStateStore,
};
use redis::Script;

use crate::{
    kernel::Clock,
    platform::{
        AppState,
        config::{LimitSettings, Settings},
    },
};

use super::{
    address::{self, Net},
    lanes::CLAIMS,
    problem::{Problem, TOO_FAST},
};

static LIMIT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("lua/limit.lua")));

/// Callers a process counts for itself before it looks for ones that are long gone.
const MANY: usize = 10_000;

/// What a call is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    SignIn,
    Public,
    Read,
    Write,
    Claim,
    Upload,
    Export,
}

const CLASSES: [Class; 7] = [
    Class::SignIn,
    Class::Public,
    Class::Read,
    Class::Write,
    Class::Claim,
    Class::Upload,
    Class::Export,
];

impl Class {
    /// The class of an operation; `pattern` as in the API document.
    pub fn of(method: &Method, pattern: &str, signed_in: bool) -> Self {
        match pattern {
            "/api/v1/auth/wechat" | "/api/v1/auth/password" | "/api/v1/auth/refresh" => {
                Self::SignIn
            }
            CLAIMS => Self::Claim,
            "/api/v1/files" if method == Method::POST => Self::Upload,
            _ if is_export(pattern) => Self::Export,
            _ if !signed_in => Self::Public,
            _ if method == Method::GET => Self::Read,
            _ => Self::Write,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "in",
            Self::Public => "public",
            Self::Read => "read",
            Self::Write => "write",
            Self::Claim => "claim",
            Self::Upload => "upload",
            Self::Export => "export",
        }
    }

    fn allowance(self, limits: &LimitSettings) -> (u32, Duration) {
        let minute = Duration::from_secs(60);
        match self {
            Self::SignIn => (limits.sign_ins_per_minute, minute),
            Self::Public => (limits.public_per_minute, minute),
            Self::Read => (limits.reads_per_minute, minute),
            Self::Write => (limits.writes_per_minute, minute),
            Self::Claim => (limits.claims_per_minute, minute),
            Self::Upload => (limits.uploads_per_minute, minute),
            Self::Export => (limits.exports_per_hour, minute * 60),
        }
    }
}

/// Reads much at once: has few places and a small allowance.
pub fn is_export(pattern: &str) -> bool {
    ["/export", "/imports", "/roster.xlsx", "/circular.xlsx"]
        .iter()
        .any(|end| pattern.ends_with(end))
}

/// The clock everyone is handed, as the counter in the process wants it: it only ever goes on. A clock that was set
/// back must not shut anybody out until it is where it was.
#[derive(Clone, Debug)]
struct Handed {
    clock: Clock,
    /// What the clock said last, and how far it has gone on in all; milliseconds.
    seen: Arc<Mutex<(i64, u64)>>,
}

impl Handed {
    fn new(clock: Clock) -> Self {
        let seen = Arc::new(Mutex::new((clock.now().ms(), 0)));
        Self { clock, seen }
    }
}

impl clock::Clock for Handed {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let now = self.clock.now().ms();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let (last, gone) = *seen;
        *seen = (now, gone + u64::try_from(now - last).unwrap_or(0));
        Duration::from_millis(seen.1).into()
    }
}

type Local = RateLimiter<String, HashMapStateStore<String>, Handed, NoOpMiddleware<Nanos>>;

/// The counters of this process, one for each class, and the proxies it believes.
#[derive(Debug)]
pub struct Limits {
    local: Vec<Local>,
    clock: Handed,
    pub trusted: Vec<Net>,
}

/// What counting a call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    GoOn,
    Wait(Duration),
}

impl Limits {
    /// # Errors
    /// When `http.trusted_proxies` cannot be understood.
    pub fn new(settings: &Settings, clock: &Clock) -> Result<Self, String> {
        let clock = Handed::new(clock.clone());
        let one = |class: &Class| {
            let (most, window) = class.allowance(&settings.limits);
            let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
            let quota = Quota::with_period(window / most.get()).map(|q| q.allow_burst(most));
            let quota = quota.unwrap_or_else(|| Quota::per_minute(most));
            RateLimiter::hashmap_with_clock(quota, clock.clone())
        };
        let trusted = address::nets(&settings.http.trusted_proxies)?;
        Ok(Self { local: CLASSES.iter().map(one).collect(), clock, trusted })
    }

    /// Counts in this process alone.
    fn here(&self, class: Class, caller: &str) -> Counted {
        let limiter = &self.local[class as usize];
        if limiter.len() > MANY {
            limiter.retain_recent();
        }
        match limiter.check_key(&caller.to_owned()) {
            Ok(()) => Counted::GoOn,
            Err(not_yet) => Counted::Wait(not_yet.wait_time_from(clock::Clock::now(&self.clock))),
        }
    }
}

/// Counts a call. `caller` is a person's id or an address; it is hashed before it goes anywhere.
pub async fn count(state: &AppState, class: Class, caller: &str) -> Counted {
    // Counted here alone, it goes nowhere.
    if class == Class::Claim {
        return state.limits.here(class, caller);
    }
    let caller = state.crypto.blind_index("rl", caller);
    match shared(state, class, &caller).await {
        Some(counted) => counted,
        None => state.limits.here(class, &caller),
    }
}

/// Counts for all replicas. None: there is no Redis, or it does not answer.
async fn shared(state: &AppState, class: Class, caller: &str) -> Option<Counted> {
    let redis = state.redis.as_ref()?;
    let (most, window) = class.allowance(&state.settings.limits);
    let pace = window.as_secs_f64() * 1000.0 / f64::from(most);
    let mut call = LIMIT.prepare_invoke();
    call.key(redis.key(&format!("rl:{}:{caller}", class.name())));
    call.arg(state.clock.now().ms()).arg(pace).arg(i64::try_from(window.as_millis()).ok()?);
    let wait: u64 = redis.script(&call).await?;
    Some(if wait == 0 { Counted::GoOn } else { Counted::Wait(Duration::from_millis(wait)) })
}

/// Lets a call go on, or says when to come again.
///
/// # Errors
/// `rate.limited` with Retry-After.
pub async fn check(state: &AppState, class: Class, caller: &str) -> Result<(), Problem> {
    verdict(class, count(state, class, caller).await)
}

/// The same, counted in this process alone.
///
/// # Errors
/// `rate.limited` with Retry-After.
pub fn check_here(state: &AppState, class: Class, caller: &str) -> Result<(), Problem> {
    verdict(class, state.limits.here(class, caller))
}

fn verdict(class: Class, counted: Counted) -> Result<(), Problem> {
    let Counted::Wait(wait) = counted else { return Ok(()) };
    let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX).max(1);
    metrics::counter!("linli_rate_limited_total", "class" => class.name()).increment(1);
    Err(Problem::from(TOO_FAST).retry_after(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_shuts_nobody_out() {
        use crate::kernel::clock::HandClock;
        let hand = HandClock::at(::entity::At(1_795_312_800_000));
        let handed = Handed::new(hand.clone());
        let limiter: Local =
            RateLimiter::hashmap_with_clock(Quota::per_minute(NonZeroU32::new(2).unwrap()), handed);
        let call = || limiter.check_key(&"caller".to_owned()).is_ok();
        assert!(call() && call() && !call(), "two a minute");
        hand.set(::entity::At(1_795_312_800_000 - 3_600_000));
        assert!(!call());
        hand.advance(Duration::from_secs(60));
        assert!(call(), "a minute on, whatever the clock says");
    }

    #[test]
    fn each_class_counts_in_its_own_place() {
        for (i, class) in CLASSES.iter().enumerate() {
            assert_eq!(*class as usize, i);
        }
    }

    #[test]
    fn a_call_is_counted_as_what_it_does() {
        let of = |method: Method, path: &str| Class::of(&method, path, true);
        assert_eq!(of(Method::POST, "/api/v1/auth/password"), Class::SignIn);
        assert_eq!(of(Method::POST, "/api/v1/tasks/{id}/claims"), Class::Claim);
        assert_eq!(of(Method::GET, "/api/v1/me/export"), Class::Export);
        assert_eq!(of(Method::GET, "/api/v1/tasks/{id}/roster.xlsx"), Class::Export);
        assert_eq!(of(Method::POST, "/api/v1/orgs/{id}/imports"), Class::Export);
        assert_eq!(of(Method::GET, "/api/v1/imports/{id}"), Class::Read);
        assert_eq!(of(Method::POST, "/api/v1/files"), Class::Upload);
        assert_eq!(of(Method::GET, "/api/v1/tasks"), Class::Read);
        assert_eq!(of(Method::DELETE, "/api/v1/me"), Class::Write);
        assert_eq!(Class::of(&Method::GET, "/api/v1/stories", false), Class::Public);
    }
}
