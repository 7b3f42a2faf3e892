//! Orgs over HTTP: the tree, its settings and its staff. Its people are in `member_routes`.

use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Dispatcher, Keeper, Registrar, Resident, Scope},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey,
            idempotency::create,
            input::readable,
            page,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    member_routes, roster, settings,
    staff::{self, GrantView, NewGrant, StaffView},
    store::{self, OrgFilter},
    tree::{self, ListedOrg, NewOrg, OrgChange, OrgDetail, OrgView},
    values::{SettingsChange, SettingsView, Switch},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OrgQuery {
    /// Only those right below it.
    parent_id: Option<Uuid>,
    /// Only what lies below it, however far: an office finds its own branches.
    under: Option<Uuid>,
    /// A part of the name.
    #[param(min_length = 1, max_length = 30)]
    #[validate(length(min = 1, max = 30), custom(function = readable))]
    q: Option<String>,
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
pub struct SwitchChoice {
    setting: Switch,
}

/// 组织列表：按上级或名称查找，先建的在前
#[utoipa::path(tag = "组织", security(()), params(OrgQuery), responses((status = 200, body = Page<ListedOrg>), Refusals))]
#[get("/orgs")]
async fn list_orgs(
    state: Data<AppState>,
    query: Params<OrgQuery>,
) -> Result<Json<Page<ListedOrg>>, Problem> {
    let (db, OrgQuery { parent_id, under, q, limit, cursor }) = (state.db.read(), query.0);
    let (after, limit) = (page::after(cursor.as_deref())?, page::limit(limit));
    let name = q.map(|q| q.trim().to_owned());
    let under = match under {
        Some(id) => Some(store::find(db, id).await?.ok_or(NOT_FOUND)?),
        None => None,
    };
    let filter = OrgFilter { parent_id, under, name, after, limit };
    let page = Page::cut(store::list(db, filter).await?, limit, |row| row.id);
    let items = tree::listed(db, page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// 一个组织和它的各级上级
#[utoipa::path(tag = "组织", security(()), params(("id" = Uuid, Path)), responses((status = 200, body = OrgDetail), Refusals))]
#[get("/orgs/{id}")]
async fn read_org(state: Data<AppState>, id: Id) -> Result<Json<OrgDetail>, Problem> {
    Ok(Json(tree::detail(state.db.read(), id.0).await?))
}

/// 在辖区内新建下级组织
#[utoipa::path(tag = "组织", security(("bearer" = ["operator", "leader"])), request_body = NewOrg, responses((status = 201, body = OrgView), Refusals))]
#[post("/orgs")]
async fn create_org(
    state: Data<AppState>,
    keeper: Keeper,
    key: RetryKey,
    input: Input<NewOrg>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| tree::add(tx, &state, &keeper.scope(), value).await;
    create(&state, keeper.id(), &key, &hash, work).await
}

/// 组织改名
#[utoipa::path(tag = "组织", security(("bearer" = ["operator", "leader"])), params(("id" = Uuid, Path)), request_body = OrgChange, responses((status = 200, body = OrgView), Refusals))]
#[put("/orgs/{id}")]
async fn rename_org(
    state: Data<AppState>,
    keeper: Keeper,
    id: Id,
    input: Input<OrgChange>,
) -> Result<Json<OrgView>, Problem> {
    Ok(Json(tree::rename(&state, &keeper.scope(), id.0, &input.value.name).await?))
}

/// 组织的设置：生效的值，以及由哪一级设定
#[utoipa::path(tag = "组织", security(("bearer" = ["leader", "secretary", "dispatcher", "operator"])), params(("id" = Uuid, Path)), responses((status = 200, body = SettingsView), Refusals))]
#[get("/orgs/{id}/settings")]
async fn read_settings(
    state: Data<AppState>,
    registrar: Option<Registrar>,
    keeper: Option<Keeper>,
    id: Id,
) -> Result<Json<SettingsView>, Problem> {
    let scopes = hats([registrar.map(|r| r.scope()), keeper.map(|k| k.scope())]);
    Ok(Json(settings::view(state.db.read(), &scopes, id.0).await?))
}

/// 修改设置：写 null 恢复继承，不写的不变
#[utoipa::path(tag = "组织", security(("bearer" = ["operator", "leader", "dispatcher"])), params(("id" = Uuid, Path)), request_body = SettingsChange, responses((status = 200, body = SettingsView), Refusals))]
#[put("/orgs/{id}/settings")]
async fn change_settings(
    state: Data<AppState>,
    me: Resident,
    keeper: Option<Keeper>,
    office: Option<Dispatcher>,
    id: Id,
    input: Input<SettingsChange>,
) -> Result<Json<SettingsView>, Problem> {
    let scopes = hats([keeper.map(|k| k.scope()), office.map(|o| o.scope())]);
    Ok(Json(settings::change(&state, &scopes, me.id(), id.0, &input.value).await?))
}

/// 减负：在本级和所有下级统一关闭一项，下级不能再打开
#[utoipa::path(tag = "组织", security(("bearer" = ["operator", "leader"])), params(("id" = Uuid, Path)), request_body = SwitchChoice, responses((status = 200, body = SettingsView), Refusals))]
#[post("/orgs/{id}/settings/forbid")]
async fn forbid_setting(
    state: Data<AppState>,
    keeper: Keeper,
    id: Id,
    input: Input<SwitchChoice>,
) -> Result<Json<SettingsView>, Problem> {
    Ok(Json(settings::forbid(&state, &keeper, id.0, input.value.setting, true).await?))
}

/// 取消统一关闭，由下级自己决定
#[utoipa::path(tag = "组织", security(("bearer" = ["operator", "leader"])), params(("id" = Uuid, Path)), request_body = SwitchChoice, responses((status = 200, body = SettingsView), Refusals))]
#[post("/orgs/{id}/settings/allow")]
async fn allow_setting(
    state: Data<AppState>,
    keeper: Keeper,
    id: Id,
    input: Input<SwitchChoice>,
) -> Result<Json<SettingsView>, Problem> {
    Ok(Json(settings::forbid(&state, &keeper, id.0, input.value.setting, false).await?))
}

/// What somebody reaches under any of the hats they wear.
fn hats<const N: usize>(scopes: [Option<Scope>; N]) -> Vec<Scope> {
    scopes.into_iter().flatten().collect()
}

/// 授权：任命已有的人，或新建一个用密码登录的账号
#[utoipa::path(tag = "组织", security(("bearer" = ["operator", "leader"])), params(("id" = Uuid, Path)), request_body = NewGrant, responses((status = 201, body = GrantView), Refusals))]
#[post("/orgs/{id}/roles")]
async fn grant_role(
    state: Data<AppState>,
    keeper: Keeper,
    id: Id,
    key: RetryKey,
    input: Input<NewGrant>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let appointment = staff::whom(value).await?;
    let work = async |tx: &_| staff::grant(tx, &state, &keeper, id.0, appointment).await;
    create(&state, keeper.id(), &key, &hash, work).await
}

/// 组织的工作人员和权限
#[utoipa::path(tag = "组织", security(("bearer" = ["operator", "leader"])), params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = Page<StaffView>), Refusals))]
#[get("/orgs/{id}/roles")]
async fn list_staff(
    state: Data<AppState>,
    keeper: Keeper,
    id: Id,
    query: Params<PageQuery>,
) -> Result<Json<Page<StaffView>>, Problem> {
    let (after, limit) = (query.0.after()?, query.0.limit());
    Ok(Json(staff::list(&state, &keeper, id.0, after, limit).await?))
}

/// 收回授权
#[utoipa::path(tag = "组织", security(("bearer" = ["operator", "leader"])), params(("id" = Uuid, Path), ("role_id" = Uuid, Path)), responses((status = 204), Refusals))]
#[delete("/orgs/{id}/roles/{role_id}")]
async fn revoke_role(
    state: Data<AppState>,
    keeper: Keeper,
    ids: Path<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (org_id, id) = ids.into_inner();
    staff::revoke(&state, &keeper, org_id, id).await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn configure(routes: &mut ServiceConfig) {
    member_routes::configure(routes);
    roster::configure(routes);
    routes
        .service(list_orgs)
        .service(read_org)
        .service(create_org)
        .service(rename_org)
        .service(read_settings)
        .service(change_settings)
        .service(forbid_setting)
        .service(allow_setting)
        .service(grant_role)
        .service(list_staff)
        .service(revoke_role);
}
