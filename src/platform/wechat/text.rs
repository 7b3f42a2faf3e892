//! 文本安全 · whether words may be shown to others (msg_sec_check, version 2). Only for somebody who used the mini
//! program within two hours.

use serde::Deserialize;
use serde_json::json;

use super::{Call, Wechat, WechatError, ask::Ask, call};

/// WeChat looks at no more at once, in characters.
pub const MOST: usize = 2500;

/// Where the words are to stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    Profile = 1,
    Comment = 2,
    Forum = 3,
    SocialLog = 4,
}

/// Words of a person. No `Debug`: nobody's words go to a log.
pub struct TextCheck<'a> {
    pub openid: &'a str,
    pub scene: Scene,
    /// At most 2500 characters.
    pub content: &'a str,
    pub title: Option<&'a str>,
    pub nickname: Option<&'a str>,
    /// Counts for profiles alone.
    pub signature: Option<&'a str>,
}

/// What WeChat advises, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suggest {
    Pass,
    Review,
    Risky,
}

/// What WeChat says about words or a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub suggest: Suggest,
    /// 100 normal, 10001 advertising, 20001 current politics, 20002 pornography, 20003 abuse, 20006 crime, 20008
    /// fraud, 20012 vulgar, 20013 copyright, 21000 other.
    pub label: i64,
    pub trace_id: String,
}

#[derive(Deserialize)]
struct Reply {
    result: Row,
    #[serde(default)]
    detail: Option<Vec<Row>>,
    #[serde(default, deserialize_with = "call::text")]
    trace_id: String,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default, deserialize_with = "call::number")]
    errcode: i64,
    #[serde(default, deserialize_with = "call::text")]
    suggest: String,
    #[serde(default, deserialize_with = "call::number")]
    label: i64,
}

impl Suggest {
    /// A word nobody told us of is for people to look at.
    pub fn of(word: &str) -> Self {
        match word {
            "pass" => Self::Pass,
            "risky" => Self::Risky,
            _ => Self::Review,
        }
    }

    /// As WeChat words it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Risky => "risky",
        }
    }
}

impl Reply {
    /// The strictest of what counts; details count where their own check worked.
    fn verdict(self) -> Verdict {
        let mut worst = (Suggest::of(&self.result.suggest), self.result.label);
        for row in self.detail.unwrap_or_default() {
            let suggest = Suggest::of(&row.suggest);
            if row.errcode == 0 && !row.suggest.is_empty() && suggest > worst.0 {
                worst = (suggest, row.label);
            }
        }
        Verdict { suggest: worst.0, label: worst.1, trace_id: self.trace_id }
    }
}

impl Wechat {
    /// What WeChat thinks of these words.
    ///
    /// # Errors
    /// `Stale` where the author was not here within two hours; `Value` for words that are too long or none; otherwise
    /// as [`Class`](super::Class) tells them apart. An error is never a pass.
    pub async fn check_text(&self, check: &TextCheck<'_>) -> Result<Verdict, WechatError> {
        if check.content.is_empty() || check.content.chars().count() > MOST {
            let why = "expected 1 to 2500 characters";
            return Err(WechatError::Value { field: "content".into(), why });
        }
        let mut body = json!({
            "version": 2,
            "openid": check.openid,
            "scene": check.scene as u8,
            "content": check.content,
        });
        let signature = check.signature.filter(|_| check.scene == Scene::Profile);
        let more = [("title", check.title), ("nickname", check.nickname), ("signature", signature)];
        for (key, text) in more {
            if let Some(text) = text {
                body[key] = text.into();
            }
        }
        let reply: Reply = self.ask(&Ask::post(Call::Text, &body), call::decode).await?;
        Ok(reply.verdict())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::platform::wechat::{
        Class,
        testing::{Answer, Responder},
    };

    use super::*;

    const PATH: &str = "/wxa/msg_sec_check";
    const PASS: &str = r#"{"errcode":0,"result":{"suggest":"pass","label":100},"trace_id":"t1"}"#;

    fn check(content: &str) -> TextCheck<'_> {
        TextCheck {
            openid: "o1",
            scene: Scene::Forum,
            content,
            title: Some("标题"),
            nickname: None,
            signature: Some("签名"),
        }
    }

    #[tokio::test]
    async fn words_are_sent_with_their_scene_and_the_verdict_is_read() {
        let responder = Responder::start(|_, _| PASS.into()).await;
        let verdict = responder.client().check_text(&check("楼道灯坏了")).await.unwrap();
        assert_eq!(verdict, Verdict { suggest: Suggest::Pass, label: 100, trace_id: "t1".into() });
        let body: Value = serde_json::from_str(&responder.asked(PATH)[0].body).unwrap();
        let expected = json!({"version": 2, "openid": "o1", "scene": 3, "content": "楼道灯坏了", "title": "标题"});
        assert_eq!(body, expected, "a signature belongs to a profile");
    }

    #[test]
    fn the_strictest_word_that_counts_decides() {
        let verdict = |json: Value| {
            let reply: Reply = serde_json::from_value(json).unwrap();
            let verdict = reply.verdict();
            (verdict.suggest, verdict.label)
        };
        let row = |errcode: i64, suggest: &str| json!({"strategy": "keyword", "errcode": errcode, "suggest": suggest, "label": 20001});
        let with = |detail: Value| json!({"result": {"suggest": "pass", "label": 100}, "detail": detail, "trace_id": 1});
        assert_eq!(verdict(with(json!([row(0, "risky")]))), (Suggest::Risky, 20001));
        assert_eq!(verdict(with(json!([row(0, "review")]))), (Suggest::Review, 20001));
        assert_eq!(verdict(with(json!([row(-1, "risky")]))), (Suggest::Pass, 100));
        assert_eq!(verdict(with(json!([{"errcode": 0}]))), (Suggest::Pass, 100));
        assert_eq!(verdict(with(Value::Null)), (Suggest::Pass, 100));
        let odd = json!({"result": {"suggest": "maybe", "label": "100"}});
        assert_eq!(verdict(odd), (Suggest::Review, 100));
    }

    #[tokio::test]
    async fn a_busy_wechat_is_asked_again_while_the_author_waits() {
        let responder = Responder::start(|_, before| match before {
            0 => r#"{"errcode":-1,"errmsg":"system error"}"#.into(),
            _ => PASS.into(),
        })
        .await;
        responder.client().check_text(&check("好")).await.unwrap();
        assert_eq!(responder.asked(PATH).len(), 2);
    }

    #[tokio::test]
    async fn an_answer_that_says_nothing_is_no_pass() {
        for (answer, class) in [
            (r#"{"errcode":0}"#, Class::Other),
            (r#"{"errcode":61010}"#, Class::Stale),
            (r#"{"errcode":87014}"#, Class::Content),
        ] {
            let responder = Responder::start(move |_, _| answer.into()).await;
            let error = responder.client().check_text(&check("好")).await.unwrap_err();
            assert_eq!(error.class(), class, "{answer}");
            assert_eq!(responder.asked(PATH).len(), 1);
        }
    }

    #[tokio::test]
    async fn too_long_a_text_is_never_sent() {
        let responder = Responder::start(|_, _| Answer::Close).await;
        let client = responder.client();
        for text in [String::new(), "字".repeat(2501)] {
            assert_eq!(client.check_text(&check(&text)).await.unwrap_err().class(), Class::Content);
        }
        assert!(responder.asked("/").is_empty());
    }
}
