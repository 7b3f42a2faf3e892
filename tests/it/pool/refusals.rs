//! Each reason against a claim: the card says it before the tap in the words the refusal says after it.

use std::time::Duration;

use ::entity::At;
use linli::kernel::Day;
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const MINUTE: Duration = Duration::from_secs(60);

/// The card, the page and the refusal of a claim say the same; answers the refusal.
async fn told(who: &Person, task: &str, code: &str, words: &str) -> Value {
    let list = who.get("/tasks").await.ok();
    let card = list["items"].as_array().unwrap().iter().find(|card| card["id"] == task);
    let page = who.get(&format!("/tasks/{task}")).await.ok();
    for before in card.into_iter().chain([&page]) {
        assert_eq!(before["can_claim"], false, "{before}");
        assert_eq!(before["refusal"], json!({"code": code, "message": words}));
    }
    // What can no longer be claimed by anybody has left the list.
    assert_eq!(card.is_none(), code == "task_closed", "{list}");
    let reply = who.claims(task).await;
    let status =
        if ["not_in_audience", "needs_skill", "needs_phone"].contains(&code) { 403 } else { 409 };
    let refused = reply.refused(status, code);
    assert_eq!(refused["detail"], words);
    refused
}

async fn set(app: &TestApp, office: &Person, settings: Value) {
    let path = format!("/orgs/{}/settings", app.org_id(WENHUA).await);
    office.put(&path, settings).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_claim_sees_no_reason_against_it() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.posts(&office, json!({})).await;
    let card = &li.get("/tasks").await.ok()["items"][0];
    assert_eq!((&card["can_claim"], &card["refusal"]), (&json!(true), &Value::Null));
    let claim = li.claims(&task).await.ok();
    assert_eq!((&claim["state"], &claim["task"]["filled"]), (&json!("active"), &json!(1)));
    told(&li, &task, "already_claimed", "您已经接了这个任务").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_task() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.posts(&office, json!({"slots": 1})).await;
    li.claims(&task).await.ok();
    app.settle().await;
    told(&app.member("赵敏").await, &task, "task_full", "名额已满").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_whose_time_to_claim_is_over_or_that_was_called_off() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let until = app.state.clock.now().plus(5 * MINUTE);
    let late = app.posts(&office, json!({"claim_until": until})).await;
    let off = app
        .posts(&office, json!({"starts_at": app.saturday(14), "ends_at": app.saturday(15)}))
        .await;
    office.post(&format!("/tasks/{off}/cancel"), json!({"reason": "下雨"})).await.ok();
    app.settle().await;
    told(&li, &off, "task_closed", "已停止接单").await;
    app.advance(5 * MINUTE - Duration::from_millis(1));
    let card = &li.get("/tasks").await.ok()["items"][0];
    assert_eq!((&card["id"], &card["can_claim"]), (&json!(late), &json!(true)));
    app.advance(Duration::from_millis(1));
    told(&li, &late, "task_closed", "已停止接单").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_is_not_open_yet() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let opens = app.state.clock.now().plus(5 * MINUTE);
    let task = app.posts(&office, json!({"opens_at": opens})).await;
    let refused = told(&li, &task, "opens_at", "11月22日 10:05 开放接单").await;
    assert_eq!(refused["opens_at"], json!(opens));
    app.advance(5 * MINUTE);
    li.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_whose_place_is_not_confirmed_or_who_is_no_member() {
    let app = TestApp::spawn().await;
    let (office, wang) = (app.office().await, app.resident("王阿姨").await);
    let place = json!({"org_id": app.org_id(WENHUA).await, "kind": "residence"});
    let asked = id(&wang.post("/me/memberships", place).await.ok());
    let audience = json!({"audience": {"volunteers": true}});
    let task = app.posts(&office, audience).await;
    let closed = "这个任务没有向您开放";
    wang.claims(&task).await.refused(404, "not_found");
    office.does(&format!("/memberships/{asked}/confirm")).await.ok();
    told(&wang, &task, "not_in_audience", closed).await;
    wang.put("/me", json!({"volunteer": true})).await.ok();
    set(&app, &office, json!({"volunteers_may_claim": false})).await;
    told(&wang, &task, "not_in_audience", closed).await;
    set(&app, &office, json!({"volunteers_may_claim": null})).await;
    wang.claims(&task).await.ok();
    let for_members = json!({"starts_at": app.saturday(14), "ends_at": app.saturday(15)});
    let for_members = app.posts(&office, for_members).await;
    told(&wang, &for_members, "not_in_audience", closed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_lacks_a_skill() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.posts(&office, json!({"skills": ["急救", "驾驶"]})).await;
    let refused = told(&li, &task, "needs_skill", "这个任务需要：急救、驾驶").await;
    assert_eq!(refused["missing"], json!(["急救", "驾驶"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_without_a_phone_where_the_org_asks_for_one() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.posts(&office, json!({})).await;
    set(&app, &office, json!({"phone_required": true})).await;
    told(&li, &task, "needs_phone", "接单前请先绑定手机号").await;
    li.post("/me/phone", json!({"code": "dev:13900001234"})).await.ok();
    li.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_tasks_at_one_time_and_the_way_between_them() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let first = app.posts(&office, json!({})).await;
    let (soon, noon) = (app.saturday(11).plus(29 * MINUTE), app.saturday(12));
    let near = app.posts(&office, json!({"starts_at": soon, "ends_at": noon})).await;
    let fits = app.posts(&office, json!({"starts_at": soon.plus(MINUTE), "ends_at": noon})).await;
    li.claims(&first).await.ok();
    let words = "和「消防安全巡查」（11月28日 09:00）时间冲突";
    let refused = told(&li, &near, "time_clash", words).await;
    assert_eq!(refused["clash"]["task_id"], json!(first));
    li.claims(&fits).await.ok();
    set(&app, &office, json!({"travel_buffer_minutes": 0})).await;
    let zhao = app.member("赵敏").await;
    zhao.claims(&first).await.ok();
    zhao.claims(&near).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_tasks_than_one_may_hold_at_a_time_or_on_a_day() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let at = |hour| json!({"starts_at": app.saturday(hour), "ends_at": app.saturday(hour + 1)});
    let morning = app.posts(&office, at(9)).await;
    let evening = app.posts(&office, at(18)).await;
    let sunday = app.saturday(9).plus(24 * 60 * MINUTE);
    let sunday =
        app.posts(&office, json!({"starts_at": sunday, "ends_at": sunday.plus(60 * MINUTE)})).await;
    li.claims(&morning).await.ok();

    set(&app, &office, json!({"daily_claims_max": 1})).await;
    let refused = told(&li, &evening, "daily_limit", "一天最多接 1 个任务，注意休息").await;
    assert_eq!(refused["limit"], 1);
    let card = li.get(&format!("/tasks/{sunday}")).await.ok();
    assert_eq!(card["can_claim"], true, "another day is another day");
    set(&app, &office, json!({"open_claims_max": 1})).await;
    let words = "您手上已有 1 个任务，完成后再接";
    assert_eq!(told(&li, &sunday, "too_many_open_claims", words).await["limit"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_tasks_than_a_week_has_room_for_and_too_short_a_night() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let sunday = |hour: u32| Day::of(app.saturday(9)).plus(1).time(hour, 0);
    let task = async |from: At, to: At| {
        app.posts(&office, json!({"starts_at": from, "ends_at": to, "title": "夜间巡查"})).await
    };
    let evening = task(app.saturday(20), app.saturday(23)).await;
    let early = task(sunday(6), sunday(7)).await;
    let rested = task(sunday(7), sunday(8)).await;
    li.claims(&evening).await.ok();
    let words = "和「夜间巡查」之间要留出 8 小时休息";
    let refused = told(&li, &early, "needs_rest", words).await;
    assert_eq!(
        (&refused["rest_hours"], &refused["clash"]["task_id"]),
        (&json!(8), &json!(evening))
    );
    let card = li.get(&format!("/tasks/{rested}")).await.ok();
    assert_eq!(card["can_claim"], true, "{card}");

    set(&app, &office, json!({"weekly_claims_max": 1})).await;
    let refused = told(&li, &rested, "weekly_limit", "一周最多接 1 个任务，注意休息").await;
    assert_eq!(refused["limit"], 1);
    let monday = task(sunday(20).plus(13 * 60 * MINUTE), sunday(20).plus(14 * 60 * MINUTE)).await;
    assert_eq!(li.get(&format!("/tasks/{monday}")).await.ok()["can_claim"], true, "another week");
}
