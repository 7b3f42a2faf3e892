//! People nearer than strangers: a fellow member, somebody who only asked for a place, somebody whose role has ended.

use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp, WENHUA, id};

use super::world::Ours;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_was_only_asked_for_opens_nothing() {
    let ours = Ours::live().await;
    let stranger = ours.other("a neighbour who belongs nowhere");
    for (org, kind) in [("branch", "home_branch"), ("community", "residence")] {
        let place = json!({"org_id": ours.row("orgs", org), "kind": kind});
        stranger.post("/me/memberships", place).await.ok();
    }
    stranger.put("/me", json!({"volunteer": true})).await.ok();
    assert_eq!(stranger.get("/tasks").await.ok()["items"], json!([]));
    let task = ours.row("tasks", "open");
    stranger.get(&format!("/tasks/{task}")).await.refused(404, "not_found");
    stranger.claims(task).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fellow_member_sees_the_task_and_nothing_of_the_others() {
    let ours = Ours::live().await;
    let sun = ours.who("孙立");
    let task = ours.row("tasks", "open");
    let page = sun.get(&format!("/tasks/{task}")).await.ok();
    for hidden in
        ["address", "contact", "notes", "place_name", "check_in_code", "request_id", "report"]
    {
        assert_eq!(page[hidden], Value::Null, "{hidden}");
    }
    for path in [
        format!("/tasks/{task}/roster"),
        format!("/tasks/{}", ours.row("tasks", "draft")),
        format!("/claims/{}", ours.row("claims", "held")),
        format!("/requests/{}", ours.row("requests", "given")),
        format!("/requests/{}/timeline", ours.row("requests", "given")),
        format!("/stories/{}", ours.row("stories", "sketch")),
    ] {
        sun.get(&path).await.refused(404, "not_found");
    }
    // 孙立 is shown in this one, and asked about it.
    let waiting = format!("/stories/{}", ours.row("stories", "waiting"));
    ours.who("李建国").get(&waiting).await.refused(404, "not_found");
    sun.delete(&format!("/claims/{}", ours.row("claims", "held"))).await.refused(404, "not_found");
    assert_eq!(sun.get("/requests").await.ok()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_taken_back_stops_working_at_once() {
    let app = TestApp::spawn().await;
    let (operator, wang) = (app.staff("operator").await, app.resident("王阿姨").await);
    let community = app.org_id(WENHUA).await;
    let ask = json!({"org_id": community, "category": "维修", "title": "楼道灯坏了", "detail": "三单元二楼的灯不亮"});
    let request = id(&wang.post("/requests", ask).await.ok());
    let account = json!({"username": "wenhua9", "name": "小何", "password": "linli-test-2026"});
    let roles = format!("/orgs/{community}/roles");
    let grant = json!({"account": account, "role": "dispatcher"});
    let grant = id(&operator.post(&roles, grant).await.ok());
    let office = app.staff("wenhua9").await;
    let path = format!("/requests/{request}");
    assert_eq!(office.get("/requests").await.ok()["items"][0]["id"], request);
    office.get(&path).await.ok();

    operator.delete(&format!("{roles}/{grant}")).await.ok();
    let before = app.fingerprint(&[]).await;
    office.get(&path).await.refused(404, "not_found");
    assert_eq!(office.get("/requests").await.ok()["items"], json!([]));
    let reason = json!({"reason": "不受理"});
    office.post(&format!("{path}/decline"), reason).await.refused(403, "auth.forbidden");
    office.get(&format!("/orgs/{community}/members")).await.refused(403, "auth.forbidden");
    operator.delete(&format!("{roles}/{grant}")).await.refused(404, "not_found");
    before.assert_same(&app.fingerprint(&[]).await, "a role taken back");
}
