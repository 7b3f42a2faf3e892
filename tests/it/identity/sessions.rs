//! Refresh tokens: they change with each use, and one that was copied ends the family.

use std::time::Duration;

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_hands_out_both_tokens_anew() {
    let app = TestApp::spawn().await;
    let first = app.opens("王阿姨").await;
    let second = app.refreshes(&first["refresh_token"]).await.ok();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(first["user"]["id"], second["user"]["id"]);
    assert!(app.lets_in(&first).await && app.lets_in(&second).await);
    let third = app.refreshes(&second["refresh_token"]).await.ok();
    assert_ne!(second["refresh_token"], third["refresh_token"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_lost_reply_the_old_token_gets_the_very_same_successor() {
    let app = TestApp::spawn().await;
    let first = app.opens("王阿姨").await;
    let shown = join_all((0..4).map(|_| app.refreshes(&first["refresh_token"]))).await;
    let successors: Vec<_> = shown.into_iter().map(|reply| reply.ok()).collect();
    assert!(successors.iter().all(|s| s["refresh_token"] == successors[0]["refresh_token"]));
    let next = app.refreshes(&successors[0]["refresh_token"]).await.ok();
    assert!(app.lets_in(&first).await && app.lets_in(&next).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_older_than_that_ends_the_family_and_no_other() {
    let app = TestApp::spawn().await;
    let (first, elsewhere) = (app.opens("王阿姨").await, app.opens("王阿姨").await);
    let second = app.refreshes(&first["refresh_token"]).await.ok();
    let third = app.refreshes(&second["refresh_token"]).await.ok();
    app.refreshes(&first["refresh_token"]).await.refused(401, "auth.relogin");
    for one in [&first, &second, &third] {
        assert!(!app.lets_in(one).await, "its access tokens are dead at once");
        app.refreshes(&one["refresh_token"]).await.refused(401, "auth.relogin");
    }
    assert!(app.lets_in(&elsewhere).await, "her other phone stays signed in");
    app.refreshes(&elsewhere["refresh_token"]).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_made_up_token_with_a_known_session_ends_nothing() {
    let app = TestApp::spawn().await;
    let first = app.opens("王阿姨").await;
    let second = app.refreshes(&first["refresh_token"]).await.ok();
    let third = app.refreshes(&second["refresh_token"]).await.ok();
    let (session, secret) = third["refresh_token"].as_str().unwrap().split_once('.').unwrap();
    let turned: String = secret.chars().rev().collect();
    for made_up in [format!("{session}.{turned}"), format!("{session}."), session.to_owned()] {
        app.refreshes(&json!(made_up)).await.refused(401, "auth.relogin");
    }
    app.refreshes(&json!("no.token")).await.refused(401, "auth.relogin");
    assert!(app.lets_in(&third).await);
    app.refreshes(&third["refresh_token"]).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_both_tokens_at_once() {
    let app = TestApp::spawn().await;
    let answer = app.opens("王阿姨").await;
    assert_eq!(app.signed_in(&answer).does("/auth/logout").await.status, 204);
    assert!(!app.lets_in(&answer).await);
    app.refreshes(&answer["refresh_token"]).await.refused(401, "auth.relogin");
    app.signed_in(&answer).does("/auth/logout").await.refused(401, "auth.relogin");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_access_token_lives_a_quarter_of_an_hour_and_half_a_minute_of_grace() {
    let app = TestApp::spawn().await;
    let answer = app.opens("王阿姨").await;
    assert_eq!(answer["expires_in"], 15 * 60);
    app.advance(15 * MINUTE + Duration::from_secs(29));
    assert!(app.lets_in(&answer).await);
    app.advance(Duration::from_secs(1));
    assert!(!app.lets_in(&answer).await);
    let renewed = app.refreshes(&answer["refresh_token"]).await.ok();
    assert!(app.lets_in(&renewed).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_is_used_lives_on_and_one_that_is_not_ends_after_thirty_days() {
    let app = TestApp::spawn().await;
    let (used, forgotten) = (app.opens("王阿姨").await, app.opens("李大爷").await);
    app.advance(29 * 24 * 60 * MINUTE);
    let used = app.refreshes(&used["refresh_token"]).await.ok();
    app.advance(24 * 60 * MINUTE);
    app.refreshes(&forgotten["refresh_token"]).await.refused(401, "auth.relogin");
    app.refreshes(&used["refresh_token"]).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_remembered_for_some_seconds_is_signed_out_at_once_and_staff_are_asked_each_time() {
    let app = TestApp::with(&[("auth.remember_seconds", "5".to_owned())]).await;
    let (li, office) = (app.member("李建国").await, app.office().await);
    li.get("/home").await.ok();
    // What one does oneself is seen at the next call.
    let place = json!({"org_id": app.org_id(OTHER_COMMUNITY).await, "kind": "residence"});
    li.post("/me/memberships", place).await.ok();
    let me = li.get("/me").await.ok();
    assert_eq!(me["memberships"].as_array().map(Vec::len), Some(2), "{me}");
    li.post("/auth/logout", json!({})).await;
    li.get("/home").await.refused(401, "auth.relogin");
    office.get("/home").await.ok();
    let ended = "UPDATE session SET revoked_at = created_at WHERE person_id = ";
    let sql = format!("{ended}(SELECT person_id FROM credential WHERE username = 'wenhua')");
    app.state.db.read().execute_unprepared(&sql).await.unwrap();
    office.get("/home").await.refused(401, "auth.relogin");
}
