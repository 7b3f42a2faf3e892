//! WeChat's XML as the JSON it could have been: one root, elements, text and CDATA; siblings of one name are a list.

use quick_xml::{Reader, events::Event};
use serde_json::{Map, Value};

use super::PushFault;

/// Deeper than WeChat ever nests.
const DEEPEST: usize = 8;

/// Reads a document. Declarations of types and entities are refused: WeChat sends none.
///
/// # Errors
/// `Form`.
pub fn parse(bytes: &[u8]) -> Result<Value, PushFault> {
    let text = std::str::from_utf8(bytes).map_err(|_| PushFault::Form)?;
    let mut reader = Reader::from_str(text);
    // What stands between an element's start and its end: its name, its text, its children.
    let mut open: Vec<(String, String, Map<String, Value>)> = Vec::new();
    loop {
        match reader.read_event().map_err(|_| PushFault::Form)? {
            Event::Start(start) if open.len() < DEEPEST => {
                let name = start.name().as_ref().to_owned();
                open.push((name, String::new(), Map::new()));
            }
            Event::Empty(empty) => {
                let name = empty.name().as_ref().to_owned();
                let (.., children) = open.last_mut().ok_or(PushFault::Form)?;
                put(children, name, Value::String(String::new()));
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                match open.last_mut() {
                    Some((_, inner, _)) => inner.push_str(&text),
                    None if text.trim().is_empty() => {}
                    None => return Err(PushFault::Form),
                }
            }
            Event::CData(data) => {
                let text = data.into_inner();
                open.last_mut().ok_or(PushFault::Form)?.1.push_str(&text);
            }
            Event::GeneralRef(entity) => {
                let name = entity.clone().into_inner();
                let known = quick_xml::escape::resolve_predefined_entity(&name);
                let sign = match entity.resolve_char_ref().map_err(|_| PushFault::Form)? {
                    Some(sign) => sign.to_string(),
                    None => known.ok_or(PushFault::Form)?.to_owned(),
                };
                open.last_mut().ok_or(PushFault::Form)?.1.push_str(&sign);
            }
            Event::End(_) => {
                let (name, text, children) = open.pop().ok_or(PushFault::Form)?;
                let value = match children.is_empty() {
                    true => Value::String(text),
                    false => Value::Object(children),
                };
                match open.last_mut() {
                    Some((.., siblings)) => put(siblings, name, value),
                    None => return Ok(value),
                }
            }
            Event::Decl(_) | Event::Comment(_) => {}
            Event::Start(_) | Event::DocType(_) | Event::PI(_) | Event::Eof => {
                return Err(PushFault::Form);
            }
        }
    }
}

fn put(siblings: &mut Map<String, Value>, name: String, value: Value) {
    match siblings.get_mut(&name) {
        Some(Value::Array(list)) => list.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
        None => drop(siblings.insert(name, value)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_are_fields_and_siblings_a_list() {
        let told = "<xml><Event><![CDATA[popup]]></Event><E><List><A>1</A></List><List><A>2</A></List></E>\
                    <T>a &amp; b&#33;</T><Nil/></xml>";
        let wanted = json!({"Event": "popup", "E": {"List": [{"A": "1"}, {"A": "2"}]},
            "T": "a & b!", "Nil": ""});
        assert_eq!(parse(told.as_bytes()), Ok(wanted));
    }

    #[test]
    fn types_entities_and_rubbish_are_refused() {
        for bad in [
            "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xml><a>&e;</a></xml>",
            "<xml><a>&e;</a></xml>",
            "<xml><a></xml>",
            "<xml>",
            "",
            "x",
            "<?php x?><xml><a>1</a></xml>",
        ] {
            assert_eq!(parse(bad.as_bytes()), Err(PushFault::Form), "{bad}");
        }
        let deep = "<a>".repeat(1000);
        assert_eq!(parse(deep.as_bytes()), Err(PushFault::Form));
    }

    proptest! {
        #[test]
        fn whatever_comes_it_does_not_panic(noise in "(<[a-z]{0,2}/?>|</[a-z]>|&[a-z#1]*;|<!\\[CDATA\\[|\\]\\]>|\\PC){0,60}") {
            let _ = parse(noise.as_bytes());
        }
    }
}
