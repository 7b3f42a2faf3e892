//! What WeChat tells of, read leniently: numbers come as text, lists of one as an object.

use serde_json::Value;

use super::Told;

/// Something WeChat tells us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PushEvent {
    /// Somebody answered a prompt for messages.
    Prompted { openid: String, answers: Vec<Answered> },
    /// Somebody turned messages off in their settings.
    TurnedOff { openid: String, answers: Vec<Answered> },
    /// What became of messages.
    Sent { openid: String, results: Vec<Sent> },
    /// The verdict on a picture.
    MediaChecked(Media),
    /// Somebody took back what they had authorised: WeChat's numbers for it.
    Revoked { openid: String, what: Vec<i64> },
    /// Somebody closed their account.
    Cancelled { openid: String },
    /// WeChat took a nickname or picture of somebody's away.
    Cleared { openid: String },
    /// WeChat announces a penalty for the mini program.
    Punished,
    /// Nothing that concerns us.
    Other(String),
}

/// One template's answer in a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub template_id: String,
    /// As WeChat words it: `accept…`, `reject` or `ban`.
    pub status: String,
}

/// What became of one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub template_id: String,
    /// 64 bits, so it is text.
    pub message_id: String,
    /// 0: delivered.
    pub code: i64,
}

/// The verdict on a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    pub trace_id: String,
    /// 0: it was looked at. -1008: it could not be fetched, so nothing is known.
    pub code: i64,
    /// `pass`, `review` or `risky`.
    pub suggest: String,
    pub label: i64,
}

impl From<&Told> for PushEvent {
    fn from(told: &Told) -> Self {
        let field = |name: &str| Told::text(&told.0[name]).unwrap_or_default();
        let name = field("Event");
        // For these `FromUserName` is a platform account.
        let openid = |name: &str| if name.is_empty() { field("FromUserName") } else { name.into() };
        match name.as_str() {
            "subscribe_msg_popup_event" => Self::Prompted {
                openid: field("FromUserName"),
                answers: answers(told, "SubscribeMsgPopupEvent"),
            },
            "subscribe_msg_change_event" => Self::TurnedOff {
                openid: field("FromUserName"),
                answers: answers(told, "SubscribeMsgChangeEvent"),
            },
            "subscribe_msg_sent_event" => Self::Sent {
                openid: field("FromUserName"),
                results: told.list("SubscribeMsgSentEvent").into_iter().filter_map(sent).collect(),
            },
            "wxa_media_check" => Self::MediaChecked(media(told)),
            "user_authorization_revoke" => Self::Revoked {
                openid: openid(&field("OpenID")),
                what: field("RevokeInfo")
                    .split(',')
                    .filter_map(|n| n.trim().parse().ok())
                    .collect(),
            },
            "user_authorization_cancellation" => {
                Self::Cancelled { openid: openid(&field("OpenID")) }
            }
            "user_info_modified" => Self::Cleared { openid: openid(&field("OpenID")) },
            "wxa_punish_event" => Self::Punished,
            _ => Self::Other(name),
        }
    }
}

fn answers(told: &Told, event: &str) -> Vec<Answered> {
    let one = |item: &Value| {
        Some(Answered {
            template_id: Told::text(&item["TemplateId"])?,
            status: Told::text(&item["SubscribeStatusString"])?,
        })
    };
    told.list(event).into_iter().filter_map(one).collect()
}

fn sent(item: &Value) -> Option<Sent> {
    Some(Sent {
        template_id: Told::text(&item["TemplateId"])?,
        message_id: Told::text(&item["MsgID"])?,
        code: Told::number(&item["ErrorCode"])?,
    })
}

fn media(told: &Told) -> Media {
    let (told, result) = (&told.0, &told.0["result"]);
    Media {
        trace_id: Told::text(&told["trace_id"]).unwrap_or_default(),
        code: Told::number(&told["errcode"]).unwrap_or_default(),
        suggest: Told::text(&result["suggest"]).unwrap_or_default(),
        label: Told::number(&result["label"]).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn event(body: &str) -> PushEvent {
        PushEvent::from(&Told::read(body.as_bytes()).unwrap())
    }

    #[test]
    fn a_list_of_one_comes_as_an_object_and_reads_the_same_in_every_form() {
        let wanted = PushEvent::Prompted {
            openid: "o1".into(),
            answers: vec![Answered { template_id: "t1".into(), status: "accept".into() }],
        };
        for body in [
            r#"{"FromUserName":"o1","Event":"subscribe_msg_popup_event","List":{"TemplateId":"t1","SubscribeStatusString":"accept","PopupScene":"2"}}"#,
            r#"{"FromUserName":"o1","Event":"subscribe_msg_popup_event","List":[{"TemplateId":"t1","SubscribeStatusString":"accept","PopupScene":2}]}"#,
            r#"{"FromUserName":"o1","Event":"subscribe_msg_popup_event","SubscribeMsgPopupEvent":{"List":[{"TemplateId":"t1","SubscribeStatusString":"accept"}]}}"#,
            "<xml><FromUserName><![CDATA[o1]]></FromUserName><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>t1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>",
        ] {
            assert_eq!(event(body), wanted, "{body}");
        }
    }

    #[test]
    fn a_message_id_keeps_all_its_digits() {
        let body = r#"{"FromUserName":"o1","Event":"subscribe_msg_sent_event","List":{"TemplateId":"t1","MsgID":1864323726461255680,"ErrorCode":"0"}}"#;
        let PushEvent::Sent { results, .. } = event(body) else { panic!("a sent event") };
        assert_eq!((results[0].message_id.as_str(), results[0].code), ("1864323726461255680", 0));
    }

    #[test]
    fn leaving_names_the_person_and_not_the_platform() {
        let cancelled =
            r#"{"FromUserName":"gh_1","Event":"user_authorization_cancellation","OpenID":" o1"}"#;
        assert_eq!(event(cancelled), PushEvent::Cancelled { openid: "o1".into() });
        let revoked = r#"{"FromUserName":"gh_1","Event":"user_authorization_revoke","OpenID":"o1","RevokeInfo":"8, 13"}"#;
        assert_eq!(event(revoked), PushEvent::Revoked { openid: "o1".into(), what: vec![8, 13] });
        let cleared = r#"{"FromUserName":"gh_1","Event":"user_info_modified","OpenID":"o1"}"#;
        assert_eq!(event(cleared), PushEvent::Cleared { openid: "o1".into() });
        assert_eq!(event(r#"{"Event":"wxa_punish_event"}"#), PushEvent::Punished);
    }

    #[test]
    fn a_verdict_on_a_picture_is_known_by_its_trace() {
        let body = r#"{"Event":"wxa_media_check","trace_id":"x-1","errcode":0,"result":{"suggest":"risky","label":20002}}"#;
        let wanted =
            Media { trace_id: "x-1".into(), code: 0, suggest: "risky".into(), label: 20002 };
        assert_eq!(event(body), PushEvent::MediaChecked(wanted));
        assert_eq!(event(r#"{"Event":"of_tomorrow"}"#), PushEvent::Other("of_tomorrow".into()));
    }

    proptest! {
        /// JSON or XML, flat or nested, numbers as numbers or as text, a list of one as an object: one event.
        #[test]
        fn every_wording_of_a_sent_event_reads_the_same(
            openid in "o[A-Za-z0-9_-]{27}",
            rows in prop::collection::vec(("[A-Za-z0-9_-]{1,43}", any::<u64>(), -9999i64..9999), 1..4),
        ) {
            let results = rows.iter().map(|(template_id, id, code)| {
                Sent { template_id: template_id.clone(), message_id: id.to_string(), code: *code }
            });
            let wanted = PushEvent::Sent { openid: openid.clone(), results: results.collect() };
            let text = |(t, id, code): &(String, u64, i64)| {
                json!({"TemplateId": t, "MsgID": id.to_string(), "ErrorCode": code.to_string()})
            };
            let number = |(t, id, code): &(String, u64, i64)| {
                json!({"TemplateId": t, "MsgID": id, "ErrorCode": code})
            };
            let xml: String = rows.iter().map(|(t, id, code)| format!(
                "<List><TemplateId><![CDATA[{t}]]></TemplateId><MsgID>{id}</MsgID><ErrorCode>{code}</ErrorCode></List>"
            )).collect();
            let head = json!({"FromUserName": openid, "Event": "subscribe_msg_sent_event"});
            let lists = [rows.iter().map(text).collect(), rows.iter().map(number).collect::<Vec<_>>()];
            for mut list in lists.map(Value::Array) {
                if let Some([only]) = list.as_array().map(Vec::as_slice) {
                    list = only.clone();
                }
                for nested in [false, true] {
                    let mut told = head.clone();
                    match nested {
                        true => told["SubscribeMsgSentEvent"] = json!({"List": list.clone()}),
                        false => told["List"] = list.clone(),
                    }
                    prop_assert_eq!(PushEvent::from(&Told(told)), wanted.clone());
                }
            }
            let xml = format!(
                "<xml><FromUserName>{openid}</FromUserName><Event>subscribe_msg_sent_event</Event>\
                 <SubscribeMsgSentEvent>{xml}</SubscribeMsgSentEvent></xml>"
            );
            prop_assert_eq!(event(&xml), wanted);
        }

        /// Fields of any kind where others belong: it is read as far as it can be, and never panics.
        #[test]
        fn whatever_is_told_it_is_read(
            name in prop_oneof![Just("subscribe_msg_popup_event"), Just("subscribe_msg_sent_event"),
                Just("wxa_media_check"), Just("user_authorization_revoke"), Just("x")],
            field in prop::sample::select(vec!["List", "result", "OpenID", "RevokeInfo", "errcode", "trace_id"]),
            value in prop_oneof![Just(json!(null)), Just(json!([[], {}, 1])), Just(json!({"List": 3})),
                any::<f64>().prop_map(|n| json!(n)), "\\PC{0,20}".prop_map(Value::String)],
        ) {
            let mut told = json!({"Event": name});
            told[field] = value;
            let _ = PushEvent::from(&Told(told));
        }
    }
}
