//! How WeChat answers: HTTP 200 for success and refusal alike, and an `errmsg` that nobody can match on because
//! its end changes each time.

use actix_web::HttpResponse;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// An errcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) i64);

impl Refused {
    fn words(self) -> &'static str {
        match self.0 {
            -1 => "system error",
            40001 => "invalid credential, access_token is invalid or not latest",
            40002 => "invalid grant_type",
            40013 => "invalid appid",
            40029 => "invalid code",
            40125 => "invalid appsecret",
            40163 => "code been used",
            40226 => "code blocked",
            41001 => "access_token missing",
            41002 => "appid missing",
            41004 => "appsecret missing",
            41008 => "missing code",
            42001 => "access_token expired",
            45009 => "reach max api daily quota limit",
            45011 => "api minute-quota reach limit mustslower retry next minute",
            47001 => "data format error",
            _ => "error",
        }
    }
}

/// The answer on the wire.
pub(crate) fn wire(answer: Result<Value, Refused>, rid: &str) -> HttpResponse {
    HttpResponse::Ok().json(answer.unwrap_or_else(
        |code| json!({ "errcode": code.0, "errmsg": format!("{} rid: {rid}", code.words()) }),
    ))
}

/// A request body that WeChat expects to be JSON.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused(47001))
}
