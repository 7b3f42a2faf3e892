//! 减负投诉: heard one level above the org it is about, and never by that org.

use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp, WENHUA, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_complaint_is_answered_from_above_and_never_seen_by_whom_it_is_about() {
    let app = TestApp::spawn().await;
    let (wang, office, leader) =
        (app.resident("王阿姨").await, app.office().await, app.staff("leader").await);
    let wenhua = app.org_id(WENHUA).await;
    let words = "每次巡查都要拍照打卡三遍，还要截图发群";
    let complaint = json!({"org_id": wenhua, "about": "burden", "words": words, "anonymous": true});
    let filed = id(&wang.post("/complaints", complaint.clone()).await.ok());

    for inside in [&office, &app.staff("secretary").await] {
        assert_eq!(inside.get("/complaints").await.ok()["items"], json!([]));
        let path = format!("/complaints/{filed}/answer");
        inside.post(&path, json!({"words": "收到"})).await.refused(404, "not_found");
    }
    let shown = leader.get(&format!("/complaints?org_id={wenhua}&state=open")).await.ok();
    let item = &shown["items"][0];
    assert_eq!((&item["words"], &item["from"]), (&json!(words), &Value::Null));
    let text = shown.to_string();
    assert!(!text.contains("王阿姨") && !text.contains(&wang.id.to_string()), "{text}");

    let answer = format!("/complaints/{filed}/answer");
    leader.post(&answer, json!({"words": "已要求社区取消拍照打卡"})).await.ok();
    let again = leader.post(&answer, json!({"words": "再答一次"})).await;
    again.refused(409, "state.conflict");
    let mine = wang.get("/me/complaints").await.ok();
    assert_eq!(mine["items"][0]["answer"], "已要求社区取消拍照打卡");
    assert_eq!(app.resident("李大爷").await.get("/me/complaints").await.ok()["items"], json!([]));

    let mut signed = complaint;
    signed["anonymous"] = json!(false);
    wang.post("/complaints", signed).await.ok();
    assert_eq!(leader.get("/complaints").await.ok()["items"][0]["from"], "王阿姨");
    assert_eq!(office.get("/complaints").await.ok()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_answers_their_own_and_the_highest_org_has_nobody_above() {
    let app = TestApp::spawn().await;
    let leader = app.staff("leader").await;
    let own =
        json!({"org_id": app.org_id(WENHUA).await, "about": "other", "words": "自己投诉自己答"});
    let own = id(&leader.post("/complaints", own).await.ok());
    let answer = leader.post(&format!("/complaints/{own}/answer"), json!({"words": "很好"})).await;
    answer.refused(404, "not_found");
    let top =
        json!({"org_id": app.org_id("52").await, "about": "other", "words": "省里也有形式主义"});
    leader.post("/complaints", top).await.refused_field("org_id", "value");
}
