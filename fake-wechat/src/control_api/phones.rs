//! Phones: what they are asked, what they get.

use std::{iter::repeat_n, time::Duration};

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path, Query, ServiceConfig, get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    controls::Controls,
    prompts::Asked,
    subscribe::Fate,
    templates::{TEMPLATES, Template},
};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/templates", get().to(templates))
        .route("/messages", get().to(messages))
        .route("/prompts", post().to(prompt))
        .route("/prompts/{id}/tap", post().to(tap))
        .route("/refusals", post().to(refuse))
        .route("/switches", post().to(switch))
        .route("/bans", post().to(ban))
        .route("/fates", post().to(fates))
        .route("/sends", post().to(sends));
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prompting {
    name: String,
    templates: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Finger {
    accept: Accepted,
    #[serde(default)]
    keep: bool,
}

/// Templates by id or title; `true` is all that were asked for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Accepted {
    All(bool),
    These(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    name: String,
    template: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    name: String,
    on: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ban {
    template: String,
    banned: bool,
}

#[derive(Deserialize)]
struct Fates {
    times: usize,
    #[serde(flatten)]
    fate: Fate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sends {
    take_ms: u64,
}

async fn templates() -> Json<Value> {
    let told = |template: &Template| {
        let keys: Vec<_> = template.fields.iter().map(|(_, key, _)| key).collect();
        json!({ "id": template.id, "title": template.title, "long_term": template.long_term, "keys": keys })
    };
    let all: Vec<_> = TEMPLATES.iter().map(told).collect();
    Json(json!({ "templates": all }))
}

async fn messages(controls: Data<Controls>, whose: Query<Whose>) -> Json<Value> {
    let messages = match &whose.name {
        Some(name) => controls.messages_of(name),
        None => controls.messages(),
    };
    Json(json!({ "messages": messages }))
}

async fn prompt(controls: Data<Controls>, ask: Json<Prompting>) -> HttpResponse {
    let templates: Vec<_> = ask.templates.iter().map(String::as_str).collect();
    match controls.prompt(&ask.name, &templates) {
        Ok(Asked::Waits(id)) => HttpResponse::Ok().json(json!({ "prompt": id })),
        Ok(Asked::Settled(verdicts)) => HttpResponse::Ok().json(json!({ "verdicts": verdicts })),
        Err(code) => HttpResponse::Conflict().json(json!({ "errcode": code })),
    }
}

async fn tap(controls: Data<Controls>, id: Path<u64>, finger: Json<Finger>) -> HttpResponse {
    let asked = match &finger.accept {
        Accepted::All(true) => controls.asked(*id),
        Accepted::All(false) => vec![],
        Accepted::These(these) => these.clone(),
    };
    let accept: Vec<_> = asked.iter().map(String::as_str).collect();
    match controls.tap(*id, &accept, finger.keep) {
        Some(verdicts) => HttpResponse::Ok().json(json!({ "verdicts": verdicts })),
        None => HttpResponse::NotFound().finish(),
    }
}

async fn refuse(controls: Data<Controls>, refusal: Json<Refusal>) -> Json<Value> {
    controls.refuse(&refusal.name, &refusal.template);
    Json(json!({}))
}

async fn switch(controls: Data<Controls>, switch: Json<Switch>) -> Json<Value> {
    controls.switch(&switch.name, switch.on);
    Json(json!({}))
}

async fn ban(controls: Data<Controls>, ban: Json<Ban>) -> Json<Value> {
    controls.ban(&ban.template, ban.banned);
    Json(json!({}))
}

async fn fates(controls: Data<Controls>, Json(Fates { times, fate }): Json<Fates>) -> Json<Value> {
    controls.fates(repeat_n(fate, times));
    Json(json!({}))
}

async fn sends(controls: Data<Controls>, sends: Json<Sends>) -> Json<Value> {
    controls.sends_take(Duration::from_millis(sends.take_ms));
    Json(json!({}))
}

#[cfg(test)]
mod tests {
    use crate::testing::{self, controls};

    use super::*;

    #[actix_web::test]
    async fn a_phone_is_asked_and_answers() {
        let controls = controls();
        let ask = json!({ "name": "张三", "templates": ["主题党日提醒", "任务变更提醒"] });
        let asked = testing::post(&controls, "/__fake/prompts", ask.clone()).await.json;
        let path = format!("/__fake/prompts/{}/tap", asked["prompt"]);
        let finger = json!({ "accept": ["主题党日提醒"], "keep": true });
        let tapped = testing::post(&controls, &path, finger.clone()).await.json;
        let id = crate::template("主题党日提醒").unwrap();
        assert_eq!(tapped["verdicts"][&id], "accept");
        assert_eq!(testing::post(&controls, &path, finger).await.status, 404);
        let again = testing::post(&controls, "/__fake/prompts", ask.clone()).await.json;
        assert_eq!(again["verdicts"][&id], "accept");
        assert_eq!(controls.balance("张三", "主题党日提醒"), 2);
        let other = json!({ "name": "李四", "templates": ["主题党日提醒", "任务变更提醒"] });
        let asked = testing::post(&controls, "/__fake/prompts", other).await.json;
        let path = format!("/__fake/prompts/{}/tap", asked["prompt"]);
        testing::post(&controls, &path, json!({ "accept": true })).await;
        assert_eq!(controls.balance("李四", "任务变更提醒"), 1);

        let off = json!({ "name": "张三", "on": false });
        testing::post(&controls, "/__fake/switches", off).await;
        let refused = testing::post(&controls, "/__fake/prompts", ask).await;
        assert_eq!((refused.status, &refused.json["errcode"]), (409, &json!(20004)));
        let off = json!({ "name": "张三", "template": "主题党日提醒" });
        testing::post(&controls, "/__fake/refusals", off).await;
        assert_eq!(controls.balance("张三", "主题党日提醒"), 0);
    }

    #[actix_web::test]
    async fn what_becomes_of_messages_can_be_said_before() {
        let controls = controls();
        for (path, body) in [
            ("/__fake/fates", json!({ "times": 2, "error_code": 1003, "after_seconds": 5 })),
            ("/__fake/sends", json!({ "take_ms": 30 })),
            ("/__fake/bans", json!({ "template": "主题党日提醒", "banned": true })),
        ] {
            assert_eq!(testing::post(&controls, path, body).await.status, 200, "{path}");
        }
        controls.with(|world, _| {
            assert_eq!((world.fates.len(), world.send_takes.as_millis()), (2, 30));
            assert!(world.grants.is_banned(&crate::template("主题党日提醒").unwrap()));
        });
        let templates = testing::get(&controls, "/__fake/templates").await.json;
        assert_eq!(templates["templates"][0]["keys"][0], "thing1");
        let none = testing::get(&controls, "/__fake/messages?name=x").await.json;
        assert_eq!(none, json!({ "messages": [] }));
    }
}
