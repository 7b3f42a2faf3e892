//! Rosters over HTTP: sending one, watching it, the template.

use ::entity::roster_import::ImportState;
use actix_multipart::Multipart;
use actix_web::{
    HttpResponse, get,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    post,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    identity::Registrar,
    org::store as orgs,
    platform::{
        AppState,
        http::{
            Id, Page, PageQuery, Params, Problem,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    run, store, template, upload,
    view::{ImportSummary, ImportView, summary, view},
};

/// What a browser sends.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "names the form's only part in the API document")]
pub struct RosterUpload {
    /// .xlsx, or CSV in UTF-8 or GB18030; 8 MiB and 20,000 people at most.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TrialQuery {
    /// Only try: say what would happen and store nothing.
    #[serde(default)]
    dry_run: bool,
}

/// 导入花名册：有一行不对就都不导入；重复导入不会重复；大文件在后台办理
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), TrialQuery), request_body(content = RosterUpload, content_type = "multipart/form-data"), responses((status = 201, body = ImportView), (status = 202, body = ImportView), Refusals))]
#[post("/orgs/{id}/imports")]
async fn import_roster(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    query: Params<TrialQuery>,
    form: Multipart,
) -> Result<HttpResponse, Problem> {
    let job = run::prepare(&state, &registrar, id.0, query.0.dry_run).await?;
    let import = run::begin(&state, job, upload::file(form).await?).await?;
    let behind = import.state == ImportState::Running;
    let mut answer = if behind { HttpResponse::Accepted() } else { HttpResponse::Created() };
    Ok(answer.json(view(&state, &import)?))
}

/// 一个组织的历次导入，新的在前
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = Page<ImportSummary>), Refusals))]
#[get("/orgs/{id}/imports")]
async fn list_imports(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    query: Params<PageQuery>,
) -> Result<Json<Page<ImportSummary>>, Problem> {
    let (db, scope, limit) = (state.db.read(), registrar.scope(), query.0.limit());
    orgs::within_reach(db, &scope, id.0).await?.ok_or(NOT_FOUND)?;
    let rows = store::list(db, &scope, id.0, query.0.after()?, limit).await?;
    let now = state.clock.now();
    Ok(Json(Page::cut(rows, limit, |row| row.id).map(|row| summary(&row, now))))
}

/// 一次导入：进度、结果、每一处错误在哪一行
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = ImportView), Refusals))]
#[get("/imports/{id}")]
async fn read_import(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
) -> Result<Json<ImportView>, Problem> {
    let import = store::find(state.db.read(), &registrar.scope(), id.0).await?;
    Ok(Json(view(&state, &import.ok_or(NOT_FOUND)?)?))
}

/// 下载花名册模板
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>), Refusals))]
#[get("/orgs/{id}/imports/template")]
async fn roster_template(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
) -> Result<HttpResponse, Problem> {
    orgs::within_reach(state.db.read(), &registrar.scope(), id.0).await?.ok_or(NOT_FOUND)?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    // 花名册模板.xlsx
    let name = "attachment; filename=\"roster.xlsx\"; \
                filename*=UTF-8''%E8%8A%B1%E5%90%8D%E5%86%8C%E6%A8%A1%E6%9D%BF.xlsx";
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, kind)).insert_header((CONTENT_DISPOSITION, name));
    Ok(answer.body(template::template()?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(import_roster)
        .service(list_imports)
        .service(roster_template)
        .service(read_import);
}
