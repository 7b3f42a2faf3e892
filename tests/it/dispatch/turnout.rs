//! Too few people: the office is told, once, when claiming is over.

use linli::dispatch::turnout::look;
use serde_json::json;

use crate::helpers::{Expect, TestApp, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_is_told_once_when_too_few_have_claimed() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let branch = app.members(&["李建国".into(), "赵敏".into()]).await;
    let few = json!({"publish": true, "min_turnout": 3, "claim_until": app.saturday(8)});
    let few = id(&office.post("/tasks", app.task_form(few).await).await.ok());
    let enough = json!({"publish": true, "min_turnout": 1, "starts_at": app.saturday(14), "ends_at": app.saturday(15)});
    let enough = id(&office.post("/tasks", app.task_form(enough).await).await.ok());
    app.open_task_at(&office, 3, (16, 17)).await;
    branch[0].claims(&few).await.ok();
    branch[1].claims(&enough).await.ok();
    assert_eq!(look(&app.state).await.unwrap(), 0, "claiming goes on");
    app.clock.set(app.saturday(8));
    assert_eq!(look(&app.state).await.unwrap(), 1);
    assert_eq!(look(&app.state).await.unwrap(), 0, "once");
    app.clock.set(app.saturday(18));
    assert_eq!(look(&app.state).await.unwrap(), 0);
    assert_eq!(app.words("task.short").await, ["已有 1 人接单，最少要 3 人"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_moves_has_another_chance() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let form = json!({"publish": true, "min_turnout": 2, "claim_until": app.saturday(8)});
    let task = id(&office.post("/tasks", app.task_form(form).await).await.ok());
    app.clock.set(app.saturday(8));
    assert_eq!(look(&app.state).await.unwrap(), 1);
    let office = app.office().await;
    let to = json!({"starts_at": app.saturday(14), "ends_at": app.saturday(16), "reconfirm_by": app.saturday(12)});
    office.post(&format!("/tasks/{task}/reschedule"), to).await.ok();
    assert_eq!(look(&app.state).await.unwrap(), 0);
    app.clock.set(app.saturday(13));
    assert_eq!(look(&app.state).await.unwrap(), 1);
}
