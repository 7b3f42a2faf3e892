//! 总览: figures of a month counted by hand, the edges of the month in Shanghai, and nobody else's.

use std::time::Duration;

use linli::kernel::Day;
use serde_json::{Value, json};

use crate::{
    helpers::{Expect, OTHER_COMMUNITY, Person, TestApp, WENHUA, id},
    ledger::entered,
};

async fn asks(app: &TestApp, who: &Person, code: &str, category: &str) -> String {
    let org = app.org_id(code).await;
    let ask =
        json!({"org_id": org, "category": category, "title": "陪母亲取药", "detail": "腿脚不便"});
    id(&who.post("/requests", ask).await.ok())
}

async fn overview(app: &TestApp, who: &Person, code: &str, month: &str) -> Value {
    who.get(&format!("/orgs/{}/overview?month={month}", app.org_id(code).await)).await.ok()
}

fn day(overview: &Value, date: &str) -> Value {
    let days = overview["days"].as_array().unwrap();
    let found = days.iter().find(|day| day["date"] == date).unwrap();
    json!([found["requests"], found["closed"], found["minutes"]])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_is_counted_from_what_happened() {
    let app = TestApp::spawn().await;
    let (office, wang) = (app.office().await, app.resident("王阿姨").await);
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let empty = overview(&app, &office, WENHUA, "2026-11").await;
    assert_eq!(
        (&empty["total"]["requests"], &empty["total"]["stars_average"]),
        (&json!(0), &Value::Null)
    );

    let (asked, ignored) =
        (asks(&app, &wang, WENHUA, "助老").await, asks(&app, &wang, WENHUA, "维修").await);
    asks(&app, &wang, OTHER_COMMUNITY, "助老").await;
    let form = json!({"slots": 3, "starts_at": app.saturday(9), "ends_at": app.saturday(11), "publish": true});
    let task = id(&office.post(&format!("/requests/{asked}/dispatch"), form).await.ok());
    li.claims(&task).await.ok();
    let month = overview(&app, &office, WENHUA, "2026-11").await;
    let total = &month["total"];
    let of = |names: &[&str]| names.iter().map(|name| total[*name].clone()).collect::<Vec<_>>();
    assert_eq!(of(&["requests", "answered_in_time", "overdue", "closed"]), [2, 1, 0, 0]);
    assert_eq!(of(&["tasks", "slots", "filled", "no_shows"]), [1, 3, 1, 0]);
    let today = Day::of(app.state.clock.now());
    entered(&app, &[(li.id, 90), (zhao.id, 60)], today).await;
    entered(&app, &[(li.id, 30)], today.plus(30)).await;
    let month = overview(&app, &office, WENHUA, "2026-11").await;
    let total = &month["total"];
    let of = |names: &[&str]| names.iter().map(|name| total[*name].clone()).collect::<Vec<_>>();
    assert_eq!(of(&["people", "minutes", "corrected_minutes", "stories"]), [2, 150, 0, 0]);
    assert_eq!(day(&month, "2026-11-22"), json!([2, 0, 150]));
    assert_eq!(month["days"].as_array().unwrap().len(), 30);
    let categories = month["categories"].as_array().unwrap();
    assert_eq!(categories.len(), 2);
    assert_eq!(month["below"][0]["org_name"], "文化社区第一党支部");

    // What nobody reacts to is past its promise in the end.
    app.advance(Duration::from_secs(5 * 24 * 3600));
    let office = app.office().await;
    let later = overview(&app, &office, WENHUA, "2026-11").await;
    assert_eq!(
        (&later["total"]["overdue"], &later["total"]["answered_in_time"]),
        (&json!(1), &json!(1))
    );
    office
        .post(&format!("/requests/{ignored}/ask"), json!({"question": "哪一天方便？"}))
        .await
        .ok();
    let late = overview(&app, &office, WENHUA, "2026-11").await;
    assert_eq!(
        (&late["total"]["overdue"], &late["total"]["answered_in_time"]),
        (&json!(0), &json!(1)),
        "late is not in time"
    );
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_begins_and_ends_at_midnight_in_shanghai() {
    let app = TestApp::spawn().await;
    let last = Day::of(app.state.clock.now()).months_later(1).plus(-1);
    app.advance(Duration::from_millis(
        u64::try_from(last.time(23, 59).ms() - app.state.clock.now().ms()).unwrap(),
    ));
    let wang = app.resident("王阿姨").await;
    asks(&app, &wang, WENHUA, "助老").await;
    app.advance(Duration::from_secs(60));
    asks(&app, &wang, WENHUA, "助老").await;
    let office = app.office().await;
    let (november, december) = (
        overview(&app, &office, WENHUA, "2026-11").await,
        overview(&app, &office, WENHUA, "2026-12").await,
    );
    assert_eq!(
        (&november["total"]["requests"], &december["total"]["requests"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(december["previous"]["requests"], 1);
    assert_eq!(day(&november, "2026-11-30"), json!([1, 0, 0]));
    assert_eq!(day(&december, "2026-12-01"), json!([1, 0, 0]));
    let this = office.get(&format!("/orgs/{}/overview", app.org_id(WENHUA).await)).await.ok();
    assert_eq!(this["month"], "2026-12");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_looks_down_the_tree_and_nobody_looks_aside() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    asks(&app, &wang, WENHUA, "助老").await;
    let leader = app.staff("leader").await;
    let district = overview(&app, &leader, "520302", "2026-11").await;
    assert_eq!(
        (&district["total"]["requests"], &district["below"][0]["org_name"]),
        (&json!(1), &json!("新中街道"))
    );
    assert_eq!(district["below"][0]["total"]["requests"], 1);
    let path = format!("/orgs/{}/overview", app.org_id(WENHUA).await);
    app.staff("maocaopu").await.get(&path).await.refused(404, "not_found");
    app.member("李建国").await.get(&path).await.refused(403, "auth.forbidden");
    leader.get(&format!("{path}?month=2026-13")).await.refused_field("month", "value");
}
