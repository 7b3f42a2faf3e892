//! Nothing a person said, and nothing that opens a door, is in an error, a `Debug` or a log line, whatever goes wrong.

use std::{
    fmt::Write as _,
    io,
    sync::{Arc, Mutex},
};

use futures_util::future::join_all;
use tracing_subscriber::fmt::MakeWriter;

use super::{
    Data, MediaCheck, Medium, Message, Scene, TextCheck, UnlimitedCode, Wechat, WechatError,
    testing::{Answer, Asked, Responder},
};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Every call there is, each with something to hide; what was shown of it.
async fn everything(wechat: &Wechat) -> String {
    let data = Data::default().with("thing1", "hush-words").unwrap();
    let message = Message { openid: "hush-openid", template_id: "T1", page: None, data: &data };
    let text = TextCheck {
        openid: "hush-openid",
        scene: Scene::Profile,
        content: "hush-words",
        title: Some("hush-title"),
        nickname: Some("hush-name"),
        signature: Some("hush-signature"),
    };
    let media = MediaCheck {
        openid: "hush-openid",
        scene: Scene::Forum,
        url: "https://x.cn/hush-photo",
        medium: Medium::Image,
    };
    let code = UnlimitedCode { scene: "hush-scene", page: None, width: 430 };
    let mut shown = format!("{data:?} {wechat:?}");
    let mut show = |error: Option<WechatError>| {
        let error = error.expect("it goes wrong");
        let source = std::error::Error::source(&error).map(ToString::to_string);
        writeln!(shown, "{error} {error:?} {source:?}").unwrap();
    };
    show(wechat.login("hush-code").await.err());
    show(wechat.phone("hush-code").await.err());
    show(wechat.send_subscribe(&message).await.err());
    show(wechat.check_text(&text).await.err());
    show(wechat.check_media(&media).await.err());
    show(wechat.unlimited_code(code).await.err());
    show(wechat.templates().await.err());
    shown
}

#[tokio::test]
async fn whatever_goes_wrong_nothing_is_told() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    let refusal = |code: i64| {
        move |asked: &Asked, _: usize| {
            let said = asked.body.replace(['"', '\\'], "");
            let path = &asked.path;
            let body = format!(r#"{{"errcode":{code},"errmsg":"{path} {said} rid: a-b"}}"#);
            Answer::Body(body.into_bytes())
        }
    };
    let mut clients = Vec::new();
    for code in [-1, 40001, 40029, 40037, 43101, 45009, 47003, 48001, 61010] {
        clients.push(Responder::start(refusal(code)).await.client());
    }
    for answer in [|| Answer::Close, || Answer::Status(502), || Answer::from("<html>")] {
        clients.push(Responder::start(move |_, _| answer()).await.client());
    }
    let shown = join_all(clients.iter().map(everything)).await.concat();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("WeChat refused our access token"), "logs were captured");
    for seen in [&shown, &log] {
        let line = seen.lines().find(|line| line.contains("hush"));
        assert!(line.is_none(), "{line:?}");
    }
}
