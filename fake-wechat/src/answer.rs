//! How WeChat answers: HTTP 200 for success and refusal alike, and an `errmsg` that nobody can match on because
//! its end changes each time.

use std::borrow::Cow;

use actix_web::HttpResponse;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// An errcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused(pub(crate) i64);

/// An errcode and the words that go with it, where they say more than the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: i64,
    pub(crate) words: Cow<'static, str>,
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        Self { code: refused.0, words: refused.words().into() }
    }
}

impl Refused {
    fn words(self) -> &'static str {
        match self.0 {
            -1 => "system error",
            40001 => "invalid credential, access_token is invalid or not latest",
            40002 => "invalid grant_type",
            40003 => "invalid openid",
            40013 => "invalid appid",
            40029 => "invalid code",
            40037 => "invalid template_id",
            40097 => "invalid args",
            40125 => "invalid appsecret",
            40129 => "invalid scene",
            40163 => "code been used",
            40169 => "invalid length for scene, or the data is not json string",
            40226 => "code blocked",
            41001 => "access_token missing",
            41002 => "appid missing",
            41004 => "appsecret missing",
            41008 => "missing code",
            41030 => "invalid page",
            42001 => "access_token expired",
            43101 => "user refuse to accept the msg",
            43107 => "this template is banned",
            43108 => "concurrent sends to one user",
            44991 => "api minute-quota reach limit",
            45002 => "content size out of limit",
            45009 => "reach max api daily quota limit",
            45011 => "api minute-quota reach limit mustslower retry next minute",
            47001 => "data format error",
            61010 => "code is expired",
            85096 => "scancode_time is reserved",
            87020 => "media is submitted too often",
            _ => "error",
        }
    }
}

/// The answer on the wire.
pub(crate) fn wire(answer: Result<Value, impl Into<Refusal>>, rid: &str) -> HttpResponse {
    let answer = answer.unwrap_or_else(|refused| {
        let Refusal { code, words } = refused.into();
        json!({ "errcode": code, "errmsg": format!("{words} rid: {rid}") })
    });
    HttpResponse::Ok().json(answer)
}

/// A request body that WeChat expects to be JSON.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|_| Refused(47001))
}
