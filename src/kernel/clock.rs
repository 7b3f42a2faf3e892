//! The one place that reads the clock. Everyone else is handed one, so that tests move time.

use std::{
    fmt::Debug,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use entity::At;

/// Tells the time, in whole UTC milliseconds.
pub trait Tells: Send + Sync + Debug {
    fn now(&self) -> At;
}

/// The clock everyone is handed.
pub type Clock = Arc<dyn Tells>;

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock;

impl Tells for SystemClock {
    #[allow(clippy::disallowed_methods)]
    fn now(&self) -> At {
        chrono::Utc::now().into()
    }
}

/// A clock in somebody's hand: it stands still until it is set or moved.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn at(at: At) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(at.ms())))
    }

    pub fn set(&self, at: At) {
        self.0.store(at.ms(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: Duration) {
        self.set(self.now().plus(by));
    }
}

impl Tells for HandClock {
    fn now(&self) -> At {
        At(self.0.load(Ordering::SeqCst))
    }
}

/// Measures how long something took; unlike the clock it never jumps.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Elapsed milliseconds with three decimals, for logs.
    pub fn ms(self) -> f64 {
        (self.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0
    }
}

/// How background loops wait between rounds, and a call to WeChat before it is made again. Nothing else that answers a
/// person waits like this.
#[allow(clippy::disallowed_methods)]
pub async fn pause(for_: Duration) {
    tokio::time::sleep(for_).await;
}
