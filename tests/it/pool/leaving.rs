//! 退出: a seat given back is there for the next one, until it is too late to leave.

use std::time::Duration;

use serde_json::json;

use crate::helpers::{Expect, TestApp, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_released_seat_is_free_at_once_even_for_the_one_who_left() {
    let app = TestApp::spawn().await;
    let (office, li, zhao) =
        (app.office().await, app.member("李建国").await, app.member("赵敏").await);
    let task = app.posts(&office, json!({"slots": 1})).await;
    let claim = id(&li.claims(&task).await.ok());
    zhao.releases(&claim).await.refused(404, "not_found");
    zhao.claims(&task).await.refused(409, "task_full");
    assert_eq!(li.releases(&claim).await.status, 204);
    assert_eq!(li.releases(&claim).await.status, 204, "once more changes nothing");
    let page = office.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(page["filled"], 0);
    let again = id(&li.claims(&task).await.ok());
    assert_ne!(again, claim);
    li.releases(&again).await;
    zhao.claims(&task).await.ok();
    let mine = li.get("/me/claims").await.ok();
    let states: Vec<_> = mine["items"].as_array().unwrap().iter().map(|c| &c["state"]).collect();
    assert_eq!(states, ["released", "released"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_the_time_to_leave_one_calls_the_office() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let leave = app.state.clock.now().plus(Duration::from_secs(300));
    let task = app.posts(&office, json!({"leave_until": leave})).await;
    let claim = id(&li.claims(&task).await.ok());
    app.advance(Duration::from_millis(300_001));
    let refused = li.releases(&claim).await.refused(409, "leave_closed");
    assert_eq!(refused["leave_until"], json!(leave));
    assert_eq!(refused["detail"], "退出截止时间是 11月22日 10:05，现在请直接联系社区");
    assert_eq!(li.get(&format!("/claims/{claim}")).await.ok()["state"], "active");
}
