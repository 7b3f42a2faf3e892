//! One's own hours, each with its source.

use ::entity::hours_entry::{HoursKind, Model};
use actix_web::{
    get,
    web::{Data, Json},
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
        http::{Page, PageQuery, Params, Problem, problem::Refusals},
    },
};

use super::{hours, member_hours};

/// One entry and where it comes from.
#[derive(Debug, Serialize, ToSchema)]
pub struct HoursView {
    pub id: Uuid,
    pub kind: HoursKind,
    pub claim_id: Uuid,
    pub task_id: Uuid,
    pub org_id: Uuid,
    /// Whole minutes.
    pub minutes: i32,
    /// Day of service in Shanghai.
    #[schema(example = "2026-11-28")]
    pub served_on: String,
    pub created_at: At,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HoursPage {
    /// All minutes earned so far.
    pub total_minutes: i64,
    /// From how many claims.
    pub total_claims: i64,
    pub items: Vec<HoursView>,
    pub next_cursor: Option<String>,
}

impl From<Model> for HoursView {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            claim_id: row.claim_id,
            task_id: row.task_id,
            org_id: row.org_id,
            minutes: row.minutes,
            served_on: row.served_on,
            created_at: row.created_at,
        }
    }
}

/// 我的服务时长，每一条都有来源
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
    let rows = hours::entries(db, &scope, after, query.limit()).await?;
    let page = Page::cut(rows, query.limit(), |row| row.id).map(HoursView::from);
    Ok(Json(HoursPage {
        total_minutes: totals.minutes,
        total_claims: totals.people,
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(my_hours).service(member_hours::member_hours);
}
