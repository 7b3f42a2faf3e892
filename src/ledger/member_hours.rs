//! A member's hours as their home branch and the community they live in see them (双报到): whatever they served,
//! wherever it was.

use ::entity::hours_entry::{Column, Entity};
use actix_web::{
    get,
    web::{Data, Json, Path},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, Func},
};
use uuid::Uuid;

use crate::{
    identity::Registrar,
    org,
    platform::{
        AppState,
        db::Step,
        http::{
            Page, PageQuery, Params, Problem,
            page::newest_first,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::routes::{HoursPage, HoursView};

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
    let theirs = || Entity::find().filter(Column::PersonId.eq(person_id));
    let minutes = Func::coalesce([Expr::col(Column::Minutes).sum(), Expr::val(0)]);
    let totals: Option<(i64, i64)> = theirs()
        .select_only()
        .column_as(Column::Id.count(), "claims")
        .column_as(Expr::expr(minutes).cast_as(Alias::new("bigint")), "minutes")
        .into_tuple()
        .one(db)
        .await
        .step("sum a member's hours")?;
    let (total_claims, total_minutes) = totals.unwrap_or_default();
    let rows = newest_first(theirs(), Column::Id, after, limit).all(db).await;
    let page = Page::cut(rows.step("list a member's hours")?, limit, |row| row.id);
    let Page { items, next_cursor } = page.map(HoursView::from);
    Ok(Json(HoursPage { total_minutes, total_claims, items, next_cursor }))
}
