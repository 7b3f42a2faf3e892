//! Who is let in at the door, and how whoever is not is turned away.

use fake_wechat::{PushTarget, signature};
use linli::stage::Reply;
use serde_json::json;

use super::{APP, KEY, Letter, NONCE, TOKEN, event, shelf};
use crate::helpers::TestApp;

const OLD: &str = "0123456789ABCDEFGabcdefghijklmnopqrstuvwxyz";

async fn check(app: &TestApp, query: &[(&str, &str)]) -> Reply {
    let sent = app.http.get(format!("{}/wechat/push", app.url)).query(query).send().await;
    Reply::read(sent.unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_check_of_the_address_gets_its_own_words_back_and_nobody_else_does() {
    let app = TestApp::spawn().await;
    let at = (app.state.clock.now().ms() / 1000).to_string();
    let signed = signature(&[TOKEN, &at, NONCE]);
    let good =
        [("signature", &*signed), ("timestamp", &*at), ("nonce", NONCE), ("echostr", "48151623")];
    let reply = check(&app, &good).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, "48151623"));
    assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(reply.headers["x-content-type-options"], "nosniff");

    let hour_ago = (app.state.clock.now().ms() / 1000 - 3600).to_string();
    let signed_then = signature(&[TOKEN, &hour_ago, NONCE]);
    for (key, value) in [
        ("signature", "0000000000000000000000000000000000000000"),
        ("nonce", "1"),
        ("echostr", "<script>alert(1)</script> "),
        ("echostr", ""),
    ] {
        let bent = good.map(|(name, old)| (name, if name == key { value } else { old }));
        Letter::is_refused(&check(&app, &bent).await, key);
    }
    let stale = [
        ("signature", &*signed_then),
        ("timestamp", &*hour_ago),
        ("nonce", NONCE),
        ("echostr", "48151623"),
    ];
    Letter::is_refused(&check(&app, &stale).await, "an hour ago");
    Letter::is_refused(&check(&app, &[]).await, "without anything");

    app.wechat.push_to(Some(PushTarget {
        url: format!("{}/wechat/push", app.url),
        token: TOKEN.into(),
        aes_key: Some(KEY.into()),
        wording: fake_wechat::Wording::default(),
    }));
    assert!(app.wechat.check_push_url().await, "as the stand-in checks it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_not_wechat_is_refused_without_a_word_and_leaves_nothing() {
    let app = TestApp::spawn().await;
    let message = event("user_info_modified", "o1", json!({}));
    let good = Letter::safe(&app, &message, 1);
    let forged = "0".repeat(40);
    let at = app.state.clock.now().ms() / 1000;
    for (why, bent) in [
        ("a wrong msg_signature", good.with("msg_signature", Some(&forged))),
        ("no msg_signature, though signature is right", good.with("msg_signature", None)),
        ("an empty msg_signature", good.with("msg_signature", Some(""))),
        ("another time than was signed", good.with("timestamp", Some(&(at + 1).to_string()))),
        ("another nonce than was signed", good.with("nonce", Some("1"))),
        ("no timestamp", good.with("timestamp", None)),
        ("sealed, and said to be in the clear", good.with("encrypt_type", None)),
        ("in the clear, where only safe mode is allowed", Letter::plain(&app, &message)),
        ("for another app", Letter::sealed_with(&app, KEY, (&message, "wxother"), 1)),
        ("sealed with another key", Letter::sealed_with(&app, OLD, (&message, APP), 1)),
        ("something that is neither JSON nor XML", Letter::safe(&app, "hello", 1)),
    ] {
        Letter::is_refused(&bent.post(&app).await, why);
    }
    let mut flipped = good.clone();
    let middle = flipped.body.len() / 2;
    flipped.body[middle] ^= 1;
    Letter::is_refused(&flipped.post(&app).await, "a bit turned");
    let mut cut = good.clone();
    cut.body.truncate(middle);
    Letter::is_refused(&cut.post(&app).await, "cut");
    let mut twice = good.clone();
    twice.query.push(("msg_signature", forged));
    Letter::is_refused(&twice.post(&app).await, "two signatures");

    assert!(shelf(&app).await.is_empty(), "nothing of it is kept");
    assert_eq!(good.post(&app).await.text, "success", "and the good one still is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_clear_it_is_read_only_where_that_is_allowed_and_still_signed() {
    let modes = ("wechat.push_modes", "safe, plain".to_owned());
    let app = TestApp::with(&[modes]).await;
    let message = event("user_info_modified", "o1", json!({}));
    let good = Letter::plain(&app, &message);
    Letter::is_refused(&good.with("signature", Some(&"0".repeat(40))).post(&app).await, "forged");
    Letter::is_refused(&good.with("signature", None).post(&app).await, "unsigned");
    assert_eq!(good.post(&app).await.text, "success");
    assert_eq!(Letter::safe(&app, &message, 1).post(&app).await.text, "success");
    assert_eq!(shelf(&app).await.len(), 1, "the same words, however they came");

    for bomb in [
        "<!DOCTYPE x [<!ENTITY e \"a\">]><xml><Event>&e;</Event></xml>",
        "<!DOCTYPE x SYSTEM \"http://127.0.0.1/x\"><xml><Event>a</Event></xml>",
        "<xml><Event>&e;</Event></xml>",
    ] {
        Letter::is_refused(&Letter::plain(&app, bomb).post(&app).await, bomb);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_key_is_changed_both_open_and_a_retired_one_does_not() {
    let message = |n: i32| event("user_info_modified", "o1", json!({"n": n}));
    let both = TestApp::with(&[("wechat.push_keys", format!("{KEY}, {OLD}"))]).await;
    for (n, key) in [KEY, OLD].into_iter().enumerate() {
        let letter = Letter::sealed_with(&both, key, (&message(n as i32), APP), 1);
        assert_eq!(letter.post(&both).await.text, "success", "{key}");
    }
    let rotated = TestApp::spawn().await;
    let late = Letter::sealed_with(&rotated, OLD, (&message(3), APP), 1);
    Letter::is_refused(&late.post(&rotated).await, "a key that was taken away");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_token_there_is_no_door_and_a_parcel_does_not_fit_through_it() {
    let off = [("wechat.push_token", String::new()), ("wechat.push_keys", String::new())];
    let app = TestApp::with(&off).await;
    let letter = Letter::safe(&app, "{}", 1);
    let reply = letter.post(&app).await;
    assert_eq!((reply.status, reply.text.as_str()), (404, ""));
    assert_eq!(check(&app, &[("echostr", "1")]).await.status, 404);

    let app = TestApp::spawn().await;
    let mut parcel = Letter::safe(&app, &event("user_info_modified", "o1", json!({})), 1);
    parcel.body.resize(64 * 1024 + 1, b' ');
    let reply = parcel.post(&app).await;
    assert_eq!((reply.status, reply.text.as_str()), (413, ""));
    parcel.body.truncate(64 * 1024);
    assert_eq!(parcel.post(&app).await.text, "success", "as large as may be");
}
