//! 图片音频安全 · hands WeChat the address of a photo or a sound. It is fetched from there; the verdict comes by push,
//! within half an hour, under the trace id.

use serde::Deserialize;
use serde_json::json;

use super::{Call, Scene, Wechat, WechatError, ask::Ask, call};

/// What lies behind the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    Audio = 1,
    Image = 2,
}

/// Something to look at. No `Debug`: who has the address has the photo.
pub struct MediaCheck<'a> {
    pub openid: &'a str,
    pub scene: Scene,
    /// Must stay open to WeChat for longer than half an hour; at most 10 MB behind it.
    pub url: &'a str,
    pub medium: Medium,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default, deserialize_with = "call::text")]
    trace_id: String,
}

impl Wechat {
    /// Asks WeChat to look. The trace id under which it will answer.
    ///
    /// # Errors
    /// `Repeated` where it was sent too often: the earlier verdict stands. Otherwise as [`Class`](super::Class) tells
    /// them apart; where `is_unknown`, a verdict may come under a trace id nobody told us.
    pub async fn check_media(&self, check: &MediaCheck<'_>) -> Result<String, WechatError> {
        if !["https://", "http://"].iter().any(|web| check.url.starts_with(web)) {
            let why = "expected an address WeChat can open";
            return Err(WechatError::Value { field: "media_url".into(), why });
        }
        let body = json!({
            "version": 2,
            "openid": check.openid,
            "scene": check.scene as u8,
            "media_url": check.url,
            "media_type": check.medium as u8,
        });
        let reply: Reply = self.ask(&Ask::post(Call::Media, &body), call::decode).await?;
        if reply.trace_id.is_empty() {
            return Err(WechatError::Decode("the trace id is empty"));
        }
        Ok(reply.trace_id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::platform::wechat::{Class, testing::Responder};

    use super::*;

    const PATH: &str = "/wxa/media_check_async";

    fn photo(url: &str) -> MediaCheck<'_> {
        MediaCheck { openid: "o1", scene: Scene::SocialLog, url, medium: Medium::Image }
    }

    #[tokio::test]
    async fn a_photo_is_handed_over_by_its_address() {
        let responder =
            Responder::start(|_, _| r#"{"errcode":0,"trace_id":"967e945cd8a3e458"}"#.into()).await;
        let trace = responder.client().check_media(&photo("https://x.cn/a.jpg?s=1")).await.unwrap();
        assert_eq!(trace, "967e945cd8a3e458");
        let body: Value = serde_json::from_str(&responder.asked(PATH)[0].body).unwrap();
        let expected = json!({"version": 2, "openid": "o1", "scene": 4, "media_url": "https://x.cn/a.jpg?s=1", "media_type": 2});
        assert_eq!(body, expected);
    }

    #[tokio::test]
    async fn it_is_asked_once_and_only_for_what_it_can_open() {
        for (answer, class) in [
            (r#"{"errcode":-1}"#, Class::Busy),
            (r#"{"errcode":87020}"#, Class::Repeated),
            (r#"{"errcode":0}"#, Class::Other),
        ] {
            let responder = Responder::start(move |_, _| answer.into()).await;
            let error = responder.client().check_media(&photo("https://x.cn/a")).await.unwrap_err();
            assert_eq!(error.class(), class, "{answer}");
            assert_eq!(responder.asked(PATH).len(), 1);
        }
        let responder = Responder::start(|_, _| r#"{"errcode":0}"#.into()).await;
        let error = responder.client().check_media(&photo("/api/v1/files/1")).await.unwrap_err();
        assert_eq!(error.class(), Class::Content);
        assert!(responder.asked("/").is_empty());
    }
}
