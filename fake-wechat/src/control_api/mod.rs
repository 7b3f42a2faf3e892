//! The controls for those outside the process, under a path WeChat does not have. Users go by name, templates by
//! title or id; what a word in a body means is said where its type stands.
//!
//! | call | body | answer |
//! | --- | --- | --- |
//! | POST `/__fake/login-codes` | `{"name"}` | `{"code","openid"}` |
//! | POST `/__fake/phone-codes` | `{"number","country_code"?}` | `{"code"}` |
//! | POST `/__fake/blocked-users` | `{"name"}` | `{"openid"}` |
//! | POST `/__fake/tokens/expire` | – | `{}` |
//! | POST `/__fake/faults` | `{"path","times","fault"}`, fault one of `{"errcode":-1}`, `{"slow_ms":900}`, `"drop"`, `"hang"`, `"lose"` | `{}` |
//! | POST `/__fake/clock` | `{"advance_seconds"}` | `{"now_ms"}` |
//! | GET `/__fake/calls` | – | `{"calls":[{"path","count"}]}` |
//! | GET `/__fake/state` | – | all that the page shows |
//! | **messages** (`phones`) | | |
//! | GET `/__fake/templates` | – | `{"templates":[{"id","title","long_term","keys"}]}` |
//! | GET `/__fake/messages?name=` | – | `{"messages":[{"msg_id","title","page","lines",…}]}`; without a name everybody's |
//! | POST `/__fake/prompts` | `{"name","templates"}` | `{"prompt"}` that waits, `{"verdicts"}` where nobody is asked, or 409 `{"errcode"}` |
//! | POST `/__fake/prompts/{id}/tap` | `{"accept","keep"?}`, accept a list or `true` | `{"verdicts"}`; 404 where it is gone |
//! | POST `/__fake/refusals` | `{"name","template"}`: turned off in the settings | `{}` |
//! | POST `/__fake/switches` | `{"name","on"}`: all messages of that user | `{}` |
//! | POST `/__fake/bans` | `{"template","banned"}` | `{}` |
//! | POST `/__fake/fates` | `{"times","error_code","error_status"?,"after_seconds"?}`: of the next messages | `{}` |
//! | POST `/__fake/sends` | `{"take_ms"}`: how long each is on its way | `{}` |
//! | **checks** (`checks`) | | |
//! | POST `/__fake/words` | `{"word","suggest","label"}` | `{}` |
//! | POST `/__fake/media-verdicts` | `{"times","suggest","label","after_seconds"?,"copies"?}`: of the next pictures | `{}` |
//! | POST `/__fake/pages` | `{"page","released"}` | `{}` |
//! | **push** (`pushes`) | | |
//! | POST `/__fake/push-target` | `{"url","token","aes_key"?,"wording"?}`, or `null` for nobody | `{}` |
//! | POST `/__fake/push-target/check` | – | `{"passed"}` |
//! | GET `/__fake/pushes` | – | `{"pushes":[{"id","told","state","tries",…}]}` |
//! | POST `/__fake/pushes` | `{"from","event","fields"?,"spoil"?}` | `{"id"}` |
//! | POST `/__fake/pushes/{id}/again` | – : sealed anew | `{"id"}` |
//! | POST `/__fake/pushes/{id}/replay` | – : the same bytes | `{"status","said"}` |

mod checks;
mod phones;
mod pushes;
mod state;

use std::time::Duration;

use actix_web::web::{Data, Json, ServiceConfig, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::controls::{Controls, Fault};

pub(crate) fn routes(config: &mut ServiceConfig) {
    config
        .route("/login-codes", post().to(login_code))
        .route("/phone-codes", post().to(phone_code))
        .route("/blocked-users", post().to(block))
        .route("/tokens/expire", post().to(expire_tokens))
        .route("/faults", post().to(fault))
        .route("/clock", post().to(clock))
        .route("/calls", get().to(calls))
        .route("/state", get().to(state::show))
        .configure(phones::routes)
        .configure(checks::routes)
        .configure(pushes::routes);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phone {
    number: String,
    #[serde(default = "mainland")]
    country_code: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    path: String,
    times: usize,
    fault: Fault,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forward {
    advance_seconds: u64,
}

fn mainland() -> String {
    "86".to_owned()
}

async fn login_code(controls: Data<Controls>, user: Json<Named>) -> Json<Value> {
    let code = controls.login_code(&user.name);
    Json(json!({ "code": code, "openid": controls.openid(&user.name) }))
}

async fn phone_code(controls: Data<Controls>, phone: Json<Phone>) -> Json<Value> {
    Json(json!({ "code": controls.phone_code(&phone.country_code, &phone.number) }))
}

async fn block(controls: Data<Controls>, user: Json<Named>) -> Json<Value> {
    controls.block(&user.name);
    Json(json!({ "openid": controls.openid(&user.name) }))
}

async fn expire_tokens(controls: Data<Controls>) -> Json<Value> {
    controls.expire_tokens();
    Json(json!({}))
}

async fn fault(controls: Data<Controls>, faults: Json<Faults>) -> Json<Value> {
    controls.fault(&faults.path, faults.times, faults.fault);
    Json(json!({}))
}

async fn clock(controls: Data<Controls>, forward: Json<Forward>) -> Json<Value> {
    controls.advance(Duration::from_secs(forward.advance_seconds));
    Json(json!({ "now_ms": controls.clock().now_ms() }))
}

async fn calls(controls: Data<Controls>) -> Json<Value> {
    let calls = controls.calls().into_iter();
    let calls: Vec<_> =
        calls.map(|(path, count)| json!({ "path": path, "count": count })).collect();
    Json(json!({ "calls": calls }))
}

#[cfg(test)]
mod tests {
    use crate::testing::{self, LOGIN, controls};

    use super::*;

    #[actix_web::test]
    async fn what_a_test_may_do_others_may_too() {
        let controls = controls();
        let made = testing::post(&controls, "/__fake/login-codes", json!({ "name": "张三" })).await;
        assert_eq!(made.json["openid"], controls.openid("张三"));

        let fault = json!({ "path": LOGIN, "times": 1, "fault": { "errcode": 45011 } });
        assert_eq!(testing::post(&controls, "/__fake/faults", fault).await.status, 200);
        assert_eq!(testing::get(&controls, LOGIN).await.json["errcode"], 45011);

        let before = controls.clock().now_ms();
        let moved = json!({ "advance_seconds": 60 });
        let moved = testing::post(&controls, "/__fake/clock", moved).await.json;
        assert_eq!(moved["now_ms"], before + 60_000);

        let calls = testing::get(&controls, "/__fake/calls").await.json;
        assert_eq!(calls["calls"], json!([{ "path": LOGIN, "count": 1 }]));
    }

    #[actix_web::test]
    async fn a_mistyped_control_does_not_pass_in_silence() {
        let controls = controls();
        for (path, body) in [
            ("/__fake/faults", json!({ "path": "/", "times": 1, "fault": { "slow": 1 } })),
            ("/__fake/clock", json!({ "seconds": 1 })),
            ("/__fake/pushes", json!({ "from": "o1", "event": "e", "spoil": "a bit" })),
            ("/__fake/words", json!({ "word": "x", "suggest": "odd", "label": 1 })),
        ] {
            assert_eq!(testing::post(&controls, path, body).await.status, 400);
        }
        assert_eq!(testing::get(&controls, "/__fake/nothing").await.status, 404);
    }
}
