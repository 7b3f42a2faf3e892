//! 微信登录, and the profile behind it.

use std::time::Duration;

use ::entity::person;
use futures_util::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use crate::helpers::{Expect, TestApp};

async fn people(app: &TestApp) -> u64 {
    person::Entity::find().count(app.state.db.read()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_openid_is_one_account_however_often_and_however_fast() {
    let app = TestApp::spawn().await;
    let before = people(&app).await;
    let at_once = join_all((0..8).map(|_| app.sign_in("王阿姨"))).await;
    let again = app.sign_in("王阿姨").await;
    assert!(at_once.iter().all(|one| one.id == again.id), "{at_once:?}");
    assert_ne!(app.sign_in("李大爷").await.id, again.id);
    assert_eq!(people(&app).await, before + 2, "no twin is left behind");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_unknown_or_old_code_asks_for_a_new_sign_in() {
    let app = TestApp::spawn().await;
    let (code, old) = (app.wechat.login_code("王阿姨"), app.wechat.login_code("王阿姨"));
    app.post("/auth/wechat", &json!({"code": code})).await.ok();
    app.advance(Duration::from_secs(300));
    for useless in [code.as_str(), old.as_str(), "made-up"] {
        let reply = app.post("/auth/wechat", &json!({"code": useless})).await;
        reply.refused(401, "auth.relogin");
    }
    app.post("/auth/wechat", &json!({})).await.refused_field("code", "required");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_wechat_blocks_is_told_so_and_gets_no_account() {
    let app = TestApp::spawn().await;
    let before = people(&app).await;
    app.wechat.block("坏人");
    app.post("/auth/wechat", &json!({"code": "dev:坏人"})).await.refused(403, "auth.blocked");
    assert_eq!(people(&app).await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_says_what_to_be_called_and_whether_to_volunteer() {
    let app = TestApp::spawn().await;
    let wang = app.sign_in("王阿姨").await;
    let fresh = wang.get("/me").await.ok();
    assert!(fresh["name"].as_str().unwrap().starts_with("邻居"), "WeChat's name is not taken");
    assert_eq!((&fresh["volunteer"], &fresh["phone"]), (&json!(false), &json!(null)));

    wang.put("/me", json!({"name": " 王阿姨 "})).await.ok();
    let both = wang.put("/me", json!({"volunteer": true})).await.ok();
    assert_eq!((&both["name"], &both["volunteer"]), (&json!("王阿姨"), &json!(true)));
    assert_eq!(wang.get("/me").await.ok(), both);
    let stops = wang.put("/me", json!({"volunteer": false})).await.ok();
    assert_eq!(stops["volunteer"], false);

    wang.put("/me", json!({"name": ""})).await.refused(422, "validation");
    wang.put("/me", json!({"name": "   "})).await.refused(422, "validation");
    wang.put("/me", json!({"name": "长".repeat(21)})).await.refused(422, "validation");
    wang.put("/me", json!({"phone": "13812345678"})).await.refused_field("phone", "unknown");
    assert_eq!(wang.get("/me").await.ok()["name"], "王阿姨");
}
