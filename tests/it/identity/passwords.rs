//! 口令: how staff sign in, and how guessing is slowed down.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;

use crate::helpers::{Expect, Reply, TestApp};

const RIGHT: &str = "linli-test-2026";

async fn tries(app: &TestApp, user: &str, password: &str) -> Reply {
    app.post("/auth/password", &json!({"username": user, "password": password})).await
}

fn seconds_to_wait(reply: &Reply) -> u64 {
    assert_eq!((reply.status, reply.code()), (429, "rate.limited"), "{reply:?}");
    reply.headers["retry-after"].to_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_user_and_a_wrong_password_are_told_alike() {
    let app = TestApp::spawn().await;
    let told = |reply: Reply| {
        let mut body = reply.refused(401, "auth.wrong_password");
        body["request_id"] = json!("");
        body
    };
    let nobody = told(tries(&app, "nobody", RIGHT).await);
    let wrong = told(tries(&app, "wenhua", "guess").await);
    assert_eq!(nobody, wrong);
    tries(&app, " WenHua ", RIGHT).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn waits_grow_with_each_wrong_try_and_end() {
    let app = TestApp::spawn().await;
    for _ in 0..4 {
        tries(&app, "wenhua", "guess").await.refused(401, "auth.wrong_password");
    }
    let mut waits = Vec::new();
    for _ in 0..3 {
        let told = tries(&app, "wenhua", RIGHT).await;
        let wait = seconds_to_wait(&told);
        assert!(told.body["detail"].as_str().unwrap().contains(&wait.to_string()));
        waits.push(wait);
        app.advance(Duration::from_secs(wait));
        tries(&app, "wenhua", "guess").await.refused(401, "auth.wrong_password");
    }
    assert!(waits.is_sorted_by(|a, b| a < b), "{waits:?}");
    tries(&app, "wenhua2", RIGHT).await.ok();
    let wait = seconds_to_wait(&tries(&app, "wenhua", RIGHT).await);
    app.advance(Duration::from_secs(wait));
    tries(&app, "wenhua", RIGHT).await.ok();
    tries(&app, "wenhua", "guess").await.refused(401, "auth.wrong_password");
    tries(&app, "wenhua", RIGHT).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_made_at_once_count_one_by_one() {
    let app = TestApp::spawn().await;
    let guesses = join_all((0..12).map(|_| tries(&app, "wenhua", "guess"))).await;
    let told_wrong = guesses.iter().filter(|reply| reply.status == 401).count();
    assert_eq!(told_wrong, 4, "the others were not even judged: {guesses:?}");
    seconds_to_wait(&tries(&app, "wenhua", RIGHT).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_nobody_has_waits_as_long_as_one_that_somebody_has() {
    let app = TestApp::spawn().await;
    for name in ["wenhua", "nobody"] {
        let body = json!({"username": name, "password": "guess"});
        for _ in 0..4 {
            app.post("/auth/password", &body).await.refused(401, "auth.wrong_password");
        }
        let told = app.post("/auth/password", &body).await;
        assert_eq!(told.headers["retry-after"], "3", "{name}");
        told.refused(429, "rate.limited");
    }
}
