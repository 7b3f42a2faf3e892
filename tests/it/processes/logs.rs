//! The log of a whole story: a line for each request, and nobody in it.

use std::collections::HashSet;

use linli::stage::Reply;
use reqwest::Method;
use serde_json::{Value, json};

use super::{site_with, tomorrow};
use crate::helpers::{Expect, eventually, fresh_key, id, process::Linli};

/// Counts what it sends, so that the log can be held against it.
struct Teller {
    linli: Linli,
    ids: Vec<String>,
}

impl Teller {
    async fn send(&mut self, method: Method, path: &str, token: &str, body: Value) -> Reply {
        let mut request = self.linli.request(method, path, token);
        request = request.header("Idempotency-Key", fresh_key());
        if !body.is_null() {
            request = request.json(&body);
        }
        let reply = Reply::read(request.send().await.unwrap()).await.unwrap();
        self.ids.push(reply.headers["x-request-id"].to_str().unwrap().to_owned());
        reply
    }

    async fn post(&mut self, path: &str, token: &str, body: Value) -> Reply {
        self.send(Method::POST, path, token, body).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_story_is_logged_line_by_line_and_names_nobody() {
    let (site, org) = site_with(&["李建国".to_owned()]).await;
    let openids = ["王阿姨", "李建国"].map(|name| site.wechat.openid(name));
    let mut teller = Teller { linli: site.serve(&[]).await, ids: Vec::new() };
    let t = &mut teller;
    let code = site.wechat.login_code("王阿姨");
    let wang = t.post("/auth/wechat", "", json!({"code": code})).await.ok();
    let used = t.post("/auth/wechat", "", json!({"code": code})).await;
    used.refused(401, "auth.relogin");
    let wang =
        t.post("/auth/refresh", "", json!({"refresh_token": wang["refresh_token"]})).await.ok();
    let token = wang["access_token"].as_str().unwrap();
    t.send(Method::PUT, "/me", token, json!({"name": "王阿姨"})).await.ok();
    let phone_code = site.wechat.phone_code("86", "13987654321");
    t.post("/me/phone", token, json!({"code": phone_code})).await.ok();
    let ask = json!({"org_id": org, "category": "助老", "title": "陪同复查", "detail": "母亲患有帕金森",
        "place": {"name": "桃溪小区", "address": "桃溪路 8 号 3 单元 502", "lat": 27.70123, "lng": 106.93871}});
    let request = id(&t.post("/requests", token, ask).await.ok());

    let wrong = json!({"username": "wenhua", "password": "guess-guess"});
    t.post("/auth/password", "", wrong).await.refused(401, "auth.wrong_password");
    let right = json!({"username": "wenhua", "password": "linli-test-2026"});
    let office = t.post("/auth/password", "", right).await.ok();
    let office = office["access_token"].as_str().unwrap();
    let mut form = tomorrow(&org, 1);
    for field in ["org_id", "title"] {
        form.as_object_mut().unwrap().remove(field);
    }
    let dispatch = format!("/requests/{request}/dispatch");
    let task = id(&t.post(&dispatch, office, form).await.ok());
    let li = t.post("/auth/wechat", "", json!({"code": "dev:李建国"})).await.ok();
    let li = li["access_token"].as_str().unwrap();
    t.post(&format!("/tasks/{task}/claims"), li, Value::Null).await.ok();
    t.send(Method::GET, &format!("/tasks/{task}"), li, Value::Null).await.ok();
    t.send(Method::GET, "/tasks?near=27.70123,106.93871", li, Value::Null).await.ok();

    // What is refused names nobody either.
    t.send(Method::GET, "/orgs?q=王阿姨", "", Value::Null).await.ok();
    t.send(Method::GET, "/王阿姨/13987654321", li, Value::Null).await.refused(404, "not_found");
    t.send(Method::GET, "/me", "王阿姨.13987654321".replace('王', "w").as_str(), Value::Null).await;
    t.post("/requests", token, json!({"王阿姨": "13987654321"})).await.refused(422, "validation");
    t.send(Method::PUT, "/me", token, json!({"name": "13987654321 桃溪路".repeat(9)}))
        .await
        .refused(422, "validation");

    let seen = |log: &str| -> Vec<Value> {
        let lines = log.lines().map(|line| serde_json::from_str(line).expect(line));
        lines.filter(|line: &Value| line["http.status"].is_number()).collect()
    };
    let story = |line: &&Value| line["http.route"].as_str().is_some_and(|route| route != "/live");
    eventually("every request has its line", async || {
        seen(&teller.linli.log()).iter().filter(story).count() >= teller.ids.len()
    })
    .await;
    let log = teller.linli.log();
    let lines = seen(&log);
    let logged: Vec<_> =
        lines.iter().filter(story).map(|l| l["request.id"].as_str().unwrap()).collect();
    assert_eq!(logged, teller.ids, "one line per request, in their order");
    assert_eq!(logged.iter().collect::<HashSet<_>>().len(), logged.len());
    for line in lines.iter().filter(story) {
        for field in ["http.method", "http.route", "actor.id", "duration_ms", "message"] {
            assert!(!line[field].is_null(), "{field} is missing in {line}");
        }
    }
    let refresh = wang["refresh_token"].as_str().unwrap();
    let secret = refresh.split('.').nth(1).unwrap();
    for canary in [
        "王阿姨",
        "李建国",
        "阿姨",
        "13987654321",
        "139****4321",
        "桃溪",
        "单元",
        "帕金森",
        "27.70123",
        &openids[0],
        &openids[1],
        &code,
        &phone_code,
        token,
        office,
        li,
        refresh,
        secret,
        "linli-test-2026",
        "guess-guess",
        "example-secret",
    ] {
        let line = log.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{canary} in {line:?}");
    }
    let signature = |token: &str| token.rsplit('.').next().unwrap().to_owned();
    assert!(![token, office, li].iter().any(|token| log.contains(&signature(token))));
}
