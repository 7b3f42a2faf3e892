//! What people are told when something goes wrong: a closed list of codes, proper problems, no inner cause.

use linli::{
    kernel::Error,
    platform::http::{Kind, Problem},
    routes,
};
use reqwest::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Expect, Reply, TestApp, WENHUA};

/// What changes from run to run is left out.
fn steady(mut body: Value) -> Value {
    body["request_id"] = json!("…");
    if let Some(path) = body["instance"].as_str() {
        let parts =
            path.split('/').map(|part| if part.parse::<Uuid>().is_ok() { "…" } else { part });
        body["instance"] = json!(parts.collect::<Vec<_>>().join("/"));
    }
    body
}

async fn send(app: &TestApp, method: Method, path: &str, body: &'static str) -> Reply {
    let request = app.http.request(method, format!("{}{path}", app.url));
    let sent = request.header("Content-Type", "application/json").body(body).send().await;
    Reply::read(sent.unwrap()).await.unwrap()
}

#[test]
fn the_list_of_codes_is_closed() {
    let line = |kind: Kind| format!("{} {} | {} | {}", kind.status, kind.code, kind.zh, kind.en);
    let list: Vec<_> = routes::problems().into_iter().map(line).collect();
    insta::assert_snapshot!(list.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_problem_reads_in_chinese_and_in_english() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let task = app.open_task(&office, 3).await;
    let path = format!("/tasks/{task}/resize");
    let ask = async |language: &str| {
        let request = office.request(Method::POST, &path).header("Accept-Language", language);
        let reply = office.send(request.json(&json!({"slots": 0}))).await.unwrap();
        steady(reply.refused(422, "validation"))
    };
    insta::assert_json_snapshot!("chinese", ask("zh-CN,zh;q=0.9,en;q=0.8").await);
    insta::assert_json_snapshot!("english", ask("en-GB,en;q=0.9,zh;q=0.8").await);
    let french = ask("fr").await;
    assert_eq!(french, ask("zh-CN").await, "whoever asks for neither gets Chinese");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undeclared_address_is_not_found_and_a_wrong_method_is_said() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    for path in
        ["/nowhere", "/api/v1", "/api/v1/", "/api/v1/nowhere", "/api/v1/me/nowhere", "/api/v2/me"]
    {
        let body = app.get(path).await.refused(404, "not_found");
        assert_eq!(body.get("instance"), None, "what somebody types is not said back");
    }
    li.get("/tasks/not-an-id").await.refused(404, "not_found");
    li.delete("/home").await.refused(405, "method_not_allowed");
    for (method, path) in [
        (Method::PATCH, "/api/v1/me"),
        (Method::GET, "/api/v1/auth/wechat"),
        (Method::POST, "/openapi.json"),
        (Method::POST, "/live"),
        (Method::DELETE, "/api/v1/stories"),
    ] {
        send(&app, method, path, "").await.refused(405, "method_not_allowed");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_too_large_or_no_json_is_told_so() {
    let app = TestApp::spawn().await;
    let limit = app.state.settings.http.body_limit_bytes;
    let large = json!({"code": "x".repeat(limit)});
    app.post("/auth/wechat", &large).await.refused(413, "body.too_large");
    for broken in ["", "{", "{\"code\":", "{\"code\": \"x\"} trailing", "\u{feff}", "nul"] {
        let reply = send(&app, Method::POST, "/api/v1/auth/wechat", broken).await;
        let fault = reply.refused_field("body", "type");
        assert_eq!(fault["errors"][0]["message"], "请求内容不是完整的 JSON", "{broken:?}");
    }
    for (strange, field, code) in [
        ("[]", "body", "type"),
        (" [\"dev:王阿姨\"]", "body", "type"),
        ("\"x\"", "body", "type"),
        ("null", "body", "type"),
        ("{\"code\": 7}", "code", "type"),
        ("{\"code\": \"a\", \"code\": \"b\"}", "code", "value"),
        ("{\"code\": \"\\ud800\"}", "code", "type"),
    ] {
        let reply = send(&app, Method::POST, "/api/v1/auth/wechat", strange).await;
        reply.refused_field(field, code);
    }
}

#[test]
fn an_inner_cause_is_kept_and_never_rendered() {
    let cause = anyhow::anyhow!("SELECT password_hash FROM credential: connection refused");
    for error in [Error::broken("read the credential", cause), Error::impossible("password_hash")] {
        let problem = Problem::from(error);
        assert_eq!(problem.kind().code, "internal");
        assert!(problem.cause().is_some());
        let body = problem.render(true, Some("/x"), "1").into_body();
        let text = format!("{body:?}");
        assert!(text.contains("Something broke"), "{text}");
        assert!(!text.contains("credential") && !text.contains("password_hash"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_database_breaks_the_answer_says_nothing_of_it() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let db = app.state.db.read();
    db.execute_unprepared("ALTER TABLE request RENAME TO elsewhere").await.unwrap();
    let org = app.org_id(WENHUA).await;
    let reply = office.get(&format!("/requests?org_id={org}")).await;
    let text = reply.text.clone();
    let body = steady(reply.refused(500, "internal"));
    insta::assert_json_snapshot!("broken", body);
    for word in ["SELECT", "elsewhere", "no such table", "relation", "sqlx", "read"] {
        assert!(!text.contains(word), "{word} shows in {text}");
    }
    db.execute_unprepared("ALTER TABLE elsewhere RENAME TO request").await.unwrap();
}
