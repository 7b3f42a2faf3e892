//! 全国区划: an import that is killed half-way leaves nothing behind, and the next one makes the tree whole.

use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use crate::helpers::{Stack, dump::texts, process::Site, stack};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_killed_half_way_leaves_nothing_and_the_next_one_is_whole() {
    let url = Stack::from_env().empty_database().await;
    let site = Site::over(url.clone());
    assert_eq!(site.run(&["migrate"]).await.0, Some(0));
    let folder = tempfile::tempdir().unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/country");
    let tree = Command::new(script).arg("12").output().unwrap().stdout;
    let rows = tree.iter().filter(|byte| **byte == b'\n').count() - 1;
    let file = folder.path().join("country.csv");
    std::fs::write(&file, tree).unwrap();
    let import = ["import", "orgs", file.to_str().unwrap()];

    let mut killed = site.command(&import).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(killed.stderr.take().unwrap()).lines();
    assert!(said.next().unwrap().unwrap().contains("50000"), "it tells how far it is");
    killed.kill().unwrap();
    killed.wait().unwrap();
    let db = stack::open(&url).await;
    let count = async |sql: &str| texts(db.read(), sql).await.remove(0);
    const ALL: &str = "SELECT CAST(count(*) AS text) FROM org";
    assert_eq!(count(ALL).await, "0");

    let (code, told) = site.run(&import).await;
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(count(ALL).await, rows.to_string());
    let astray = "SELECT CAST(count(*) AS text) FROM org JOIN org above ON org.parent_id = above.id \
                  WHERE substr(org.path, 1, length(above.path)) <> above.path";
    assert_eq!(count(astray).await, "0");
    let (_, told) = site.run(&import).await;
    assert!(told.contains("新增 0 个"), "{told}");
    db.close().await;
}
