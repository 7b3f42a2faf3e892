//! What WeChat tells of its own accord, before it is worded as JSON or XML.

use serde_json::{Map, Value, json};

/// Something that happened.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// `FromUserName`: the user, or a platform account where it is about none.
    pub(crate) from: String,
    pub(crate) name: String,
    pub(crate) about: About,
}

/// What an event carries beside its head.
#[derive(Clone, Debug)]
pub(crate) enum About {
    /// Rows called `List`; in XML they stand within an element of this name.
    Rows(&'static str, Vec<Map<String, Value>>),
    Fields(Map<String, Value>),
}

/// The account that WeChat's own checks speak as.
pub(crate) const PLATFORM: &str = "oPlatformAccountOfWeChatXXXX";

impl Event {
    /// Somebody answered a prompt: template and `accept`, `reject` or `ban`.
    pub(crate) fn popup(openid: &str, answers: &[(String, &str)]) -> Self {
        let rows = answers.iter().map(|(template, status)| {
            row(json!({
                "TemplateId": template, "SubscribeStatusString": status, "PopupScene": 2,
            }))
        });
        Self::rows(openid, "subscribe_msg_popup_event", "SubscribeMsgPopupEvent", rows.collect())
    }

    /// Somebody turned a template off in the settings.
    pub(crate) fn refused(openid: &str, template: &str) -> Self {
        let only = row(json!({ "TemplateId": template, "SubscribeStatusString": "reject" }));
        Self::rows(openid, "subscribe_msg_change_event", "SubscribeMsgChangeEvent", vec![only])
    }

    /// What became of a message that had been taken on.
    pub(crate) fn sent(openid: &str, template: &str, msg_id: u64, code: i64, status: &str) -> Self {
        let only = row(json!({
            "TemplateId": template, "MsgID": msg_id, "ErrorCode": code, "ErrorStatus": status,
        }));
        Self::rows(openid, "subscribe_msg_sent_event", "SubscribeMsgSentEvent", vec![only])
    }

    /// Any other, of these fields.
    pub(crate) fn of(from: &str, name: &str, fields: Value) -> Self {
        Self { from: from.into(), name: name.into(), about: About::Fields(row(fields)) }
    }

    fn rows(from: &str, name: &str, within: &'static str, rows: Vec<Map<String, Value>>) -> Self {
        Self { from: from.into(), name: name.into(), about: About::Rows(within, rows) }
    }
}

fn row(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
