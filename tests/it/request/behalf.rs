//! 代为点单: two people see it, whoever comes gets the right phone, and nobody else learns of it.

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, id};

use super::{ask, is_done, told};

const PHONE: &str = "13900007788";

async fn for_grandma(app: &TestApp, helper: &Person) -> String {
    let mut form = ask(app).await;
    let grandma = json!({"name": "钱奶奶", "phone": PHONE, "consent": "电话里亲口同意"});
    form["on_behalf_of"] = grandma;
    let asked = helper.post("/requests", form).await.ok();
    assert_eq!(asked["beneficiary"]["phone"], "139****7788");
    assert_eq!(asked["beneficiary"]["consent"], "电话里亲口同意");
    id(&asked)
}

/// The one it was asked for opens the app and proves the number.
async fn grandma(app: &TestApp) -> Person {
    let grandma = app.resident("钱奶奶").await;
    grandma.post("/me/phone", json!({"code": format!("dev:{PHONE}")})).await.ok();
    app.sign_in("钱奶奶").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_see_it_as_soon_as_the_number_is_proved_and_nobody_else_does() {
    let app = TestApp::spawn().await;
    let (helper, office) = (app.resident("小孙").await, app.office().await);
    let request = for_grandma(&app, &helper).await;
    let path = format!("/requests/{request}");
    let early = app.resident("钱奶奶").await;
    early.get(&path).await.refused(404, "not_found");

    let grandma = grandma(&app).await;
    assert_eq!(grandma.get(&path).await.ok()["beneficiary"]["name"], "钱奶奶");
    for list in ["/me/requests", "/requests?mine=true"] {
        assert_eq!(grandma.get(list).await.ok()["items"][0]["id"], json!(request), "{list}");
    }
    office.post(&format!("{path}/ask"), json!({"question": "几点在家？"})).await.ok();
    assert_eq!(told(&grandma, &request).await, told(&helper, &request).await);
    let desk = office.get(&path).await.ok();
    assert_eq!(desk["beneficiary"]["phone"], "139****7788", "the office sees it masked");

    let stranger = app.resident("过路人").await;
    stranger.get(&path).await.refused(404, "not_found");
    stranger.get(&format!("{path}/timeline")).await.refused(404, "not_found");
    let resting = app.fingerprint(&[]).await;
    assert!(!resting.contains(PHONE) && !resting.contains("亲口同意"), "it rests sealed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_timeline_of_the_one_it_is_for_holds_what_concerns_them_alone() {
    let app = TestApp::spawn().await;
    let helper = app.resident("小孙").await;
    let request = for_grandma(&app, &helper).await;
    let office = app.office().await;
    let form = json!({"slots": 1, "starts_at": app.saturday(9), "ends_at": app.saturday(10)});
    office.post(&format!("/requests/{request}/dispatch"), form).await.ok();
    let grandma = grandma(&app).await;
    let drafted = "task.drafted".to_owned();
    assert!(told(&office, &request).await.contains(&drafted));
    assert!(!told(&grandma, &request).await.contains(&drafted), "a draft is the office's own");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_gets_the_number_of_the_one_to_be_helped_and_the_first_answer_counts() {
    let app = TestApp::spawn().await;
    let (helper, _li) = (app.resident("小孙").await, app.member("李建国").await);
    helper.post("/me/phone", json!({"code": "dev:13900005566"})).await.ok();
    let helper = app.sign_in("小孙").await;
    let request = for_grandma(&app, &helper).await;
    let task = is_done(&app, &request, "李建国").await;
    let page = app.sign_in("李建国").await.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(page["contact"], json!({"name": "钱奶奶", "phone": PHONE}));

    let (grandma, helper) = (grandma(&app).await, app.sign_in("小孙").await);
    let path = format!("/requests/{request}/answer");
    let said = grandma.post(&path, json!({"verdict": "done", "stars": 5})).await.ok();
    assert_eq!(said["request"]["state"], "closed");
    helper.post(&path, json!({"verdict": "not_done"})).await.refused(409, "answer.exists");
    let seen = helper.get(&format!("/requests/{request}")).await.ok();
    assert_eq!(seen["history"][0]["verdict"], "done");
    assert_eq!(seen["history"][0]["words"], Value::Null);
}
