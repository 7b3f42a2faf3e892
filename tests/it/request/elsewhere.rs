//! 转交与合并: a request goes where it can be helped, and the same need is handled once.

use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, id};

use super::{ask, asks, is_done, told};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passed_on_it_moves_into_the_other_inbox_and_the_promise_keeps_running() {
    let app = TestApp::spawn().await;
    let (wang, chen, yang) =
        (app.resident("王阿姨").await, app.office().await, app.staff("maocaopu").await);
    let request = asks(&app, &wang).await;
    let path = format!("/requests/{request}");
    let before = wang.get(&path).await.ok();
    yang.get(&path).await.refused(404, "not_found");
    app.advance(std::time::Duration::from_secs(600));
    let to = json!({"org_id": app.org_id(OTHER_COMMUNITY).await, "reason": "这栋楼归茅草铺社区"});
    let passed = chen.post(&format!("{path}/pass"), to.clone()).await.ok();
    assert_eq!(passed["owner"], Value::Null, "nobody there owns it yet");
    assert_eq!(passed["due_at"], before["first_answer_due"]);
    chen.get(&path).await.refused(404, "not_found");
    chen.post(&format!("{path}/pass"), to).await.refused(404, "not_found");
    assert_eq!(yang.get(&path).await.ok()["org_name"], "茅草铺社区");
    let timeline = wang.get(&format!("{path}/timeline")).await.ok();
    assert_eq!(timeline["items"][1]["words"], "这栋楼归茅草铺社区");
    yang.post(&format!("{path}/ask"), json!({"question": "几楼？"})).await.ok();
    assert_eq!(wang.get(&path).await.ok()["owner"]["name"], "茅草铺小杨");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passed_to_the_hotline_it_ends_here_and_the_resident_is_told_why() {
    let app = TestApp::spawn().await;
    let (wang, chen) = (app.resident("王阿姨").await, app.office().await);
    let request = asks(&app, &wang).await;
    let path = format!("/requests/{request}");
    let both =
        json!({"org_id": app.org_id(OTHER_COMMUNITY).await, "hotline": true, "reason": "两处都转"});
    chen.post(&format!("{path}/pass"), both).await.refused_field("org_id", "required");
    let to = json!({"hotline": true, "reason": "路灯由市政维护，已转 12345"});
    chen.post(&format!("{path}/pass"), to.clone()).await.ok();
    let seen = wang.get(&path).await.ok();
    assert_eq!((&seen["state"], &seen["state_text"]), (&json!("declined"), &json!("已转市民热线")));
    assert_eq!(seen["reason"], "路灯由市政维护，已转 12345");
    assert_eq!(told(&wang, &request).await.last().unwrap(), "request.referred");
    chen.post(&format!("{path}/pass"), to).await.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_is_shown_what_looks_the_same_and_why() {
    let app = TestApp::spawn().await;
    let (wang, zhao, chen) =
        (app.resident("王阿姨").await, app.resident("赵大妈").await, app.office().await);
    let one = asks(&app, &wang).await;
    let mut again = ask(&app).await;
    again["title"] = json!("楼道的灯坏了，三单元");
    again["detail"] = json!("台阶看不见");
    let again = id(&zhao.post("/requests", again).await.ok());
    let mut other = ask(&app).await;
    (other["title"], other["detail"]) = (json!("陪同去医院"), json!("周六上午复查"));
    (other["category"], other["place"]) = (json!("助老"), Value::Null);
    zhao.post("/requests", other).await.ok();
    let found = chen.get(&format!("/requests/{one}/duplicates")).await.ok();
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{found}");
    assert_eq!(id(&items[0]["request"]), again);
    let codes: Vec<_> =
        items[0]["reasons"].as_array().unwrap().iter().map(|r| &r["code"]).collect();
    assert_eq!(codes, ["near", "time", "words", "category"]);
    wang.get(&format!("/requests/{one}/duplicates")).await.refused(403, "auth.forbidden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_was_merged_follows_the_other_without_its_names_and_words() {
    let app = TestApp::spawn().await;
    let (wang, zhao, chen) =
        (app.resident("王阿姨").await, app.resident("赵大妈").await, app.office().await);
    app.member("李建国").await;
    let (kept, merged, earlier) =
        (asks(&app, &wang).await, asks(&app, &zhao).await, asks(&app, &zhao).await);
    let merge = async |one: &str, into: &str| {
        chen.post(&format!("/requests/{one}/merge"), json!({"into": into})).await
    };
    merge(&earlier, &merged).await.ok();
    let seen = merge(&merged, &kept).await.ok();
    assert_eq!((&seen["state"], id(&seen["merged_into"])), (&json!("merged"), kept.clone()));
    let along = zhao.get(&format!("/requests/{earlier}")).await.ok();
    assert_eq!(id(&along["merged_into"]), kept, "what was merged before goes along");
    merge(&kept, &merged).await.refused_field("into", "value");
    merge(&merged, &kept).await.refused(409, "state.conflict");
    assert!(told(&wang, &kept).await.contains(&"request.joined".to_owned()));

    is_done(&app, &kept, "李建国").await;
    let wang = app.sign_in("王阿姨").await;
    let words = json!({"verdict": "done", "words": "谢谢小李，我姓王"});
    wang.post(&format!("/requests/{kept}/answer"), words).await.ok();
    let zhao = app.sign_in("赵大妈").await;
    let timeline = zhao.get(&format!("/requests/{merged}/timeline")).await.ok();
    let kinds: Vec<_> =
        timeline["items"].as_array().unwrap().iter().map(|item| item["kind"].clone()).collect();
    for kind in [
        "request.submitted",
        "request.merged",
        "request.dispatched",
        "claim.granted",
        "request.closed",
    ] {
        assert!(kinds.contains(&json!(kind)), "{kind} is missing in {kinds:?}");
    }
    let text = timeline.to_string();
    assert!(
        !text.contains("我姓王") && !text.contains("王阿姨") && !text.contains("李建国"),
        "{text}"
    );
    let seen = zhao.get(&format!("/requests/{merged}")).await.ok();
    assert_eq!(seen["merged_into"]["state"], "closed");
    zhao.get(&format!("/requests/{kept}")).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_other_is_withdrawn_the_merged_one_waits_for_the_office_again() {
    let app = TestApp::spawn().await;
    let (wang, zhao, chen) =
        (app.resident("王阿姨").await, app.resident("赵大妈").await, app.office().await);
    let (kept, merged) = (asks(&app, &wang).await, asks(&app, &zhao).await);
    chen.post(&format!("/requests/{merged}/merge"), json!({"into": kept})).await.ok();
    wang.does(&format!("/requests/{kept}/withdraw")).await.ok();
    let seen = zhao.get(&format!("/requests/{merged}")).await.ok();
    assert_eq!((&seen["state"], &seen["merged_into"]), (&json!("submitted"), &Value::Null));
    assert_eq!(
        told(&zhao, &merged).await,
        ["request.submitted", "request.merged", "request.separated"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_merges_into_each_other_at_once_leave_one_standing() {
    let app = TestApp::spawn().await;
    let (wang, chen, wu) =
        (app.resident("王阿姨").await, app.office().await, app.staff("wenhua2").await);
    for _ in 0..4 {
        let (one, two) = (asks(&app, &wang).await, asks(&app, &wang).await);
        let (there, back) = (format!("/requests/{one}/merge"), format!("/requests/{two}/merge"));
        let (a, b) = tokio::join!(
            chen.post(&there, json!({"into": two})),
            wu.post(&back, json!({"into": one})),
        );
        assert!(a.is_success() != b.is_success(), "{a:?} {b:?}");
        let states = [
            wang.get(&format!("/requests/{one}")).await.ok()["state"].clone(),
            wang.get(&format!("/requests/{two}")).await.ok()["state"].clone(),
        ];
        assert!(states.contains(&json!("merged")) && states.contains(&json!("submitted")));
    }
}
