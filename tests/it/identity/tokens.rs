//! Access tokens made by somebody else, and what ours do not say.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64},
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::helpers::{Expect, TestApp};

fn decoded(part: &str) -> Value {
    serde_json::from_slice(&B64.decode(part).unwrap()).unwrap()
}

/// Header and payload of a token.
fn opened(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(str::to_owned);
    (decoded(&parts.next().unwrap()), decoded(&parts.next().unwrap()))
}

fn signed(header: &Value, payload: &Value, key: &[u8]) -> String {
    let message = format!("{}.{}", B64.encode(header.to_string()), B64.encode(payload.to_string()));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", B64.encode(mac.finalize().into_bytes()))
}

/// The same with one member changed, or taken out where it becomes null.
fn with(value: &Value, member: &str, to: Value) -> Value {
    let mut changed = value.clone();
    if to.is_null() {
        changed.as_object_mut().unwrap().remove(member);
    } else {
        changed[member] = to;
    }
    changed
}

/// The key of `config/test.toml`.
fn key() -> Vec<u8> {
    STANDARD.decode("D7lN4p34ESBb+z7wGYZg8j6FnOCZU6yh3fn5agLf8K8=").unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_tokens_of_our_own_making_open_anything() {
    let app = TestApp::spawn().await;
    let (wang, other) = (app.sign_in("王阿姨").await, app.sign_in("李大爷").await);
    let (header, payload) = opened(&wang.token);
    let good = signed(&header, &payload, &key());
    app.bearer(&good).get("/me").await.ok();

    let exp = payload["exp"].as_i64().unwrap();
    let resigned = |payload: &Value| signed(&header, payload, &key());
    let headed = |member: &str, to: Value| signed(&with(&header, member, to), &payload, &key());
    let parts: Vec<_> = wang.token.split('.').collect();
    let tampered = B64.encode(with(&payload, "sub", json!(other.id)).to_string());
    let none = B64.encode(with(&header, "alg", json!("none")).to_string());
    let forged = [
        ("another typ", headed("typ", json!("JWT"))),
        ("no typ", headed("typ", Value::Null)),
        ("another kid", headed("kid", json!("example-2"))),
        ("no kid", headed("kid", Value::Null)),
        ("alg HS384", headed("alg", json!("HS384"))),
        ("alg none", format!("{none}.{}.", parts[1])),
        ("alg none, signed", headed("alg", json!("none"))),
        ("another key", signed(&header, &payload, &[7; 32])),
        ("the empty key", signed(&header, &payload, &[])),
        ("somebody else's sub", format!("{}.{tampered}.{}", parts[0], parts[2])),
        ("sub and session of two", resigned(&with(&payload, "sub", json!(other.id)))),
        ("another issuer", resigned(&with(&payload, "iss", json!("else")))),
        ("another audience", resigned(&with(&payload, "aud", json!("else")))),
        ("no exp", resigned(&with(&payload, "exp", Value::Null))),
        ("exp as text", resigned(&with(&payload, "exp", json!(exp.to_string())))),
        ("no iat", resigned(&with(&payload, "iat", Value::Null))),
        ("made tomorrow", resigned(&with(&payload, "iat", json!(exp + 86_400)))),
        ("a role in it", resigned(&with(&payload, "role", json!("operator")))),
        ("no session", resigned(&with(&payload, "sid", Value::Null))),
        ("half of it", parts[..2].join(".")),
        ("no token", "x".to_owned()),
    ];
    for (what, token) in forged {
        let reply = app.bearer(&token).get("/me").await;
        assert_eq!((reply.status, reply.code()), (401, "auth.relogin"), "{what}: {reply:?}");
        let public = app.bearer(&token).get("/stories").await;
        assert_eq!(public.status, 401, "{what}: a bad token is told apart from none");
    }
    app.get("/api/v1/me").await.refused(401, "auth.relogin");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_names_nobody() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    li.put("/me", json!({"name": "李建国"})).await.ok();
    li.post("/me/phone", json!({"code": "dev:13987654321"})).await.ok();
    for token in [app.sign_in("李建国").await.token.clone(), app.office().await.token.clone()] {
        let (header, payload) = opened(&token);
        let mut names: Vec<_> = payload.as_object().unwrap().keys().cloned().collect();
        names.sort_unstable();
        assert_eq!(names, ["aud", "exp", "iat", "iss", "sid", "sub"]);
        let told = format!("{header}{payload}");
        for canary in ["李", "13987654321", &app.wechat.openid("李建国"), "dispatcher", "wenhua"]
        {
            assert!(!told.contains(canary), "{canary} in {told}");
        }
    }
}
