//! The dispatcher on its worst days: real replicas killed, PostgreSQL and Redis stopped, frozen and emptied, replies cut in
//! the middle, while a crowd of phones taps, retries and gives seats back. What may never happen is looked at all the
//! while (`account`), and reckoned up when it is over.
//!
//! `make test` runs each trial small, with the seed of its name; `make soak` large, with `LINLI_TRIAL=long`, from the
//! seed `LINLI_TRIAL_SEED` on. A trial that fails prints its seed.

mod account;
mod cutter;
mod killed;
mod phone;
mod place;
mod redis;
mod replies;

use std::time::Duration;

/// How much of everything.
#[derive(Clone, Copy, Debug)]
struct Size {
    phones: usize,
    /// Taps of all phones together; giving back and late repetitions come on top.
    taps: usize,
    /// Between one blow and the next.
    every: Duration,
    /// How long Redis stands still.
    frozen: Duration,
    seed: u64,
}

impl Size {
    fn from_env(seed: u64) -> Self {
        let from = std::env::var("LINLI_TRIAL_SEED").ok().and_then(|text| text.parse().ok());
        let seed = seed + from.unwrap_or(0) * 100;
        if std::env::var("LINLI_TRIAL").is_ok_and(|size| size == "long") {
            let (every, frozen) = (Duration::from_secs(2), Duration::from_secs(10));
            return Self { phones: 64, taps: 5_000, every, frozen, seed };
        }
        let (every, frozen) = (Duration::from_millis(700), Duration::from_millis(1_500));
        Self { phones: 64, taps: 400, every, frozen, seed }
    }
}
