//! Calls the stand-in without a socket.

use std::time::Duration;

use actix_web::{
    App,
    body::to_bytes,
    http::header::CONTENT_TYPE,
    test,
    web::{Bytes, Data},
};
use serde_json::{Value, json};

use crate::{Clock, Controls, Options, clock::pause, routes};

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
    pub(crate) body: Bytes,
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

/// Comes back when it is so; it has to be within seconds.
pub(crate) async fn until(what: &str, so: impl Fn() -> bool) {
    for _ in 0..1000 {
        if so() {
            return;
        }
        pause(Duration::from_millis(5)).await;
    }
    panic!("not within five seconds: {what}");
}

/// An access token.
pub(crate) async fn token(controls: &Controls) -> String {
    let ask = json!({ "grant_type": "client_credential", "appid": APP_ID, "secret": SECRET });
    let seen = post(controls, "/cgi-bin/stable_token", ask).await;
    seen.json["access_token"].as_str().unwrap().to_owned()
}

/// A call with a fresh access token.
pub(crate) async fn call(controls: &Controls, path: &str, body: Value) -> Value {
    let token = token(controls).await;
    post(controls, &format!("{path}?access_token={token}"), body).await.json
}

/// The openid of somebody who has just logged in.
pub(crate) async fn logged_in(controls: &Controls, name: &str) -> String {
    let (code, secret) = (controls.login_code(name), SECRET.replace(' ', "%20"));
    let query = format!("appid={APP_ID}&secret={secret}&js_code={code}");
    let uri = format!("{LOGIN}?{query}&grant_type=authorization_code");
    get(controls, &uri).await.json["openid"].as_str().unwrap().to_owned()
}

pub(crate) async fn send(controls: &Controls, request: test::TestRequest) -> Seen {
    let app = App::new().app_data(Data::new(controls.clone())).configure(routes);
    let app = test::init_service(app).await;
    let response = test::call_service(&app, request.to_request()).await;
    let content_type = response.headers().get(CONTENT_TYPE);
    let content_type = content_type.map_or("", |value| value.to_str().unwrap()).to_owned();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body()).await.unwrap_or_default();
    let json = serde_json::from_slice(&body).unwrap_or_default();
    Seen { status, content_type, json, body }
}
