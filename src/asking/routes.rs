//! Suggestions over HTTP.

use actix_web::{
    HttpResponse, get,
    http::StatusCode,
    post,
    web::{Data, Json},
};
use entity::At;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    dispatch::{TaskView, Wanted},
    identity::{Dispatcher, Resident},
    platform::{
        AppState,
        crypto::sha256_b64,
        http::{
            Answer, Id, Page, Params, Problem, RetryKey,
            idempotency::{self, Try},
            problem::Refusals,
        },
    },
};

use super::{
    suggest::{Suggestions, beforehand, suggestions},
    wave::{self, AskView},
    widen,
};

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

/// 马上扩大范围：面向的人扩大一级，不等到时间；点两下要带同一个 Idempotency-Key，只扩大一次
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/escalate")]
async fn escalate_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
) -> Result<Answer, Problem> {
    let tx = state.db.write().await?;
    let taken = idempotency::take(&tx, &state, office.id(), &key, &sha256_b64(b"")).await?;
    let taken = match taken {
        Try::Done(answer) => return Ok(answer),
        Try::Fresh(taken) => taken,
    };
    let view = widen::escalate(&tx, &state, &office, id.0).await?;
    let answer = taken.keep(&tx, &state, StatusCode::OK, &view).await?;
    tx.commit().await?;
    Ok(answer)
}

/// 请过谁：一批批请了哪些人，为什么是他们，回应了没有
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = Page<AskView>), Refusals))]
#[get("/tasks/{id}/asked")]
async fn read_asked(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<Page<AskView>>, Problem> {
    let items = wave::asked(&state, &office, id.0).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// 这次来不了：回应社区的邀请，以后少打扰；没有被请的人点了也没关系
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[post("/tasks/{id}/not-this-time")]
async fn not_this_time(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<HttpResponse, Problem> {
    wave::say_no(&state, &me, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(read_suggestions)
        .service(read_beforehand)
        .service(escalate_task)
        .service(read_asked)
        .service(not_this_time);
}
