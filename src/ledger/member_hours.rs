//! A member's hours as their home branch and the community they live in see them (双报到): whatever they served,
//! wherever it was.

use actix_web::{
    get,
    web::{Data, Json, Path},
};
use uuid::Uuid;

use crate::{
    identity::{Registrar, Scope},
    org,
    platform::{
        AppState,
        http::{
            Page, PageQuery, Params, Problem,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    correction, hours,
    routes::{HoursPage, HoursView},
};

/// 一名成员的服务时长：组织关系所在支部和居住地社区都看得到
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path), PageQuery), responses((status = 200, body = HoursPage), Refusals))]
#[get("/orgs/{id}/members/{person_id}/hours")]
pub(super) async fn member_hours(
    state: Data<AppState>,
    registrar: Registrar,
    ids: Path<(Uuid, Uuid)>,
    query: Params<PageQuery>,
) -> Result<Json<HoursPage>, Problem> {
    let ((org_id, person_id), db) = (ids.into_inner(), state.db.read());
    let (after, limit) = (query.0.after()?, query.0.limit());
    let member = org::member(db, &registrar.scope(), org_id, person_id).await?;
    // Anybody may ask for a place; only one that was confirmed opens what they did elsewhere.
    let confirmed = ::entity::membership::MembershipState::Confirmed;
    member.filter(|member| member.state == confirmed).ok_or(NOT_FOUND)?;
    let theirs = Scope::of_member(person_id);
    let totals = hours::earned(db, &theirs).await?;
    let waiting = correction::waiting(&state, &theirs).await?;
    let rows = hours::entries(db, &theirs, after, limit).await?;
    let page = Page::cut(rows, limit, |row| row.id).map(HoursView::from);
    Ok(Json(HoursPage {
        total_minutes: totals.minutes,
        total_claims: totals.people,
        waiting,
        items: page.items,
        next_cursor: page.next_cursor,
    }))
}
