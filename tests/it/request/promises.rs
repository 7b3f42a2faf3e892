//! 服务承诺: working days by the calendar, and an inbox in the order of what presses.

use std::time::Duration;

use ::entity::At;
use linli::{kernel::Day, org::calendar::import_holidays};
use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp, WENHUA, id};

use super::{ask, asks};

const HOUR: Duration = Duration::from_secs(3600);
const YEAR_2026: &[u8] = include_bytes!("../../../data/holidays_2026.csv");

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn done_is_promised_in_working_days_by_the_calendar() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let settings = format!("/orgs/{}/settings", app.org_id(WENHUA).await);
    office.put(&settings, json!({"promise_done_days": 3})).await.ok();
    let posted_at = async |day: &str, hour: u32| {
        app.clock.set(day.parse::<Day>().unwrap().time(hour, 30));
        let wang = app.resident("王阿姨").await;
        wang.post("/requests", ask(&app).await).await.ok()["done_due"].clone()
    };
    let end = |day: &str| json!(day.parse::<Day>().unwrap().end());
    // Without a calendar weekends alone are off: Thursday, Friday, Monday.
    assert_eq!(posted_at("2026-09-30", 9).await, end("2026-10-05"));
    for _ in 0..2 {
        assert_eq!(import_holidays(&app.state.db, YEAR_2026).await.unwrap(), 39);
    }
    // The National Day holidays, and a Saturday worked instead: the 8th, 9th and 10th.
    assert_eq!(posted_at("2026-09-30", 9).await, end("2026-10-10"));
    // A minute before and a minute after midnight in Shanghai are two days.
    app.clock.set(At("2026-11-24".parse::<Day>().unwrap().start().ms() - 60_000));
    let wang = app.resident("王阿姨").await;
    let late = wang.post("/requests", ask(&app).await).await.ok();
    assert_eq!(late["done_due"], end("2026-11-26"), "posted on Monday the 23rd");
    app.advance(Duration::from_secs(120));
    let wang = app.resident("王阿姨").await;
    let early = wang.post("/requests", ask(&app).await).await.ok();
    assert_eq!(early["done_due"], end("2026-11-27"), "posted on Tuesday the 24th");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_inbox_shows_what_presses_first_page_by_page() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let first = asks(&app, &wang).await;
    app.advance(HOUR * 3);
    let wang = app.sign_in("王阿姨").await;
    let second = asks(&app, &wang).await;
    let mut urgent = ask(&app).await;
    urgent["urgent"] = json!(true);
    let urgent = wang.post("/requests", urgent).await.ok();
    assert!(urgent["notice"].as_str().unwrap().contains("120"), "{urgent}");
    let urgent = id(&urgent);
    let asked = asks(&app, &wang).await;
    let office = app.office().await;
    office.post(&format!("/requests/{asked}/ask"), json!({"question": "几楼？"})).await.ok();

    let ids = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(id).collect()
    };
    let order = vec![urgent.clone(), first.clone(), second.clone(), asked.clone()];
    assert_eq!(ids(&office.get("/requests?order=pressing").await.ok()), order);
    let mut walked = Vec::new();
    let mut next = String::new();
    loop {
        let page = office.get(&format!("/requests?order=pressing&limit=1{next}")).await.ok();
        walked.extend(ids(&page));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(walked, order, "nothing twice, nothing left out");

    // 24 hours are promised to a first answer.
    app.advance(HOUR * 18);
    let office = app.office().await;
    let at = async |level: &str| {
        ids(&office.get(&format!("/requests?order=pressing&level={level}")).await.ok())
    };
    assert_eq!(at("soon").await, std::slice::from_ref(&first));
    assert_eq!(at("on_time").await, [urgent.clone(), second.clone()]);
    app.advance(HOUR * 4);
    let office = app.office().await;
    let late = office.get("/requests?order=pressing&level=overdue").await.ok();
    assert_eq!(ids(&late), std::slice::from_ref(&first));
    assert_eq!(late["items"][0]["level"], "overdue");
    assert_eq!(late["items"][0]["due_at"], late["items"][0]["first_answer_due"]);
    assert_eq!(office.get(&format!("/requests/{asked}")).await.ok()["due_at"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_waits_for_its_writer_alone() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    assert_eq!(wang.get("/me/request-draft").await.ok()["draft"], Value::Null);
    for title in ["楼道", "楼道灯坏了"] {
        wang.put("/me/request-draft", json!({"title": title, "urgent": true})).await.ok();
    }
    let kept = wang.get("/me/request-draft").await.ok();
    assert_eq!(
        (&kept["draft"]["title"], &kept["draft"]["urgent"]),
        (&json!("楼道灯坏了"), &json!(true))
    );
    assert_eq!(office.get("/me/request-draft").await.ok()["draft"], Value::Null);
    assert!(!app.fingerprint(&[]).await.contains("楼道灯"), "it rests sealed");
    wang.delete("/me/request-draft").await.ok();
    assert_eq!(wang.get("/me/request-draft").await.ok()["draft"], Value::Null);
}
