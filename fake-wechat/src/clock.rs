//! The stand-in's own clock: the machine's, or one that stands still; either can be moved forward. Codes and
//! tokens die by it.

// The one place of this crate that touches real time.
#![allow(clippy::disallowed_methods)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    stands_at_ms: Option<i64>,
    moved_ms: Arc<AtomicI64>,
}

impl Clock {
    /// Goes with the machine's time.
    pub fn system() -> Self {
        Self { stands_at_ms: None, moved_ms: Arc::default() }
    }

    /// Stands at that many milliseconds since 1970 until it is moved.
    pub fn standing_at(ms: i64) -> Self {
        Self { stands_at_ms: Some(ms), moved_ms: Arc::default() }
    }

    /// Moves it forward.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.moved_ms.fetch_add(by, Ordering::SeqCst);
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        let base = self.stands_at_ms.unwrap_or_else(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
        });
        base.saturating_add(self.moved_ms.load(Ordering::SeqCst))
    }

    /// How far it was moved in all.
    pub(crate) fn moved(&self) -> Duration {
        Duration::from_millis(self.moved_ms.load(Ordering::SeqCst).unsigned_abs())
    }
}

/// Real waiting, for slow answers: the caller's patience runs by real time.
pub(crate) async fn pause(for_: Duration) {
    actix_web::rt::time::sleep(for_).await;
}
