//! 微信推送: what WeChat tells us is believed only when it is WeChat who tells it, happens once, and erases exactly what
//! it names.

mod busy;
mod door;
mod forms;
mod revoked;
mod twice;

use ::entity::wechat_push::{Entity, Model};
use fake_wechat::{sealed, signature};
use linli::stage::Reply;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp};

/// As in `config/test.toml`.
const TOKEN: &str = "example-push-token";
const KEY: &str = "exampleExampleexampleExampleexampleExample1";
const APP: &str = "wxlinlidev";
const NONCE: &str = "1320562132";

/// A letter as WeChat would send it, until a test bends it.
#[derive(Clone, Debug)]
struct Letter {
    query: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Letter {
    /// Sealed and signed now; `salt` makes another ciphertext of the same words.
    fn safe(app: &TestApp, message: &str, salt: u8) -> Self {
        Self::sealed_with(app, KEY, (message, APP), salt)
    }

    fn sealed_with(app: &TestApp, key: &str, (message, for_app): (&str, &str), salt: u8) -> Self {
        let encrypt = sealed(key, [salt; 16], message, for_app).unwrap();
        let mut letter =
            Self::plain(app, &json!({"ToUserName": "gh", "Encrypt": encrypt}).to_string());
        let at = letter.value("timestamp");
        letter.query.push(("encrypt_type", "aes".into()));
        letter.query.push(("msg_signature", signature(&[TOKEN, &at, NONCE, &encrypt])));
        letter
    }

    /// In the clear.
    fn plain(app: &TestApp, message: &str) -> Self {
        let at = (app.state.clock.now().ms() / 1000).to_string();
        Self {
            query: vec![
                ("signature", signature(&[TOKEN, &at, NONCE])),
                ("timestamp", at),
                ("nonce", NONCE.into()),
                ("openid", "oSomebodyElse".into()),
            ],
            body: message.as_bytes().to_vec(),
        }
    }

    fn value(&self, key: &str) -> String {
        self.query.iter().find(|(name, _)| *name == key).unwrap().1.clone()
    }

    /// With another value, or without one.
    fn with(&self, key: &str, value: Option<&str>) -> Self {
        let mut bent = self.clone();
        bent.query.retain(|(name, _)| *name != key);
        if let Some(value) = value {
            let key = self.query.iter().find(|(name, _)| *name == key).unwrap().0;
            bent.query.push((key, value.to_owned()));
        }
        bent
    }

    async fn post(&self, app: &TestApp) -> Reply {
        let sent = app.http.post(format!("{}/wechat/push", app.url)).query(&self.query);
        Reply::read(sent.body(self.body.clone()).send().await.unwrap()).await.unwrap()
    }

    #[track_caller]
    fn is_refused(reply: &Reply, why: &str) {
        assert_eq!((reply.status, reply.text.as_str()), (403, ""), "{why}: {reply:?}");
    }
}

/// An event about a user.
pub fn event(name: &str, openid: &str, fields: Value) -> String {
    let mut event = json!({"ToUserName": "gh_linli", "FromUserName": "oPlatform", "CreateTime": 1_795_312_800,
        "MsgType": "event", "Event": name, "OpenID": openid});
    for (key, value) in fields.as_object().unwrap() {
        event[key] = value.clone();
    }
    event.to_string()
}

/// Tells it and sees to it.
pub async fn told(app: &TestApp, message: &str) {
    let reply = Letter::safe(app, message, 7).post(app).await;
    assert_eq!((reply.status, reply.text.as_str()), (200, "success"), "{reply:?}");
    app.settle().await;
}

/// What lies on the shelf.
async fn shelf(app: &TestApp) -> Vec<Model> {
    Entity::find().all(app.state.db.read()).await.unwrap()
}

async fn called(who: &Person) -> Value {
    who.get("/me").await.ok()["name"].clone()
}
