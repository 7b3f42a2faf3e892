//! Theme days over HTTP, at the desk: the rule, what is overdue, rates, circulars, an org's calendar.

use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{self, Data, Json},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    identity::PartyKeeper,
    kernel::{Error, Month},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Params, Problem, RetryKey, idempotency::create, problem::Refusals,
        },
        sheet,
    },
};

use super::{
    change::ThemeDayError,
    circular::{self, CircularView},
    feed::{self, FeedView},
    figures::{self, RatesView, StandingLine},
    keep::{self, ThemeDayRule, ThemeDayRuleView},
    store,
};

/// Months of one list.
const SPAN: usize = 12;

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SpanQuery {
    /// The first month; the one before the last when absent.
    #[param(value_type = Option<String>, example = "2026-01")]
    since: Option<Month>,
    /// The last month, at most twelve in all; this one when absent.
    #[param(value_type = Option<String>, example = "2026-11")]
    until: Option<Month>,
}

impl SpanQuery {
    fn months(&self, state: &AppState) -> Result<Vec<Month>, Problem> {
        let last = self.until.unwrap_or_else(|| Month::of(state.clock.now()));
        let first = self.since.unwrap_or_else(|| last.previous());
        let months: Vec<_> = std::iter::successors(Some(first), |month| Some(month.next()))
            .take_while(|month| *month <= last)
            .take(SPAN + 1)
            .collect();
        if months.is_empty() || months.len() > SPAN {
            let (zh, en) = ("月份要从早到晚，最多 12 个月", "One to twelve months in their order");
            return Err(Problem::field("since", "value", zh, en));
        }
        Ok(months)
    }
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MonthQuery {
    /// This one when absent.
    #[param(value_type = Option<String>, example = "2026-11")]
    month: Option<Month>,
}

/// 主题党日规则：每月哪一天、议程模板、提醒时间，和接下来的日期
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = ThemeDayRuleView), Refusals))]
#[get("/orgs/{id}/theme-day-rule")]
async fn theme_day_rule(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
) -> Result<Json<ThemeDayRuleView>, Problem> {
    Ok(Json(keep::show(&state, &keeper.scope(), id.0).await?))
}

/// 设主题党日规则（整体替换）；暂停要写原因
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), request_body = ThemeDayRule, responses((status = 200, body = ThemeDayRuleView), Refusals))]
#[put("/orgs/{id}/theme-day-rule")]
async fn set_theme_day_rule(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    input: Input<ThemeDayRule>,
) -> Result<Json<ThemeDayRuleView>, Problem> {
    Ok(Json(keep::set(&state, &keeper, id.0, input.value).await?))
}

/// 逾期清单：本级及以下没有安排、没交记录、退回未补的；默认上月和本月
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), SpanQuery), responses((status = 200, body = Vec<StandingLine>), Refusals))]
#[get("/orgs/{id}/theme-days/overdue")]
async fn overdue_theme_days(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    query: Params<SpanQuery>,
) -> Result<Json<Vec<StandingLine>>, Problem> {
    let mut lines = figures::lines(&state, &keeper, id.0, &query.0.months(&state)?).await?;
    lines.retain(|line| line.standing.is_overdue());
    Ok(Json(lines))
}

/// 按时率和到会率：合计，以及每个组织
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), SpanQuery), responses((status = 200, body = RatesView), Refusals))]
#[get("/orgs/{id}/theme-days/rates")]
async fn theme_day_rates(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    query: Params<SpanQuery>,
) -> Result<Json<RatesView>, Problem> {
    let lines = figures::lines(&state, &keeper, id.0, &query.0.months(&state)?).await?;
    Ok(Json(figures::rates(&lines)))
}

/// 某月的通报：文字和明细，只写组织、不写人
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), MonthQuery), responses((status = 200, body = CircularView), Refusals))]
#[get("/orgs/{id}/theme-days/circular")]
async fn theme_day_circular(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    query: Params<MonthQuery>,
) -> Result<Json<CircularView>, Problem> {
    Ok(Json(written(&state, &keeper, &id, &query.0).await?))
}

/// 通报导出为 Excel，留审计
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), MonthQuery), responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Refusals))]
#[get("/orgs/{id}/theme-days/circular.xlsx")]
async fn export_circular(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    query: Params<MonthQuery>,
) -> Result<HttpResponse, Problem> {
    let view = written(&state, &keeper, &id, &query.0).await?;
    let tx = state.db.write().await?;
    let deed = Deed {
        act: Act::CircularExported,
        actor_id: Some(keeper.id()),
        org_id: Some(id.0),
        subject_id: Some(id.0),
        why: None,
    };
    audit::record(&tx, &state, deed).await?;
    // Nothing leaves before it is known that it leaves.
    tx.commit().await?;
    let bytes = web::block(move || circular::workbook(&view))
        .await
        .map_err(|error| Error::broken("draw the circular", error))??;
    Ok(sheet::answer(bytes, "attachment; filename=\"circular.xlsx\""))
}

async fn written(
    state: &AppState,
    keeper: &PartyKeeper,
    id: &Id,
    query: &MonthQuery,
) -> Result<CircularView, ThemeDayError> {
    let month = query.month.unwrap_or_else(|| Month::of(state.clock.now()));
    let lines = figures::lines(state, keeper, id.0, &[month]).await?;
    let org = store::org_in_reach(state.db.read(), &keeper.scope(), id.0).await?;
    Ok(circular::circular(&org.name, month, lines))
}

/// 组织的日历订阅：得到一个新链接，旧的作废
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 201, body = FeedView), Refusals))]
#[post("/orgs/{id}/calendar")]
async fn org_calendar(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
    key: RetryKey,
) -> Result<Answer, Problem> {
    let work = async |tx: &_| feed::open_org(tx, &state, &keeper, id.0).await;
    create(&state, keeper.id(), &key, "", work).await
}

/// 停用组织的日历订阅
#[utoipa::path(tag = "主题党日", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[delete("/orgs/{id}/calendar")]
async fn close_org_calendar(
    state: Data<AppState>,
    keeper: PartyKeeper,
    id: Id,
) -> Result<HttpResponse, Problem> {
    feed::close_org(&state, &keeper, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub(super) fn configure(routes: &mut ServiceConfig) {
    routes
        .service(theme_day_rule)
        .service(set_theme_day_rule)
        .service(overdue_theme_days)
        .service(theme_day_rates)
        .service(theme_day_circular)
        .service(export_circular)
        .service(org_calendar)
        .service(close_org_calendar);
}
