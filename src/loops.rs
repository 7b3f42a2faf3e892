//! Background loops. A round has no input: it compares what is with what should be, mends the difference and
//! says how much it did. So it may run at any time, twice, or in several replicas; a poke only means "look now".
//!
//! The next loop: write its round beside what it looks after, and list it in `all`.

use std::{future::Future, panic::AssertUnwindSafe, pin::Pin, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::{sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    audit,
    dispatch::board,
    file,
    kernel::{
        Error,
        clock::{Stopwatch, pause},
    },
    platform::AppState,
    privacy::{retention, rotate},
    relay,
};

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Things seen to.
    pub handled: usize,
    /// Things that went wrong and will be tried again.
    pub failed: usize,
    /// There is more than one round may take on: the next one follows at once.
    pub more: bool,
}

/// A round under way.
pub type Round<'a> = Pin<Box<dyn Future<Output = Result<Report, Error>> + Send + 'a>>;

/// One kind of background work.
#[derive(Clone)]
pub struct Loop {
    pub name: &'static str,
    /// From the end of a round to the next one.
    pub period: Duration,
    /// Rung when there is something to do sooner.
    pub poke: Option<Arc<Notify>>,
    /// `|state| Box::pin(relay::round(state))`
    pub round: for<'a> fn(&'a AppState) -> Round<'a>,
}

/// Every loop there is.
pub fn all(state: &AppState) -> Vec<Loop> {
    let every = Duration::from_millis;
    let periods = &state.settings.loops;
    vec![
        Loop {
            name: "relay",
            period: every(periods.relay_ms),
            poke: Some(state.db.committed()),
            round: |state| Box::pin(relay(state)),
        },
        Loop {
            name: "board",
            period: every(periods.settle_ms),
            poke: None,
            round: |state| Box::pin(settle(state)),
        },
        Loop {
            name: "files",
            period: Duration::from_secs(600),
            poke: None,
            round: |state| Box::pin(files(state)),
        },
        Loop {
            name: "tidy",
            period: Duration::from_secs(3600),
            poke: None,
            round: |state| Box::pin(tidy(state)),
        },
        Loop {
            name: "audit-head",
            period: Duration::from_secs(3600),
            poke: None,
            round: |state| Box::pin(keep_head(state)),
        },
    ]
}

async fn relay(state: &AppState) -> Result<Report, Error> {
    let round = relay::relay(state).await?;
    Ok(Report { handled: round.handled, failed: round.failed, more: round.more })
}

async fn settle(state: &AppState) -> Result<Report, Error> {
    let round = board::settle(state).await?;
    Ok(Report { handled: round.cards, ..Report::default() })
}

async fn files(state: &AppState) -> Result<Report, Error> {
    Ok(Report { handled: file::tidy(state).await?, ..Report::default() })
}

/// Loops at work.
#[derive(Debug)]
pub struct Running {
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Running {
    /// Sets each loop going, beginning with a round: a crash may have left something.
    pub fn start(state: &AppState, loops: Vec<Loop>) -> Self {
        let stop = CancellationToken::new();
        let mut tasks = JoinSet::new();
        for one in loops {
            tasks.spawn(go_round(one, state.clone(), stop.clone()));
        }
        Self { stop, tasks }
    }

    /// Lets each loop finish its round.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.join_all().await;
    }
}

async fn go_round(one: Loop, state: AppState, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if once(&one, &state).await.more {
            continue;
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = pause(one.period) => {}
            () = poked(one.poke.as_deref()) => {}
        }
    }
}

async fn poked(poke: Option<&Notify>) {
    match poke {
        Some(poke) => poke.notified().await,
        None => std::future::pending().await,
    }
}

/// One round; whatever goes wrong in it stays in it.
async fn once(one: &Loop, state: &AppState) -> Report {
    let watch = Stopwatch::start();
    // A round keeps nothing in memory that a panic could leave half done: what counts is in the database.
    let outcome = AssertUnwindSafe((one.round)(state)).catch_unwind().await;
    metrics::histogram!("linli_loop_seconds", "loop" => one.name)
        .record(watch.elapsed().as_secs_f64());
    match outcome {
        Ok(Ok(report)) => {
            if report.handled + report.failed > 0 {
                tracing::debug!(
                    loop.name = one.name,
                    loop.handled = report.handled,
                    loop.failed = report.failed,
                    duration_ms = watch.ms(),
                    "a round of {} handled {}, {} failed",
                    one.name,
                    report.handled,
                    report.failed
                );
            }
            report
        }
        Ok(Err(error)) => {
            tracing::error!(loop.name = one.name, %error, "a round of {} failed", one.name);
            failed(one)
        }
        Err(_) => {
            tracing::error!(loop.name = one.name, "a round of {} panicked", one.name);
            failed(one)
        }
    }
}

fn failed(one: &Loop) -> Report {
    metrics::counter!("linli_loop_failures_total", "loop" => one.name).increment(1);
    Report::default()
}

/// What is kept no longer than needed goes, what an older key sealed moves on to the newest; and a count of facts
/// that wait for a person.
async fn tidy(state: &AppState) -> Result<Report, Error> {
    #[allow(clippy::cast_precision_loss)]
    metrics::gauge!("linli_facts_stuck").set(relay::stuck(&state.db).await? as f64);
    let swept: u64 = retention::run(state, false).await?.iter().map(|swept| swept.rows).sum();
    let rotated = rotate::rotate(state, |_, _| ()).await?;
    let handled = usize::try_from(swept).unwrap_or(usize::MAX).saturating_add(rotated.moved);
    Ok(Report { handled, failed: rotated.lost, ..Report::default() })
}

/// The head of the audit chain, kept where nobody who writes to the database can write.
async fn keep_head(state: &AppState) -> Result<Report, Error> {
    let kept = audit::keep_head(state).await?;
    Ok(Report { handled: usize::from(kept), ..Report::default() })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use crate::{
        boot,
        platform::{config::Settings, db::Use},
    };

    use super::*;

    static ROUNDS: AtomicU64 = AtomicU64::new(0);

    /// Has more at first, then panics, then fails, then has nothing to do.
    async fn moody() -> Result<Report, Error> {
        match ROUNDS.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(Report { handled: 1, more: true, ..Report::default() }),
            1 => panic!("a round that panics, on purpose"),
            2 => Err(Error::impossible("fail on purpose")),
            _ => Ok(Report::default()),
        }
    }

    async fn rounds(wanted: u64) {
        let reached = async {
            while ROUNDS.load(Ordering::SeqCst) < wanted {
                pause(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), reached).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_loop_outlives_its_rounds_and_looks_when_poked() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/loops.db", folder.path().display());
        let settings = Settings::load("test", None, &[("database.url", url)]).unwrap();
        let db = boot::database(&settings, Use::Service).await.unwrap();
        let state = boot::assemble(settings, boot::Parts::default(), db).unwrap();

        let poke = Arc::new(Notify::new());
        let moody = Loop {
            name: "moody",
            period: Duration::from_secs(3600),
            poke: Some(poke.clone()),
            round: |_| Box::pin(moody()),
        };
        let running = Running::start(&state, vec![moody]);
        rounds(2).await;
        for wanted in 3..6 {
            poke.notify_one();
            rounds(wanted).await;
        }
        tokio::time::timeout(Duration::from_secs(10), running.stop()).await.unwrap();
        assert_eq!(ROUNDS.load(Ordering::SeqCst), 5);
    }
}
