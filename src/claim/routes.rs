//! Tasks as phones see them, and claims, over HTTP.

use ::entity::{At, task::TaskState};
use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json},
};
use sea_orm::ActiveEnum;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    dispatch,
    identity::Resident,
    platform::{
        AppState,
        http::{
            Answer, Id, Page, PageQuery, Params, Problem, RetryKey, etag, page as paging,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    absence, correct, draw, finish,
    gate::Attempt,
    page::{self, TaskPage},
    pool::{self, Near, PoolCard, Wanted},
    pools::Pools,
    presence, release, roster, seat_routes, store, tap,
    view::{self, ClaimView},
    writer::Writer,
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// `open` (absent: the same): what the pools offer me. `office`: tasks of my offices or that I lead.
    #[param(max_length = 10)]
    #[validate(length(max = 10))]
    scope: Option<String>,
    org_id: Option<Uuid>,
    /// `lat,lng` in GCJ-02: nearest first.
    #[param(max_length = 40)]
    #[validate(length(max = 40))]
    near: Option<String>,
    #[param(minimum = 100, maximum = 100_000)]
    #[validate(range(min = 100, max = 100_000))]
    radius_m: Option<i64>,
    /// Starting at or after.
    from: Option<At>,
    #[param(min_length = 1, max_length = 20)]
    #[validate(length(min = 1, max = 20))]
    skill: Option<String>,
    /// With `scope=office`: one or more states, separated by commas.
    #[param(max_length = 100)]
    #[validate(length(max = 100))]
    state: Option<String>,
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

/// 任务列表：我现在能接的；每张卡片写明能不能接、为什么
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(TaskQuery), responses((status = 200, body = Page<PoolCard>), Refusals))]
#[get("/tasks")]
async fn list_tasks(
    state: Data<AppState>,
    pools: Data<Pools>,
    me: Resident,
    query: Params<TaskQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.0;
    match query.scope.as_deref() {
        None | Some("open") => {
            let wanted = Wanted {
                org_id: query.org_id,
                near: query.near.as_deref().map(Near::parse).transpose()?,
                radius_m: query.radius_m,
                from: query.from,
                skill: query.skill,
                limit: paging::limit(query.limit),
                cursor: query.cursor,
            };
            Ok(etag::answer(&http, &pool::offered(&state, &pools, &me, wanted).await?))
        }
        Some("office") => Ok(etag::answer(&http, &office_tasks(&state, &me, query).await?)),
        Some(_) => {
            Err(Problem::field("scope", "value", "scope 只能是 open 或 office", "open or office"))
        }
    }
}

async fn office_tasks(
    state: &AppState,
    me: &Resident,
    query: TaskQuery,
) -> Result<Page<dispatch::Card>, Problem> {
    let parse = |one: &str| {
        TaskState::try_from_value(&one.trim().to_owned()).map_err(|_| {
            Problem::field("state", "value", format!("没有「{one}」这种状态"), "No such state")
        })
    };
    let states = query.state.iter().flat_map(|text| text.split(',')).map(parse);
    let states = states.collect::<Result<Vec<_>, _>>()?;
    let (after, limit) = (paging::after(query.cursor.as_deref())?, paging::limit(query.limit));
    let db = state.db.read();
    let rows = dispatch::list(db, &me.scope(), query.org_id, &states, after, limit).await?;
    let page = Page::cut(rows, limit, |task| task.id);
    let items = dispatch::cards(db, &page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// 任务页：接单后能看到地址和联系人
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = TaskPage), Refusals))]
#[get("/tasks/{id}")]
async fn one_task(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(etag::answer(&http, &page::page(&state, &me, id.0).await?))
}

/// 接单：占一个名额。必须带 Idempotency-Key，重试用同一个
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header, description = "每次点击一个，重试时不变"), ("Attempt" = Option<String>, Header, description = "第一次试写 1；没有收到答复再试时不写。收到 try_again 后再试，还写 1")), responses((status = 201, body = ClaimView), Refusals))]
#[post("/tasks/{id}/claims")]
async fn claim_task(
    state: Data<AppState>,
    writer: Data<Writer>,
    me: Resident,
    id: Id,
    key: RetryKey,
    attempt: Attempt,
) -> Result<Answer, Problem> {
    let key = key.required()?;
    Ok(tap::claim(&state, &writer, &me, id.0, &key, attempt).await?)
}

/// 我的接单
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = Page<ClaimView>), Refusals))]
#[get("/me/claims")]
async fn my_claims(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (after, limit) = (query.0.after()?, query.0.limit());
    let rows = store::mine(state.db.read(), &me.own_scope(), after, limit).await?;
    let page = Page::cut(rows, limit, |claim| claim.id);
    let items = view::many(state.db.read(), page.items).await?;
    Ok(etag::answer(&http, &Page { items, next_cursor: page.next_cursor }))
}

/// 一次接单
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = ClaimView), Refusals))]
#[get("/claims/{id}")]
async fn one_claim(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<ClaimView>, Problem> {
    let db = state.db.read();
    let claim = store::find(db, &me.scope(), id.0).await?.ok_or(NOT_FOUND)?;
    Ok(Json(view::many(db, vec![claim]).await?.remove(0)))
}

/// 退出：名额马上还回去
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[delete("/claims/{id}")]
async fn release_claim(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<HttpResponse, Problem> {
    release::release(&state, &me, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(list_tasks)
        .service(one_task)
        .service(claim_task)
        .service(my_claims)
        .service(one_claim)
        .service(release_claim)
        .configure(seat_routes::configure)
        .configure(draw::routes::configure)
        .configure(correct::configure);
    presence::routes::configure(routes);
    roster::routes::configure(routes);
    finish::routes::configure(routes);
    absence::routes::configure(routes);
}
