//! The client of WeChat's server API, as far as the house uses it: who logs in, which phone is theirs, a message to
//! a phone, whether words and photos may be shown, a mini program code, the templates there are.
//!
//! One file per call (`login`, `phone`, `subscribe`, `text`, `media`, `code`, `template`, `token`) upon `ask`, which
//! holds back, sends, learns and repeats; `kind` says how each call is treated, `error` what a refusal means, `guard`
//! when nobody is asked, `token` how replicas share the access token. Nothing here logs or keeps a code, an openid,
//! a phone, a text or a session key.
//!
//! The next call: a line in `kind`, a file of its own with one `impl Wechat` over `ask`, and its errcodes in `Class`.

mod ask;
mod call;
#[cfg(test)]
mod canary;
mod code;
mod error;
mod guard;
mod hidden;
mod kind;
mod login;
mod media;
mod phone;
pub mod push;
mod receive;
mod subscribe;
mod template;
#[cfg(test)]
mod testing;
mod text;
mod token;

use std::{collections::BTreeMap, fmt, time::Duration};

use reqwest::{Client, Url, redirect};
use serde::Deserialize;

use crate::kernel::{Clock, Rng};

use guard::Guard;
use token::Tokens;

pub use code::UnlimitedCode;
pub use error::{Again, Class, WechatError};
pub use hidden::{Openid, Phone, Secret};
pub use kind::Call;
pub use media::{MediaCheck, Medium};
pub use receive::PushMode;
pub use subscribe::{Data, Message, Stage};
pub use template::Template;
pub use text::{Scene, Suggest, TextCheck, Verdict};
pub use token::Shared;

const CONNECT: Duration = Duration::from_secs(3);

/// Which mini program we are, and where WeChat is.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WechatSettings {
    pub base_url: String,
    pub app_id: String,
    pub secret: String,
    /// Token of 消息推送; empty, as are the keys: nothing is received.
    pub push_token: String,
    /// EncodingAESKeys, newest first, parted by commas.
    pub push_keys: String,
    /// `safe`, `plain` or both, parted by commas.
    pub push_modes: String,
    /// A push signed longer ago, or later, than that is refused, minutes.
    pub push_window_minutes: u64,
    /// Which edition of the mini program messages and codes open.
    pub stage: Stage,
    /// Whether WeChat looks at photos; it needs our public address and its push.
    pub check_photos: bool,
    /// Which page a poster's mini program code opens; empty: posters carry an ordinary QR.
    pub poster_page: String,
    /// How many templates one prompt asks for at most.
    pub prompt_most: usize,
    /// How long a grant counts from when it was given, days.
    pub grant_days: u64,
    /// By what kind of message they carry.
    pub templates: BTreeMap<String, TemplateSettings>,
}

/// 消息模板 · which template of the mini program carries a kind of message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSettings {
    /// WeChat's id of it; empty: that kind goes to the inbox alone.
    pub id: String,
    /// Which of its fields says what: `thing1=task, time3=start`.
    pub fields: String,
}

impl TemplateSettings {
    /// Each field with the part of the message it says, in order. None: it cannot be understood.
    pub fn each_field(&self) -> Option<Vec<(&str, &str)>> {
        let each = self.fields.split(',').map(|text| text.split_once('='));
        each.map(|pair| pair.map(|(field, part)| (field.trim(), part.trim()))).collect()
    }
}

impl fmt::Debug for WechatSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WechatSettings")
            .field("base_url", &self.base_url)
            .field("app_id", &self.app_id)
            .field("secret", &"***")
            .field("stage", &self.stage)
            .field("prompt_most", &self.prompt_most)
            .field("grant_days", &self.grant_days)
            .field("templates", &self.templates)
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
    stage: Stage,
    tokens: Tokens,
    guard: Guard,
    templates: template::Known,
    clock: Clock,
    rng: Rng,
}

impl Wechat {
    /// Calls nobody yet. `shared`: what it shares with other replicas, where there is a Redis.
    ///
    /// # Errors
    /// When the address is not one of the web, or the machine has no roots to trust.
    pub fn new(
        settings: &WechatSettings,
        clock: Clock,
        rng: Rng,
        shared: Option<Shared>,
    ) -> Result<Self, WechatError> {
        // `main` did this first thing; a test or a tool that did not would panic in reqwest. Installed already
        // is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder().connect_timeout(CONNECT).redirect(redirect::Policy::none());
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
            stage: settings.stage,
            tokens: Tokens::new(&settings.app_id, shared.clone()),
            guard: Guard::new(&settings.app_id, shared),
            templates: template::Known::default(),
            clock,
            rng,
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
        let settings = testing::settings(base_url);
        assert!(!format!("{settings:?}").contains("hush"));
        Wechat::new(&settings, Arc::new(SystemClock), Rng::from_seed(1), None)
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
        assert!(!error.is_unknown(), "nothing was sent");
        assert!(!format!("{error} {error:?}").contains("hush"));
    }

    #[tokio::test]
    async fn who_never_answers_may_have_done_it() {
        let responder = testing::Responder::start(|_, _| testing::Answer::Silence).await;
        let request =
            responder.client().http.get(&responder.url).timeout(Duration::from_millis(50));
        let error = call::exchange(request).await.unwrap_err();
        assert!(matches!(error, WechatError::Timeout { sent: true }), "{error:?}");
    }
}
