//! Requests over HTTP, as the office handles them.

use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    identity::{Dispatcher, Resident},
    platform::{
        AppState,
        http::{Id, Input, Page, Problem, input::readable, problem::Refusals},
    },
};

use super::{
    change::{By, act},
    deputy::{self, DeputyForm, DeputyView},
    duplicates::{self, Duplicate},
    merge::{self, MergeForm},
    model::Command,
    own::{self, AssignForm},
    pass::{self, PassForm},
    view::{self, RequestView},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForm {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    question: String,
}

async fn by_office(
    state: &AppState,
    office: &Dispatcher,
    id: Id,
    command: Command,
    words: String,
) -> Result<Json<RequestView>, Problem> {
    let by = By { actor: Some(office.id()), words: Some(words.trim().to_owned()) };
    let row = act(state, &office.scope(), id.0, command, by).await?;
    Ok(Json(view::one(state.db.read(), state, row).await?))
}

/// 请居民补充
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = AskForm, responses((status = 200, body = RequestView), Refusals))]
#[post("/requests/{id}/ask")]
async fn ask_back(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<AskForm>,
) -> Result<Json<RequestView>, Problem> {
    by_office(&state, &office, id, Command::Ask, input.value.question).await
}

/// 不受理，说明理由
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = Reason, responses((status = 200, body = RequestView), Refusals))]
#[post("/requests/{id}/decline")]
async fn decline_request(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<Reason>,
) -> Result<Json<RequestView>, Problem> {
    by_office(&state, &office, id, Command::Decline, input.value.reason).await
}

/// 退回重派：收回任务，需求回到收件箱
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = Reason, responses((status = 200, body = RequestView), Refusals))]
#[post("/requests/{id}/return")]
async fn return_request(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<Reason>,
) -> Result<Json<RequestView>, Problem> {
    by_office(&state, &office, id, Command::Return, input.value.reason).await
}

/// 指定负责人；已经有人负责的，交接要写明原因
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = AssignForm, responses((status = 200, body = RequestView), Refusals))]
#[post("/requests/{id}/assign")]
async fn assign_request(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<AssignForm>,
) -> Result<Json<RequestView>, Problem> {
    let row = own::assign(&state, &office, id.0, input.value).await?;
    Ok(Json(view::one(state.db.read(), &state, row).await?))
}

/// 转给街道、另一个社区或市民热线，并告诉居民
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = PassForm, responses((status = 200, body = RequestView), Refusals))]
#[post("/requests/{id}/pass")]
async fn pass_request(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<PassForm>,
) -> Result<Json<RequestView>, Problem> {
    let row = pass::pass(&state, &office, id.0, input.value).await?;
    Ok(Json(view::one(state.db.read(), &state, row).await?))
}

/// 疑似重复的需求和理由，最像的在前
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = Page<Duplicate>), Refusals))]
#[get("/requests/{id}/duplicates")]
async fn list_duplicates(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<Page<Duplicate>>, Problem> {
    let items = duplicates::duplicates(&state, &office, id.0).await?;
    Ok(Json(Page { items, next_cursor: None }))
}

/// 合并到另一个同样的需求
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = MergeForm, responses((status = 200, body = RequestView), Refusals))]
#[post("/requests/{id}/merge")]
async fn merge_request(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<MergeForm>,
) -> Result<Json<RequestView>, Problem> {
    let row = merge::merge(&state, &office, id.0, input.value.into).await?;
    Ok(Json(view::one(state.db.read(), &state, row).await?))
}

/// 谁在替我看需求
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = DeputyView), Refusals))]
#[get("/me/deputy")]
async fn read_deputy(state: Data<AppState>, me: Resident) -> Result<Json<DeputyView>, Problem> {
    Ok(Json(deputy::view(state.db.read(), me.id(), state.clock.now()).await?))
}

/// 请假：请同事代管我负责的需求，到时自动结束
#[utoipa::path(tag = "我的", security(("bearer" = ["dispatcher"])), request_body = DeputyForm, responses((status = 200, body = DeputyView), Refusals))]
#[put("/me/deputy")]
async fn name_deputy(
    state: Data<AppState>,
    me: Dispatcher,
    input: Input<DeputyForm>,
) -> Result<Json<DeputyView>, Problem> {
    Ok(Json(deputy::name(&state, &me, input.value).await?))
}

/// 回来了：不再请人代管
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 204), Refusals))]
#[delete("/me/deputy")]
async fn drop_deputy(state: Data<AppState>, me: Resident) -> Result<HttpResponse, Problem> {
    deputy::drop(&state, me.id()).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(ask_back)
        .service(decline_request)
        .service(return_request)
        .service(assign_request)
        .service(pass_request)
        .service(list_duplicates)
        .service(merge_request)
        .service(read_deputy)
        .service(name_deputy)
        .service(drop_deputy);
}
