//! Stars over HTTP.

use actix_web::{
    get, post,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::{Validate, ValidationError};

use crate::{
    identity::{Registrar, Resident},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey, idempotency::create,
            input::readable, page, problem::Refusals,
        },
    },
};

use super::{
    desk::LedgerRefusal,
    star_appeal::{self, AppealError, Ruling},
    star_view::{self, StarAppealView, StarsView},
    stars,
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StarsQuery {
    /// Half a year; absent: all.
    #[param(example = "2026-H2", min_length = 7, max_length = 7)]
    #[validate(custom(function = half_year))]
    period: Option<String>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

/// `YYYY-H1` or `YYYY-H2`
fn half_year(text: &str) -> Result<(), ValidationError> {
    let fits = text.split_once("-H").is_some_and(|(year, half)| {
        year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) && ["1", "2"].contains(&half)
    });
    if fits { Ok(()) } else { Err(ValidationError::new("half_year")) }
}

/// Why one's stars should be looked at again.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StarAppealForm {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

/// How many stars it is to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StarsGranted {
    #[validate(range(min = 0, max = 5))]
    #[schema(minimum = 0, maximum = 5)]
    pub stars: i32,
}

/// 本组织的星级，连同申诉
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), StarsQuery), responses((status = 200, body = Page<StarsView>), Refusals))]
#[get("/orgs/{id}/stars")]
async fn org_stars(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    query: Params<StarsQuery>,
) -> Result<Json<Page<StarsView>>, Problem> {
    let StarsQuery { period, limit, cursor } = query.0;
    let (after, limit) = (page::after(cursor.as_deref())?, page::limit(limit));
    let of = (stars::within(state.db.read(), &registrar.scope(), id.0).await?, period.as_deref());
    let rows = stars::of_org(state.db.read(), &registrar.scope(), of, (after, limit)).await?;
    Ok(Json(star_view::page(&state, rows, limit).await?))
}

/// 我的星级
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = Page<StarsView>), Refusals))]
#[get("/me/stars")]
async fn my_stars(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
) -> Result<Json<Page<StarsView>>, Problem> {
    let (after, limit) = (query.0.after()?, query.0.limit());
    let rows = stars::own(state.db.read(), &me.own_scope(), (after, limit)).await?;
    Ok(Json(star_view::page(&state, rows, limit).await?))
}

/// 对自己的星级申诉，由另一个人复核
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = StarAppealForm, responses((status = 201, body = StarAppealView), Refusals))]
#[post("/stars/{id}/appeal")]
async fn appeal_stars(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
    input: Input<StarAppealForm>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, scope) = (input, me.own_scope());
    let work = async |tx: &_| {
        let row = star_appeal::appeal(tx, &state, &scope, id.0, value.reason.trim()).await?;
        star_view::appeal(&state, &row).map_err(AppealError::from)
    };
    create(&state, me.id(), &key, &hash, work).await
}

/// 批准星级申诉：写明改为几星
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = StarsGranted, responses((status = 200, body = StarsView), Refusals))]
#[post("/star-appeals/{id}/approve")]
async fn approve_appeal(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    input: Input<StarsGranted>,
) -> Result<Json<StarsView>, Problem> {
    let ruling = Ruling::Approve { stars: input.value.stars };
    rule(&state, &registrar, id.0, ruling).await
}

/// 不批准星级申诉，说明理由
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = LedgerRefusal, responses((status = 200, body = StarsView), Refusals))]
#[post("/star-appeals/{id}/refuse")]
async fn refuse_appeal(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    input: Input<LedgerRefusal>,
) -> Result<Json<StarsView>, Problem> {
    let ruling = Ruling::Refuse { reason: input.value.reason.trim().to_owned() };
    rule(&state, &registrar, id.0, ruling).await
}

async fn rule(
    state: &AppState,
    registrar: &Registrar,
    id: Uuid,
    ruling: Ruling,
) -> Result<Json<StarsView>, Problem> {
    let (scope, by) = (registrar.scope(), registrar.id());
    let (rating, appeal) = star_appeal::decide(state, &scope, by, id, ruling).await?;
    Ok(Json(star_view::one(state, (rating, Some(appeal))).await?))
}

pub(super) fn configure(routes: &mut ServiceConfig) {
    routes
        .service(org_stars)
        .service(my_stars)
        .service(appeal_stars)
        .service(approve_appeal)
        .service(refuse_appeal);
}
