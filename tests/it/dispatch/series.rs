//! Tasks that come round by themselves: each date once, whoever looks and however often.

use std::time::Duration;

use futures_util::future::join_all;
use linli::{dispatch::series::unfold, kernel::Day, stage::fresh_key};
use serde_json::{Value, json};

use super::ids;
use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn form(app: &TestApp, rule: &str) -> Value {
    json!({"rule": rule, "first": app.saturday(9), "task": {"title": "周六巡查", "slots": 5, "minutes": 90}})
}

async fn writes(app: &TestApp, office: &Person, form: Value) -> Value {
    office.post(&format!("/orgs/{}/task-series", app.org_id(WENHUA).await), form).await.ok()
}

/// Starts of the office's tasks, the soonest first.
async fn starts(office: &Person) -> Vec<String> {
    let list = office.get("/tasks?scope=office&limit=100").await.ok();
    let items = list["items"].as_array().unwrap().iter();
    let mut all: Vec<_> =
        items.map(|task| task["starts_at"].as_str().unwrap()[..16].to_owned()).collect();
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_date_becomes_a_task_once_however_many_look() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let series = writes(&app, &office, form(&app, "FREQ=WEEKLY;BYDAY=SA").await).await;
    let next: Vec<_> =
        series["next"].as_array().unwrap().iter().map(|at| at["said"].as_str().unwrap()).collect();
    assert_eq!(
        next,
        [
            "11月28日（周六）09:00",
            "12月5日（周六）09:00",
            "12月12日（周六）09:00",
            "12月19日（周六）09:00",
            "12月26日（周六）09:00"
        ]
    );
    let rounds = join_all((0..6).map(|_| unfold(&app.state))).await;
    let made: usize = rounds.into_iter().map(|round| round.expect("a round").made).sum();
    assert_eq!(made, 2, "fourteen days ahead, two Saturdays");
    assert_eq!(starts(&office).await, ["2026-11-28T09:00", "2026-12-05T09:00"]);
    let li = app.member("李建国").await;
    app.settle().await;
    assert_eq!(li.get("/tasks").await.ok()["items"].as_array().unwrap().len(), 2, "open at once");

    // Each day a day more lies ahead; a date that was made is not made again, not even when it is cancelled.
    let first = ids(&office.get("/tasks?scope=office&limit=100").await.ok()).pop().unwrap();
    office.post(&format!("/tasks/{first}/cancel"), json!({"reason": "下雨"})).await.ok();
    for _ in 0..7 {
        app.advance(DAY);
        assert_eq!(unfold(&app.state).await.unwrap().failed, 0);
        assert_eq!(unfold(&app.state).await.unwrap().made, 0, "once a day is enough");
    }
    let office = app.office().await;
    assert_eq!(starts(&office).await, ["2026-11-28T09:00", "2026-12-05T09:00", "2026-12-12T09:00"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_day_ahead_is_a_day_in_shanghai() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let mut early = form(&app, "FREQ=DAILY").await;
    // Half past midnight in Shanghai is still the day before in Greenwich.
    early["first"] = json!(Day::of(app.state.clock.now()).plus(1).time(0, 30));
    early["publish_ahead_days"] = json!(1);
    writes(&app, &office, early).await;
    assert_eq!(unfold(&app.state).await.unwrap().made, 1);
    assert_eq!(starts(&office).await, ["2026-11-23T00:30"]);
    app.clock.set(Day::of(app.state.clock.now()).plus(1).start());
    assert_eq!(unfold(&app.state).await.unwrap().made, 1, "a new day begins at midnight there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_date_is_skipped_a_series_is_paused_and_changed_for_what_comes() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let series = writes(&app, &office, form(&app, "FREQ=WEEKLY;BYDAY=SA").await).await;
    let path = format!("/task-series/{}", id(&series));
    let skipped = office.post(&format!("{path}/skip"), json!({"date": "2026-11-28"})).await.ok();
    assert_eq!(skipped["next"][0]["said"], "12月5日（周六）09:00");
    office.post(&format!("{path}/skip"), json!({"date": "2026-11-28"})).await.ok();
    unfold(&app.state).await.unwrap();
    assert_eq!(starts(&office).await, ["2026-12-05T09:00"]);
    let late = office.post(&format!("{path}/skip"), json!({"date": "2026-12-05"})).await;
    late.refused(409, "series.made");

    let mut change = form(&app, "FREQ=WEEKLY;BYDAY=SA,SU").await;
    change["task"]["title"] = json!("周末巡查");
    change["paused"] = json!(true);
    assert_eq!(office.put(&path, change.clone()).await.ok()["paused"], true);
    assert_eq!(unfold(&app.state).await.unwrap().made, 0);
    change["paused"] = json!(false);
    change["publish"] = json!(false);
    office.put(&path, change).await.ok();
    unfold(&app.state).await.unwrap();
    let list = office.get("/tasks?scope=office&limit=100").await.ok();
    let told = |task: &Value| (task["title"].clone(), task["state"].clone());
    let all: Vec<_> = list["items"].as_array().unwrap().iter().map(told).collect();
    let old = (json!("周六巡查"), json!("open"));
    let new = (json!("周末巡查"), json!("draft"));
    assert_eq!(all, [new.clone(), new, old], "what was made stays as it was");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_series_outlives_who_led_it_and_says_why_nothing_comes() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let mut led = form(&app, "FREQ=WEEKLY;BYDAY=SA;COUNT=1").await;
    led["task"]["lead_id"] = json!(li.id);
    let mut by_name = form(&app, "FREQ=WEEKLY;BYDAY=SA;COUNT=1").await;
    by_name["task"]["audience"] = json!({"people": [li.id]});
    writes(&app, &office, led).await;
    let by_name = id(&writes(&app, &office, by_name).await);
    // He moves away.
    use ::entity::membership::{Column, Entity, MembershipState};
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
    Entity::update_many()
        .col_expr(Column::State, Expr::value(MembershipState::Refused))
        .filter(Column::PersonId.eq(li.id))
        .exec(app.state.db.read())
        .await
        .unwrap();
    let round = unfold(&app.state).await.unwrap();
    assert_eq!((round.made, round.failed), (1, 1));
    let made = office.get("/tasks?scope=office").await.ok();
    let page = office.get(&format!("/tasks/{}", id(&made["items"][0]))).await.ok();
    assert_eq!(page["lead"], Value::Null, "another lead can be named");
    let path = format!("/orgs/{}/task-series", app.org_id(WENHUA).await);
    let list = office.get(&path).await.ok();
    let told = list["items"].as_array().unwrap().iter().find(|one| one["id"] == json!(by_name));
    assert_eq!(told.unwrap()["trouble"], "指定的人要是这个范围里的成员");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_series_written_twice_under_one_key_is_one() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (form, key) = (form(&app, "FREQ=MONTHLY;BYDAY=1SA").await, fresh_key());
    let path = format!("/orgs/{}/task-series", app.org_id(WENHUA).await);
    let first = office.post_keyed(&path, &key, &form).await.ok();
    assert!(office.post_keyed(&path, &key, &form).await.is_replay());
    assert_eq!(ids(&office.get(&path).await.ok()), [id(&first)]);
}
