//! 点单, whole: categories, asking for somebody else, promises, who looks after it, where it goes, how it ends.

mod behalf;
mod categories;
mod elsewhere;
mod owner;
mod photos;
mod promises;
mod silence;

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

/// What 王阿姨 asks for, at the house where she lives.
async fn ask(app: &TestApp) -> Value {
    json!({
        "org_id": app.org_id(WENHUA).await, "category": "维修", "title": "三单元楼道灯坏了",
        "detail": "晚上看不见台阶，老人容易摔倒",
        "place": {"name": "文化小区", "lat": 27.70123, "lng": 106.93871, "address": "文化路 8 号"},
    })
}

pub async fn asks(app: &TestApp, who: &Person) -> String {
    id(&who.post("/requests", ask(app).await).await.ok())
}

/// Dispatched, served and reported: from now on it waits for the resident's answer. Ends an hour later.
pub async fn is_done(app: &TestApp, request: &str, volunteer: &str) -> String {
    let hour = std::time::Duration::from_secs(3600);
    let (office, start) = (app.office().await, app.state.clock.now().plus(hour));
    let form =
        json!({"slots": 1, "starts_at": start, "ends_at": start.plus(hour), "publish": true});
    let task = id(&office.post(&format!("/requests/{request}/dispatch"), form).await.ok());
    let claim = id(&app.sign_in(volunteer).await.claims(&task).await.ok());
    app.advance(hour);
    let office = app.office().await;
    let code = office.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone();
    let volunteer = app.sign_in(volunteer).await;
    volunteer.post(&format!("/claims/{claim}/check-in"), json!({"code": code})).await.ok();
    office.post(&format!("/tasks/{task}/report"), json!({"words": "换好了"})).await.ok();
    app.settle().await;
    task
}

/// The kinds of fact on a request's timeline, as somebody sees them.
async fn told(who: &Person, request: &str) -> Vec<String> {
    let timeline = who.get(&format!("/requests/{request}/timeline")).await.ok();
    let items = timeline["items"].as_array().unwrap().iter();
    items.map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}
