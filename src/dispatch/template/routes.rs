//! Templates over HTTP.

use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    dispatch::{TaskView, post::Author},
    identity::Dispatcher,
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey, idempotency,
            problem::Refusals,
        },
    },
};

use super::{FromTemplate, TemplateForm, TemplateView, write};

/// 任务模板：本组织的和上级的
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = Page<TemplateView>), Refusals))]
#[get("/orgs/{id}/task-templates")]
async fn list_templates(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    query: Params<PageQuery>,
) -> Result<Json<Page<TemplateView>>, Problem> {
    Ok(Json(write::list(&state, &office.scope(), id.0, &query.0).await?))
}

/// 新建任务模板，下级组织也能用
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = TemplateForm, responses((status = 201, body = TemplateView), Refusals))]
#[post("/orgs/{id}/task-templates")]
async fn add_template(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
    input: Input<TemplateForm>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, author) = (input, Author::at_desk(&office));
    let work = async |tx: &_| write::add(tx, &state, &author, id.0, value).await;
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

/// 重写任务模板
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = TemplateForm, responses((status = 200, body = TemplateView), Refusals))]
#[put("/task-templates/{id}")]
async fn rewrite_template(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<TemplateForm>,
) -> Result<Json<TemplateView>, Problem> {
    let tx = state.db.write().await?;
    let author = Author::at_desk(&office);
    let view = write::rewrite(&tx, &state, &author, id.0, input.value).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// 删除任务模板，已发的任务不受影响
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[delete("/task-templates/{id}")]
async fn remove_template(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<HttpResponse, Problem> {
    let tx = state.db.write().await?;
    write::remove(&tx, &office.scope(), id.0).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 用模板发任务
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = FromTemplate, responses((status = 201, body = TaskView), Refusals))]
#[post("/task-templates/{id}/tasks")]
async fn use_template(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
    input: Input<FromTemplate>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, author) = (input, Author::at_desk(&office));
    let work = async |tx: &_| write::used(tx, &state, &author, id.0, value).await;
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

pub(in crate::dispatch) fn configure(routes: &mut ServiceConfig) {
    routes
        .service(list_templates)
        .service(add_template)
        .service(rewrite_template)
        .service(remove_template)
        .service(use_template);
}
