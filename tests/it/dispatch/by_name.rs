//! A task for one branch, and a task for named people: others do not even know of it.

use redis::AsyncCommands;
use serde_json::json;

use super::ids;
use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, WENHUA, id, servers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_for_named_people_is_theirs_alone() {
    let app = TestApp::spawn().await;
    let (office, li, zhao) =
        (app.office().await, app.member("李建国").await, app.member("赵敏").await);
    let form = json!({"audience": {"people": [li.id, li.id]}, "publish": true, "slots": 2});
    let task = office.post("/tasks", app.task_form(form).await).await.ok();
    assert_eq!((&task["named"], &task["people"][0]["name"]), (&json!(true), &json!("李建国")));
    let task = id(&task);
    let open = app.open_task_at(&office, 3, (14, 15)).await;
    app.settle().await;
    assert_eq!(li.get("/inbox").await.ok()["items"][0]["title"], "社区点名请您帮忙");
    assert_eq!(zhao.get("/inbox").await.ok()["items"], json!([]));
    for _ in 0..2 {
        assert_eq!(ids(&li.get("/tasks").await.ok()), [task.as_str(), &open]);
        assert_eq!(ids(&zhao.get("/tasks").await.ok()), [open.as_str()]);
        zhao.get(&format!("/tasks/{task}")).await.refused(404, "not_found");
        zhao.claims(&task).await.refused(404, "not_found");
    }
    assert_eq!(li.get(&format!("/tasks/{task}")).await.ok()["people"], json!([]), "not who else");
    let claim = id(&li.claims(&task).await.ok());
    app.settle().await;
    assert_eq!(ids(&zhao.get("/tasks").await.ok()), [open.as_str()]);
    li.releases(&claim).await;
    app.settle().await;
    if app.state.redis.is_some() {
        let client = redis::Client::open(servers::redis()).unwrap();
        let mut line = client.get_multiplexed_async_connection().await.unwrap();
        let keys: Vec<String> =
            line.keys(format!("*card:{}*", task.replace('-', ""))).await.unwrap();
        assert_eq!(keys, [""; 0], "the board has no card of it");
        let pools: Vec<String> = line.keys("*:open").await.unwrap();
        for pool in pools {
            let held: Vec<String> = line.zrange(&pool, 0, -1).await.unwrap();
            assert!(!held.contains(&task.replace('-', "")), "{pool}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_named_belongs_to_the_ring_and_a_draft_may_name_others() {
    let app = TestApp::spawn().await;
    let (office, li, zhao) =
        (app.office().await, app.member("李建国").await, app.member("赵敏").await);
    let far = app.members_of(OTHER_COMMUNITY, &["周敏".to_owned()]).await.remove(0);
    let form = app.task_form(json!({"audience": {"people": [li.id, far.id]}})).await;
    office.post("/tasks", form).await.refused_field("audience.people", "value");

    let form = app.task_form(json!({"audience": {"people": [li.id]}})).await;
    let task = id(&office.post("/tasks", form).await.ok());
    let put = office.request(reqwest::Method::PUT, &format!("/tasks/{task}"));
    let form = app.task_form(json!({"audience": {"people": [zhao.id]}, "publish": true})).await;
    let reply = office.send(put.header("If-Match", "1").json(&form)).await.unwrap().ok();
    assert_eq!(reply["people"][0]["name"], "赵敏");
    app.settle().await;
    li.claims(&task).await.refused(404, "not_found");
    zhao.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_for_one_branch_shows_there_and_not_in_the_next() {
    let app = TestApp::spawn().await;
    let (office, leader, li) =
        (app.office().await, app.staff("leader").await, app.member("李建国").await);
    let first = app.branch_id(WENHUA).await;
    let second =
        json!({"parent_id": app.org_id(WENHUA).await, "kind": "branch", "name": "第二党支部"});
    let second = id(&leader.post("/orgs", second).await.ok());
    let mine = json!({"audience": {"org_id": first}, "publish": true});
    let mine = id(&office.post("/tasks", app.task_form(mine).await).await.ok());
    let theirs = json!({"audience": {"org_id": second}, "publish": true});
    let theirs = id(&office.post("/tasks", app.task_form(theirs).await).await.ok());
    app.settle().await;
    assert_eq!(ids(&li.get("/tasks").await.ok()), [mine.as_str()]);
    li.claims(&theirs).await.refused(404, "not_found");
    li.claims(&mine).await.ok();
    let foreign = app.branch_id(OTHER_COMMUNITY).await;
    let form = app.task_form(json!({"audience": {"org_id": foreign}})).await;
    office.post("/tasks", form).await.refused_field("audience.org_id", "value");
}
