//! An answer as a client gets it.

use std::fmt;

use anyhow::bail;
use reqwest::{Response, header::HeaderMap};
use serde_json::Value;

pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.text)
    }
}

impl Reply {
    /// # Errors
    /// When the line breaks.
    pub async fn read(response: Response) -> anyhow::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Ok(Self { status, headers, text, body })
    }

    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body of a success.
    ///
    /// # Errors
    /// The refusal, as it was said.
    pub fn success(self) -> anyhow::Result<Value> {
        if !self.is_success() {
            bail!("{self:?}");
        }
        Ok(self.body)
    }

    /// The stable code of a refusal; empty where it is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    pub fn is_replay(&self) -> bool {
        self.headers.get("idempotency-replayed").is_some_and(|value| value == "true")
    }
}

/// `body["id"]` as text; empty where there is none.
pub fn id(body: &Value) -> String {
    body["id"].as_str().unwrap_or_default().to_owned()
}
