//! 身份: signing in, staying signed in, and what is never told.

mod passwords;
mod phones;
mod sessions;
mod sign_in;
mod tokens;

use serde_json::{Value, json};

use crate::helpers::{Expect, Reply, TestApp};

impl TestApp {
    /// The mini program's sign-in as it is answered.
    async fn opens(&self, name: &str) -> Value {
        self.post("/auth/wechat", &json!({"code": format!("dev:{name}")})).await.ok()
    }

    async fn refreshes(&self, token: &Value) -> Reply {
        self.post("/auth/refresh", &json!({"refresh_token": token})).await
    }

    /// Whether an access token of that answer still opens anything.
    async fn lets_in(&self, answer: &Value) -> bool {
        let reply = self.signed_in(answer).get("/me").await;
        if !reply.is_success() {
            reply.refused(401, "auth.relogin");
            return false;
        }
        true
    }
}
