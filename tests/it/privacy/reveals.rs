//! 查看原文: by whom, why, how often; and in the chain before the value is told.

use std::time::Duration;

use serde_json::{Value, json};

use super::texts;
use crate::helpers::{Expect, OTHER_COMMUNITY, Person, Reply, Stack, TestApp, WENHUA, dump};

async fn member(app: &TestApp) -> String {
    let (secretary, branch) = (app.staff("secretary").await, app.branch_id(WENHUA).await);
    let row = json!({"name": "欧阳建国", "phone": "13987654321"});
    let row = secretary.post(&format!("/orgs/{branch}/members"), row).await.ok();
    assert!(!row.to_string().contains("建国") && row["phone"] == "139****4321", "{row}");
    row["person_id"].as_str().unwrap().to_owned()
}

async fn asks(who: &Person, person: &str, field: &str) -> Reply {
    let form = json!({"field": field, "reason": "通知支部换届时间"});
    who.post(&format!("/people/{person}/reveal"), form).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_keeps_the_roster_sees_one_field_and_leaves_a_line() {
    let app = TestApp::spawn().await;
    let person = member(&app).await;
    let secretary = app.staff("secretary").await;
    let reply = asks(&secretary, &person, "phone").await;
    assert_eq!(reply.headers["cache-control"], "no-store");
    assert_eq!(reply.ok()["value"], "13987654321");
    assert_eq!(asks(&secretary, &person, "real_name").await.ok()["value"], "欧阳建国");

    let leader = app.staff("leader").await;
    let lines = leader.get(&format!("/audit?subject_id={person}")).await.ok();
    assert_eq!(texts(&lines, "action"), ["person.revealed", "person.revealed"]);
    let line = &lines["items"][0];
    assert_eq!(
        (&line["actor_id"], &line["why"]),
        (&json!(secretary.id), &json!("通知支部换届时间"))
    );
    assert_eq!(line["actor_name"], "李书记");

    let before = app.fingerprint(&[]).await;
    asks(&app.staff("maocaopu").await, &person, "phone").await.refused(404, "not_found");
    asks(&app.resident("王阿姨").await, &person, "phone").await.refused(403, "auth.forbidden");
    let short = json!({"field": "phone", "reason": "看看"});
    let path = format!("/people/{person}/reveal");
    secretary.post(&path, short).await.refused_field("reason", "length");
    let after = app.fingerprint(&[]).await;
    assert_eq!(before.count("audit_entry"), after.count("audit_entry"), "a refusal shows nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_sees_the_phone_of_who_asked_it_for_help_and_no_other() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    wang.post("/me/phone", json!({"code": "dev:13987654321"})).await.ok();
    let (office, person) = (app.office().await, wang.id.to_string());
    asks(&office, &person, "phone").await.refused(404, "not_found");
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "维修", "title": "灯坏了",
        "detail": "三单元的灯不亮"});
    wang.post("/requests", ask).await.ok();
    assert_eq!(asks(&office, &person, "phone").await.ok()["value"], "13987654321");
    assert_eq!(asks(&office, &person, "real_name").await.ok()["value"], Value::Null);
    let other = app.staff("maocaopu").await;
    asks(&other, &person, "phone").await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looks_are_counted_and_begin_anew_at_midnight_in_shanghai() {
    let on = Stack::from_env();
    let few = [("privacy.reveals_per_day", "3".to_owned())];
    let app = TestApp::over(on, on.database().await, &few).await;
    let person = member(&app).await;
    app.clock.set(app.saturday(23));
    let secretary = app.staff("secretary").await;
    let at_once =
        futures_util::future::join_all((0..6).map(|_| asks(&secretary, &person, "phone")));
    let seen = at_once.await.iter().filter(|reply| reply.is_success()).count();
    assert_eq!(seen, 3, "six asked at once, three are allowed");
    asks(&secretary, &person, "phone").await.refused(429, "reveal.used_up");
    let lines = dump::rows(app.state.db.read(), "audit_entry").await;
    assert_eq!(lines.iter().filter(|line| line.contains("person.revealed")).count(), 3);
    app.advance(Duration::from_secs(3600));
    let secretary = app.staff("secretary").await;
    asks(&secretary, &person, "phone").await.ok();
    asks(&app.staff("maocaopu").await, &app.org_id(OTHER_COMMUNITY).await, "phone")
        .await
        .refused(404, "not_found");
}
