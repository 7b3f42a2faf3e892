//! Sends a request and reads the answer: bytes first, whatever the content type says; an errcode that is missing
//! is 0; numbers may be text and text may be numbers.

use reqwest::RequestBuilder;
use serde::{Deserialize, Deserializer, de::DeserializeOwned, de::Error};

use super::WechatError;

/// Far above any answer we ask for; a code as an image is some hundred kilobytes.
const MOST: usize = 8 << 20;

/// Sends it; the body, once the status says success.
pub(super) async fn exchange(request: RequestBuilder) -> Result<Vec<u8>, WechatError> {
    let mut response = request.send().await?;
    if !response.status().is_success() {
        return Err(WechatError::Status(response.status().as_u16()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > MOST {
            return Err(WechatError::Decode("it is too long"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[derive(Deserialize)]
struct Verdict {
    #[serde(default, deserialize_with = "number")]
    errcode: i64,
    #[serde(default, deserialize_with = "text")]
    errmsg: String,
}

/// What is asked for from the answer; the rest of it is never kept.
pub(super) fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, WechatError> {
    // Broken UTF-8 and bare control characters do occur; neither is worth failing for.
    let body: String = String::from_utf8_lossy(body).replace(char::is_control, " ");
    let verdict: Verdict =
        serde_json::from_str(&body).map_err(|_| WechatError::Decode("it is not JSON"))?;
    if verdict.errcode != 0 {
        let field = (verdict.errcode == 47003).then(|| field(&verdict.errmsg)).flatten();
        return Err(WechatError::api(verdict.errcode, rid(&verdict.errmsg), field));
    }
    serde_json::from_str(&body).map_err(|_| WechatError::Decode("what was asked for is missing"))
}

/// WeChat's request id, from the end of an `errmsg`.
fn rid(errmsg: &str) -> Option<String> {
    let (_, rest) = errmsg.rsplit_once("rid: ")?;
    let end = rest.find(|c: char| c != '-' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    Some(rest[..end.min(64)].to_owned()).filter(|rid| !rid.is_empty())
}

/// The key a refusal of values names: `argument invalid! data.thing1.value invalid`.
fn field(errmsg: &str) -> Option<String> {
    let (_, rest) = errmsg.split_once("data.")?;
    let end = rest.find(|c: char| c != '_' && !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
    Some(rest[..end.min(32)].to_owned()).filter(|field| !field.is_empty())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Number(i64),
    Big(u64),
    Text(String),
}

/// A number, as such or as text; null is 0.
pub(super) fn number<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    match Option::deserialize(from)? {
        None => Ok(0),
        Some(Loose::Number(number)) => Ok(number),
        Some(Loose::Big(number)) => i64::try_from(number).map_err(D::Error::custom),
        Some(Loose::Text(text)) => text.trim().parse().map_err(D::Error::custom),
    }
}

/// Text, as such or as a number; null is empty.
pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Option::deserialize(from)? {
        None => String::new(),
        Some(Loose::Number(number)) => number.to_string(),
        Some(Loose::Big(number)) => number.to_string(),
        Some(Loose::Text(text)) => text,
    })
}

#[cfg(test)]
mod tests {
    use crate::platform::wechat::Class;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Asked {
        #[serde(deserialize_with = "number")]
        expires_in: i64,
        #[serde(default, deserialize_with = "text")]
        country: String,
    }

    fn refusal(body: &str) -> (i64, Option<String>, Class) {
        match decode::<Asked>(body.as_bytes()) {
            Err(WechatError::Api { code, rid, class, .. }) => (code, rid, class),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_missing_errcode_is_success_and_types_may_slip() {
        for body in [
            r#"{"expires_in":7200,"country":"86"}"#,
            r#"{"expires_in":"7200","country":86,"errcode":0,"errmsg":"ok"}"#,
            r#"{"errcode":"0","errmsg":null,"expires_in":7200,"country":"86","more":[1]}"#,
        ] {
            let asked: Asked = decode(body.as_bytes()).unwrap();
            assert_eq!((asked.expires_in, asked.country.as_str()), (7200, "86"), "{body}");
        }
        let big: Asked = decode(br#"{"expires_in":1,"country":18446744073709551615}"#).unwrap();
        assert_eq!(big.country, "18446744073709551615");
    }

    #[test]
    fn broken_bytes_and_control_characters_are_passed_over() {
        let asked: Asked = decode(b"{\"expires_in\":1,\n\"country\":\"a\xff\x07b\"}").unwrap();
        assert_eq!(asked.country, "a\u{fffd} b");
    }

    #[test]
    fn a_refusal_keeps_its_code_and_request_id_alone() {
        let body = r#"{"errcode":40029,"errmsg":"invalid code, rid: 655d9278-7c157f97-69055077"}"#;
        let rid = Some("655d9278-7c157f97-69055077".to_owned());
        assert_eq!(refusal(body), (40029, rid, Class::CodeInvalid));
        assert_eq!(refusal(r#"{"errcode":"-1"}"#), (-1, None, Class::Busy));
        assert_eq!(refusal(r#"{"errcode":1,"errmsg":"x hint: [abc]"}"#).1, None);
        assert_eq!(refusal(r#"{"errcode":1,"errmsg":"x rid: a b"}"#).1, Some("a".into()));
    }

    #[test]
    fn a_refused_value_keeps_the_name_of_its_field() {
        let of = |body: &str| match decode::<Asked>(body.as_bytes()) {
            Err(WechatError::Api { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        let body =
            r#"{"errcode":47003,"errmsg":"argument invalid! data.thing01.value invalid rid: a-b"}"#;
        assert_eq!(of(body).as_deref(), Some("thing01"));
        assert_eq!(of(r#"{"errcode":47003,"errmsg":"argument invalid!"}"#), None);
        assert_eq!(of(r#"{"errcode":40037,"errmsg":"data.thing1"}"#), None);
    }

    #[test]
    fn what_is_not_an_answer_is_told_apart() {
        let fault = |body: &[u8]| decode::<Asked>(body).unwrap_err().to_string();
        assert!(fault(b"<html>").contains("not JSON"));
        assert!(fault(b"").contains("not JSON"));
        assert!(fault(b"{}").contains("missing"));
        assert!(fault(br#"{"expires_in":"soon"}"#).contains("missing"));
    }
}
