//! The client of WeChat's server API, as far as the house uses it: who logs in, and which phone is theirs.
//!
//! One file per call (`login`, `phone`, `token`) upon `call`, which sends and reads; `error` says what a refusal
//! means. An access token is kept per process: WeChat's stable token is the same for every replica, so they
//! need not share it. Nothing here logs or keeps a code, an openid, a phone or a session key.
//!
//! The next call: a file of its own with one `impl Wechat`, over `send` or `post_with_token`, and its errcodes
//! in `Class`.

mod call;
mod error;
mod hidden;
mod login;
mod phone;
pub mod push;
mod token;

use std::{fmt, time::Duration};

use reqwest::{Client, Url, redirect};
use serde::Deserialize;

use crate::kernel::Clock;

use token::Tokens;

pub use error::{Class, WechatError};
pub use hidden::{Openid, Phone, Secret};

const CONNECT: Duration = Duration::from_secs(3);
const TOTAL: Duration = Duration::from_secs(8);

/// Which mini program we are, and where WeChat is.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatSettings {
    pub base_url: String,
    pub app_id: String,
    pub secret: String,
}

impl fmt::Debug for WechatSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WechatSettings")
            .field("base_url", &self.base_url)
            .field("app_id", &self.app_id)
            .field("secret", &"***")
            .finish()
    }
}

/// WeChat, for one mini program.
#[derive(Debug)]
pub struct Wechat {
    http: Client,
    base_url: String,
    app_id: String,
    secret: Secret,
    tokens: Tokens,
    clock: Clock,
}

impl Wechat {
    /// Calls nobody yet.
    ///
    /// # Errors
    /// When the address is not one of the web, or the machine has no roots to trust.
    pub fn new(settings: &WechatSettings, clock: Clock) -> Result<Self, WechatError> {
        // `main` did this first thing; a test or a tool that did not would panic in reqwest. Installed already
        // is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            .redirect(redirect::Policy::none());
        let base = Url::parse(&settings.base_url).map_err(|_| WechatError::BaseUrl)?;
        let builder = match base.scheme() {
            "https" => builder.https_only(true),
            // Without TLS there is no certificate to check, and nobody in between to be trusted with the secret.
            "http" => builder.tls_certs_only([]).no_proxy(),
            _ => return Err(WechatError::BaseUrl),
        };
        Ok(Self {
            http: builder.build()?,
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            app_id: settings.app_id.clone(),
            secret: Secret::new(settings.secret.clone()),
            tokens: Tokens::default(),
            clock,
        })
    }

    /// The mini program we are.
    pub fn app_id(&self) -> &str {
        &self.app_id
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::kernel::clock::SystemClock;

    use super::*;

    fn at(base_url: &str) -> Result<Wechat, WechatError> {
        let settings = WechatSettings {
            base_url: base_url.into(),
            app_id: "wx1".into(),
            secret: "hush-hush".into(),
        };
        assert!(!format!("{settings:?}").contains("hush"));
        Wechat::new(&settings, Arc::new(SystemClock))
    }

    #[test]
    fn it_is_built_for_web_addresses_alone_and_shows_no_secret() {
        let wechat = at("http://localhost:1/").unwrap();
        assert_eq!((wechat.app_id(), wechat.base_url.as_str()), ("wx1", "http://localhost:1"));
        assert!(!format!("{wechat:?}").contains("hush"));
        for wrong in ["", "localhost:1", "ftp://localhost"] {
            assert!(matches!(at(wrong), Err(WechatError::BaseUrl)), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_failed_call_repeats_nothing_of_what_was_sent() {
        // Port 0 is nobody's.
        let error = at("http://127.0.0.1:0").unwrap().login("hush too").await.unwrap_err();
        assert_eq!(error.class(), Class::Busy);
        assert!(!format!("{error} {error:?}").contains("hush"));
    }
}
