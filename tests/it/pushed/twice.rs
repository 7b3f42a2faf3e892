//! What is told twice happens once, and what was seen to is forgotten but for its hash.

use std::time::Duration;

use linli::privacy::retention;
use serde_json::json;

use super::{Letter, called, event, shelf, told};
use crate::helpers::{Person, TestApp};

async fn wang(app: &TestApp) -> (Person, String) {
    (app.resident("王阿姨").await, app.wechat.openid("王阿姨"))
}

async fn renamed(app: &TestApp, who: &Person, name: &str) {
    use crate::helpers::Expect;
    app.sign_in(&who.name).await.put("/me", json!({"name": name})).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_words_sealed_anew_happen_once_before_and_after_they_were_seen_to() {
    let app = TestApp::spawn().await;
    let (her, openid) = wang(&app).await;
    let message = event("user_info_modified", &openid, json!({}));
    for salt in 1..=3 {
        assert_eq!(Letter::safe(&app, &message, salt).post(&app).await.text, "success");
    }
    let waiting = shelf(&app).await;
    assert_eq!(waiting.len(), 1);
    let row = &waiting[0];
    assert!(row.handled_at.is_none() && row.body.is_some());
    assert!(!row.body.as_ref().unwrap().0.contains(&openid), "it rests sealed");
    app.settle().await;
    assert!(called(&her).await.as_str().unwrap().starts_with("邻居"), "her name went");
    let row = shelf(&app).await.remove(0);
    assert!(row.handled_at.is_some() && row.body.is_none(), "what was told is erased at once");

    renamed(&app, &her, "王姐").await;
    assert_eq!(Letter::safe(&app, &message, 4).post(&app).await.text, "success");
    app.settle().await;
    assert_eq!(called(&her).await, "王姐", "it does not happen again");
    told(&app, &event("user_info_modified", &openid, json!({"CreateTime": 1_795_312_801}))).await;
    assert_ne!(called(&her).await, "王姐", "another one does");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_seen_on_the_way_is_worth_nothing_ten_minutes_later() {
    let app = TestApp::spawn().await;
    let letter = Letter::safe(&app, &event("of_tomorrow", "o1", json!({})), 1);
    app.advance(Duration::from_secs(600));
    assert_eq!(letter.post(&app).await.text, "success", "at ten minutes it still is WeChat's");
    app.advance(Duration::from_secs(1));
    Letter::is_refused(&letter.post(&app).await, "older");

    let ahead = TestApp::spawn().await;
    let letter = Letter::safe(&app, &event("of_tomorrow", "o2", json!({})), 1);
    Letter::is_refused(&letter.post(&ahead).await, "signed ten minutes and a second from now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_concern_us_is_a_kind_and_no_more_and_hashes_go_after_a_day() {
    let app = TestApp::spawn().await;
    told(&app, &event("of_tomorrow", "oSecret", json!({"Words": "口信"}))).await;
    let text = json!({"FromUserName": "oSecret", "MsgType": "text", "Content": "口信"}).to_string();
    told(&app, &text).await;
    let mut kinds: Vec<_> = shelf(&app).await.into_iter().map(|row| (row.kind, row.body)).collect();
    kinds.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(kinds, [("of_tomorrow".to_owned(), None), ("text".to_owned(), None)]);

    app.advance(Duration::from_secs(24 * 3600));
    retention::run(&app.state, false).await.unwrap();
    assert_eq!(shelf(&app).await.len(), 2, "a day is not over yet");
    app.advance(Duration::from_millis(1));
    retention::run(&app.state, false).await.unwrap();
    assert!(shelf(&app).await.is_empty());
}
