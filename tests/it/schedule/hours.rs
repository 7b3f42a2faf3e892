//! An org changes its hour: no day is told twice, none is left out.

use serde_json::json;

use super::{HOUR, MINUTE, day, keys};
use crate::{
    helpers::{Expect, TestApp, WENHUA},
    request::asks,
};

async fn sets_hour(app: &TestApp, hour: i32) {
    let path = format!("/orgs/{}/settings", app.org_id(WENHUA).await);
    app.office().await.put(&path, json!({"overdue_hour": hour})).await.ok();
}

/// Days told so far.
async fn days(app: &TestApp) -> Vec<String> {
    let keys = keys(app, "request.overdue|").await;
    let mut days: Vec<_> =
        keys.iter().map(|key| key.split('|').nth(1).unwrap().to_owned()).collect();
    days.sort();
    days
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_of_hour_neither_doubles_nor_drops_a_day() {
    let app = TestApp::spawn().await;
    app.ring_all().await.unwrap();
    asks(&app, &app.resident("王阿姨").await).await;
    app.settle().await;
    // The 24th is late from ten on: told on the 24th at 10:30 once the hour is ten, and each day from then on.
    sets_hour(&app, 10).await;
    let changes =
        [("2026-11-25", 20, 6), ("2026-11-27", 9, 21), ("2026-11-29", 12, 7), ("2026-12-01", 8, 9)];
    let mut now = day("2026-11-24").time(10, 0);
    while now < day("2026-12-04").start() {
        app.clock.set(now);
        for (on, at, hour) in changes {
            if now == day(on).time(at, 0) {
                sets_hour(&app, hour).await;
            }
        }
        app.ring("request.overdue").await.unwrap();
        app.advance(40 * MINUTE);
        app.ring("request.overdue").await.unwrap();
        now = now.plus(HOUR);
    }
    // Two dispatchers of the office hear of each day, once.
    let expected: Vec<_> =
        (0..10).flat_map(|n| vec![day("2026-11-24").plus(n).to_string(); 2]).collect();
    assert_eq!(days(&app).await, expected);
}
