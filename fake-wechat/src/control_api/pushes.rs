//! What WeChat tells the server.

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path, ServiceConfig, get, post},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    controls::Controls,
    pushes::{PushTarget, Spoil},
};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/push-target", post().to(target))
        .route("/push-target/check", post().to(check))
        .route("/pushes", get().to(list))
        .route("/pushes", post().to(push))
        .route("/pushes/{id}/again", post().to(again))
        .route("/pushes/{id}/replay", post().to(replay));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Telling {
    from: String,
    event: String,
    #[serde(default)]
    fields: Map<String, Value>,
    spoil: Option<Spoil>,
}

async fn target(controls: Data<Controls>, Json(target): Json<Option<PushTarget>>) -> Json<Value> {
    controls.push_to(target);
    Json(json!({}))
}

async fn check(controls: Data<Controls>) -> Json<Value> {
    Json(json!({ "passed": controls.check_push_url().await }))
}

async fn list(controls: Data<Controls>) -> Json<Value> {
    Json(json!({ "pushes": controls.pushes() }))
}

async fn push(controls: Data<Controls>, Json(telling): Json<Telling>) -> Json<Value> {
    let Telling { from, event, fields, spoil } = telling;
    Json(json!({ "id": controls.push(&from, &event, fields.into(), spoil) }))
}

async fn again(controls: Data<Controls>, id: Path<u64>) -> HttpResponse {
    match controls.push_again(*id) {
        Some(id) => HttpResponse::Ok().json(json!({ "id": id })),
        None => HttpResponse::NotFound().finish(),
    }
}

async fn replay(controls: Data<Controls>, id: Path<u64>) -> HttpResponse {
    match controls.replay(*id).await {
        Some(tried) => HttpResponse::Ok().json(tried),
        None => HttpResponse::NotFound().finish(),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{self, controls};

    use super::*;

    #[actix_web::test]
    async fn an_address_is_set_and_taken_away_and_pushes_are_listed() {
        let controls = controls();
        let target =
            json!({ "url": "http://127.0.0.1:1/", "token": "t", "wording": { "xml": true } });
        assert_eq!(testing::post(&controls, "/__fake/push-target", target).await.status, 200);
        controls.with(|world, _| {
            let target = world.pushes.target.as_ref().unwrap();
            assert!(target.wording.xml && target.aes_key.is_none());
        });
        let failed = testing::post(&controls, "/__fake/push-target/check", Value::Null).await;
        assert_eq!(failed.json["passed"], false);
        testing::post(&controls, "/__fake/push-target", Value::Null).await;
        controls.with(|world, _| assert_eq!(world.pushes.target, None));

        let telling = json!({ "from": "o1", "event": "user_info_modified", "spoil": "stale" });
        let told = testing::post(&controls, "/__fake/pushes", telling).await.json;
        assert_eq!(told["id"], 1);
        let again = testing::post(&controls, "/__fake/pushes/1/again", Value::Null).await.json;
        assert_eq!(again["id"], 2);
        let list = testing::get(&controls, "/__fake/pushes").await.json;
        assert_eq!(
            (&list["pushes"][1]["state"], &list["pushes"][1]["spoil"]),
            (&json!("waiting"), &json!("stale"))
        );
        let never = testing::post(&controls, "/__fake/pushes/1/replay", Value::Null).await;
        assert_eq!(never.status, 404, "it was never sent");
    }
}
