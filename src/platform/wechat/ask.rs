//! One road for every call: is it held back, send it, learn from the answer; with the access token where it needs
//! one, and again after a while where it may be repeated.

use std::time::Duration;

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::kernel::clock::{Stopwatch, pause};

use super::{Call, Class, Secret, Wechat, WechatError, call, error::Again};

/// A call that carries the access token. Without a body it is a GET.
pub(super) struct Ask<'a> {
    pub call: Call,
    /// The template it is about, which may be held back alone.
    pub template: Option<&'a str>,
    pub body: Option<&'a Value>,
}

impl<'a> Ask<'a> {
    pub(super) fn post(call: Call, body: &'a Value) -> Self {
        Self { call, template: None, body: Some(body) }
    }
}

type Read<T> = fn(&[u8]) -> Result<T, WechatError>;

impl Wechat {
    /// The address of one of WeChat's calls.
    pub(super) fn url(&self, call: Call) -> String {
        format!("{}{}", self.base_url, call.path())
    }

    /// Makes the call, again where it may be repeated and an answer may yet come.
    pub(super) async fn ask<T>(&self, ask: &Ask<'_>, read: Read<T>) -> Result<T, WechatError> {
        let begun = Stopwatch::start();
        self.guard.earn();
        let mut tried = 0;
        loop {
            let error = match self.with_token(ask, read).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match self.wait(ask.call, tried, &error) {
                Some(wait)
                    if Some(begun.elapsed() + wait) < ask.call.patience() && self.guard.spend() =>
                {
                    pause(wait).await;
                }
                _ => return Err(error),
            }
            tried += 1;
        }
    }

    /// How long to wait before the same call is made again: a second, two, four, less up to a half by chance.
    /// None: it is not.
    fn wait(&self, call: Call, tried: u32, error: &WechatError) -> Option<Duration> {
        call.patience()?;
        let Again::After(base) = error.again() else { return None };
        let worth = tried < 3
            && matches!(error.class(), Class::Busy | Class::TooFast)
            && !matches!(error, WechatError::Held(_));
        let full = base * 2_u32.pow(tried);
        let less = self.rng.below(u64::try_from(full.as_millis() / 2).unwrap_or(0));
        worth.then(|| full.saturating_sub(Duration::from_millis(less)))
    }

    /// Where the token is refused, it is replaced and the call made once more: WeChat looks at the token before
    /// anything else, so the first one did nothing.
    async fn with_token<T>(&self, ask: &Ask<'_>, read: Read<T>) -> Result<T, WechatError> {
        let token = self.token().await?;
        match self.once(ask.call, ask.template, self.request(ask, &token), read).await {
            Err(refused) if refused.class() == Class::Token => {
                let path = ask.call.path();
                tracing::warn!(wechat.path = path, error = %refused, "WeChat refused our access token");
                let fresh = self.replacement(&token).await?;
                self.once(ask.call, ask.template, self.request(ask, &fresh), read).await
            }
            done => done,
        }
    }

    fn request(&self, ask: &Ask<'_>, token: &Secret) -> RequestBuilder {
        let url = self.url(ask.call);
        let request = match ask.body {
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        request.query(&[("access_token", token.as_str())])
    }

    /// One attempt, which teaches the guard.
    pub(super) async fn once<T>(
        &self,
        call: Call,
        template: Option<&str>,
        request: RequestBuilder,
        read: Read<T>,
    ) -> Result<T, WechatError> {
        self.guard.may(call, template, self.clock.now()).await?;
        let watch = Stopwatch::start();
        let answer = call::exchange(request.timeout(call.within())).await;
        let answer = answer.and_then(|body| read(&body));
        let error = answer.as_ref().err();
        self.guard.learn(call, template, error, self.clock.now()).await;
        let outcome = error.map_or("ok", |error| error.class().name());
        metrics::counter!("linli_wechat_calls_total", "call" => call.name(), "outcome" => outcome)
            .increment(1);
        metrics::histogram!("linli_wechat_call_seconds", "call" => call.name())
            .record(watch.elapsed().as_secs_f64());
        answer
    }
}
