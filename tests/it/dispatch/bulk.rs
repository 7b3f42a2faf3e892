//! Many tasks at once: each by itself, and under one key no more than once.

use linli::stage::fresh_key;
use serde_json::{Value, json};

use super::ids;
use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_task_is_done_or_refused_by_itself() {
    let app = TestApp::spawn().await;
    let (office, far) = (app.office().await, app.staff("maocaopu").await);
    let mut drafts = Vec::new();
    for _ in 0..2 {
        drafts.push(id(&office.post("/tasks", app.task_form(Value::Null).await).await.ok()));
    }
    let open = app.open_task(&office, 3).await;
    let form = app.task_form(json!({"org_id": app.org_id(OTHER_COMMUNITY).await})).await;
    let foreign = id(&far.post("/tasks", form).await.ok());
    let form =
        json!({"ids": [drafts[0], open, foreign, drafts[1], drafts[0]], "action": "publish"});
    let done = office.post("/tasks/bulk", form).await.ok();
    let told = |line: &Value| (line["ok"] == true, line["code"].as_str().map(ToOwned::to_owned));
    let all: Vec<_> = done["items"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        all,
        [
            (true, None),
            (false, Some("state.conflict".into())),
            (false, Some("not_found".into())),
            (true, None)
        ]
    );
    assert!(done["items"][1]["message"].as_str().unwrap().contains("开放接单"));
    assert_eq!(far.get(&format!("/tasks/{foreign}")).await.ok()["state"], "draft");
    let only = json!({"ids": [foreign], "action": "cancel", "reason": "下雨"});
    office.post("/tasks/bulk", only).await.refused(404, "not_found");
    let rain = json!({"ids": [drafts[0], open], "action": "cancel", "reason": "下雨"});
    office.post("/tasks/bulk", rain).await.ok();
    assert_eq!(office.get(&format!("/tasks/{open}")).await.ok()["reason"], "下雨");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_week_is_copied_once_under_one_key() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (one, two) =
        (app.open_task(&office, 3).await, app.open_task_at(&office, 4, (14, 16)).await);
    let (key, form) = (fresh_key(), json!({"ids": [one, two], "action": "copy_next_week"}));
    let first = office.post_keyed("/tasks/bulk", &key, &form).await.ok();
    let again = office.post_keyed("/tasks/bulk", &key, &form).await.ok();
    assert_eq!(first, again);
    assert_eq!(ids(&office.get("/tasks?scope=office").await.ok()).len(), 4);
    let copy = first["items"][0]["copy_id"].as_str().unwrap();
    let copy = office.get(&format!("/tasks/{copy}")).await.ok();
    assert_eq!(
        (&copy["state"], copy["starts_at"].as_str().unwrap()),
        (&json!("draft"), "2026-12-05T09:00:00+08:00")
    );
    let other = json!({"ids": [one], "action": "cancel", "reason": "下雨"});
    office.post_keyed("/tasks/bulk", &key, &other).await.refused(422, "idempotency.mismatch");
}
