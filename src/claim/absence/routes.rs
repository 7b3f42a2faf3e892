//! Absences over HTTP.

use ::entity::absence::Ruling;
use actix_web::{
    get, post,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    claim::view::{self as claims, ClaimView},
    identity::{Dispatcher, Resident, Reviewer},
    platform::{
        AppState,
        http::{
            Id, Input, Page, PageQuery, Params, Problem,
            input::readable,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    appeal, excuse, mark, store,
    view::{self, AbsenceView},
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordsForm {
    /// In one's own words; rests sealed.
    #[validate(length(min = 2, max = 500), custom(function = readable))]
    #[schema(min_length = 2, max_length = 500)]
    reason: String,
}

/// 记未到场：开始一段时间后仍没来
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = ClaimView), Refusals))]
#[post("/claims/{id}/no-show")]
async fn no_show(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<ClaimView>, Problem> {
    let (claim, task) = mark::mark(&state, &office, id.0).await?;
    Ok(Json(claims::one(state.db.read(), claim, task).await?))
}

/// 说明为什么来不了或没来，社区会答复；只有本人和社区看得到
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = WordsForm, responses((status = 200, body = AbsenceView), Refusals))]
#[post("/claims/{id}/excuse")]
async fn explain(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<WordsForm>,
) -> Result<Json<AbsenceView>, Problem> {
    let row = excuse::explain(&state, &me, id.0, input.value.reason.trim()).await?;
    Ok(Json(view::one(&state, row).await?))
}

/// 认可说明：不计缺席；任务还没结束的，名额同时让出来
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = WordsForm, responses((status = 200, body = AbsenceView), Refusals))]
#[post("/claims/{id}/excuse/accept")]
async fn accept_excuse(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<WordsForm>,
) -> Result<Json<AbsenceView>, Problem> {
    let words = input.value.reason.trim();
    let row = excuse::rule(&state, &office, id.0, Ruling::Accepted, words).await?;
    Ok(Json(view::one(&state, row).await?))
}

/// 不认可说明，写明理由；对方可以申诉
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = WordsForm, responses((status = 200, body = AbsenceView), Refusals))]
#[post("/claims/{id}/excuse/refuse")]
async fn refuse_excuse(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<WordsForm>,
) -> Result<Json<AbsenceView>, Problem> {
    let words = input.value.reason.trim();
    let row = excuse::rule(&state, &office, id.0, Ruling::Refused, words).await?;
    Ok(Json(view::one(&state, row).await?))
}

/// 申诉：请另一位同事或上级再看一次
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = WordsForm, responses((status = 200, body = AbsenceView), Refusals))]
#[post("/claims/{id}/appeal")]
async fn appeal_refusal(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<WordsForm>,
) -> Result<Json<AbsenceView>, Problem> {
    let row = appeal::appeal(&state, &me, id.0, input.value.reason.trim()).await?;
    Ok(Json(view::one(&state, row).await?))
}

/// 申诉通过：不计缺席。不能由原来答复的人决定
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = WordsForm, responses((status = 200, body = AbsenceView), Refusals))]
#[post("/claims/{id}/appeal/accept")]
async fn accept_appeal(
    state: Data<AppState>,
    reviewer: Reviewer,
    id: Id,
    input: Input<WordsForm>,
) -> Result<Json<AbsenceView>, Problem> {
    let words = input.value.reason.trim();
    let row = appeal::rule(&state, &reviewer, id.0, Ruling::Accepted, words).await?;
    Ok(Json(view::one(&state, row).await?))
}

/// 申诉不通过，写明理由。不能由原来答复的人决定
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = WordsForm, responses((status = 200, body = AbsenceView), Refusals))]
#[post("/claims/{id}/appeal/refuse")]
async fn refuse_appeal(
    state: Data<AppState>,
    reviewer: Reviewer,
    id: Id,
    input: Input<WordsForm>,
) -> Result<Json<AbsenceView>, Problem> {
    let words = input.value.reason.trim();
    let row = appeal::rule(&state, &reviewer, id.0, Ruling::Refused, words).await?;
    Ok(Json(view::one(&state, row).await?))
}

/// 这次缺席的说明和答复（本人和社区）
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = AbsenceView), Refusals))]
#[get("/claims/{id}/absence")]
async fn one_absence(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<AbsenceView>, Problem> {
    let row = store::of_claim(state.db.read(), &me.scope(), id.0).await?.ok_or(NOT_FOUND)?;
    Ok(Json(view::one(&state, row).await?))
}

/// 等答复的说明和申诉：自己社区的
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = Page<AbsenceView>), Refusals))]
#[get("/absences")]
async fn open_absences(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
) -> Result<Json<Page<AbsenceView>>, Problem> {
    let (after, limit) = (query.0.after()?, query.0.limit());
    let rows = store::waiting(state.db.read(), &me.scope(), after, limit).await?;
    let page = Page::cut(rows, limit, |row| row.id);
    let items = view::many(&state, page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(no_show)
        .service(explain)
        .service(accept_excuse)
        .service(refuse_excuse)
        .service(appeal_refusal)
        .service(accept_appeal)
        .service(refuse_appeal)
        .service(one_absence)
        .service(open_absences);
}
