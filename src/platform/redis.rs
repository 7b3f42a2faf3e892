//! Redis, which may only show, refuse or delay. Every call has a deadline and may fail; the caller then goes on
//! without it. After a failure nobody tries again for a moment, so that a dead Redis costs no waiting.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::{Stream, StreamExt};
use redis::{
    Client, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult, ScriptInvocation,
    aio::{ConnectionManager, ConnectionManagerConfig},
};

use crate::kernel::clock::Stopwatch;

/// How long a failure keeps everybody away.
const BREAK: Duration = Duration::from_millis(1000);

/// What replicas say to each other, as it comes.
pub type News = Pin<Box<dyn Stream<Item = String> + Send>>;

/// A connection shared by everyone, behind a breaker.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    connection: ConnectionManager,
    prefix: Arc<str>,
    broken: Arc<Mutex<Option<Stopwatch>>>,
    /// Something may not have been written since the last rebuild.
    lost: Arc<AtomicBool>,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redis({})", self.prefix)
    }
}

impl Redis {
    /// Prepares the connection; nothing is sent before the first command, so Redis may come later.
    ///
    /// # Errors
    /// When the address cannot be understood.
    pub fn new(url: &str, prefix: &str) -> RedisResult<Self> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(Duration::from_millis(500)))
            .set_response_timeout(Some(Duration::from_millis(500)));
        let client = Client::open(url)?;
        let connection = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        Ok(Self {
            client,
            connection,
            prefix: prefix.into(),
            broken: Arc::default(),
            lost: Arc::new(true.into()),
        })
    }

    /// The full key, under this installation's prefix.
    pub fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.prefix)
    }

    /// Whether a recent failure keeps everybody away for now.
    pub fn is_resting(&self) -> bool {
        self.broken().is_some_and(|since| since.elapsed() < BREAK)
    }

    /// Runs the commands in one round trip. None: Redis did not answer in time, is resting, or said no.
    pub async fn run<T: FromRedisValue>(&self, commands: &Pipeline) -> Option<T> {
        if self.is_resting() {
            return None;
        }
        let mut connection = self.connection.clone();
        self.judge(commands.query_async(&mut connection).await)
    }

    /// Runs a script by its SHA, loading it where Redis does not know it.
    pub async fn script<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Option<T> {
        if self.is_resting() {
            return None;
        }
        let mut connection = self.connection.clone();
        self.judge(script.invoke_async(&mut connection).await)
    }

    /// The same, for who cannot wait: after `deadline` it is as if Redis did not answer. What it did then is unknown.
    pub async fn script_within<T: FromRedisValue>(
        &self,
        script: &ScriptInvocation<'_>,
        deadline: Duration,
    ) -> Option<T> {
        if self.is_resting() {
            return None;
        }
        let mut connection = self.connection.clone();
        let asked = tokio::time::timeout(deadline, script.invoke_async(&mut connection)).await;
        let late = |_| Err((ErrorKind::Io, "no answer within the deadline").into());
        self.judge(asked.unwrap_or_else(late))
    }

    /// A line of its own on which replicas hear each other; it ends when it breaks. None: Redis is away.
    pub async fn listen(&self, channel: &str) -> Option<News> {
        if self.is_resting() {
            return None;
        }
        let listening = async {
            let mut line = self.client.get_async_pubsub().await?;
            line.subscribe(self.key(channel)).await?;
            Ok(line.into_on_message())
        };
        let late = |_| Err((ErrorKind::Io, "no answer within the deadline").into());
        let asked = tokio::time::timeout(BREAK, listening).await;
        let messages = self.judge(asked.unwrap_or_else(late))?;
        Some(Box::pin(messages.filter_map(async |message| message.get_payload().ok())))
    }

    /// Tells all replicas; who does not listen just then never hears it.
    pub async fn say(&self, channel: &str, texts: &[String]) {
        if texts.is_empty() {
            return;
        }
        let mut said = redis::pipe();
        for text in texts {
            said.publish(self.key(channel), text).ignore();
        }
        let _: Option<()> = self.run(&said).await;
    }

    /// Really asks. For health checks: ignores the pause after a failure.
    pub async fn ping(&self) -> bool {
        let mut connection = self.connection.clone();
        let asked: RedisResult<String> = redis::cmd("PING").query_async(&mut connection).await;
        self.judge(asked).is_some()
    }

    /// Whether a write may have been lost since this was last asked, or the process has just begun.
    pub fn take_lost(&self) -> bool {
        self.lost.swap(false, Ordering::SeqCst)
    }

    /// What this process keeps in Redis may be stale.
    pub fn note_loss(&self) {
        self.lost.store(true, Ordering::SeqCst);
    }

    fn broken(&self) -> std::sync::MutexGuard<'_, Option<Stopwatch>> {
        self.broken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn judge<T>(&self, outcome: Result<T, RedisError>) -> Option<T> {
        match outcome {
            Ok(value) => {
                *self.broken() = None;
                Some(value)
            }
            Err(error) => {
                self.note_loss();
                if self.broken().replace(Stopwatch::start()).is_none() {
                    tracing::warn!(kind = ?error.kind(), "redis does not answer; going on without it");
                }
                metrics::counter!("linli_redis_failures_total").increment(1);
                None
            }
        }
    }
}
