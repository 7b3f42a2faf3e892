//! 花名册导入 at its limits: twenty thousand people, a file that swells, a process that dies half-way.

use std::{
    io::{Cursor, Write},
    time::Duration,
};

use linli::{
    kernel::clock::{Stopwatch, pause},
    stage::Reply,
};
use reqwest::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::roster_import::{faults, faults_from, people, workbook};
use crate::helpers::{
    Expect, Person, Stack, TestApp, WENHUA,
    dump::texts,
    form,
    process::{Linli, Site},
    stack,
};

/// Sends what is long enough to be read behind the request and waits for what comes of it.
async fn import(who: &Person, org: &str, file: &[u8]) -> Value {
    let watch = Stopwatch::start();
    let sent = form::send(who, &format!("/orgs/{org}/imports"), form::of("a.xlsx", file)).await;
    assert_eq!(sent.status, 202, "{sent:?}");
    let mut import = sent.ok();
    let page = format!("/imports/{}", import["import_id"].as_str().unwrap());
    while import["state"] == "running" {
        assert!(watch.elapsed() < Duration::from_secs(120), "it goes on and on: {import}");
        pause(Duration::from_millis(50)).await;
        import = who.get(&page).await.ok();
    }
    import
}

fn counts(import: &Value) -> [i64; 4] {
    ["rows", "added", "changed", "unchanged"].map(|key| import[key].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_thousand_people_come_in_whole_or_not_at_all() {
    let app = TestApp::spawn().await;
    let (office, wenhua) = (app.office().await, app.org_id(WENHUA).await);
    let before = people(&app).await;
    let bad = import(&office, &wenhua, &workbook(20_000, Some(19_542)).unwrap()).await;
    assert_eq!(bad["state"], "refused");
    assert_eq!(
        faults(&bad),
        faults_from(19_542),
        "three rows of twenty thousand, by their numbers"
    );
    assert_eq!(people(&app).await, before, "not one of the good ones");

    let mended = workbook(20_000, None).unwrap();
    let good = import(&office, &wenhua, &mended).await;
    assert_eq!(counts(&good), [20_000, 20_000, 0, 0], "{}", good["errors"]);
    assert_eq!(people(&app).await, (before.0 + 20_000, before.1 + 20_000));
    let again = import(&office, &wenhua, &mended).await;
    assert_eq!(counts(&again), [20_000, 0, 0, 20_000], "{}", again["errors"]);
    assert_eq!(people(&app).await, (before.0 + 20_000, before.1 + 20_000));
}

/// A small file whose parts, each harmless, unpack to 200 MB.
fn bomb() -> Vec<u8> {
    let options = SimpleFileOptions::default();
    let mut seed = ZipWriter::new(Cursor::new(Vec::new()));
    seed.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    seed.write_all(&vec![b' '; 4 << 20]).unwrap();
    let mut seed = ZipArchive::new(seed.finish().unwrap()).unwrap();
    let mut bomb = ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..50 {
        let part = seed.by_index(0).unwrap();
        bomb.raw_copy_file_rename(part, format!("xl/worksheets/sheet{n}.xml")).unwrap();
    }
    bomb.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_swells_is_refused_and_the_service_goes_on() {
    let app = TestApp::spawn().await;
    let (office, wenhua) = (app.office().await, app.org_id(WENHUA).await);
    let (before, bomb) = (people(&app).await, bomb());
    assert!(bomb.len() < 1 << 20, "{} bytes", bomb.len());
    let refused = import(&office, &wenhua, &bomb).await;
    assert_eq!(refused["state"], "refused");
    assert_eq!(faults(&refused), [(0, String::new(), "file".to_owned())]);
    let told = refused["errors"][0]["message"].as_str().unwrap();
    assert!(told.contains("解开以后太大"), "{told}");
    assert_eq!(people(&app).await, before);
    office.get(&format!("/orgs/{wenhua}/members")).await.ok();
}

async fn send(linli: &Linli, token: &str, org: &str, file: &[u8]) -> Reply {
    let request = linli.request(Method::POST, &format!("/orgs/{org}/imports"), token);
    let sent = form::onto(request, form::of("a.xlsx", file)).send().await;
    Reply::read(sent.unwrap()).await.unwrap()
}

/// The import once `enough` of it.
async fn watch(linli: &Linli, token: &str, id: &str, enough: impl Fn(&Value) -> bool) -> Value {
    let watch = Stopwatch::start();
    loop {
        let request = linli.request(Method::GET, &format!("/imports/{id}"), token);
        let import = Reply::read(request.send().await.unwrap()).await.unwrap().ok();
        if enough(&import) {
            return import;
        }
        assert!(watch.elapsed() < Duration::from_secs(120), "it goes on and on: {import}");
        pause(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_whose_process_is_killed_has_stored_nobody_and_the_same_file_again_is_whole() {
    let on = Stack::from_env();
    let url = on.database().await;
    let app = TestApp::over(on, url.clone(), &[]).await;
    let wenhua = app.org_id(WENHUA).await;
    drop(app);
    let (site, file) = (Site::over(url.clone()), workbook(6_000, None).unwrap());
    let db = stack::open(&url).await;
    let people = async || {
        let count = "SELECT CAST(count(*) AS text) FROM person";
        texts(db.read(), count).await.remove(0).parse::<u64>().unwrap()
    };
    let before = people().await;

    let mut first = site.serve(&[]).await;
    let office = first.staff("wenhua").await;
    let begun = send(&first, &office, &wenhua, &file).await.ok();
    let id = begun["import_id"].as_str().unwrap();
    let state = watch(&first, &office, id, |one| one["checked"].as_i64() >= Some(4_000)).await;
    first.signal("KILL");
    assert!(!first.ended().await.success());
    assert_eq!((&state["state"], people().await), (&json!("running"), before));

    let second = site.serve(&[]).await;
    let office = second.staff("wenhua").await;
    send(&second, &office, &wenhua, &file).await.refused(409, "import.running");
    // Two minutes without a word.
    let silent = "UPDATE roster_import SET updated_at = updated_at - 121000";
    db.read().execute_unprepared(silent).await.unwrap();
    watch(&second, &office, id, |one| one["state"] == "failed").await;
    let again = send(&second, &office, &wenhua, &file).await.ok();
    let id = again["import_id"].as_str().unwrap();
    let done = watch(&second, &office, id, |one| one["state"] != "running").await;
    assert_eq!(counts(&done), [6_000, 6_000, 0, 0], "{}", done["errors"]);
    assert_eq!(people().await, before + 6_000);
    drop(second);
    db.close().await;
}
