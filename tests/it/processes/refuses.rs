//! What it does not start with, and in which words.

use std::fs;

use super::site;
use crate::helpers::{Stack, process::Site, servers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_on_the_same_sqlite_file_and_not_on_postgres() {
    let site = site().await;
    let first = site.serve(&[]).await;
    if Stack::from_env().postgres {
        let second = site.serve(&[]).await;
        assert_eq!(second.get("/ready").await.status, 200, "replicas share PostgreSQL");
        return;
    }
    let (code, said) = site.run(&["serve"]).await;
    assert_eq!(code, Some(1));
    let who = format!("pid {}", first.id());
    for words in ["SQLite 数据库正被另一个 linli 进程使用", &who, "请先停掉那个进程", "PostgreSQL"]
    {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }
    let (_, said) = site.run(&["doctor"]).await;
    assert!(said.contains(&who), "{said}");
    assert_eq!(first.get("/ready").await.status, 200, "the first goes on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_schema_until_it_may_migrate() {
    let site = Site::over(Stack::from_env().empty_database().await);
    let (code, said) = site.run(&["serve"]).await;
    assert_eq!(code, Some(1));
    assert!(
        said.contains("请先运行：linli migrate") && said.contains("m20261122_000001"),
        "{said}"
    );
    let linli = site.serve(&["--migrate"]).await;
    assert_eq!(linli.get("/ready").await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faulty_settings_every_one_named_at_once() {
    let mut site = site().await;
    site.set("HTTP__LISTEN", "somewhere");
    site.set("AUTH__ACCESS_MINUTES", "0");
    site.set("AUTH__SIGNING_KEYS", "one:c2hvcnQ=");
    site.set("CRYPTO__INDEX_KEY", "");
    site.set("WECHAT__APP_ID", "");
    let (code, said) = site.run(&["serve"]).await;
    assert_eq!(code, Some(1));
    for key in [
        "http.listen",
        "auth.access_minutes",
        "auth.signing_keys",
        "crypto.index_key",
        "wechat.app_id",
    ] {
        assert!(said.contains(key), "{key} is missing in:\n{said}");
    }
    assert!(!said.contains("c2hvcnQ="), "a key is not printed, not even a wrong one: {said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_does_not_exist_and_an_address_that_is_taken() {
    let mut site = site().await;
    let file = servers::folder("linli").join("misspelt.toml");
    fs::write(&file, "[http]\nlisten_on = \"127.0.0.1:1\"\n").unwrap();
    let (code, said) = site.run(&["serve", "--config", file.to_str().unwrap()]).await;
    assert!(code == Some(1) && said.contains("listen_on"), "{said}");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    site.set("HTTP__LISTEN", &address);
    let (code, said) = site.run(&["serve"]).await;
    assert!(code == Some(1) && said.contains(&format!("{address} 已被占用")), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_printed_in_the_repository_in_production() {
    let mut site = site().await;
    let test = include_str!("../../../config/test.toml");
    let key = |name: &str| {
        let line = test.lines().find(|line| line.starts_with(name)).unwrap();
        line.split('"').nth(1).unwrap().to_owned()
    };
    site.set("AUTH__SIGNING_KEYS", key("signing_keys"));
    site.set("AUTH__REFRESH_KEY", key("refresh_key"));
    let (code, said) = site.run(&["serve", "--env", "production"]).await;
    assert_eq!(code, Some(1), "{said}");
    for words in
        ["auth.signing_keys: an example key", "auth.refresh_key: an example key", "wechat.base_url"]
    {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }
}
