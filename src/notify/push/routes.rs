//! Messages over HTTP, for the office.

use ::entity::{
    membership, org as orgs,
    push::{CallOutcome, PushState},
    subscribe_grant,
};
use actix_web::{
    HttpResponse, get, post,
    web::{Data, Json},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Reviewer, Scope, within},
    kernel::Error,
    notify::grants::{Reach, reach},
    org,
    platform::{
        AppState,
        db::Step,
        http::{
            Id, Input, Page, PageQuery, Params, Problem, page,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    TemplateKind, act,
    desk::{CallView, PushView, call_views, calls, list, views},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PushQuery {
    state: Option<PushState>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ReachQuery {
    /// The kind of template.
    #[param(inline)]
    template: TemplateKind,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CallDone {
    outcome: CallOutcome,
}

/// 发往手机的消息，新的在前：没送到的、不知道送没送到的都在这里
#[utoipa::path(tag = "消息", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), PushQuery), responses((status = 200, body = Page<PushView>), Refusals))]
#[get("/orgs/{id}/pushes")]
async fn list_pushes(
    state: Data<AppState>,
    me: Reviewer,
    id: Id,
    query: Params<PushQuery>,
) -> Result<Json<Page<PushView>>, Problem> {
    let PushQuery { state: asked, limit, cursor } = query.0;
    let (after, limit) = (page::after(cursor.as_deref())?, page::limit(limit));
    within_reach(&state, &me.scope(), id.0).await?;
    let rows = list(state.db.read(), &me.scope(), id.0, asked, (after, limit)).await?;
    let page = Page::cut(rows, limit, |row| row.id);
    let items = views(state.db.read(), page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// 再发一次；写入审计
#[utoipa::path(tag = "消息", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = PushView), Refusals))]
#[post("/pushes/{id}/retry")]
async fn retry_push(
    state: Data<AppState>,
    me: Reviewer,
    id: Id,
) -> Result<Json<PushView>, Problem> {
    let row = act::retry(&state, &me, id.0).await?;
    Ok(Json(one(&state, row).await?))
}

/// 不再发了，收件箱里的还在；写入审计
#[utoipa::path(tag = "消息", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = PushView), Refusals))]
#[post("/pushes/{id}/drop")]
async fn drop_push(state: Data<AppState>, me: Reviewer, id: Id) -> Result<Json<PushView>, Problem> {
    let row = act::give_up(&state, &me, id.0).await?;
    Ok(Json(one(&state, row).await?))
}

/// 要打电话的人：等不得的事，微信送不到，本人最近也没有来过
#[utoipa::path(tag = "消息", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = Page<CallView>), Refusals))]
#[get("/orgs/{id}/call-list")]
async fn call_list(
    state: Data<AppState>,
    me: Reviewer,
    id: Id,
    query: Params<PageQuery>,
) -> Result<Json<Page<CallView>>, Problem> {
    let paging = (query.0.after()?, query.0.limit());
    within_reach(&state, &me.scope(), id.0).await?;
    let now = state.clock.now();
    let rows = calls(state.db.read(), &me.scope(), id.0, now, paging).await?;
    let page = Page::cut(rows, paging.1, |row| row.id);
    let items = call_views(&state, page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// 电话打过了；写入审计
#[utoipa::path(tag = "消息", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = CallDone, responses((status = 204), Refusals))]
#[post("/call-list/{id}/done")]
async fn call_done(
    state: Data<AppState>,
    me: Reviewer,
    id: Id,
    input: Input<CallDone>,
) -> Result<HttpResponse, Problem> {
    act::called(&state, &me, id.0, input.value.outcome).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 组织里有多少人能收到某种微信消息
#[utoipa::path(tag = "消息", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), ReachQuery), responses((status = 200, body = Reach), Refusals))]
#[get("/orgs/{id}/reach")]
async fn org_reach(
    state: Data<AppState>,
    me: Reviewer,
    id: Id,
    query: Params<ReachQuery>,
) -> Result<Json<Reach>, Problem> {
    let db = state.db.read();
    let path = within_reach(&state, &me.scope(), id.0).await?.path;
    let members = membership::Entity::find()
        .select_only()
        .column(membership::Column::PersonId)
        .distinct()
        .filter(membership::Column::State.eq(membership::MembershipState::Confirmed))
        .filter(within(membership::Column::OrgId, std::slice::from_ref(&path)));
    let people = members.clone().count(db).await.step("count members")?;
    let theirs = subscribe_grant::Column::PersonId.in_subquery(members.into_query());
    let theirs = Condition::all().add(theirs);
    Ok(Json(reach(db, &state, query.0.template, people, theirs).await?))
}

async fn within_reach(state: &AppState, scope: &Scope, id: Uuid) -> Result<orgs::Model, Problem> {
    let org = org::find(state.db.read(), id).await?.filter(|org| scope.covers(&org.path));
    org.ok_or_else(|| NOT_FOUND.into())
}

async fn one(state: &AppState, row: ::entity::push::Model) -> Result<PushView, Error> {
    let view = views(state.db.read(), vec![row]).await?.pop();
    view.ok_or_else(|| Error::impossible("show a message"))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(list_pushes)
        .service(retry_push)
        .service(drop_push)
        .service(call_list)
        .service(call_done)
        .service(org_reach);
}
