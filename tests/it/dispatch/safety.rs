//! 安全要求: what the category of a request asks, its tasks keep to, from the draft to the last change of seats.

use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, Reply, TestApp, WENHUA, id};

/// A request of a category that sends two people, and the path to dispatch it.
async fn asked(app: &TestApp, office: &Person) -> String {
    let care = json!({"name": "助老", "two_people": true, "insurance_note": "已投志愿者意外险"});
    office.post(&format!("/orgs/{}/categories", app.org_id(WENHUA).await), care).await.ok();
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪同复查",
        "detail": "行走不便", "place": {"name": "文化小区", "address": "文化路 8 号"}});
    let wang = app.resident("王阿姨").await;
    format!("/requests/{}/dispatch", id(&wang.post("/requests", ask).await.ok()))
}

fn form(app: &TestApp, lead: Option<&Person>, slots: i32) -> Value {
    json!({"slots": slots, "lead_id": lead.map(|lead| lead.id), "starts_at": app.saturday(9),
        "ends_at": app.saturday(11)})
}

async fn rewrites(office: &Person, task: &str, rev: i64, form: &Value) -> Reply {
    let request = office.request(Method::PUT, &format!("/tasks/{task}"));
    office.send(request.header("If-Match", rev.to_string()).json(form)).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_two_go_together_there_are_two_seats_and_a_lead_from_the_draft_on() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let path = asked(&app, &office).await;
    let before = app.fingerprint(&[]).await;
    office.post(&path, form(&app, Some(&li), 1)).await.refused_field("slots", "range");
    office.post(&path, form(&app, None, 2)).await.refused_field("lead_id", "required");
    before.assert_same(&app.fingerprint(&[]).await, "a refusal");

    let task = id(&office.post(&path, form(&app, Some(&li), 2)).await.ok());
    rewrites(&office, &task, 1, &form(&app, Some(&li), 1)).await.refused_field("slots", "range");
    office.does(&format!("/tasks/{task}/publish")).await.ok();
    let unled = rewrites(&office, &task, 1, &form(&app, None, 2)).await;
    unled.refused_field("lead_id", "required");
    let resize = format!("/tasks/{task}/resize");
    office.post(&resize, json!({"slots": 3})).await.ok();
    office.post(&resize, json!({"slots": 1})).await.refused_field("slots", "range");
    assert_eq!(office.get(&format!("/tasks/{task}")).await.ok()["slots"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_may_come_reads_what_keeps_people_safe_before_they_claim() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let zhao = app.member("赵敏").await;
    let path = asked(&app, &office).await;
    let mut open = form(&app, Some(&li), 2);
    open["publish"] = json!(true);
    let task = id(&office.post(&path, open).await.ok());
    app.settle().await;
    let asks = json!({"two_people": true, "adult_with_minors": false,
        "insurance_note": "已投志愿者意外险"});
    assert_eq!(zhao.get("/tasks").await.ok()["items"][0]["safety"], asks, "on the card");
    let page = zhao.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(page["safety"], asks, "and on the page");
    let claim = zhao.claims(&task).await.ok();
    assert_eq!(claim["task"]["safety"], asks, "and with the claim");

    // The community's own plans have no category.
    let plan = app.task_form(json!({"publish": true, "slots": 1})).await;
    assert_eq!(office.post("/tasks", plan).await.ok()["safety"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_category_says_anew_stands_on_the_cards_of_its_tasks() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let path = asked(&app, &office).await;
    let mut open = form(&app, Some(&li), 2);
    open["publish"] = json!(true);
    office.post(&path, open).await.ok();
    app.settle().await;
    let card = async || li.get("/tasks").await.ok()["items"][0]["safety"].clone();
    assert_eq!(card().await["insurance_note"], "已投志愿者意外险");
    let here = format!("/orgs/{}/categories", app.org_id(WENHUA).await);
    let category = id(&app.get(&format!("/api/v1{here}")).await.ok()["items"][0]);
    let anew = json!({"name": "助老", "two_people": true, "insurance_note": "每次出发前登记"});
    office.put(&format!("/categories/{category}"), anew).await.ok();
    app.settle().await;
    assert_eq!(card().await["insurance_note"], "每次出发前登记");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_keeps_to_the_rules_of_the_task_it_was_made_from() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let path = asked(&app, &office).await;
    let task = id(&office.post(&path, form(&app, Some(&li), 2)).await.ok());
    let again = json!({"starts_at": app.saturday(14)});
    let copy = office.post(&format!("/tasks/{task}/copy"), again).await.ok();
    assert_eq!((&copy["request_id"], &copy["safety"]["two_people"]), (&Value::Null, &json!(true)));
    let copy = id(&copy);
    let mut anew = form(&app, Some(&li), 1);
    anew["title"] = json!("陪同复查");
    rewrites(&office, &copy, 1, &anew).await.refused_field("slots", "range");
    let again = json!({"starts_at": app.saturday(15)});
    let second = id(&office.post(&format!("/tasks/{copy}/copy"), again).await.ok());
    office.does(&format!("/tasks/{second}/publish")).await.ok();

    // Whoever led has left the community: the copy waits for another lead before it opens.
    for led in [&task, &copy, &second] {
        let reason = json!({"reason": "带队人搬走了"});
        office.post(&format!("/tasks/{led}/cancel"), reason).await.ok();
    }
    app.settle().await;
    let leaves = li.request(Method::DELETE, "/me").header("Confirm-Leaving", "yes");
    assert_eq!(li.send(leaves).await.unwrap().status, 204);
    let again = json!({"starts_at": app.saturday(16)});
    let third = office.post(&format!("/tasks/{copy}/copy"), again).await.ok();
    assert_eq!(third["lead"], Value::Null);
    let publish = format!("/tasks/{}/publish", id(&third));
    office.does(&publish).await.refused_field("lead_id", "required");
}
