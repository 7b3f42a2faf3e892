//! An event as WeChat words it: JSON or XML, numbers as numbers or as text, a list of one as an object.

use std::fmt::Write;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::events::{About, Event};

/// The form chosen in WeChat's console, and the habits that differ from one live message to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wording {
    /// XML instead of JSON.
    pub xml: bool,
    /// Numbers come as text.
    pub numbers_as_text: bool,
    /// In JSON, the list stands within an element named after the event, as some developers saw it.
    pub nested: bool,
}

impl Wording {
    /// Words it, sent to the account `to` at that second.
    pub(crate) fn word(self, event: &Event, to: &str, second: i64) -> String {
        let mut head = Map::new();
        for (key, value) in [
            ("ToUserName", json!(to)),
            ("FromUserName", json!(event.from)),
            ("CreateTime", json!(second)),
            ("MsgType", json!("event")),
            ("Event", json!(event.name)),
        ] {
            head.insert(key.to_owned(), value);
        }
        match &event.about {
            About::Fields(fields) => head.extend(fields.clone()),
            About::Rows(within, rows) => {
                let rows = rows.iter().cloned().map(Value::Object).collect();
                self.list(&mut head, within, rows);
            }
        }
        let mut all = Value::Object(head);
        if self.numbers_as_text {
            as_text(&mut all);
        }
        if self.xml { format!("<xml>{}</xml>", xml(&all)) } else { all.to_string() }
    }

    fn list(self, head: &mut Map<String, Value>, within: &str, mut rows: Vec<Value>) {
        let list = match rows.len() {
            1 => rows.remove(0),
            _ => Value::Array(rows),
        };
        if self.xml || self.nested {
            head.insert(within.to_owned(), json!({ "List": list }));
        } else {
            head.insert("List".to_owned(), list);
        }
    }
}

fn as_text(value: &mut Value) {
    match value {
        Value::Number(number) => *value = number.to_string().into(),
        Value::Array(all) => all.iter_mut().for_each(as_text),
        Value::Object(all) => all.values_mut().for_each(as_text),
        _ => {}
    }
}

/// What stands within an element: text in CDATA, numbers bare, one element for each of a list.
fn xml(value: &Value) -> String {
    let mut text = String::new();
    let Value::Object(fields) = value else { return leaf(value) };
    for (name, value) in fields {
        for one in value.as_array().unwrap_or(&vec![value.clone()]) {
            // Writing to a String cannot fail.
            let _ = write!(text, "<{name}>{}</{name}>", xml(one));
        }
    }
    text
}

fn leaf(value: &Value) -> String {
    match value {
        // The end of a CDATA section cannot stand within one.
        Value::String(text) => format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn popup(answers: usize, wording: Wording) -> String {
        let answers: Vec<_> = (1..=answers).map(|n| (format!("t{n}"), "accept")).collect();
        wording.word(&Event::popup("o1", &answers), "gh_1", 7)
    }

    fn json_of(answers: usize, wording: Wording) -> Value {
        serde_json::from_str(&popup(answers, wording)).unwrap()
    }

    #[test]
    fn a_list_of_one_is_an_object_and_of_more_an_array() {
        let plain = Wording::default();
        assert_eq!(json_of(1, plain)["List"]["TemplateId"], "t1");
        assert_eq!(json_of(2, plain)["List"][1]["TemplateId"], "t2");
        let nested = Wording { nested: true, ..plain };
        assert_eq!(json_of(1, nested)["SubscribeMsgPopupEvent"]["List"]["TemplateId"], "t1");
    }

    #[test]
    fn numbers_come_as_numbers_or_as_text() {
        let text = Wording { numbers_as_text: true, ..Wording::default() };
        assert_eq!(json_of(1, Wording::default())["CreateTime"], 7);
        assert_eq!(json_of(1, text)["CreateTime"], "7");
        assert_eq!(json_of(1, text)["List"]["PopupScene"], "2");
    }

    #[test]
    fn in_xml_rows_are_siblings_and_text_is_held_in_cdata() {
        let xml = popup(2, Wording { xml: true, ..Wording::default() });
        assert!(xml.starts_with("<xml><CreateTime>7</CreateTime><Event><![CDATA[subscribe_msg_"));
        assert_eq!(xml.matches("<List>").count(), 2);
        let odd = Event::of("o1", "e", json!({ "a": "<b>]]>&" }));
        let xml = Wording { xml: true, ..Wording::default() }.word(&odd, "gh", 1);
        assert!(xml.contains("<a><![CDATA[<b>]]]]><![CDATA[>&]]></a>"));
    }
}
