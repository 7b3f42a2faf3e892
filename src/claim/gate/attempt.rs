//! Which try of a tap a request is.

use std::convert::Infallible;

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderMap};

/// Whether a client says that it has not tried this tap before: `Attempt: 1`. Whoever does not say so is not stopped by
/// the gate: their answer may be stored already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub is_first: bool,
}

impl FromRequest for Attempt {
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self::of(request.headers())))
    }
}

impl Attempt {
    pub fn of(headers: &HeaderMap) -> Self {
        Self { is_first: headers.get("Attempt").is_some_and(|value| value == "1") }
    }
}
