//! The first screen, in one call.

use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp, WENHUA, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_screen_shows_each_what_concerns_them() {
    let app = TestApp::spawn().await;
    let (wang, li, office) =
        (app.resident("王阿姨").await, app.member("李建国").await, app.office().await);
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "维修", "title": "楼道灯坏了",
        "detail": "三单元二楼的灯不亮"});
    let request = id(&wang.post("/requests", ask).await.ok());
    let late = app.open_task_at(&office, 3, (14, 16)).await;
    let early = app.open_task_at(&office, 3, (9, 11)).await;
    li.claims(&late).await.ok();
    li.claims(&early).await.ok();
    app.settle().await;

    let hers = wang.get("/home").await.ok();
    assert_eq!(hers["user"]["name"], "王阿姨");
    assert_eq!(hers["requests"][0]["id"], request);
    assert_eq!((&hers["offered"], &hers["inbox"]), (&json!([]), &Value::Null));

    let his = li.get("/home").await.ok();
    let next: Vec<_> = his["next"].as_array().unwrap().iter().map(|c| &c["task_id"]).collect();
    assert_eq!(next, [&json!(early), &json!(late)], "the soonest first");
    assert_eq!(his["offered"][0]["refusal"]["code"], "already_claimed");

    let desk = office.get("/home").await.ok();
    assert_eq!(desk["inbox"], json!({"waiting": 1, "overdue": 0}));
    app.advance(std::time::Duration::from_secs(25 * 3600));
    let desk = app.office().await.get("/home").await.ok();
    assert_eq!(desk["inbox"], json!({"waiting": 1, "overdue": 1}), "a day without an answer");
}
