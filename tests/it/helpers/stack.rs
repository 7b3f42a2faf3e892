//! Which database, and whether Redis: said by `LINLI_TEST_ON`, so that the tests themselves need not know.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use linli::platform::{
    Db,
    config::{DatabaseSettings, Settings},
    db::Use,
};
use sea_orm::{ConnectionTrait, DbErr};
use tokio::sync::OnceCell;

use super::{servers, world};

static NEXT: AtomicU32 = AtomicU32::new(0);
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
/// Databases of PostgreSQL whose test is over; whoever asks for the next one takes them away first.
static LEFT: Mutex<Vec<String>> = Mutex::new(Vec::new());

thread_local! {
    /// What this test was given. It goes with the test's thread: hundreds of tests together would fill a small disk.
    static GIVEN: RefCell<Vec<Given>> = const { RefCell::new(Vec::new()) };
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stack {
    pub postgres: bool,
    pub redis: bool,
}

impl Stack {
    pub fn from_env() -> Self {
        let on = std::env::var("LINLI_TEST_ON").unwrap_or_else(|_| "sqlite".into());
        let (postgres, redis) = match on.as_str() {
            "sqlite" => (false, false),
            "sqlite+redis" => (false, true),
            "postgres" => (true, false),
            "postgres+redis" => (true, true),
            other => {
                panic!("LINLI_TEST_ON={other}: sqlite, sqlite+redis, postgres or postgres+redis")
            }
        };
        Self { postgres, redis }
    }

    /// The address of a fresh database that already holds the world.
    pub async fn database(self) -> String {
        let template = TEMPLATE.get_or_init(|| self.template()).await;
        let url = self.empty_name();
        if self.postgres {
            take_away_what_is_left().await;
            let sql = format!("CREATE DATABASE {} TEMPLATE {}", name(&url), name(template));
            admin(&sql).await.expect("clone the template");
        } else {
            std::fs::copy(file(template), file(&url)).expect("copy the template");
        }
        Given::to_this_test(url)
    }

    /// The address of a fresh database with nothing in it.
    pub async fn empty_database(self) -> String {
        Given::to_this_test(self.create().await)
    }

    async fn create(self) -> String {
        let url = self.empty_name();
        if self.postgres {
            admin(&format!("CREATE DATABASE {}", name(&url))).await.expect("create a database");
        }
        url
    }

    fn empty_name(self) -> String {
        let n = NEXT.fetch_add(1, Ordering::SeqCst);
        if self.postgres {
            servers::postgres().url(&format!("t{n}"))
        } else {
            format!("sqlite://{}", folder().join(format!("t{n}.db")).display())
        }
    }

    async fn template(&self) -> String {
        let url = self.create().await;
        let db = open(&url).await;
        world::create(&url, &db).await;
        if !self.postgres {
            // What still rests in the write-ahead log would not be copied with the file.
            let moved = db.read().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await;
            moved.expect("fold the log in");
        }
        db.close().await;
        url
    }
}

/// The address of a database that a test has for itself.
struct Given(String);

impl Given {
    fn to_this_test(url: String) -> String {
        GIVEN.with_borrow_mut(|given| given.push(Self(url.clone())));
        url
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        if self.0.starts_with("sqlite:") {
            for end in ["", "-wal", "-shm"] {
                drop(std::fs::remove_file(format!("{}{end}", file(&self.0).display())));
            }
        } else {
            let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
            left.push(name(&self.0).to_owned());
        }
    }
}

async fn take_away_what_is_left() {
    let left = std::mem::take(&mut *LEFT.lock().unwrap_or_else(PoisonError::into_inner));
    for database in left {
        let sql = format!("DROP DATABASE {database} WITH (FORCE)");
        admin(&sql).await.expect("drop a database nobody uses");
    }
}

/// A pool as for migrations.
pub async fn open(url: &str) -> Db {
    let settings = DatabaseSettings { url: url.to_owned(), max_connections: 4 };
    Db::connect(&settings, Use::Upkeep).await.expect("open a test database")
}

/// The settings of a test's service.
pub fn settings(overrides: &[(&str, String)]) -> Settings {
    Settings::load("test", None, overrides).expect("test settings load")
}

async fn admin(sql: &str) -> Result<(), DbErr> {
    let db = open(&servers::postgres().url("postgres")).await;
    let done = db.read().execute_unprepared(sql).await.map(|_| ());
    db.close().await;
    done
}

fn name(url: &str) -> &str {
    url.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

fn file(url: &str) -> &Path {
    Path::new(url.trim_start_matches("sqlite://"))
}

/// One folder per test process; it goes with the process.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| servers::folder("sqlite"))
}
