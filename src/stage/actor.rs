//! Somebody with a token.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use anyhow::Context;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Reply, Stage};
use crate::kernel::clock::pause;

static KEY: AtomicU64 = AtomicU64::new(1);

/// One key per tap.
pub fn fresh_key() -> String {
    format!("tap-{:08}", KEY.fetch_add(1, Ordering::SeqCst))
}

/// A person who is signed in.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: Uuid,
    pub name: String,
    pub token: String,
    url: String,
    http: Client,
}

impl Stage {
    /// Opens the mini program as the WeChat user called `name`.
    ///
    /// # Errors
    /// The refusal, as it was said.
    pub async fn enter(&self, name: &str) -> anyhow::Result<Actor> {
        self.sign_in(name, "/auth/wechat", json!({"code": format!("dev:{name}")})).await
    }

    /// Signs a member of staff in.
    ///
    /// # Errors
    /// The refusal, as it was said.
    pub async fn enter_with_password(&self, user: &str, password: &str) -> anyhow::Result<Actor> {
        let body = json!({"username": user, "password": password});
        self.sign_in(user, "/auth/password", body).await
    }

    /// An action before anybody is signed in.
    ///
    /// # Errors
    /// When the line breaks.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Reply> {
        let sent = self.http.post(format!("{}/api/v1{path}", self.url)).json(body).send().await;
        Reply::read(sent.context("the service does not answer")?).await
    }

    async fn sign_in(&self, name: &str, path: &str, body: Value) -> anyhow::Result<Actor> {
        let reply = self.post(path, &body).await?.success()?;
        self.actor(name, &reply).context("sign in")
    }

    /// From the answer to a sign-in.
    pub fn actor(&self, name: &str, reply: &Value) -> Option<Actor> {
        Some(Actor {
            id: reply["user"]["id"].as_str()?.parse().ok()?,
            name: name.to_owned(),
            token: reply["access_token"].as_str()?.to_owned(),
            url: self.url.clone(),
            http: self.http.clone(),
        })
    }
}

impl Actor {
    /// A request with this person's token; `path` below `/api/v1`.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/v1{path}", self.url)).bearer_auth(&self.token)
    }

    /// # Errors
    /// When the line breaks; a refusal is a reply.
    pub async fn send(&self, request: RequestBuilder) -> anyhow::Result<Reply> {
        Reply::read(request.send().await.context("the service does not answer")?).await
    }

    /// Reads.
    ///
    /// # Errors
    /// As `send`.
    pub async fn look(&self, path: &str) -> anyhow::Result<Reply> {
        self.send(self.request(Method::GET, path)).await
    }

    /// Acts, with a body.
    ///
    /// # Errors
    /// As `send`.
    pub async fn act(&self, path: &str, body: &Value) -> anyhow::Result<Reply> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Acts, without a body.
    ///
    /// # Errors
    /// As `send`.
    pub async fn tap(&self, path: &str) -> anyhow::Result<Reply> {
        self.send(self.request(Method::POST, path)).await
    }

    /// Changes something.
    ///
    /// # Errors
    /// As `send`.
    pub async fn change(&self, path: &str, body: &Value) -> anyhow::Result<Reply> {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// Takes something back.
    ///
    /// # Errors
    /// As `send`.
    pub async fn undo(&self, path: &str) -> anyhow::Result<Reply> {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// One tap on 接单, or the same tap again with the same key.
    ///
    /// # Errors
    /// As `send`.
    pub async fn claim(&self, task: &str, key: &str) -> anyhow::Result<Reply> {
        let path = format!("/tasks/{task}/claims");
        self.send(self.request(Method::POST, &path).header("Idempotency-Key", key)).await
    }

    /// The first try of a tap, marked as such.
    ///
    /// # Errors
    /// As `send`.
    pub async fn first_try(&self, task: &str, key: &str) -> anyhow::Result<Reply> {
        let path = format!("/tasks/{task}/claims");
        let request = self.request(Method::POST, &path).header("Idempotency-Key", key);
        self.send(request.header("Attempt", "1")).await
    }

    /// A tap as the app makes it. Asked to come again, it waits as long as it is told and is a first try once more;
    /// where the house was too busy to answer, it tries again with the same key.
    ///
    /// # Errors
    /// As `send`.
    pub async fn tap_patiently(&self, task: &str) -> anyhow::Result<Reply> {
        let (key, mut first) = (fresh_key(), true);
        loop {
            let tried =
                if first { self.first_try(task, &key).await } else { self.claim(task, &key).await };
            let reply = tried?;
            match reply.code() {
                "try_again" => pause(Duration::from_secs(1)).await,
                "overloaded" | "outcome.unknown" | "idempotency.in_progress" => first = false,
                _ => return Ok(reply),
            }
        }
    }

    /// A tap that was tried before: while the house is too busy it tries again with the same key.
    ///
    /// # Errors
    /// As `send`.
    pub async fn claim_patiently(&self, task: &str) -> anyhow::Result<Reply> {
        let key = fresh_key();
        loop {
            let reply = self.claim(task, &key).await?;
            if reply.status != 503 && reply.code() != "idempotency.in_progress" {
                return Ok(reply);
            }
        }
    }
}
