//! Calls the stand-in without a socket.

use actix_web::{App, body::to_bytes, http::header::CONTENT_TYPE, test, web::Data};
use serde_json::Value;

use crate::{Clock, Controls, Options, routes};

pub(crate) const APP_ID: &str = "wx0000000000000001";
pub(crate) const SECRET: &str = "not a secret";
pub(crate) const LOGIN: &str = "/sns/jscode2session";
pub(crate) const PHONE: &str = "/wxa/business/getuserphonenumber";

/// An answer as a client sees it.
pub(crate) struct Seen {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// Null where the body is not JSON.
    pub(crate) json: Value,
}

/// A stand-in whose clock stands still.
pub(crate) fn controls() -> Controls {
    Options {
        app_id: APP_ID.into(),
        secret: SECRET.into(),
        clock: Clock::standing_at(1_795_320_000_000),
    }
    .into()
}

pub(crate) async fn get(controls: &Controls, uri: &str) -> Seen {
    send(controls, test::TestRequest::get().uri(uri)).await
}

pub(crate) async fn post(controls: &Controls, uri: &str, body: Value) -> Seen {
    send(controls, test::TestRequest::post().uri(uri).set_json(body)).await
}

pub(crate) async fn send(controls: &Controls, request: test::TestRequest) -> Seen {
    let app = App::new().app_data(Data::new(controls.clone())).configure(routes);
    let app = test::init_service(app).await;
    let response = test::call_service(&app, request.to_request()).await;
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type.map_or("", |value| value.to_str().unwrap()).to_owned();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body()).await.unwrap_or_default();
    Seen { status, content_type, json: serde_json::from_slice(&body).unwrap_or_default() }
}
