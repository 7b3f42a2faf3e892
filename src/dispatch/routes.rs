//! Dispatching and changing tasks over HTTP. Lists and pages of tasks are the claim room's: what one sees depends
//! on what one has claimed. So is the number of seats: those who wait for one are asked at once.

use actix_web::{
    post, put,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    identity::Dispatcher,
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Problem, RetryKey, Revision, idempotency, input::readable,
            problem::Refusals,
        },
    },
};

use super::{
    change,
    form::TaskForm,
    post,
    view::{See, TaskView, view},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelForm {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    reason: String,
}

/// 派单：把需求变成任务
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = TaskForm, responses((status = 201, body = TaskView), Refusals))]
#[post("/requests/{id}/dispatch")]
async fn dispatch_request(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
    input: Input<TaskForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| post::dispatch(tx, &state, &office, id.0, value).await;
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

/// 直接发布任务或招募
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), request_body = TaskForm, responses((status = 201, body = TaskView), Refusals))]
#[post("/tasks")]
async fn post_task(
    state: Data<AppState>,
    office: Dispatcher,
    key: RetryKey,
    input: Input<TaskForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| post::plan(tx, &state, &office, value).await;
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

/// 重写草稿。`If-Match` 写看到的 rev，别人改过就会被告知
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path), ("If-Match" = i64, Header, description = "看到的 rev")), request_body = TaskForm, responses((status = 200, body = TaskView), Refusals))]
#[put("/tasks/{id}")]
async fn rewrite_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    seen: Revision,
    input: Input<TaskForm>,
) -> Result<Json<TaskView>, Problem> {
    let tx = state.db.write().await?;
    let view = post::rewrite(&tx, &state, &office, id.0, seen.0, input.value).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// 发布草稿，开放接单
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/publish")]
async fn publish_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<TaskView>, Problem> {
    let task = change::publish(&state, &office.scope(), id.0, office.id()).await?;
    Ok(Json(view(state.db.read(), &state, task, See::Staff).await?))
}

/// 取消任务，说明理由
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = CancelForm, responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/cancel")]
async fn cancel_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<CancelForm>,
) -> Result<Json<TaskView>, Problem> {
    let reason = input.value.reason.trim().to_owned();
    let task = change::cancel(&state, &office.scope(), id.0, office.id(), reason).await?;
    Ok(Json(view(state.db.read(), &state, task, See::Staff).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(dispatch_request)
        .service(post_task)
        .service(rewrite_task)
        .service(publish_task)
        .service(cancel_task);
}
