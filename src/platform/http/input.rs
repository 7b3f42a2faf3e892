//! What comes in, parsed at the edge into values that are valid: bodies, query strings and ids in a path.
//! Every fault names its field, in words a resident understands.

use std::{collections::HashMap, future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, web::Bytes};
use serde::de::{DeserializeOwned, IgnoredAny};
use uuid::Uuid;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::platform::crypto::sha256_b64;

use super::problem::{FieldFault, NOT_FOUND, Problem, TOO_LARGE};

/// A JSON body that passed its bounds, with the fingerprint retries are compared by.
#[derive(Debug)]
pub struct Input<T> {
    pub value: T,
    pub hash: String,
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Input<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move { Self::read(&received(bytes.await)?) })
    }
}

/// A JSON body as `Input`, or none at all: an action that needs no words takes some.
#[derive(Debug)]
pub struct Maybe<T>(pub Option<T>);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Maybe<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            let bytes = received(bytes.await)?;
            match bytes.trim_ascii() {
                b"" | b"null" => Ok(Self(None)),
                _ => Ok(Self(Some(Input::read(&bytes)?.value))),
            }
        })
    }
}

fn received(bytes: Result<Bytes, actix_web::Error>) -> Result<Bytes, Problem> {
    bytes.map_err(|error| {
        if error.as_response_error().status_code().as_u16() == 413 {
            Problem::from(TOO_LARGE)
        } else {
            Problem::field("body", "type", "请求内容没有收全", "The body could not be read")
        }
    })
}

impl<T: DeserializeOwned + Validate> Input<T> {
    fn read(bytes: &Bytes) -> Result<Self, Problem> {
        // serde would take a list for an object, field by field in the order of the code.
        if bytes.trim_ascii_start().starts_with(b"[") {
            let zh = "请求内容要是一个 JSON 对象";
            return Err(Problem::field("body", "type", zh, "The body must be a JSON object"));
        }
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            let path = error.path().to_string();
            misread(&path, error.inner(), bytes)
        })?;
        json.end().map_err(|error| misread(".", &error, bytes))?;
        value.validate().map_err(|errors| Problem::fields(bounds(&errors)))?;
        Ok(Self { value, hash: sha256_b64(bytes) })
    }
}

/// Query parameters that passed their bounds.
#[derive(Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Params<T> {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let parse = || {
            let pairs = form_urlencoded::parse(request.query_string().as_bytes());
            let query = serde_urlencoded::Deserializer::new(pairs);
            let value: T = serde_path_to_error::deserialize(query).map_err(|error| {
                let (path, text) = (error.path().to_string(), error.inner().to_string());
                let unknown = text.contains("unknown field");
                // A parameter given twice or unknown is named in the words alone.
                let nameless = unknown || path == ".";
                let named = if nameless { between_ticks(&text).unwrap_or("query") } else { &path };
                if !could_be_ours(named) {
                    let (zh, en) = ("有不认识的查询参数", "There is an unknown query parameter");
                    return Problem::field("query", "unknown", zh, en);
                }
                Problem::field(
                    named,
                    if unknown { "unknown" } else { "value" },
                    format!("查询参数 {named} 不对"),
                    format!("Query parameter {named} is not right"),
                )
            })?;
            value.validate().map_err(|errors| Problem::fields(bounds(&errors)))?;
            Ok(Self(value))
        };
        std::future::ready(parse())
    }
}

/// The `{id}` of a path. What is no id cannot be found.
#[derive(Clone, Copy, Debug)]
pub struct Id(pub Uuid);

impl FromRequest for Id {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| text.parse().ok());
        std::future::ready(id.map(Self).ok_or_else(|| NOT_FOUND.into()))
    }
}

/// The edit a writer saw, from `If-Match`; plain or in quotes.
#[derive(Clone, Copy, Debug)]
pub struct Revision(pub i64);

impl FromRequest for Revision {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given = request.headers().get("If-Match").and_then(|value| value.to_str().ok());
        let rev = given.and_then(|text| text.trim().trim_matches('"').parse().ok());
        std::future::ready(rev.map(Self).ok_or_else(|| {
            let zh = "请带上 If-Match，写上看到的 rev";
            Problem::field("If-Match", "required", zh, "If-Match with the rev you saw is required")
        }))
    }
}

/// Whether a name somebody sent reads like one of ours, a slip of the pen perhaps: `rules[0].amuont`. Only those are
/// said back; what else is written where a name should stand may be a person's.
fn could_be_ours(path: &str) -> bool {
    let plain = |name: &str| {
        (1..=40).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    let place = |tail: &str| {
        tail.strip_suffix(']')
            .is_some_and(|n| n.len() <= 4 && n.bytes().all(|b| b.is_ascii_digit()))
    };
    path.split('.').all(|part| match part.split_once('[') {
        Some((name, tail)) => plain(name) && place(tail),
        None => plain(part),
    })
}

fn between_ticks(text: &str) -> Option<&str> {
    text.split('`').nth(1)
}

/// A body that serde could not read, as a fault of one field.
fn misread(path: &str, error: &serde_json::Error, bytes: &[u8]) -> Problem {
    let text = error.to_string();
    let inside = |name: &str| {
        if path == "." { name.to_owned() } else { format!("{path}.{name}") }
    };
    let named = between_ticks(&text).unwrap_or_default();
    if text.starts_with("missing field") {
        let field = inside(named);
        return Problem::field(
            &field,
            "required",
            format!("请填写 {field}"),
            format!("{field} is required"),
        );
    }
    if text.starts_with("unknown field") {
        // The path may already end in the unknown name.
        let field =
            if path.rsplit('.').next() == Some(named) { path.to_owned() } else { inside(named) };
        if !could_be_ours(&field) {
            let (zh, en) = ("有不认识的字段", "There is an unknown field");
            return Problem::field("body", "unknown", zh, en);
        }
        return Problem::field(
            &field,
            "unknown",
            format!("不认识的字段 {field}"),
            format!("Unknown field {field}"),
        );
    }
    if text.starts_with("duplicate field") {
        let field = inside(named);
        let (zh, en) = (format!("{field} 写了两次"), format!("{field} is given twice"));
        return Problem::field(&field, "value", zh, en);
    }
    // A list where one word of several is wanted reads as a fault of syntax too.
    if (error.is_syntax() || error.is_eof()) && serde_json::from_slice::<IgnoredAny>(bytes).is_err()
    {
        return Problem::field("body", "type", "请求内容不是完整的 JSON", "The body is not JSON");
    }
    let field = if path == "." { "body" } else { path };
    if text.contains("RFC 3339") {
        return Problem::field(
            field,
            "time",
            format!("{field} 要写成带时区的时间，例如 2026-11-28T09:00:00+08:00"),
            format!("{field} must be an RFC 3339 time with offset"),
        );
    }
    let code = if text.starts_with("unknown variant") { "value" } else { "type" };
    Problem::field(
        field,
        code,
        format!("{field} 的内容不对"),
        format!("{field} has the wrong type or value"),
    )
}

/// Faults found by `validator`, with nested paths.
fn bounds(errors: &ValidationErrors) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    gather("", errors, &mut faults);
    faults.sort_by(|a, b| a.field.cmp(&b.field));
    faults
}

fn gather(prefix: &str, errors: &ValidationErrors, into: &mut Vec<FieldFault>) {
    for (name, kind) in errors.errors() {
        // A fault of the whole value is the value's own.
        let field = match (prefix, name.as_ref()) {
            (prefix, "__all__") => prefix.to_owned(),
            ("", name) => name.to_owned(),
            (prefix, name) => format!("{prefix}.{name}"),
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => gather(&field, inner, into),
            ValidationErrorsKind::List(items) => {
                for (i, inner) in items {
                    gather(&format!("{field}[{i}]"), inner, into);
                }
            }
            ValidationErrorsKind::Field(found) => {
                into.extend(found.iter().map(|one| fault(&field, &one.code, &one.params)));
            }
        }
    }
}

fn fault(
    field: &str,
    code: &str,
    params: &HashMap<std::borrow::Cow<'static, str>, serde_json::Value>,
) -> FieldFault {
    let limit = |name: &str| params.get(name).map(ToString::to_string);
    let (low, high) = (limit("min"), limit("max"));
    let (code, zh, en) = match code {
        "length" => {
            let zh = match (&low, &high) {
                (Some(low), Some(high)) => format!("{field} 要有 {low} 到 {high} 个字"),
                (None, Some(high)) => format!("{field} 不能超过 {high} 个字"),
                _ => format!("{field} 的长度不对"),
            };
            ("length", zh, format!("{field} has the wrong length"))
        }
        "range" => {
            let zh = match (&low, &high) {
                (Some(low), Some(high)) => format!("{field} 要在 {low} 到 {high} 之间"),
                _ => format!("{field} 超出了范围"),
            };
            ("range", zh, format!("{field} is out of range"))
        }
        _ => ("value", format!("{field} 的内容不对"), format!("{field} is not acceptable")),
    };
    FieldFault { field: field.to_owned(), code, zh, en }
}

/// Text a person typed: something visible, and no control characters but line breaks.
///
/// # Errors
/// `value` when nothing can be seen or something could not be shown.
pub fn readable(text: &str) -> Result<(), validator::ValidationError> {
    let seen = text.chars().any(|c| !c.is_whitespace() && !is_unseen(c));
    let clean = text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
    if seen && clean { Ok(()) } else { Err(validator::ValidationError::new("text")) }
}

/// Signs of no width: they join emoji or turn the direction, and show nothing by themselves.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::could_be_ours;

    #[test]
    fn only_names_like_ours_are_said_back() {
        for ours in ["extra", "place.lat", "rules[0].amuont", "body", "on_behalf_of"] {
            assert!(could_be_ours(ours), "{ours}");
        }
        for strange in
            ["", "13971717171", "f13971717171", "丹顶鹤", "a b", "rules[13971717171]", "a..b"]
        {
            assert!(!could_be_ours(strange), "{strange}");
        }
        assert!(!could_be_ours(&"a".repeat(41)));
    }
}
