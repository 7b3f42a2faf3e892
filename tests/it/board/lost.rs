//! Redis killed, frozen, back in an older state, absent: claims go on, lists are right, nobody waits for it.

use std::time::Duration;

use linli::kernel::clock::Stopwatch;
use redis::AsyncCommands;
use serde_json::json;

use super::{Board, cancels, right, shown_and_true};
use crate::helpers::{Expect, Person, Stack, TestApp, eventually, servers::OwnRedis};

/// One deadline of Redis, a reconnect, and time for a slow machine.
const BOUND: Duration = Duration::from_secs(2);

/// A service with a Redis of its own; None where the stack has none.
async fn with_own_redis() -> Option<(TestApp, OwnRedis)> {
    let on = Stack::from_env();
    if !on.redis {
        return None;
    }
    let server = OwnRedis::start();
    let app = TestApp::over(on, on.database().await, &[("redis.url", server.url())]).await;
    Some((app, server))
}

async fn ready(app: &TestApp) -> String {
    let answer = app.get("/ready").await.ok();
    format!("{} {}", answer["status"], answer["redis"])
}

/// Everything people do goes on, and soon.
async fn all_is_well_without(app: &TestApp, office: &Person, people: &[Person]) {
    let task = app.open_task_at(office, 5, (20, 21)).await;
    for who in people {
        let watch = Stopwatch::start();
        who.claims(&task).await.ok();
        assert!(watch.elapsed() < BOUND, "a claim does not ask Redis at all");
    }
    let watch = Stopwatch::start();
    for who in people.iter().cycle().take(20) {
        right(app, who).await;
    }
    assert!(watch.elapsed() < 2 * BOUND, "after the first failure nobody waits: {watch:?}");
    assert_eq!(ready(app).await, r#""degraded" "degraded""#);
    app.settle().await;
}

/// The board is there again and lists are made from it.
async fn comes_back(app: &TestApp, who: &Person, task: &str) {
    eventually("the board is back", async || {
        app.settle().await;
        let mut board = Board::of(app).await.unwrap();
        if board.card(task).await.is_none() {
            return false;
        }
        board.mark(task).await;
        let (list, shown, truth) = shown_and_true(app, who).await;
        shown == truth && list["items"][0]["title"] == "来自 Redis"
    })
    .await;
    right(app, who).await;
    assert_eq!(ready(app).await, r#""ok" "ok""#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_killed_and_started_again_empty() {
    let Some((app, mut server)) = with_own_redis().await else { return };
    let (office, people) =
        (app.office().await, [app.member("李建国").await, app.member("赵敏").await]);
    let task = app.open_task(&office, 3).await;
    app.settle().await;
    right(&app, &people[0]).await;
    server.kill();
    all_is_well_without(&app, &office, &people).await;
    server.restart();
    comes_back(&app, &people[1], &task).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_frozen_and_thawed() {
    let Some((app, server)) = with_own_redis().await else { return };
    let (office, people) =
        (app.office().await, [app.member("李建国").await, app.member("赵敏").await]);
    let (task, off) = (app.open_task(&office, 3).await, app.open_task(&office, 3).await);
    app.settle().await;
    server.freeze();
    all_is_well_without(&app, &office, &people).await;
    cancels(&office, &off).await;
    app.settle().await;
    right(&app, &people[0]).await;
    server.thaw();
    comes_back(&app, &people[1], &task).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_back_in_an_older_state() {
    let Some((app, mut server)) = with_own_redis().await else { return };
    let (office, people) =
        (app.office().await, [app.member("李建国").await, app.member("赵敏").await]);
    let (task, off) = (app.open_task(&office, 3).await, app.open_task(&office, 3).await);
    app.settle().await;
    let mut board = Board::of(&app).await.unwrap();
    let _: () = redis::cmd("SAVE").query_async(&mut board.line).await.unwrap();
    server.kill();
    all_is_well_without(&app, &office, &people).await;
    people[0].claims(&task).await.ok();
    cancels(&office, &off).await;
    app.settle().await;
    // Longer than a usual round looks back.
    app.advance(Duration::from_secs(300));
    server.restart();
    let mut board = Board::of(&app).await.unwrap();
    let old: bool = board.line.exists(board.redis.key("epoch")).await.unwrap();
    assert!(old && board.card(&off).await.is_some(), "it remembers what is no longer so");
    eventually("a round after it is back", async || {
        app.settle().await;
        board.card(&task).await.unwrap().1["filled"] == 1
    })
    .await;
    comes_back(&app, &people[1], &task).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_configured_and_never_there() {
    let on = Stack::from_env();
    let nobody = ("redis.url", "redis+unix:///nowhere/redis.sock".to_owned());
    let app = TestApp::over(on, on.database().await, &[nobody]).await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    all_is_well_without(&app, &office, std::slice::from_ref(&li)).await;
    assert_eq!(right(&app, &li).await["items"][0]["refusal"]["code"], "already_claimed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_redis_at_all_is_no_fault() {
    let on = Stack::from_env();
    let none = ("redis.url", String::new());
    let app = TestApp::over(on, on.database().await, &[none]).await;
    assert_eq!(ready(&app).await, r#""ok" "absent""#);
    let (office, li) = (app.office().await, app.member("李建国").await);
    app.open_task(&office, 1).await;
    assert_eq!(right(&app, &li).await["items"][0]["can_claim"], json!(true));
}
