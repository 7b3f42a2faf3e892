//! `/wechat/push`: beside the API, for WeChat alone, which reads text and no problems.

use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header::ContentEncoding},
    web::{self, Data, Payload, Query, ServiceConfig},
};

use crate::platform::{AppState, http::edge::AsItIs, wechat::push::PushKeys};

use super::{
    gate::{self, Refused, Slip},
    shelf::{self, Kept},
};

/// Largest body, bytes.
const MOST: usize = 64 * 1024;
/// WeChat waits five seconds and then comes again; told sooner that we are busy, it does so as well.
const ANSWER: Duration = Duration::from_secs(4);

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(
        web::resource("/wechat/push").route(web::get().to(check)).route(web::post().to(take)),
    );
}

/// The check that WeChat makes when the address is saved in its console: signed by it, it gets its own words back.
async fn check(state: Data<AppState>, slip: Option<Query<Slip>>) -> HttpResponse {
    let Some(keys) = keys(&state) else { return word(StatusCode::NOT_FOUND, "") };
    let slip = slip.map(Query::into_inner).unwrap_or_default();
    match gate::echo(&state, &keys, slip) {
        Ok(echo) => word(StatusCode::OK, echo),
        Err(refused) => refuse(refused),
    }
}

async fn take(state: Data<AppState>, slip: Option<Query<Slip>>, body: Payload) -> HttpResponse {
    let Some(keys) = keys(&state) else { return word(StatusCode::NOT_FOUND, "") };
    let slip = slip.map(Query::into_inner).unwrap_or_default();
    match tokio::time::timeout(ANSWER, taken(&state, &keys, &slip, body)).await {
        Ok(answer) => answer,
        Err(_) => word(StatusCode::SERVICE_UNAVAILABLE, ""),
    }
}

async fn taken(state: &AppState, keys: &PushKeys, slip: &Slip, body: Payload) -> HttpResponse {
    let body = match body.to_bytes_limited(MOST).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return word(StatusCode::BAD_REQUEST, ""),
        Err(_) => return word(StatusCode::PAYLOAD_TOO_LARGE, ""),
    };
    let letter = match gate::open(state, keys, slip, &body) {
        Ok(letter) => letter,
        Err(refused) => return refuse(refused),
    };
    match shelf::keep(state, letter).await {
        Ok(kept) => {
            count(kept.name());
            word(StatusCode::OK, "success")
        }
        Err(error) => {
            tracing::error!(%error, "a push of WeChat's could not be kept; it comes again");
            count("not_kept");
            word(StatusCode::SERVICE_UNAVAILABLE, "")
        }
    }
}

/// None: no push is received. Keys that are none were refused at the start.
fn keys(state: &AppState) -> Option<PushKeys> {
    state.settings.wechat.push().ok().flatten()
}

/// Says why to the operator alone: the reason is one of ours and repeats nothing of what came.
fn refuse(refused: Refused) -> HttpResponse {
    tracing::warn!(reason = %refused, "a push was refused: {refused}");
    count("refused");
    word(StatusCode::FORBIDDEN, "")
}

fn count(outcome: &'static str) {
    metrics::counter!("linli_wechat_pushes_total", "outcome" => outcome).increment(1);
}

fn word(status: StatusCode, text: impl Into<String>) -> HttpResponse {
    let mut answer = HttpResponse::build(status)
        .content_type("text/plain; charset=utf-8")
        // WeChat compares the bytes.
        .insert_header(ContentEncoding::Identity)
        .body(text.into());
    answer.extensions_mut().insert(AsItIs);
    answer
}

impl Kept {
    fn name(&self) -> &'static str {
        match self {
            Self::Anew => "kept",
            Self::Known => "again",
            Self::Counted => "of_no_concern",
        }
    }
}
