//! Theme days over HTTP: for members and their secretary. The superior's side stands in `desk_routes`.

use ::entity::theme_day::Model;
use actix_web::{
    HttpResponse, delete, get,
    http::header,
    post, put,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    identity::{PartyKeeper, Resident},
    kernel::Month,
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey,
            idempotency::create,
            input::readable,
            page,
            problem::{FORBIDDEN, NOT_FOUND, Refusals},
        },
    },
};

use super::{
    attend::{self, AttendanceForm, ThemeDayCheckIn},
    change::ThemeDayError,
    desk_routes,
    feed::{self, FeedView},
    plan::{self, ThemeDayForm},
    record::{self, RecordForm, ReviewForm},
    roster::{self, AttendanceLine},
    store,
    view::{self, ThemeDayView},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ThemeDayQuery {
    /// Only that month's.
    #[param(value_type = Option<String>, example = "2026-11")]
    month: Option<Month>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThemeDayCancel {
    /// Said to everybody invited.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

async fn shown(state: &AppState, me: &Resident, day: Model) -> Result<Json<ThemeDayView>, Problem> {
    Ok(Json(view::one(state.db.read(), state, me, day).await?))
}

/// 一个组织的主题党日，新安排的在前；本组织的党员和上级可看
#[utoipa::path(tag = "主题党日", security(("bearer" = [])), params(("id" = Uuid, Path), ThemeDayQuery), responses((status = 200, body = Page<ThemeDayView>), Refusals))]
#[get("/orgs/{id}/theme-days")]
async fn list_theme_days(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    query: Params<ThemeDayQuery>,
) -> Result<Json<Page<ThemeDayView>>, Problem> {
    let ThemeDayQuery { month, limit, cursor } = query.0;
    let (after, limit) = (page::after(cursor.as_deref())?, page::limit(limit));
    let (db, scope) = (state.db.read(), me.branch_scope());
    if !store::concerns(db, &scope, id.0).await? {
        return Err(NOT_FOUND.into());
    }
    let rows = store::list(db, &scope, (id.0, month), after, limit).await?;
    let page = Page::cut(rows, limit, |day| day.id);
    let items = view::many(db, &state, me.id(), page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// 安排某个月的主题党日；没写的按规则和模板，安排好就通知大家
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), request_body = ThemeDayForm, responses((status = 201, body = ThemeDayView), Refusals))]
#[post("/orgs/{id}/theme-days")]
async fn plan_theme_day(
    state: Data<AppState>,
    keeper: PartyKeeper,
    me: Resident,
    id: Id,
    key: RetryKey,
    input: Input<ThemeDayForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| {
        let day = plan::plan(tx, &state, &keeper, id.0, value).await?;
        view::one(&**tx, &state, &me, day).await.map_err(ThemeDayError::from)
    };
    create(&state, keeper.id(), &key, &hash, work).await
}

/// 一次主题党日：主题、时间、地点、议程、材料，和我的答复
#[utoipa::path(tag = "主题党日", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = ThemeDayView), Refusals))]
#[get("/theme-days/{id}")]
async fn one_theme_day(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<ThemeDayView>, Problem> {
    let day = store::find(state.db.read(), &me.branch_scope(), id.0).await?.ok_or(NOT_FOUND)?;
    shown(&state, &me, day).await
}

/// 修改安排，开始前都可以；没写的字段不变。改时间或地点会通知大家一次，改时间的要重新答复
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), request_body = ThemeDayForm, responses((status = 200, body = ThemeDayView), Refusals))]
#[put("/theme-days/{id}")]
async fn change_theme_day(
    state: Data<AppState>,
    keeper: PartyKeeper,
    me: Resident,
    id: Id,
    input: Input<ThemeDayForm>,
) -> Result<Json<ThemeDayView>, Problem> {
    let day = plan::change(&state, &keeper, id.0, input.value).await?;
    shown(&state, &me, day).await
}

/// 取消，说明原因；之后可以重新安排
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), request_body = ThemeDayCancel, responses((status = 200, body = ThemeDayView), Refusals))]
#[post("/theme-days/{id}/cancel")]
async fn cancel_theme_day(
    state: Data<AppState>,
    keeper: PartyKeeper,
    me: Resident,
    id: Id,
    input: Input<ThemeDayCancel>,
) -> Result<Json<ThemeDayView>, Problem> {
    let reason = input.value.reason.trim().to_owned();
    let day = plan::cancel(&state, &keeper, id.0, reason).await?;
    shown(&state, &me, day).await
}

/// 答复参加、不参加或请假；结束前可以改
#[utoipa::path(tag = "主题党日", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = AttendanceForm, responses((status = 200, body = ThemeDayView), Refusals))]
#[post("/theme-days/{id}/attendance")]
async fn answer_theme_day(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<AttendanceForm>,
) -> Result<Json<ThemeDayView>, Problem> {
    let day = attend::answer(&state, &me, id.0, input.value).await?;
    shown(&state, &me, day).await
}

/// 签到：党员用现场的签到码；书记代签写 person_ids
#[utoipa::path(tag = "主题党日", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = ThemeDayCheckIn, responses((status = 200, body = ThemeDayView), Refusals))]
#[post("/theme-days/{id}/check-in")]
async fn check_in_theme_day(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<ThemeDayCheckIn>,
) -> Result<Json<ThemeDayView>, Problem> {
    let day = match (input.value.code, input.value.person_ids) {
        (Some(code), None) => attend::come(&state, &me, id.0, &code).await?,
        (None, Some(people)) => {
            let keeper = me.as_party_keeper().ok_or(FORBIDDEN)?;
            attend::note(&state, &keeper, id.0, &people).await?
        }
        _ => {
            let (zh, en) =
                ("请写签到码，或者代签的人，二者选一", "A code, or people; one of the two");
            return Err(Problem::field("code", "required", zh, en));
        }
    };
    shown(&state, &me, day).await
}

/// 名单：谁答复了什么、谁到了（书记）
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = Page<AttendanceLine>), Refusals))]
#[get("/theme-days/{id}/roster")]
async fn theme_day_roster(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    query: Params<PageQuery>,
) -> Result<Json<Page<AttendanceLine>>, Problem> {
    let (after, limit) = (query.0.after()?, query.0.limit());
    Ok(Json(roster::roster(&state, &keeper, id.0, after, limit).await?))
}

/// 交记录：写一段话，照片自愿（组织要求的除外）；到会情况来自签到，不用再填
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), request_body = RecordForm, responses((status = 200, body = ThemeDayView), Refusals))]
#[post("/theme-days/{id}/record")]
async fn record_theme_day(
    state: Data<AppState>,
    keeper: PartyKeeper,
    me: Resident,
    id: Id,
    input: Input<RecordForm>,
) -> Result<Json<ThemeDayView>, Problem> {
    let day = record::record(&state, &keeper, id.0, input.value).await?;
    shown(&state, &me, day).await
}

/// 上级审核记录：通过，或写明原因退回
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), request_body = ReviewForm, responses((status = 200, body = ThemeDayView), Refusals))]
#[post("/theme-days/{id}/review")]
async fn review_theme_day(
    state: Data<AppState>,
    keeper: PartyKeeper,
    me: Resident,
    id: Id,
    input: Input<ReviewForm>,
) -> Result<Json<ThemeDayView>, Problem> {
    let day = record::review(&state, &keeper, id.0, input.value).await?;
    shown(&state, &me, day).await
}

/// 我的日历订阅：得到一个新链接，旧的作废；链接里没有个人信息
#[utoipa::path(tag = "主题党日", security(("bearer" = [])), responses((status = 201, body = FeedView), Refusals))]
#[post("/me/calendar")]
async fn my_calendar(
    state: Data<AppState>,
    me: Resident,
    key: RetryKey,
) -> Result<Answer, Problem> {
    let work = async |tx: &_| feed::open_mine(tx, &state, &me).await;
    create(&state, me.id(), &key, "", work).await
}

/// 停用我的日历订阅
#[utoipa::path(tag = "主题党日", security(("bearer" = [])), responses((status = 204), Refusals))]
#[delete("/me/calendar")]
async fn close_my_calendar(state: Data<AppState>, me: Resident) -> Result<HttpResponse, Problem> {
    feed::close_mine(&state, &me).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 日历文件，凭链接可读
#[utoipa::path(tag = "主题党日", security(()), params(("code" = String, Path)), responses((status = 200, body = String, content_type = "text/calendar"), Refusals))]
#[get("/calendars/{code}")]
async fn read_calendar(state: Data<AppState>, code: Path<String>) -> Result<HttpResponse, Problem> {
    let file = feed::read(&state, &code).await?.ok_or(NOT_FOUND)?;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "private, max-age=900"))
        .body(file))
}

pub fn configure(routes: &mut ServiceConfig) {
    desk_routes::configure(routes);
    routes
        .service(list_theme_days)
        .service(plan_theme_day)
        .service(one_theme_day)
        .service(change_theme_day)
        .service(cancel_theme_day)
        .service(answer_theme_day)
        .service(check_in_theme_day)
        .service(theme_day_roster)
        .service(record_theme_day)
        .service(review_theme_day)
        .service(my_calendar)
        .service(close_my_calendar)
        .service(read_calendar);
}
