//! 限流: too fast is told 429, too busy 503, both with when to come again; nobody else pays for it.

use std::time::Duration;

use linli::platform::http::lanes::Lane;
use reqwest::Method;
use serde_json::json;

use crate::helpers::{Expect, Person, Reply, Stack, TestApp, WENHUA, fresh_key};

async fn with(changes: &[(&str, &str)]) -> TestApp {
    let on = Stack::from_env();
    let changes: Vec<_> = changes.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
    TestApp::over(on, on.database().await, &changes).await
}

fn seconds(reply: Reply) -> u64 {
    let seconds = reply.headers["retry-after"].to_str().unwrap().parse().unwrap();
    reply.refused(429, "rate.limited");
    seconds
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_has_an_allowance_that_comes_back_evenly() {
    let app = with(&[("limits.reads_per_minute", "6")]).await;
    let (wang, li) = (app.sign_in("王阿姨").await, app.sign_in("李大爷").await);
    for _ in 0..6 {
        wang.get("/me").await.ok();
    }
    assert_eq!(seconds(wang.get("/home").await), 10, "one of six a minute");
    wang.put("/me", json!({"name": "王阿姨"})).await.ok();
    li.get("/me").await.ok();
    app.advance(Duration::from_secs(10));
    wang.get("/me").await.ok();
    assert_eq!(seconds(wang.get("/me").await), 10);
    app.advance(Duration::from_secs(60));
    for _ in 0..6 {
        wang.get("/me").await.ok();
    }
    seconds(wang.get("/me").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taps_on_a_task_are_counted_apart() {
    let app = with(&[("limits.writes_per_minute", "2"), ("limits.claims_per_minute", "3")]).await;
    let office = app.office().await;
    let task = app.open_task(&office, 3).await;
    let li = app.members(&["李建国".into()]).await.remove(0);
    li.claims(&task).await.ok();
    li.claims(&task).await.refused(409, "already_claimed");
    li.claims(&task).await.refused(409, "already_claimed");
    seconds(li.claims(&task).await);
    li.put("/me", json!({"volunteer": true})).await.ok();
}

async fn from(app: &TestApp, forwarded: &str, path: &str) -> Reply {
    let request = app.http.get(format!("{}{path}", app.url)).header("X-Forwarded-For", forwarded);
    Reply::read(request.send().await.unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_is_what_the_trusted_proxy_says_it_is() {
    let few = ("limits.public_per_minute", "2");
    let app = with(&[few, ("http.trusted_proxies", "127.0.0.1")]).await;
    let stories = "/api/v1/stories";
    for _ in 0..2 {
        from(&app, "203.0.113.7", stories).await.ok();
    }
    // Whatever the client put in front of it itself.
    seconds(from(&app, "198.51.100.1, 203.0.113.7", stories).await);
    from(&app, "203.0.113.8", stories).await.ok();

    let app = with(&[few]).await;
    for claimed in ["203.0.113.1", "203.0.113.2"] {
        from(&app, claimed, stories).await.ok();
    }
    seconds(from(&app, "203.0.113.3", stories).await);
    app.get("/live").await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_holds_neither_addresses_nor_ids() {
    // Few, so that what is counted stays for seconds.
    let app = with(&[
        ("http.trusted_proxies", "127.0.0.1"),
        ("limits.sign_ins_per_minute", "6"),
        ("limits.public_per_minute", "6"),
        ("limits.reads_per_minute", "6"),
    ])
    .await;
    let Some(url) = app.state.settings.redis_url() else { return };
    let wang = app.sign_in("王阿姨").await;
    wang.get("/me").await.ok();
    from(&app, "203.0.113.7", "/api/v1/stories").await.ok();
    let mut line =
        redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap();
    let prefix = app.state.redis.as_ref().unwrap().key("rl:*");
    let keys: Vec<String> = redis::cmd("KEYS").arg(prefix).query_async(&mut line).await.unwrap();
    assert!(keys.len() >= 3, "a sign-in, a read, a public call: {keys:?}");
    let all = keys.join(" ");
    for known in ["203.0.113", "127.0.0.1", &wang.id.to_string(), &wang.id.simple().to_string()] {
        assert!(!all.contains(known), "{known} in {all}");
    }
    for key in keys {
        let left: i64 = redis::cmd("PTTL").arg(&key).query_async(&mut line).await.unwrap();
        assert!((1..=60_000).contains(&left), "{key} lives {left} ms");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_password_on_many_names_makes_the_address_wait() {
    let app = with(&[("http.trusted_proxies", "127.0.0.1")]).await;
    let tries = async |address: &str, name: &str, password: &str| {
        let body = json!({"username": name, "password": password});
        let request = app.http.post(format!("{}/api/v1/auth/password", app.url));
        let request = request.header("X-Forwarded-For", address).json(&body);
        Reply::read(request.send().await.unwrap()).await.unwrap()
    };
    for n in 0..31 {
        let name = format!("name{n}");
        tries("203.0.113.7", &name, "guess").await.refused(401, "auth.wrong_password");
    }
    let wait = seconds(tries("203.0.113.7", "wenhua", "linli-test-2026").await);
    assert!(wait >= 2, "{wait}");
    tries("203.0.113.8", "wenhua", "linli-test-2026").await.ok();
    app.advance(Duration::from_secs(wait));
    tries("203.0.113.7", "wenhua", "linli-test-2026").await.ok();
    tries("203.0.113.7", "name99", "guess").await.refused(401, "auth.wrong_password");
    let longer = seconds(tries("203.0.113.7", "wenhua", "linli-test-2026").await);
    assert!(longer > wait, "a good sign-in buys no more guesses: {wait} {longer}");
}

async fn asks(who: &Person, org: &str) -> Reply {
    let ask =
        json!({"org_id": org, "category": "维修", "title": "灯坏了", "detail": "三单元的灯不亮"});
    who.post("/requests", ask).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_lane_is_told_503_and_the_others_go_on() {
    let full = [("http.in_flight", "1"), ("http.in_flight_exports", "1")];
    let app = with(&full).await;
    let office = app.office().await;
    let task = app.open_task(&office, 3).await;
    let li = app.members(&["李建国".into()]).await.remove(0);
    let org = app.org_id(WENHUA).await;

    let export = app.state.lanes.enter(Lane::Exports);
    assert!(export.is_some());
    let busy = li.get("/me/export").await;
    assert_eq!(busy.headers["retry-after"], "1");
    busy.refused(503, "overloaded");
    asks(&li, &org).await.ok();
    drop(export);
    li.get("/me/export").await.ok();

    let common = app.state.lanes.enter(Lane::Common);
    assert!(common.is_some());
    let busy = asks(&li, &org).await;
    assert_eq!(busy.headers["retry-after"], "1");
    busy.refused(503, "overloaded");
    app.get("/live").await.ok();
    let claim = li.request(Method::POST, &format!("/tasks/{task}/claims"));
    let claim = li.send(claim.header("Idempotency-Key", fresh_key())).await.unwrap();
    assert_eq!(claim.status, 201, "a seat is granted however busy the rest is: {claim:?}");
    drop(common);
    asks(&li, &org).await.ok();
}
