//! Errors as people and clients get them: RFC 9457 `application/problem+json` with a stable `code`, Chinese first.
//!
//! A new problem: declare its `Kind` in the room that refuses, list it in the room's `PROBLEMS`, and accept the
//! changed snapshot in `tests/it/problems.rs`.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder},
};

use crate::kernel::{Error, Trouble};

/// One kind of problem. The code is a promise to clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub code: &'static str,
    pub status: u16,
    pub zh: &'static str,
    pub en: &'static str,
}

impl Kind {
    pub const fn new(code: &'static str, status: u16, zh: &'static str, en: &'static str) -> Self {
        Self { code, status, zh, en }
    }
}

pub const VALIDATION: Kind =
    Kind::new("validation", 422, "填写的内容有误", "Some fields are not right");
pub const NOT_FOUND: Kind = Kind::new("not_found", 404, "没有找到", "Not found");
pub const METHOD: Kind =
    Kind::new("method_not_allowed", 405, "这个地址不支持这种操作", "Method not allowed");
pub const STATE_CONFLICT: Kind =
    Kind::new("state.conflict", 409, "现在的状态不能这样操作", "Not possible in the current state");
pub const FORBIDDEN: Kind =
    Kind::new("auth.forbidden", 403, "您没有这项权限", "You may not do this");
pub const RELOGIN: Kind = Kind::new("auth.relogin", 401, "请重新登录", "Please sign in again");
pub const OVERLOADED: Kind =
    Kind::new("overloaded", 503, "现在忙不过来，请稍后再试", "Too busy, try again shortly");
pub const TOO_FAST: Kind =
    Kind::new("rate.limited", 429, "尝试太多次了，请稍后再试", "Too many tries, wait a little");
pub const UNKNOWN_OUTCOME: Kind = Kind::new(
    "outcome.unknown",
    503,
    "结果还不确定，请用同一凭证重试，不会重复办理",
    "Outcome unknown: retry with the same key, nothing happens twice",
);
pub const INTERNAL: Kind =
    Kind::new("internal", 500, "系统出了问题，已经记录", "Something broke on our side");
pub const TOO_LARGE: Kind = Kind::new("body.too_large", 413, "内容太大", "The body is too large");
pub const KEY_MISMATCH: Kind = Kind::new(
    "idempotency.mismatch",
    422,
    "同一凭证用在了不同的内容上",
    "This Idempotency-Key came with another body before",
);
pub const KEY_IN_PROGRESS: Kind = Kind::new(
    "idempotency.in_progress",
    409,
    "同一请求正在办理，请稍候",
    "The same request is being handled",
);

/// Said of a name and of a longer text alike, so it belongs to no room.
pub const CONTENT_REJECTED: Kind = Kind::new(
    "content.rejected",
    422,
    "这段文字没有通过内容检查，请换一种说法",
    "These words cannot be taken: please put it differently",
);

/// The problems of the edge itself.
pub const PROBLEMS: &[Kind] = &[
    VALIDATION,
    NOT_FOUND,
    METHOD,
    STATE_CONFLICT,
    FORBIDDEN,
    RELOGIN,
    OVERLOADED,
    TOO_FAST,
    UNKNOWN_OUTCOME,
    INTERNAL,
    TOO_LARGE,
    KEY_MISMATCH,
    KEY_IN_PROGRESS,
];

/// In the API document: whatever goes wrong is answered with a problem.
#[derive(Debug)]
pub struct Refusals;

impl IntoResponses for Refusals {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Response>> {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new()
            .description("问题说明，RFC 9457；`code` 是固定的")
            .content("application/problem+json", content)
            .build();
        [("default".to_owned(), RefOr::T(response))].into()
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldFault {
    /// Path in the body, e.g. `place.lat`; or the name of a header or query parameter.
    pub field: String,
    /// Stable: `required`, `unknown`, `type`, `length`, `range`, `value`, `time`.
    pub code: &'static str,
    #[serde(skip)]
    pub en: String,
    #[serde(rename = "message")]
    pub zh: String,
}

/// The document as it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// `urn:linli:problem:<code>`
    pub r#type: String,
    pub title: &'a str,
    pub status: u16,
    pub detail: &'a str,
    /// The address by its pattern, `/api/v1/tasks/{id}`: a path that somebody types may hold anything. Absent where
    /// there is no such address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<&'a str>,
    pub code: &'a str,
    pub request_id: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldFault>,
    /// Further members of this kind, e.g. `state`, `clash`, `missing`.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    pub more: &'a Map<String, Value>,
}

#[derive(Debug)]
struct Inner {
    kind: Kind,
    zh: String,
    en: String,
    faults: Vec<FieldFault>,
    more: Map<String, Value>,
    retry_after: Option<u32>,
    cause: Option<Error>,
}

/// A refusal or failure on its way to a person.
#[derive(Debug)]
pub struct Problem(Box<Inner>);

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            zh: kind.zh.to_owned(),
            en: kind.en.to_owned(),
            faults: Vec::new(),
            more: Map::new(),
            retry_after: None,
            cause: None,
        }))
    }
}

impl Problem {
    /// Says more than the title, in both languages.
    pub fn say(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        (self.0.zh, self.0.en) = (zh.into(), en.into());
        self
    }

    /// Adds a member of its own, e.g. the current state.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        let value = serde_json::to_value(value).unwrap_or(Value::Null);
        self.0.more.insert(name.to_owned(), value);
        self
    }

    /// Tells the client when to come again, seconds.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Fields that are not right.
    pub fn fields(faults: Vec<FieldFault>) -> Self {
        let mut problem = Self::from(VALIDATION);
        if let Some(first) = faults.first() {
            problem = problem.say(first.zh.clone(), first.en.clone());
        }
        problem.0.faults = faults;
        problem
    }

    /// One field that is not right.
    pub fn field(
        field: &str,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self::fields(vec![FieldFault {
            field: field.to_owned(),
            code,
            zh: zh.into(),
            en: en.into(),
        }])
    }

    /// The wrong state for what was asked, naming the state.
    pub fn state(state: impl Serialize, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::from(STATE_CONFLICT).say(zh, en).with("state", state)
    }

    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// What is said to people, in Chinese.
    pub fn zh(&self) -> &str {
        &self.0.zh
    }

    /// The inner cause, for the log alone.
    pub fn cause(&self) -> Option<&Error> {
        self.0.cause.as_ref()
    }

    /// The finished answer.
    pub fn render(&self, english: bool, instance: Option<&str>, request_id: &str) -> HttpResponse {
        let Inner { kind, zh, en, faults, more, retry_after, .. } = &*self.0;
        let faults = faults.iter().cloned().map(|mut fault| {
            if english {
                fault.zh.clone_from(&fault.en);
            }
            fault
        });
        let body = ProblemBody {
            r#type: format!("urn:linli:problem:{}", kind.code),
            title: if english { kind.en } else { kind.zh },
            status: kind.status,
            detail: if english { en } else { zh },
            instance,
            code: kind.code,
            request_id,
            errors: faults.collect(),
            more,
        };
        let mut response = HttpResponse::build(self.status_code());
        response.content_type("application/problem+json");
        if let Some(seconds) = retry_after {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        response.body(serde_json::to_vec(&body).unwrap_or_default())
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.kind.code)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// `edge` renders again with language and request id; this is what it works from.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

impl From<Error> for Problem {
    fn from(cause: Error) -> Self {
        let mut problem = match cause.trouble {
            Trouble::Busy => Self::from(OVERLOADED).retry_after(1),
            Trouble::Unknown => Self::from(UNKNOWN_OUTCOME).retry_after(1),
            Trouble::Broken => Self::from(INTERNAL),
        };
        problem.0.cause = Some(cause);
        problem
    }
}
