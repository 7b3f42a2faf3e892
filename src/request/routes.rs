//! Requests over HTTP, as residents use them.

use std::collections::HashMap;

use ::entity::request::RequestState;
use actix_web::{
    HttpRequest, HttpResponse, delete, get, post, put,
    web::{Data, Json},
};
use sea_orm::ActiveEnum;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Resident, Scope},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey, etag, idempotency, page,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    answer::{self, AnswerForm, AnswerView},
    category,
    draft::{self, Draft, DraftView},
    form::{Amendment, RequestForm},
    history::{self, RequestPage},
    inbox, merge,
    model::Level,
    office, post,
    press::Key,
    store::{self, Filter, Order},
    view::{self, RequestView},
    words,
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RequestQuery {
    org_id: Option<Uuid>,
    /// One or more states, separated by commas.
    #[param(max_length = 200)]
    #[validate(length(max = 200))]
    state: Option<String>,
    /// Only those I posted, or that were posted for me.
    mine: Option<bool>,
    /// Only those I look after, or whose owner I stand in for.
    owned: Option<bool>,
    /// Only those as pressing as that.
    #[param(inline)]
    level: Option<Level>,
    /// `newest` when absent; `pressing`: what waits for the office, urgent ones first, then by when they are due.
    #[param(inline)]
    order: Option<ListOrder>,
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListOrder {
    #[default]
    Newest,
    Pressing,
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
    let (limit, order) = (filter.limit, filter.order);
    let rows = store::list(state.db.read(), scope, filter).await?;
    let keys: HashMap<_, _> = rows.iter().map(|row| (row.id, Key::of(row))).collect();
    let mut page = Page::cut(rows, limit, |row| row.id);
    if let (Order::Pressing(_), Some(last)) = (order, page.items.last()) {
        let cursor = keys.get(&last.id).map(|key| key.close());
        page.next_cursor = page.next_cursor.and(cursor);
    }
    let items = view::many(state.db.read(), state, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

impl RequestQuery {
    async fn filter(self, state: &AppState, me: &Resident) -> Result<Filter, Problem> {
        let now = state.clock.now();
        let mut states = states(self.state.as_deref())?;
        let cursor = self.cursor.as_deref();
        let order = match self.order.unwrap_or_default() {
            ListOrder::Newest => Order::Newest(page::after(cursor)?),
            ListOrder::Pressing => Order::Pressing(cursor.map(Key::open).transpose()?),
        };
        if states.is_empty() && matches!(order, Order::Pressing(_)) {
            states = inbox::FOR_THE_OFFICE.to_vec();
        }
        let owners = if self.owned == Some(true) {
            let away = store::stood_in_for(state.db.read(), &me.own_scope(), me.id(), now).await?;
            Some(away.into_iter().chain([me.id()]).collect())
        } else {
            None
        };
        let level = self.level.map(|level| (level, now));
        let limit = page::limit(self.limit);
        Ok(Filter { org_id: self.org_id, states, owners, level, order, limit })
    }
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
    let checked = words::look(&state, me.id(), &value).await?;
    let work = async |tx: &_| post::post(tx, &state, &me, value, checked).await;
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
    let filter = query.filter(&state, &me).await?;
    Ok(etag::answer(&http, &listed(&state, &scope, filter).await?))
}

/// 我提出的需求，和别人替我提出的
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = Page<RequestView>), Refusals))]
#[get("/me/requests")]
async fn my_requests(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let order = Order::Newest(query.0.after()?);
    let filter = Filter { order, limit: query.0.limit(), ..Filter::default() };
    Ok(etag::answer(&http, &listed(&state, &me.own_scope(), filter).await?))
}

/// 一个需求和它的办理经过
#[utoipa::path(tag = "点单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = RequestPage), Refusals))]
#[get("/requests/{id}")]
async fn one_request(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (db, scope) = (state.db.read(), me.scope());
    let row = store::find(db, &scope, id.0).await?.ok_or(NOT_FOUND)?;
    Ok(etag::answer(&http, &history::page(db, &state, &scope, row).await?))
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
    let row = merge::withdraw(&state, &me, id.0).await?;
    Ok(Json(view::one(state.db.read(), &state, row).await?))
}

/// 群众评价：办好了、只办了一部分、没办；没及时评价而先行办结的，三十天内仍可评价
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
    let checked = answer::look(&state, me.id(), &value).await?;
    let work = async |tx: &_| answer::answer(tx, &state, &me, id.0, value, checked).await;
    idempotency::create(&state, me.id(), &key, &hash, work).await
}

/// 我的点单草稿
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = DraftView), Refusals))]
#[get("/me/request-draft")]
async fn read_draft(state: Data<AppState>, me: Resident) -> Result<Json<DraftView>, Problem> {
    Ok(Json(draft::read(&state, me.id()).await?))
}

/// 保存草稿，覆盖原来的
#[utoipa::path(tag = "我的", security(("bearer" = [])), request_body = Draft, responses((status = 200, body = DraftView), Refusals))]
#[put("/me/request-draft")]
async fn keep_draft(
    state: Data<AppState>,
    me: Resident,
    input: Input<Draft>,
) -> Result<Json<DraftView>, Problem> {
    Ok(Json(draft::keep(&state, me.id(), input.value).await?))
}

/// 丢弃草稿
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 204), Refusals))]
#[delete("/me/request-draft")]
async fn drop_draft(state: Data<AppState>, me: Resident) -> Result<HttpResponse, Problem> {
    draft::drop(&state, me.id()).await?;
    Ok(HttpResponse::NoContent().finish())
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
        .service(read_draft)
        .service(keep_draft)
        .service(drop_draft)
        .configure(office::configure)
        .configure(category::routes::configure);
}
