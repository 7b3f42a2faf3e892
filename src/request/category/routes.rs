//! Categories over HTTP.

use actix_web::{
    get, post, put,
    web::{Data, Json},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    identity::Registrar,
    org,
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, Problem, RetryKey, idempotency,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    store,
    write::{self, CategoryForm, CategoryView},
};

/// 组织现行的类别：上级设的也算，同名的以最近一级为准；停用的排在后面
#[utoipa::path(tag = "点单", security(()), params(("id" = Uuid, Path)), responses((status = 200, body = Page<CategoryView>), Refusals))]
#[get("/orgs/{id}/categories")]
async fn list_categories(
    state: Data<AppState>,
    id: Id,
) -> Result<Json<Page<CategoryView>>, Problem> {
    let db = state.db.read();
    let org = org::find(db, id.0).await?.ok_or(NOT_FOUND)?;
    let items = store::in_force(db, &org).await?.into_iter().map(CategoryView::from).collect();
    Ok(Json(Page { items, next_cursor: None }))
}

/// 新设类别
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = CategoryForm, responses((status = 201, body = CategoryView), Refusals))]
#[post("/orgs/{id}/categories")]
async fn add_category(
    state: Data<AppState>,
    by: Registrar,
    id: Id,
    key: RetryKey,
    input: Input<CategoryForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| write::add(tx, &state, &by, id.0, value).await;
    idempotency::create(&state, by.id(), &key, &hash, work).await
}

/// 修改类别，整个重写；`active: false` 停用
#[utoipa::path(tag = "点单", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = CategoryForm, responses((status = 200, body = CategoryView), Refusals))]
#[put("/categories/{id}")]
async fn change_category(
    state: Data<AppState>,
    by: Registrar,
    id: Id,
    input: Input<CategoryForm>,
) -> Result<Json<CategoryView>, Problem> {
    Ok(Json(write::change(&state, &by, id.0, input.value).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(list_categories).service(add_category).service(change_category);
}
