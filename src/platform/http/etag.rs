//! Cards and lists a phone polls carry an `ETag`; unchanged ones answer 304 without a body.

use actix_web::{HttpRequest, HttpResponse, http::header};
use serde::Serialize;

use crate::platform::crypto::sha256_b64;

/// The body as JSON, or 304 when the client already has it.
pub fn answer(request: &HttpRequest, body: &impl Serialize) -> HttpResponse {
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    let tag = format!("W/\"{}\"", &sha256_b64(&bytes)[..22]);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let fresh = known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
    let mut response = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, tag)).insert_header((header::CACHE_CONTROL, "no-cache"));
    if fresh { response.finish() } else { response.content_type("application/json").body(bytes) }
}
