//! 群众评价: silence closes and is called so; a late answer still counts; partly and not done come back with their past.

use std::time::Duration;

use linli::request::close_silent;
use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp, WENHUA};

use super::{asks, is_done, told};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn closed_by_silence(app: &TestApp) -> String {
    let wang = app.resident("王阿姨").await;
    app.member("李建国").await;
    let request = asks(app, &wang).await;
    is_done(app, &request, "李建国").await;
    app.advance(DAY * 7);
    assert_eq!(close_silent(&app.state).await.unwrap().closed, 1);
    request
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_closes_after_its_days_once_and_not_a_minute_before() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    app.member("李建国").await;
    let settings = format!("/orgs/{}/settings", app.org_id(WENHUA).await);
    office.put(&settings, json!({"silence_closes_days": 3})).await.ok();
    let request = asks(&app, &wang).await;
    is_done(&app, &request, "李建国").await;
    app.advance(DAY * 3 - Duration::from_secs(60));
    assert_eq!(close_silent(&app.state).await.unwrap().closed, 0);
    app.advance(Duration::from_secs(60));
    let (one, two) = tokio::join!(close_silent(&app.state), close_silent(&app.state));
    assert_eq!(one.unwrap().closed + two.unwrap().closed, 1, "two rounds at once close it once");
    let wang = app.sign_in("王阿姨").await;
    let seen = wang.get(&format!("/requests/{request}")).await.ok();
    assert_eq!((&seen["state"], &seen["unconfirmed"]), (&json!("closed"), &json!(true)));
    let kinds = told(&wang, &request).await;
    let silent = kinds.iter().filter(|kind| *kind == "request.closed_unconfirmed").count();
    assert_eq!((silent, kinds.contains(&"request.closed".to_owned())), (1, false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_done_confirms_and_is_the_only_answer() {
    let app = TestApp::spawn().await;
    let request = closed_by_silence(&app).await;
    app.advance(DAY * 29);
    let (wang, path) = (app.sign_in("王阿姨").await, format!("/requests/{request}/answer"));
    let said = wang.post(&path, json!({"verdict": "done", "stars": 4})).await.ok();
    assert_eq!(
        (&said["request"]["state"], &said["request"]["unconfirmed"]),
        (&json!("closed"), &json!(false))
    );
    wang.post(&path, json!({"verdict": "not_done"})).await.refused(409, "answer.exists");
    assert_eq!(told(&wang, &request).await.last().unwrap(), "request.closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_not_done_reopens_with_its_past_and_after_thirty_days_it_is_over() {
    let app = TestApp::spawn().await;
    let request = closed_by_silence(&app).await;
    let (wang, path) = (app.sign_in("王阿姨").await, format!("/requests/{request}/answer"));
    let said = wang.post(&path, json!({"verdict": "not_done", "words": "还是不亮"})).await.ok();
    assert_eq!(said["request"]["state"], "reopened");
    let second = is_done(&app, &request, "李建国").await;
    let desk = app.office().await.get(&format!("/requests/{request}")).await.ok();
    assert_eq!(desk["history"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&desk["history"][0]["verdict"], &desk["history"][0]["words"]),
        (&json!("not_done"), &json!("还是不亮"))
    );
    assert_eq!(
        (&desk["history"][1]["task_id"], &desk["history"][1]["verdict"]),
        (&json!(second), &Value::Null)
    );

    app.advance(DAY * 7);
    assert_eq!(close_silent(&app.state).await.unwrap().closed, 1);
    app.advance(DAY * 30);
    let wang = app.sign_in("王阿姨").await;
    wang.post(&path, json!({"verdict": "done"})).await.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_and_silence_at_the_same_moment_agree() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    app.member("李建国").await;
    let request = asks(&app, &wang).await;
    is_done(&app, &request, "李建国").await;
    app.advance(DAY * 7);
    let wang = app.sign_in("王阿姨").await;
    let path = format!("/requests/{request}/answer");
    let (said, round) =
        tokio::join!(wang.post(&path, json!({"verdict": "done"})), close_silent(&app.state));
    said.ok();
    assert_eq!(round.unwrap().failed, 0);
    let seen = wang.get(&format!("/requests/{request}")).await.ok();
    assert_eq!((&seen["state"], &seen["unconfirmed"]), (&json!("closed"), &json!(false)));
}
