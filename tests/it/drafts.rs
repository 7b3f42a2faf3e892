//! A draft is the office's own until it is published: nobody else sees it, and writing it anew loses nobody's words.

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, Reply, TestApp, WENHUA, id};

async fn form(app: &TestApp, title: &str) -> Value {
    json!({
        "org_id": app.org_id(WENHUA).await, "title": title, "slots": 3,
        "starts_at": app.saturday(9), "ends_at": app.saturday(11),
    })
}

async fn rewrites(office: &Person, task: &str, rev: i64, form: &Value) -> Reply {
    let request = office.request(reqwest::Method::PUT, &format!("/tasks/{task}"));
    office.send(request.header("If-Match", rev.to_string()).json(form)).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_written_anew_until_it_is_published() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = id(&office.post("/tasks", form(&app, "楼道清理").await).await.ok());
    app.settle().await;
    li.get(&format!("/tasks/{task}")).await.refused(404, "not_found");
    li.claims(&task).await.refused(404, "not_found");

    let mut again = form(&app, "楼道大清理").await;
    again["slots"] = json!(5);
    let rewritten = rewrites(&office, &task, 1, &again).await.ok();
    assert_eq!((&rewritten["title"], &rewritten["slots"]), (&json!("楼道大清理"), &json!(5)));
    assert_eq!(rewritten["rev"], 2);
    let late = rewrites(&office, &task, 1, &again).await.refused(409, "task.edited");
    assert_eq!(late["rev"], 2, "somebody wrote in between");
    let blind = office.put(&format!("/tasks/{task}"), again.clone()).await;
    blind.refused_field("If-Match", "required");

    office.does(&format!("/tasks/{task}/publish")).await.ok();
    let same = rewrites(&office, &task, 2, &again).await.ok();
    assert_eq!((&same["rev"], &same["state"]), (&json!(2), &json!("open")), "nothing to change");
    office.does(&format!("/tasks/{task}/publish")).await.refused(409, "state.conflict");
    li.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_whose_time_has_passed_can_be_given_another() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let task = id(&office.post("/tasks", form(&app, "楼道清理").await).await.ok());
    app.clock.set(app.saturday(10));
    let office = app.office().await;
    office.does(&format!("/tasks/{task}/publish")).await.refused(409, "state.conflict");
    let mut later = form(&app, "楼道清理").await;
    later["starts_at"] = json!(app.saturday(14));
    later["ends_at"] = json!(app.saturday(16));
    later["publish"] = json!(true);
    assert_eq!(rewrites(&office, &task, 1, &later).await.ok()["state"], "open");
}
