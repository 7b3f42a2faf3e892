//! Requests over HTTP.

use ::entity::request::RequestState;
use actix_web::{
    HttpRequest, HttpResponse, get, post, put,
    web::{Data, Json},
};
use sea_orm::ActiveEnum;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Dispatcher, Resident, Scope},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey, etag, idempotency,
            input::readable,
            page,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    answer::{self, AnswerForm, AnswerView},
    change::{By, act},
    model::Command,
    post::{self, Amendment, RequestForm},
    store::{self, Filter},
    view::{self, RequestView},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestQuery {
    org_id: Option<Uuid>,
    /// One or more states, separated by commas.
    #[validate(length(max = 200))]
    state: Option<String>,
    /// Only those I posted.
    mine: Option<bool>,
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    reason: String,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    question: String,
}

fn states(text: Option<&str>) -> Result<Vec<RequestState>, Problem> {
    let parse = |one: &str| {
        RequestState::try_from_value(&one.trim().to_owned()).map_err(|_| {
            Problem::field(
                "state",
                "value",
                format!("没有「{one}」这种状态"),
                format!("No state {one:?}"),
            )
        })
    };
    text.into_iter().flat_map(|text| text.split(',')).map(parse).collect()
}

async fn listed(
    state: &AppState,
    scope: &Scope,
    filter: Filter,
) -> Result<Page<RequestView>, Problem> {
    let limit = filter.limit;
    let rows = store::list(state.db.read(), scope, filter).await?;
    let page = Page::cut(rows, limit, |row| row.id);
    let items = view::many(state.db.read(), state, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// 点单：提出一个需求
#[utoipa::path(tag = "点单", security(("bearer" = [])), request_body = RequestForm, responses((status = 201, body = RequestView), Refusals))]
#[post("/requests")]
async fn post_request(
    state: Data<AppState>,
    me: Resident,
    key: RetryKey,
    input: Input<RequestForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| post::post(tx, &state, &me, value).await;
    idempotency::create(&state, me.id(), &key, &hash, work).await
}

/// 需求列表：我提出的；工作人员看到本社区的收件箱
#[utoipa::path(tag = "点单", security(("bearer" = [])), params(RequestQuery), responses((status = 200, body = Page<RequestView>), Refusals))]
#[get("/requests")]
async fn list_requests(
    state: Data<AppState>,
    me: Resident,
    query: Params<RequestQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.0;
    let scope = if query.mine == Some(true) { me.own_scope() } else { me.scope() };
    let filter = Filter {
        org_id: query.org_id,
        states: states(query.state.as_deref())?,
        after: page::after(query.cursor.as_deref())?,
        limit: page::limit(query.limit),
    };
    Ok(etag::answer(&http, &listed(&state, &scope, filter).await?))
}

/// 我提出的需求
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = Page<RequestView>), Refusals))]
#[get("/me/requests")]
async fn my_requests(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let filter = Filter { after: query.0.after()?, limit: query.0.limit(), ..Filter::default() };
    Ok(etag::answer(&http, &listed(&state, &me.own_scope(), filter).await?))
}

/// 一个需求
#[utoipa::path(tag = "点单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = RequestView), Refusals))]
#[get("/requests/{id}")]
async fn one_request(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let row = store::find(state.db.read(), &me.scope(), id.0).await?.ok_or(NOT_FOUND)?;
    Ok(etag::answer(&http, &view::one(state.db.read(), &state, row).await?))
}

/// 补充或修改需求；没写的字段不变
#[utoipa::path(tag = "点单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = Amendment, responses((status = 200, body = RequestView), Refusals))]
#[put("/requests/{id}")]
async fn amend_request(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<Amendment>,
) -> Result<Json<RequestView>, Problem> {
    let row = post::amend(&state, &me, id.0, input.value).await?;
    Ok(Json(view::one(state.db.read(), &state, row).await?))
}

/// 撤回自己的需求；志愿者开始服务后不能撤回
#[utoipa::path(tag = "点单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = RequestView), Refusals))]
#[post("/requests/{id}/withdraw")]
async fn withdraw_request(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<RequestView>, Problem> {
    let by = By { actor: Some(me.id()), words: None };
    let row = act(&state, &me.own_scope(), id.0, Command::Withdraw, by).await?;
    Ok(Json(view::one(state.db.read(), &state, row).await?))
}

/// 群众评价：办好了、只办了一部分、没办
#[utoipa::path(tag = "点单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = AnswerForm, responses((status = 201, body = AnswerView), Refusals))]
#[post("/requests/{id}/answer")]
async fn answer_request(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
    input: Input<AnswerForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| answer::answer(tx, &state, &me, id.0, value).await;
    idempotency::create(&state, me.id(), &key, &hash, work).await
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
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = Question, responses((status = 200, body = RequestView), Refusals))]
#[post("/requests/{id}/ask")]
async fn ask_back(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<Question>,
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

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(post_request)
        .service(list_requests)
        .service(my_requests)
        .service(one_request)
        .service(amend_request)
        .service(withdraw_request)
        .service(answer_request)
        .service(ask_back)
        .service(decline_request)
        .service(return_request);
}
