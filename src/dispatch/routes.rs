//! Dispatching and changing tasks over HTTP. Lists and pages of tasks are the claim room's: what one sees depends
//! on what one has claimed. So is the number of seats: those who wait for one are asked at once.

use actix_web::{
    post, put,
    web::{Data, Json},
};
use entity::At;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
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
    bulk::{self, BulkAnswer, BulkForm},
    change, copy, edit,
    form::TaskForm,
    loan,
    post::{self, Author},
    reschedule, series, template,
    view::{See, TaskView, view},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelForm {
    #[schema(min_length = 2, max_length = 200)]
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    reason: String,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleForm {
    starts_at: At,
    ends_at: At,
    /// By when those who claimed say whether they still come.
    reconfirm_by: At,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CopyForm {
    starts_at: At,
    /// As long as the task copied when absent.
    ends_at: Option<At>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeadForm {
    /// Who leads on the spot and reports; somebody the task could be for.
    user_id: Uuid,
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

/// 重写草稿，或修改已发布任务的文字、地点、负责人。`If-Match` 写看到的 rev，别人改过就会被告知
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
    let tx = state.db.write().await?;
    let task = change::publish(&tx, &state, &office.scope(), id.0, office.id()).await?;
    tx.commit().await?;
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
    let tx = state.db.write().await?;
    let task = change::cancel(&tx, &state, &office.scope(), id.0, office.id(), reason).await?;
    tx.commit().await?;
    Ok(Json(view(state.db.read(), &state, task, See::Staff).await?))
}

/// 改期：时间整体挪动，请已接单的人在期限前重新确认
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = RescheduleForm, responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/reschedule")]
async fn reschedule_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<RescheduleForm>,
) -> Result<Json<TaskView>, Problem> {
    let (to, author) = (input.value, Author::at_desk(&office));
    let times = (to.starts_at, to.ends_at);
    let tx = state.db.write().await?;
    let task = reschedule::reschedule(&tx, &state, &author, id.0, times, to.reconfirm_by).await?;
    tx.commit().await?;
    Ok(Json(view(state.db.read(), &state, task, See::Staff).await?))
}

/// 指定现场负责人
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = LeadForm, responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/lead")]
async fn set_lead(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<LeadForm>,
) -> Result<Json<TaskView>, Problem> {
    let (author, lead) = (Author::at_desk(&office), input.value.user_id);
    let tx = state.db.write().await?;
    let task = edit::lead(&tx, &state, &author, id.0, lead).await?;
    tx.commit().await?;
    Ok(Json(view(state.db.read(), &state, task, See::Staff).await?))
}

/// 复制任务，存为草稿
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = CopyForm, responses((status = 201, body = TaskView), Refusals))]
#[post("/tasks/{id}/copy")]
async fn copy_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
    input: Input<CopyForm>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, author) = (input, Author::at_desk(&office));
    let (starts_at, ends_at) = (value.starts_at, value.ends_at);
    let work = async |tx: &_| copy::copy(tx, &state, &author, id.0, starts_at, ends_at).await;
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

/// 批量发布、取消或复制到下周；每个任务各自成败
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), request_body = BulkForm, responses((status = 200, body = BulkAnswer), Refusals))]
#[post("/tasks/bulk")]
async fn bulk_tasks(
    state: Data<AppState>,
    office: Dispatcher,
    key: RetryKey,
    input: Input<BulkForm>,
) -> Result<Json<BulkAnswer>, Problem> {
    let Input { value, hash } = input;
    Ok(Json(bulk::each(&state, &office, &key, &hash, value).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(bulk_tasks)
        .service(dispatch_request)
        .service(post_task)
        .service(rewrite_task)
        .service(publish_task)
        .service(cancel_task)
        .service(reschedule_task)
        .service(set_lead)
        .service(copy_task)
        .configure(template::routes::configure)
        .configure(series::routes::configure)
        .configure(loan::routes::configure);
}
