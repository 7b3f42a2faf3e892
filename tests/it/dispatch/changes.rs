//! Changing a task people have claimed: some things never, and always saying what changed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, Reply, TestApp, WENHUA, id};

async fn rewrites(office: &Person, task: &str, rev: i64, form: &Value) -> Reply {
    let request = office.request(Method::PUT, &format!("/tasks/{task}"));
    office.send(request.header("If-Match", rev.to_string()).json(form)).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_task_says_what_changed_and_keeps_time_seats_and_people() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let place = json!({"name": "文化广场", "address": "广场路 3 号"});
    let form = app.task_form(json!({"publish": true, "place": place})).await;
    let task = id(&office.post("/tasks", form.clone()).await.ok());
    li.claims(&task).await.ok();
    for (field, value) in [
        ("starts_at", json!(app.saturday(8))),
        ("ends_at", json!(app.saturday(12))),
        ("slots", json!(6)),
        ("skills", json!(["急救"])),
        ("points", json!(5)),
        ("claim_until", json!(app.saturday(8))),
    ] {
        let mut other = form.clone();
        other[field] = value;
        rewrites(&office, &task, 1, &other).await.refused_field(field, "value");
    }
    let mut wider = form.clone();
    wider["audience"] = json!({"ring": "street"});
    rewrites(&office, &task, 1, &wider).await.refused_field("audience", "value");

    let mut new = form.clone();
    new["title"] = json!("消防大巡查");
    new["notes"] = json!("带手电筒");
    new["place"] = json!({"name": "文化小学", "address": "校园路 9 号"});
    new["min_turnout"] = json!(2);
    let changed = rewrites(&office, &task, 1, &new).await.ok();
    assert_eq!((&changed["rev"], &changed["title"]), (&json!(2), &json!("消防大巡查")));
    assert_eq!((&changed["filled"], &changed["address"]), (&json!(1), &json!("校园路 9 号")));
    let told = app.words("task.changed").await;
    assert_eq!(
        told,
        [
            "标题：「消防安全巡查」 → 「消防大巡查」；地点：「文化广场」 → 「文化小学」；具体位置有更新；注意事项有更新；最少人数：无 → 「2」"
        ]
    );
    rewrites(&office, &task, 1, &new).await.refused(409, "task.edited");
    assert_eq!(rewrites(&office, &task, 2, &new).await.ok()["rev"], 2, "nothing new");
    assert_eq!(app.words("task.changed").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_words_about_a_residents_task_never_say_where_they_live() {
    let app = TestApp::spawn().await;
    let (office, wang) = (app.office().await, app.resident("王阿姨").await);
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪同复查",
        "detail": "行走不便", "place": {"name": "桃溪小区", "address": "桃溪路 8 号"}});
    let request = id(&wang.post("/requests", ask).await.ok());
    let mut form = json!({"slots": 1, "starts_at": app.saturday(9), "ends_at": app.saturday(10),
        "publish": true});
    let task = id(&office.post(&format!("/requests/{request}/dispatch"), form.clone()).await.ok());
    form["place"] = json!({"name": "柳湾小区", "address": "柳湾路 1 号"});
    rewrites(&office, &task, 1, &form).await.ok();
    assert_eq!(app.words("task.changed").await, ["地点有更新；具体位置有更新"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_named_later_sees_the_roster_and_only_claimants_get_their_phone() {
    let app = TestApp::spawn().await;
    let (office, li, zhao, sun) = (
        app.office().await,
        app.member("李建国").await,
        app.member("赵敏").await,
        app.member("孙立").await,
    );
    li.post("/me/phone", json!({"code": "dev:13900001111"})).await.ok();
    let task = app.open_task(&office, 3).await;
    let path = format!("/tasks/{task}");
    li.get(&format!("{path}/roster")).await.refused(404, "not_found");
    let stranger = app.resident("过路人").await;
    let lead = format!("{path}/lead");
    office.post(&lead, json!({"user_id": stranger.id})).await.refused_field("user_id", "value");
    office.post(&lead, json!({"user_id": li.id})).await.ok();
    zhao.claims(&task).await.ok();
    assert_eq!(li.get(&format!("{path}/roster")).await.ok()["filled"], 1);
    let page = zhao.get(&path).await.ok();
    assert_eq!(
        (&page["lead"]["name"], &page["lead_phone"]),
        (&json!("李建国"), &json!("13900001111"))
    );
    assert_eq!(sun.get(&path).await.ok()["lead_phone"], Value::Null);
    assert!(!sun.get("/tasks").await.text.contains("13900001111"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_moves_takes_its_times_along_and_asks_again() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let form =
        json!({"publish": true, "claim_until": app.saturday(8), "leave_until": app.saturday(7)});
    let task = id(&office.post("/tasks", app.task_form(form).await).await.ok());
    li.claims(&task).await.ok();
    let day = |hour| app.saturday(hour).plus(std::time::Duration::from_secs(24 * 3600));
    let to = json!({"starts_at": day(14), "ends_at": day(16), "reconfirm_by": app.saturday(12)});
    let path = format!("/tasks/{task}/reschedule");
    let moved = office.post(&path, to.clone()).await.ok();
    for (field, at) in [
        ("starts_at", day(14)),
        ("ends_at", day(16)),
        ("claim_until", day(13)),
        ("leave_until", day(12)),
        ("reconfirm_by", app.saturday(12)),
    ] {
        assert_eq!(moved[field], json!(at), "{field}");
    }
    assert_eq!(moved["filled"], 1, "nobody loses a seat by it");
    assert_eq!(
        app.words("task.rescheduled").await,
        [
            "时间：11月28日（周六）09:00 → 11月29日（周日）14:00，到 11月29日 16:00 结束；已接单的请在 11月28日 12:00 前确认还能不能来"
        ]
    );
    office.post(&path, to.clone()).await.refused_field("starts_at", "value");
    app.settle().await;
    let told = li.get("/inbox").await.ok()["items"][0]["body"].as_str().unwrap().to_owned();
    assert!(told.contains("改期了") && told.contains("11月29日（周日）14:00"), "{told}");
    let draft = id(&office.post("/tasks", app.task_form(Value::Null).await).await.ok());
    office
        .post(&format!("/tasks/{draft}/reschedule"), to.clone())
        .await
        .refused(409, "state.conflict");
    app.clock.set(day(15));
    let office = app.office().await;
    let later = json!({"starts_at": day(18), "ends_at": day(19), "reconfirm_by": day(17)});
    office.post(&path, later).await.refused(409, "task.started");
}
