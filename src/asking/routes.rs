//! Suggestions over HTTP.

use actix_web::{
    get,
    web::{Data, Json},
};
use entity::At;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    dispatch::Wanted,
    identity::Dispatcher,
    platform::{
        AppState,
        http::{Id, Params, Problem, problem::Refusals},
    },
};

use super::suggest::{Suggestions, beforehand, suggestions};

/// 建议人选：这个任务先请谁，为什么；不建议的人也说明为什么
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = Suggestions), Refusals))]
#[get("/tasks/{id}/suggestions")]
async fn read_suggestions(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<Suggestions>, Problem> {
    Ok(Json(suggestions(&state, &office, id.0).await?))
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedQuery {
    starts_at: At,
    ends_at: At,
    #[param(minimum = 1, maximum = 500)]
    #[validate(range(min = 1, max = 500))]
    slots: i32,
}

/// 派单以前先看看：这个时间请谁合适，为什么
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path), WantedQuery), responses((status = 200, body = Suggestions), Refusals))]
#[get("/requests/{id}/suggestions")]
async fn read_beforehand(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    query: Params<WantedQuery>,
) -> Result<Json<Suggestions>, Problem> {
    let WantedQuery { starts_at, ends_at, slots } = query.0;
    let wanted = Wanted { slots, starts_at, ends_at };
    Ok(Json(beforehand(&state, &office, id.0, wanted).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(read_suggestions).service(read_beforehand);
}
