//! 订阅消息 · one message to one phone, for one grant. It is never repeated here: whoever sends decides, knowing
//! whether the first may have been carried out ([`WechatError::is_unknown`]).

mod moment;
mod value;

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Call, Template, Wechat, WechatError, ask::Ask, call};

use value::Field;

/// Which edition of the mini program a message or a code opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Developer,
    Trial,
    Formal,
}

impl Stage {
    /// The words for the same of codes and links.
    pub(super) fn env_version(self) -> &'static str {
        match self {
            Self::Developer => "develop",
            Self::Trial => "trial",
            Self::Formal => "release",
        }
    }
}

/// The filled-in fields of a message: every one is good to be sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Data(BTreeMap<String, String>);

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Data {
    /// With one more field; what it may hold is said by the key's kind. Words (`thing`) are cut to fit.
    ///
    /// # Errors
    /// `Value`, naming the field and not what was in it.
    pub fn with(mut self, key: &str, text: &str) -> Result<Self, WechatError> {
        let field = Field::of(key).ok_or_else(|| refuse(key, "WeChat has no such field"))?;
        let value = field.value(text).map_err(|why| refuse(key, why))?;
        self.0.insert(key.to_owned(), value);
        Ok(self)
    }

    /// All of the template's fields and none besides, and of a list one of its values.
    fn fits(&self, template: &Template) -> Result<(), WechatError> {
        if let Some(missing) = template.keys().find(|key| !self.0.contains_key(*key)) {
            return Err(refuse(missing, "the template asks for it"));
        }
        for (key, value) in &self.0 {
            if !template.keys().any(|asked| asked == key) {
                return Err(refuse(key, "the template has no such field"));
            }
            if template.choices(key).is_some_and(|known| !known.contains(value)) {
                return Err(refuse(key, "it is none of the template's values"));
            }
        }
        Ok(())
    }

    fn body(&self) -> Value {
        self.0.iter().map(|(key, value)| (key.clone(), json!({ "value": value }))).collect()
    }
}

fn refuse(field: &str, why: &'static str) -> WechatError {
    WechatError::Value { field: field.chars().take(32).collect(), why }
}

/// A message to one phone.
pub struct Message<'a> {
    pub openid: &'a str,
    pub template_id: &'a str,
    /// What a tap opens: a path of the mini program with its query. Nothing personal belongs there.
    pub page: Option<&'a str>,
    pub data: &'a Data,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(default, deserialize_with = "call::text")]
    msgid: String,
}

impl Wechat {
    /// Has at hand what a message needs besides itself: the access token and the template's fields. Nothing is sent
    /// yet, so who is asked to stop may still do so.
    ///
    /// # Errors
    /// `NoToken`.
    pub async fn ready_to_send(&self, template_id: &str) -> Result<(), WechatError> {
        self.token().await?;
        self.known_template(template_id).await;
        Ok(())
    }

    /// Sends a subscribe message. WeChat's number for it, where it says one.
    ///
    /// # Errors
    /// `Value` where a field breaks a rule; otherwise as [`Class`](super::Class) tells them apart. Where
    /// `is_unknown`, the message may have arrived and its grant is spent.
    pub async fn send_subscribe(
        &self,
        message: &Message<'_>,
    ) -> Result<Option<String>, WechatError> {
        if let Some(page) = message.page
            && (page.is_empty() || page.len() > 1024 || !page.bytes().all(|b| b.is_ascii_graphic()))
        {
            return Err(refuse("page", "expected a path of the mini program"));
        }
        if message.data.0.is_empty() {
            return Err(refuse("data", "it is empty"));
        }
        if let Some(template) = self.known_template(message.template_id).await {
            message.data.fits(&template)?;
        }
        let mut body = json!({
            "touser": message.openid,
            "template_id": message.template_id,
            "miniprogram_state": self.stage,
            "lang": "zh_CN",
            "data": message.data.body(),
        });
        if let Some(page) = message.page {
            body["page"] = page.into();
        }
        let ask = Ask { call: Call::Send, template: Some(message.template_id), body: Some(&body) };
        let reply: Reply = self.ask(&ask, call::decode).await?;
        Ok(Some(reply.msgid).filter(|msgid| !msgid.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use crate::platform::wechat::{
        Again, Class,
        testing::{Answer, Asked, Responder},
    };

    use super::*;

    const SEND: &str = "/cgi-bin/message/subscribe/send";
    const LIST: &str = "/wxaapi/newtmpl/gettemplate";

    fn data() -> Data {
        Data::default().with("thing1", "消防安全巡查").unwrap().with("time2", "15:01").unwrap()
    }

    async fn send(responder: &Responder, data: &Data) -> Result<Option<String>, WechatError> {
        let page = Some("pages/task/index?id=1");
        let message = Message { openid: "o-王阿姨", template_id: "T1", page, data };
        responder.client().send_subscribe(&message).await
    }

    async fn saying(answer: &'static str) -> Responder {
        Responder::start(move |asked, _| answer_of(asked, answer)).await
    }

    fn answer_of(asked: &Asked, send: &str) -> Answer {
        if asked.path.starts_with(LIST) { Answer::Status(404) } else { send.into() }
    }

    #[tokio::test]
    async fn a_message_says_who_what_and_which_edition() {
        let responder = saying(r#"{"errcode":0,"errmsg":"ok","msgid":4070588325034524677}"#).await;
        let msgid = send(&responder, &data()).await.unwrap();
        assert_eq!(msgid.as_deref(), Some("4070588325034524677"), "all 64 bits");
        let asked = responder.asked(SEND);
        let body: Value = serde_json::from_str(&asked[0].body).unwrap();
        assert_eq!(
            body,
            json!({
                "touser": "o-王阿姨", "template_id": "T1", "page": "pages/task/index?id=1",
                "miniprogram_state": "trial", "lang": "zh_CN",
                "data": { "thing1": {"value": "消防安全巡查"}, "time2": {"value": "15:01"} },
            })
        );
        assert!(asked[0].body.contains("消防"), "real UTF-8");
        assert!(asked[0].head.to_lowercase().contains("content-length: "));
    }

    #[tokio::test]
    async fn a_send_is_made_once_whatever_comes_back() {
        for (answer, class, unknown) in [
            (r#"{"errcode":-1}"#, Class::Busy, false),
            (r#"{"errcode":43101}"#, Class::Refused, false),
            (r#"{"errcode":45011}"#, Class::TooFast, false),
            ("<html>", Class::Other, true),
        ] {
            let responder = saying(answer).await;
            let error = send(&responder, &data()).await.unwrap_err();
            assert_eq!((error.class(), error.is_unknown()), (class, unknown), "{answer}");
            assert_eq!(responder.asked(SEND).len(), 1, "{answer}");
        }
    }

    #[tokio::test]
    async fn a_connection_that_breaks_after_the_request_leaves_it_unknown() {
        let responder = Responder::start(|asked, _| {
            if asked.path.starts_with(LIST) { Answer::Status(404) } else { Answer::Close }
        })
        .await;
        let error = send(&responder, &data()).await.unwrap_err();
        assert!(matches!(error, WechatError::Transport { sent: true, .. }), "{error:?}");
        assert!(error.is_unknown());
        assert_eq!(responder.asked(SEND).len(), 1);
    }

    #[tokio::test]
    async fn a_refused_token_is_replaced_once_because_nothing_was_sent() {
        let responder =
            Responder::start(|asked, before| match (asked.path.starts_with(LIST), before) {
                (true, _) => Answer::Status(404),
                (false, 0) => r#"{"errcode":42001,"errmsg":"access_token expired rid: x"}"#.into(),
                (false, _) => r#"{"errcode":0,"msgid":1}"#.into(),
            })
            .await;
        assert_eq!(send(&responder, &data()).await.unwrap().as_deref(), Some("1"));
        assert_eq!(responder.asked(SEND).len(), 2);
    }

    #[tokio::test]
    async fn what_breaks_a_rule_is_never_sent() {
        let responder = saying(r#"{"errcode":0}"#).await;
        let error = Data::default().with("phrase1", "hush-hush").unwrap_err();
        assert_eq!((error.class(), error.again()), (Class::Content, Again::Never));
        assert!(error.to_string().starts_with("phrase1: ") && !error.to_string().contains("hush"));
        assert!(send(&responder, &Data::default()).await.is_err());
        assert!(responder.asked(SEND).is_empty());
    }

    #[tokio::test]
    async fn the_templates_fields_are_all_sent_and_lists_are_kept_to() {
        const TEMPLATE: &str = r#"{"errcode":0,"data":[{"priTmplId":"T1","title":"任务提醒","type":2,
            "content":"任务:{{thing1.DATA}}\n时间:{{time2.DATA}}\n评价:{{enum3.DATA}}",
            "keywordEnumValueList":[{"keywordCode":"enum3.DATA","enumValueList":["满意","不满意"]}]}]}"#;
        let responder = Responder::start(|asked, _| {
            if asked.path.starts_with(LIST) { TEMPLATE.into() } else { r#"{"errcode":0}"#.into() }
        })
        .await;
        let field = |error: WechatError| match error {
            WechatError::Value { field, .. } => field,
            other => panic!("{other:?}"),
        };
        let missing = send(&responder, &data()).await.unwrap_err();
        assert_eq!(field(missing), "enum3");
        let odd = data().with("enum3", "还行").unwrap();
        assert_eq!(field(send(&responder, &odd).await.unwrap_err()), "enum3");
        let more = data().with("enum3", "满意").unwrap().with("thing9", "多").unwrap();
        assert_eq!(field(send(&responder, &more).await.unwrap_err()), "thing9");
        assert!(responder.asked(SEND).is_empty());
        send(&responder, &data().with("enum3", "满意").unwrap()).await.unwrap();
        assert_eq!(responder.asked(SEND).len(), 1);
    }
}
