//! 首接负责: one named person until it is closed; handed over with a reason, looked after while away.

use std::time::Duration;

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, id};

use super::{asks, told};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_acts_first_owns_it_and_the_resident_knows_the_name() {
    let app = TestApp::spawn().await;
    let (wang, chen, wu) =
        (app.resident("王阿姨").await, app.office().await, app.staff("wenhua2").await);
    let request = asks(&app, &wang).await;
    let path = format!("/requests/{request}");
    assert_eq!(wang.get(&path).await.ok()["owner"], Value::Null);
    chen.post(&format!("{path}/ask"), json!({"question": "几楼？"})).await.ok();
    assert_eq!(wang.get(&path).await.ok()["owner"]["name"], "文化社区小陈");
    wang.put(&path, json!({"detail": "三楼到四楼之间的灯"})).await.ok();
    let amended = wang.get(&path).await.ok();
    assert_eq!(amended["due_at"], amended["done_due"], "the first answer was given");
    wu.post(&format!("{path}/decline"), json!({"reason": "物业已经修好"})).await.ok();
    let over = wang.get(&path).await.ok();
    assert_eq!(over["owner"]["name"], "文化社区小陈", "whoever acts later does not take it over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_handed_over_with_a_reason_to_somebody_who_works_there() {
    let app = TestApp::spawn().await;
    let (wang, chen) = (app.resident("王阿姨").await, app.office().await);
    let (wu, stranger) = (app.staff("wenhua2").await, app.staff("maocaopu").await);
    let request = asks(&app, &wang).await;
    let path = format!("/requests/{request}/assign");
    chen.post(&path, json!({"user_id": stranger.id})).await.refused_field("user_id", "value");
    chen.post(&path, json!({"user_id": wu.id})).await.ok();
    chen.post(&path, json!({"user_id": wu.id})).await.ok();
    chen.post(&path, json!({"user_id": chen.id})).await.refused_field("reason", "required");
    let given = json!({"user_id": chen.id, "reason": "小吴去培训"});
    assert_eq!(chen.post(&path, given).await.ok()["owner"]["name"], "文化社区小陈");
    let assigned = told(&wang, &request).await;
    assert_eq!(assigned, ["request.submitted", "request.assigned", "request.assigned"]);
    let seen = wang.get(&format!("/requests/{request}")).await.ok();
    assert_eq!(seen["due_at"], seen["first_answer_due"], "naming somebody is no answer yet");
    stranger.post(&path, json!({"user_id": stranger.id})).await.refused(404, "not_found");
    let audited = app.fingerprint(&[]).await;
    assert!(audited.contains("request.handed_over"));

    wang.does(&format!("/requests/{request}/withdraw")).await.ok();
    let late = json!({"user_id": wu.id, "reason": "补办交接"});
    chen.post(&path, late).await.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_act_at_the_same_moment_leave_one_owner() {
    let app = TestApp::spawn().await;
    let (wang, chen, wu) =
        (app.resident("王阿姨").await, app.office().await, app.staff("wenhua2").await);
    for _ in 0..4 {
        let request = asks(&app, &wang).await;
        let path = format!("/requests/{request}/ask");
        let body = json!({"question": "几楼？"});
        let (one, two) = tokio::join!(chen.post(&path, body.clone()), wu.post(&path, body.clone()));
        let won = [(&one, &chen), (&two, &wu)].into_iter().filter(|(reply, _)| reply.is_success());
        let won: Vec<_> = won.map(|(_, who)| who.id.to_string()).collect();
        assert_eq!(won.len(), 1, "{one:?} {two:?}");
        let seen = wang.get(&format!("/requests/{request}")).await.ok();
        assert_eq!(id(&seen["owner"]), won[0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deputy_looks_after_what_an_absent_colleague_owns() {
    let app = TestApp::spawn().await;
    let (wang, chen, wu) =
        (app.resident("王阿姨").await, app.office().await, app.staff("wenhua2").await);
    let request = asks(&app, &wang).await;
    chen.post(&format!("/requests/{request}/assign"), json!({"user_id": chen.id})).await.ok();
    let owned = async |who: &Person| {
        who.get("/requests?owned=true").await.ok()["items"].as_array().unwrap().len()
    };
    assert_eq!((owned(&chen).await, owned(&wu).await), (1, 0));
    let until = app.state.clock.now().plus(Duration::from_secs(600));
    let named = json!({"user_id": wu.id, "until": until});
    assert_eq!(chen.put("/me/deputy", named.clone()).await.ok()["deputy"]["name"], "文化社区小吴");
    wang.put("/me/deputy", named).await.refused(403, "auth.forbidden");
    let seen = wang.get(&format!("/requests/{request}")).await.ok();
    assert_eq!(
        (&seen["owner"]["name"], &seen["deputy"]["name"]),
        (&json!("文化社区小陈"), &json!("文化社区小吴"))
    );
    assert_eq!(owned(&wu).await, 1);
    app.advance(Duration::from_secs(600));
    assert_eq!(owned(&wu).await, 0, "it ends by itself");
    assert_eq!(wang.get(&format!("/requests/{request}")).await.ok()["deputy"], Value::Null);
    assert_eq!(chen.get("/me/deputy").await.ok()["deputy"], Value::Null);
}
