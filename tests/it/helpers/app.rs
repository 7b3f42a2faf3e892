//! A service of one's own: a stage over a database cloned from the template, a Redis prefix, the clock in the test's hand.

use std::{
    ops::Deref,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use linli::{
    kernel::{Rng, clock::pause},
    stage::{Reply, Stage},
};

use super::{servers, stack, stack::Stack, world};

static NEXT: AtomicU32 = AtomicU32::new(0);

pub struct TestApp {
    stage: Stage,
}

impl Deref for TestApp {
    type Target = Stage;

    fn deref(&self) -> &Stage {
        &self.stage
    }
}

impl TestApp {
    pub async fn spawn() -> Self {
        let on = Stack::from_env();
        Self::over(on, on.database().await, &[]).await
    }

    /// With some settings changed.
    pub async fn with(changes: &[(&str, String)]) -> Self {
        let on = Stack::from_env();
        Self::over(on, on.database().await, changes).await
    }

    /// A service over a database that is there, with some settings changed.
    pub async fn over(on: Stack, url: String, changes: &[(&str, String)]) -> Self {
        let n = NEXT.fetch_add(1, Ordering::SeqCst);
        let redis = if on.redis { servers::redis().to_owned() } else { String::new() };
        let mut overrides =
            vec![("database.url", url), ("redis.url", redis), ("redis.prefix", format!("test{n}"))];
        let files = servers::folder(&format!("files{n}"));
        overrides.push(("files.store", format!("file://{}", files.display())));
        overrides.extend(changes.iter().cloned());
        let settings = stack::settings(&overrides);
        let stage = Stage::set(settings, world::NOW, Rng::from_seed(u64::from(n))).await;
        Self { stage: stage.expect("the service starts") }
    }

    /// Runs the background work until nothing is left to do.
    pub async fn settle(&self) {
        self.stage.settle().await.expect("every fact is handled");
    }

    /// Without a token; `path` from the root.
    pub async fn get(&self, path: &str) -> Reply {
        let sent = self.http.get(format!("{}{path}", self.url)).send().await;
        Reply::read(sent.expect("the service answers")).await.expect("a whole answer")
    }

    /// Without a token; `path` below `/api/v1`.
    pub async fn post(&self, path: &str, body: &serde_json::Value) -> Reply {
        self.stage.post(path, body).await.expect("the service answers")
    }
}

impl Drop for TestApp {
    /// Facts that no reaction can handle fail the test that made them.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(self.settle());
            });
        }
        self.stage.strike();
    }
}

/// Polls until it is so; ten seconds are enough for anything here.
pub async fn eventually(what: &str, mut check: impl AsyncFnMut() -> bool) {
    let met = async {
        while !check().await {
            pause(Duration::from_millis(5)).await;
        }
    };
    let met = tokio::time::timeout(Duration::from_secs(10), met).await;
    assert!(met.is_ok(), "not within ten seconds: {what}");
}
