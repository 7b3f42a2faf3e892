//! Tasks as phones see them, and claims, over HTTP.

use ::entity::{At, task::TaskState};
use actix_web::{
    HttpRequest, HttpResponse, delete, get, post,
    web::{Data, Json},
};
use sea_orm::ActiveEnum;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    dispatch::{self, See, TaskView},
    identity::{Dispatcher, Resident},
    platform::{
        AppState,
        crypto::sha256_b64,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey, etag,
            input::readable,
            page as paging,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    correct, finish, grant, page,
    page::{Roster, TaskPage},
    pool::{self, Near, PoolCard, Wanted},
    presence, release, store,
    view::{self, ClaimView, task_page},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TaskQuery {
    /// `open` (absent: the same): what the pools offer me. `office`: tasks of my offices or that I lead.
    #[validate(length(max = 10))]
    scope: Option<String>,
    org_id: Option<Uuid>,
    /// `lat,lng` in GCJ-02: nearest first.
    #[validate(length(max = 40))]
    near: Option<String>,
    #[validate(range(min = 100, max = 100_000))]
    radius_m: Option<i64>,
    /// Starting at or after.
    from: Option<At>,
    #[validate(length(min = 1, max = 20))]
    skill: Option<String>,
    /// With `scope=office`: one or more states, separated by commas.
    #[validate(length(max = 100))]
    state: Option<String>,
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInForm {
    /// The code shown at the place.
    #[validate(length(min = 1, max = 20))]
    code: String,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportForm {
    /// What was done.
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    words: String,
}

/// 任务列表：我现在能接的；每张卡片写明能不能接、为什么
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(TaskQuery), responses((status = 200, body = Page<PoolCard>), Refusals))]
#[get("/tasks")]
async fn list_tasks(
    state: Data<AppState>,
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
            Ok(etag::answer(&http, &pool::offered(&state, &me, wanted).await?))
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

/// 名单：谁会来（社区和负责人）
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = Roster), Refusals))]
#[get("/tasks/{id}/roster")]
async fn task_roster(state: Data<AppState>, me: Resident, id: Id) -> Result<Json<Roster>, Problem> {
    Ok(Json(page::roster(&state, &me, id.0).await?))
}

/// 接单：占一个名额。必须带 Idempotency-Key，重试用同一个
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path), ("Idempotency-Key" = String, Header, description = "每次点击一个，重试时不变")), responses((status = 201, body = ClaimView), Refusals))]
#[post("/tasks/{id}/claims")]
async fn claim_task(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
) -> Result<Answer, Problem> {
    let key = key.required()?;
    Ok(grant::claim(&state, &me, id.0, &key, &sha256_b64(b"")).await?)
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

/// 签到：输入现场的签到码
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = CheckInForm, responses((status = 200, body = ClaimView), Refusals))]
#[post("/claims/{id}/check-in")]
async fn check_in(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<CheckInForm>,
) -> Result<Json<ClaimView>, Problem> {
    let (claim, task) = presence::check_in(&state, &me, id.0, &input.value.code).await?;
    Ok(Json(view::one(state.db.read(), claim, task).await?))
}

/// 签退
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = ClaimView), Refusals))]
#[post("/claims/{id}/check-out")]
async fn check_out(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<ClaimView>, Problem> {
    let (claim, task) = presence::check_out(&state, &me, id.0).await?;
    Ok(Json(view::one(state.db.read(), claim, task).await?))
}

/// 上报结果（负责人或社区）
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = ReportForm, responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/report")]
async fn report_task(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<ReportForm>,
) -> Result<Json<TaskView>, Problem> {
    let words = input.value.words.trim().to_owned();
    let task = finish::report(&state, &me, id.0, words).await?;
    Ok(Json(task_page(&state, task, See::Staff).await?))
}

/// 确认：核定时长。不能确认自己做的或自己上报的
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/confirm")]
async fn confirm_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<TaskView>, Problem> {
    let task = finish::confirm(&state, &office, id.0).await?;
    Ok(Json(task_page(&state, task, See::Staff).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(list_tasks)
        .service(one_task)
        .service(task_roster)
        .service(claim_task)
        .service(my_claims)
        .service(one_claim)
        .service(release_claim)
        .service(check_in)
        .service(check_out)
        .service(report_task)
        .service(confirm_task)
        .configure(correct::configure);
}
