//! The schema's changes on a database in use, both ways, and by several at once.

pub mod fill;
mod indexes;

use std::process::{Command, Stdio};

use futures_util::future::join_all;
use migration::{Migrator, MigratorTrait};
use sea_orm::DatabaseConnection;

use crate::helpers::{
    Stack,
    dump::{tables, texts},
    stack,
};

async fn rows(db: &DatabaseConnection, table: &str) -> String {
    let sql = format!("SELECT CAST(count(*) AS text) FROM \"{table}\"");
    texts(db, &sql).await.remove(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_change_goes_up_and_down_over_rows_that_are_there() {
    let db = stack::open(&Stack::from_env().empty_database().await).await;
    let all = Migrator::migrations().len();
    for step in 1..=all {
        Migrator::up(db.read(), Some(1)).await.unwrap();
        for table in tables(db.read()).await {
            fill::one_row(db.read(), &table, step).await;
        }
    }
    assert!(Migrator::pending(db.read()).await.unwrap().is_empty());
    let made = tables(db.read()).await;
    assert_eq!(rows(db.read(), &made[0]).await, all.to_string(), "rows of earlier steps are kept");

    for left in (0..all).rev() {
        Migrator::down(db.read(), Some(1)).await.unwrap();
        assert_eq!(Migrator::pending(db.read()).await.unwrap().len(), all - left);
    }
    assert_eq!(tables(db.read()).await, Vec::<String>::new(), "nothing is left behind");
    Migrator::up(db.read(), None).await.unwrap();
    assert_eq!(tables(db.read()).await, made);
    for table in &made {
        fill::one_row(db.read(), table, 1).await;
    }
    db.close().await;
}

/// `linli migrate` on a database, as an operator runs it; answers how it ended and what it said.
async fn migrates(url: String) -> (Option<i32>, String) {
    let run = move || {
        let mut linli = Command::new(env!("CARGO_BIN_EXE_linli"));
        linli.arg("migrate").env("LINLI_ENV", "test").env("LINLI__DATABASE__URL", url);
        let done = linli.stdin(Stdio::null()).output().unwrap();
        let said = [done.stdout, done.stderr].concat();
        (done.status.code(), String::from_utf8(said).unwrap())
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_migrators_at_once_queue_and_all_are_content() {
    let url = Stack::from_env().empty_database().await;
    let ended = join_all((0..4).map(|_| migrates(url.clone()))).await;
    assert!(ended.iter().all(|(code, _)| *code == Some(0)), "{ended:?}");
    let applied = ended.iter().filter(|(_, said)| said.contains("✓ 更新了")).count();
    let idle = ended.iter().filter(|(_, said)| said.contains("✓ 表结构已经是最新的")).count();
    assert_eq!((applied, idle), (1, 3), "{ended:?}");
    let db = stack::open(&url).await;
    assert!(Migrator::pending(db.read()).await.unwrap().is_empty());
    db.close().await;
}
