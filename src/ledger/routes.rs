//! One's own hours and points, each with its source; and the paper that proves them.

use ::entity::{
    hours_entry::{HoursKind, Model as Hours},
    points_entry::Model as Points,
    points_rule::{PointsKind, PointsTrigger},
};
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json, Path},
};
use entity::At;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    identity::Resident,
    platform::{
        AppState,
        crypto::sha256_b64,
        http::{
            Answer, Page, PageQuery, Params, Problem, RetryKey, html, idempotency::create,
            problem::Refusals,
        },
    },
};

use super::{
    account,
    certificate::{self, CertificateView, IssuedView},
    correction::{self, CorrectionView},
    desk, hours, member_hours, model, star_routes,
};

/// One entry and where it comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoursView {
    pub id: Uuid,
    pub kind: HoursKind,
    /// The source in people's words.
    pub source_text: &'static str,
    pub claim_id: Uuid,
    pub task_id: Uuid,
    pub org_id: Uuid,
    /// The approved correction it comes from; null: the claim itself.
    pub correction_id: Option<Uuid>,
    /// Whole minutes; a correction may take some back.
    pub minutes: i32,
    /// Day of service in Shanghai.
    #[schema(example = "2026-11-28")]
    pub served_on: String,
    /// Its month.
    #[schema(example = "2026-11")]
    pub period: String,
    pub created_at: At,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HoursPage {
    /// All minutes earned so far, corrections included.
    pub total_minutes: i64,
    /// From how many claims.
    pub total_claims: i64,
    /// Corrections of my hours that wait for a second person.
    pub waiting: Vec<CorrectionView>,
    pub items: Vec<HoursView>,
    pub next_cursor: Option<String>,
}

impl From<Hours> for HoursView {
    fn from(row: Hours) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            source_text: match row.kind {
                HoursKind::Service => "签到签退核定",
                HoursKind::Correction => "更正，两人经手",
            },
            claim_id: row.claim_id,
            task_id: row.task_id,
            org_id: row.org_id,
            correction_id: row.source_id,
            minutes: row.minutes,
            served_on: row.served_on,
            period: row.period,
            created_at: row.created_at,
        }
    }
}

/// Points of one occasion.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointsView {
    pub id: Uuid,
    pub kind: PointsKind,
    pub trigger: PointsTrigger,
    /// The source in people's words.
    pub source_text: &'static str,
    /// Negative where they were taken.
    pub amount: i32,
    pub org_id: Uuid,
    /// The rule that gave them; null: by hand.
    pub rule_id: Option<Uuid>,
    pub source_id: Uuid,
    pub claim_id: Option<Uuid>,
    pub task_id: Option<Uuid>,
    /// Day in Shanghai.
    #[schema(example = "2026-11-28")]
    pub occurred_on: String,
    /// The closed month that should have had it; it counts in the month of its date.
    #[schema(example = "2026-11")]
    pub corrects: Option<String>,
    pub created_at: At,
}

/// Points of a month on one account.
#[derive(Debug, Serialize, ToSchema)]
pub struct MonthView {
    #[schema(example = "2026-11")]
    pub period: String,
    pub kind: PointsKind,
    pub amount: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct PointsPage {
    /// All points, deductions taken off.
    pub total: i64,
    /// By month and account, the newest month first; the last three years.
    pub months: Vec<MonthView>,
    pub items: Vec<PointsView>,
    pub next_cursor: Option<String>,
}

impl From<Points> for PointsView {
    fn from(row: Points) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            trigger: row.trigger,
            source_text: model::said(row.trigger),
            amount: row.amount,
            org_id: row.org_id,
            rule_id: row.rule_id,
            source_id: row.source_id,
            claim_id: row.claim_id,
            task_id: row.task_id,
            occurred_on: row.occurred_on,
            corrects: row.corrects,
            created_at: row.created_at,
        }
    }
}

/// 我的服务时长，每一条都有来源；更正过的永远标明
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = HoursPage), Refusals))]
#[get("/me/hours")]
async fn my_hours(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
) -> Result<Json<HoursPage>, Problem> {
    let (db, scope, query) = (state.db.read(), me.own_scope(), query.0);
    let after = query.after()?;
    let totals = hours::earned(db, &scope).await?;
    let waiting = correction::waiting(&state, &scope).await?;
    let rows = hours::entries(db, &scope, after, query.limit()).await?;
    let page = Page::cut(rows, query.limit(), |row| row.id).map(HoursView::from);
    Ok(Json(HoursPage {
        total_minutes: totals.minutes,
        total_claims: totals.people,
        waiting,
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

/// 我的积分，每一条都有来源
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = PointsPage), Refusals))]
#[get("/me/points")]
async fn my_points(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
) -> Result<Json<PointsPage>, Problem> {
    let (db, scope, query) = (state.db.read(), me.own_scope(), query.0);
    let after = query.after()?;
    let months = account::months(db, &scope).await?.into_iter();
    let rows = account::entries(db, &scope, after, query.limit()).await?;
    let page = Page::cut(rows, query.limit(), |row| row.id).map(PointsView::from);
    Ok(Json(PointsPage {
        total: account::earned(db, &scope).await?,
        months: months
            .map(|sum| MonthView { period: sum.period, kind: sum.kind, amount: sum.amount })
            .collect(),
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

/// 我的服务证明：现在的数字，和上一次出具的证明
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = CertificateView), Refusals))]
#[get("/me/certificate")]
async fn my_certificate(
    state: Data<AppState>,
    me: Resident,
) -> Result<Json<CertificateView>, Problem> {
    Ok(Json(certificate::mine(&state, &me).await?))
}

/// 出具服务证明：得到一个核验码；数字没有变化时还是原来那一份
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 201, body = IssuedView), Refusals))]
#[post("/me/certificate")]
async fn issue_certificate(
    state: Data<AppState>,
    me: Resident,
    key: RetryKey,
) -> Result<Answer, Problem> {
    let work = async |tx: &_| certificate::issue(tx, &state, &me).await;
    create(&state, me.id(), &key, &sha256_b64(b""), work).await
}

/// 核验服务证明：凭码看到遮住的姓名、时长、组织和日期，可以打印
#[utoipa::path(tag = "我的", security(()), params(("code" = String, Path)), responses((status = 200, content_type = "text/html", body = String), Refusals))]
#[get("/certificates/{code}")]
async fn check_certificate(
    state: Data<AppState>,
    code: Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(html::answer(certificate::page(&state, &code).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(my_hours)
        .service(my_points)
        .service(my_certificate)
        .service(issue_certificate)
        .service(check_certificate)
        .service(member_hours::member_hours)
        .configure(desk::configure)
        .configure(star_routes::configure);
}
