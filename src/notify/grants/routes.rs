//! Grants over HTTP.

use std::collections::BTreeMap;

use ::entity::subscribe_event::Source;
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

use crate::{
    identity::Resident,
    notify::push::kind_of,
    platform::{
        AppState,
        http::{Input, Params, Problem, problem::Refusals},
    },
};

use super::{
    heard::{Word, hear},
    prompt::{Prompt, Tap, prompt},
};

/// WeChat never asks for more at once.
const MOST: usize = 5;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PromptQuery {
    /// Which tap it is.
    #[param(inline)]
    at: Tap,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PromptReport {
    /// What `wx.requestSubscribeMessage` gave back: `accept`, `reject` … by template id; 1 to 5.
    #[validate(length(min = 1, max = 5), custom(function = bounded))]
    results: BTreeMap<String, String>,
}

fn bounded(results: &BTreeMap<String, String>) -> Result<(), ValidationError> {
    let fits = |(id, verdict): (&String, &String)| id.len() <= 64 && verdict.len() <= 32;
    if results.len() <= MOST && results.iter().all(fits) {
        return Ok(());
    }
    Err(ValidationError::new("value"))
}

/// 这一下该请求订阅哪些消息，最多三种；空的就不要弹窗
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PromptQuery), responses((status = 200, body = Prompt), Refusals))]
#[get("/subscriptions/prompt")]
async fn subscription_prompt(
    state: Data<AppState>,
    me: Resident,
    query: Params<PromptQuery>,
) -> Result<Json<Prompt>, Problem> {
    Ok(Json(prompt(&state, me.id(), query.0.at).await?))
}

/// 弹窗的结果：只作参考，以微信的通知为准
#[utoipa::path(tag = "我的", security(("bearer" = [])), request_body = PromptReport, responses((status = 204), Refusals))]
#[post("/subscriptions/report")]
async fn subscription_report(
    state: Data<AppState>,
    me: Resident,
    input: Input<PromptReport>,
) -> Result<HttpResponse, Problem> {
    let results = input.value.results;
    if results.keys().any(|id| kind_of(&state, id).is_none()) {
        let (zh, en) = ("有不认识的消息模板", "A template is none of ours");
        return Err(Problem::field("results", "value", zh, en));
    }
    let (tx, at) = (state.db.write().await?, state.clock.now());
    for (template_id, status) in &results {
        let key = format!("client|{}", state.rng.id(at));
        let (person_id, source) = (me.id(), Source::Client);
        let word = Word { person_id, template_id, source, status, at, key: &key };
        hear(&tx, &state, &word).await?;
    }
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(subscription_prompt).service(subscription_report);
}
