//! The schema: whether the database has the one this program needs, and bringing it there. SeaORM takes no lock
//! while it migrates, so several replicas that start together would trip over each other: here they queue.

use anyhow::{Context, bail};
use migration::{Migrator, MigratorTrait};
use sea_orm::{DatabaseConnection, DbErr, sqlx};

use crate::{
    alone::{self, Alone},
    boot,
    platform::{Db, config::Settings, db::Use},
};

/// Which advisory lock of PostgreSQL's migrators queue for: "linli" in ASCII.
const QUEUE: i64 = 0x6c_69_6e_6c_69;

/// Which way to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Everything that is missing.
    Up,
    /// That many of the newest changes are taken back.
    Down(u32),
}

/// Refuses a database that lacks changes.
///
/// # Errors
/// Names what is missing and how to mend it.
pub async fn ensure_current(db: &Db) -> anyhow::Result<()> {
    let pending =
        Migrator::pending(db.read()).await.context("看不了表结构 cannot read the schema")?;
    if pending.is_empty() {
        return Ok(());
    }
    bail!(
        "数据库还缺 {} 步表结构变更，请先运行：linli migrate（或 linli serve --migrate）\n\
         The database lacks {} migrations, run `linli migrate` first: {}",
        pending.len(),
        pending.len(),
        pending.join(", ")
    )
}

/// Migrates, one process at a time. `held` is our own hold on a SQLite file, where we already have it;
/// `on_wait` is called when somebody else is at it. Answers what was applied or taken back, in that order.
///
/// # Errors
/// When the database cannot be reached or a change fails; a failed change leaves nothing behind.
pub async fn migrate(
    settings: &Settings,
    way: Way,
    held: Option<&Alone>,
    on_wait: impl FnOnce(&str),
) -> anyhow::Result<Vec<String>> {
    let mut on_wait = Some(on_wait);
    let mut tell = |who: &str| on_wait.take().into_iter().for_each(|on_wait| on_wait(who));
    let _turn = match held {
        Some(_) => None,
        None => alone::wait(&settings.database.url, &mut tell)?,
    };
    let db = boot::database(settings, Use::Upkeep).await?;
    let outcome = if db.is_sqlite() {
        go(db.read(), way).await
    } else {
        let queue =
            Queue::join(db.read(), tell).await.context("排不上迁移的队 cannot take the lock")?;
        let outcome = go(db.read(), way).await;
        queue.leave().await;
        outcome
    };
    db.close().await;
    outcome.context("表结构变更失败，这一步没有留下任何痕迹 a migration failed and was rolled back")
}

async fn go(db: &DatabaseConnection, way: Way) -> Result<Vec<String>, DbErr> {
    let before = Migrator::pending(db).await?;
    match way {
        Way::Up if before.is_empty() => Ok(before),
        Way::Up => {
            Migrator::up(db, None).await?;
            Ok(before)
        }
        Way::Down(steps) => {
            Migrator::down(db, Some(steps)).await?;
            let mut after = Migrator::pending(db).await?;
            after.retain(|name| !before.contains(name));
            after.reverse();
            Ok(after)
        }
    }
}

/// A session of PostgreSQL's that holds the lock; it is closed afterwards, so the lock cannot outlive us.
struct Queue(sqlx::pool::PoolConnection<sqlx::Postgres>);

impl Queue {
    async fn join(
        db: &DatabaseConnection,
        on_wait: impl FnOnce(&str),
    ) -> Result<Self, sqlx::Error> {
        let mut session = db.get_postgres_connection_pool().acquire().await?;
        session.close_on_drop();
        let ours: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(QUEUE)
            .fetch_one(&mut *session)
            .await?;
        if !ours {
            on_wait("advisory lock");
            sqlx::query("SELECT pg_advisory_lock($1)").bind(QUEUE).execute(&mut *session).await?;
        }
        Ok(Self(session))
    }

    async fn leave(self) {
        if let Err(error) = self.0.close().await {
            tracing::warn!(%error, "the migration lock's session did not close cleanly");
        }
    }
}
