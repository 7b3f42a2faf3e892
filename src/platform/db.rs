//! The database, the same code on SQLite and PostgreSQL. It alone grants: what is not committed here is not true.

use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sea_orm::{
    ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, RuntimeErr, SqlErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr},
    sqlx,
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::kernel::{Error, Trouble};

use super::config::DatabaseSettings;

/// Pages of SQLite's log at which a commit copies them into the file itself, where the round has not kept up; 32 MiB.
const LOG_PAGES: &str = "8000";
/// Kibibytes of pages each connection to SQLite keeps: the upper levels of the indexes stay in memory.
const CACHE: &str = "-8000";

/// What the sessions of a pool are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Answering people: short deadlines, so that a frozen replica cannot hold a row.
    Service,
    /// Migrations and imports: statements may take as long as they need.
    Upkeep,
}

/// The pool and, on SQLite, the turn its one writer waits for.
#[derive(Clone, Debug)]
pub struct Db {
    pool: DatabaseConnection,
    turn: Option<Arc<Semaphore>>,
    committed: Arc<Bells>,
}

/// One bell for each who listens: a bell that is rung once wakes one.
#[derive(Debug, Default)]
struct Bells(Mutex<Vec<Arc<Notify>>>);

impl Bells {
    fn hang(&self) -> Arc<Notify> {
        let bell = Arc::<Notify>::default();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(bell.clone());
        bell
    }

    fn ring(&self) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.iter().for_each(|bell| bell.notify_one());
    }
}

/// A write transaction. Dropped without `commit`, nothing of it happened.
#[derive(Debug)]
pub struct Tx {
    inner: DatabaseTransaction,
    committed: Arc<Bells>,
    _turn: Option<OwnedSemaphorePermit>,
}

impl Deref for Tx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.inner
    }
}

impl Tx {
    /// Makes it true. When the reply is lost the outcome is unknown, and said to be so.
    pub async fn commit(self) -> Result<(), Error> {
        self.inner.commit().await.map_err(|cause| Error {
            step: "commit",
            trouble: Trouble::Unknown,
            cause: cause.into(),
        })?;
        self.committed.ring();
        Ok(())
    }
}

impl Db {
    /// Opens the pool. A SQLite file that does not exist yet is created.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses the credentials.
    pub async fn connect(settings: &DatabaseSettings, purpose: Use) -> Result<Self, DbErr> {
        let mut options = ConnectOptions::new(settings.url.clone());
        options
            .max_connections(settings.max_connections)
            .acquire_timeout(Duration::from_secs(3))
            .connect_timeout(Duration::from_secs(5))
            .sqlx_logging(false)
            .map_sqlx_postgres_opts(move |pg| match purpose {
                Use::Service => pg.options([
                    ("lock_timeout", "1s"),
                    ("statement_timeout", "2s"),
                    ("idle_in_transaction_session_timeout", "3s"),
                ]),
                Use::Upkeep => pg,
            })
            .map_sqlx_sqlite_opts(|sqlite| {
                use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
                sqlite
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // WAL with NORMAL may lose commits on power loss; an acknowledged claim may not be lost.
                    .synchronous(SqliteSynchronous::Full)
                    .pragma("wal_autocheckpoint", LOG_PAGES)
                    .pragma("cache_size", CACHE)
                    // What one statement of many rows may have to undo needs no file of its own.
                    .pragma("temp_store", "MEMORY")
                    .busy_timeout(Duration::from_secs(5))
            });
        let pool = Database::connect(options).await?;
        let turn =
            (pool.get_database_backend() == DbBackend::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        Ok(Self { pool, turn, committed: Arc::default() })
    }

    /// A pool of its own to the same database: what fills this one leaves it free. On SQLite, where one writes at a time,
    /// it is the same.
    ///
    /// # Errors
    /// As `connect`.
    pub async fn apart(&self, url: &str, max_connections: u32) -> Result<Self, DbErr> {
        if self.is_sqlite() {
            return Ok(self.clone());
        }
        let settings = DatabaseSettings { url: url.to_owned(), max_connections };
        let own = Self::connect(&settings, Use::Service).await?;
        Ok(Self { committed: self.committed.clone(), ..own })
    }

    /// For reading outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.pool
    }

    /// Begins a write transaction: READ COMMITTED on PostgreSQL, `BEGIN IMMEDIATE` on SQLite, where writers
    /// take turns in the order they came instead of polling a busy file.
    ///
    /// # Errors
    /// `Busy` when no turn or connection comes free in time.
    pub async fn write(&self) -> Result<Tx, Error> {
        let turn = match &self.turn {
            None => None,
            Some(turn) => {
                let waited =
                    tokio::time::timeout(Duration::from_secs(5), turn.clone().acquire_owned())
                        .await;
                match waited {
                    Ok(Ok(permit)) => Some(permit),
                    Ok(Err(closed)) => {
                        return Err(Error::broken("wait for the writer's turn", closed));
                    }
                    Err(late) => {
                        return Err(Error {
                            step: "wait for the writer's turn",
                            trouble: Trouble::Busy,
                            cause: late.into(),
                        });
                    }
                }
            }
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let inner = self.pool.begin_with_options(options).await.step("begin")?;
        Ok(Tx { inner, committed: self.committed.clone(), _turn: turn })
    }

    /// A bell of the caller's own, rung after each commit of this process: there may be something to look at.
    pub fn committed(&self) -> Arc<Notify> {
        self.committed.hang()
    }

    pub fn is_sqlite(&self) -> bool {
        self.turn.is_some()
    }

    /// SQLite: copies what is committed from its log into the file, beside whoever reads and writes. A commit that had
    /// to do it keeps everybody waiting who wants to write.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn tidy_log(&self) -> Result<(), Error> {
        if !self.is_sqlite() {
            return Ok(());
        }
        let copied = self.pool.execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)").await;
        copied.step("copy the log into the file").map(drop)
    }

    /// Waits for connections to come back and closes them.
    pub async fn close(self) {
        if let Err(error) = self.pool.close().await {
            tracing::warn!(%error, "the database pool did not close cleanly");
        }
    }
}

/// Names the step at which a statement failed and says what that means.
pub trait Step<T> {
    fn step(self, step: &'static str) -> Result<T, Error>;
}

impl<T> Step<T> for Result<T, DbErr> {
    fn step(self, step: &'static str) -> Result<T, Error> {
        self.map_err(|cause| Error { step, trouble: trouble(&cause), cause: cause.into() })
    }
}

/// The SQLSTATE or SQLite code, where the database itself answered.
fn code(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(inner) | DbErr::Query(inner) | DbErr::Conn(inner)) = error else {
        return None;
    };
    let RuntimeErr::SqlxError(sqlx) = inner else { return None };
    sqlx.as_database_error()?.code().map(|code| code.into_owned())
}

/// The database did not answer at all.
fn line_broke(error: &DbErr) -> bool {
    use sqlx::Error::{Io, PoolClosed, PoolTimedOut, WorkerCrashed};
    let (DbErr::Exec(RuntimeErr::SqlxError(inner)) | DbErr::Query(RuntimeErr::SqlxError(inner))) =
        error
    else {
        return false;
    };
    matches!(**inner, Io(_) | PoolClosed | PoolTimedOut | WorkerCrashed)
}

fn trouble(error: &DbErr) -> Trouble {
    if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) {
        return Trouble::Busy;
    }
    match code(error).as_deref() {
        // lock_not_available, query_canceled, deadlock, serialization, shutting down, too many connections,
        // idle-in-transaction kill; SQLITE_BUSY and SQLITE_LOCKED.
        Some(
            "55P03" | "57014" | "40P01" | "40001" | "57P01" | "57P03" | "53300" | "25P03" | "5"
            | "6",
        ) => Trouble::Busy,
        None if line_broke(error) => Trouble::Busy,
        _ => Trouble::Broken,
    }
}

/// The same values, the last again until there are a power of two: a list in a statement then has one of few lengths, and
/// the database prepares few statements instead of one for each length.
pub fn padded<T: Clone>(mut values: Vec<T>) -> Vec<T> {
    if let Some(last) = values.last().cloned() {
        values.resize(values.len().next_power_of_two(), last);
    }
    values
}

/// Rows whose text has `part` in it, Latin letters in either case. Signs of LIKE are signs like others.
pub fn has_part<C: ColumnTrait>(column: C, part: &str) -> SimpleExpr {
    // SQLite's LIKE ignores the case of Latin letters, PostgreSQL's does not.
    let part = part.to_ascii_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let pattern = LikeExpr::new(format!("%{part}%")).escape('!');
    Expr::expr(Func::lower(column.into_expr())).like(pattern)
}

/// Whether a statement failed on a unique index.
pub fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}
