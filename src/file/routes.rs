//! Photos over HTTP.

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Data, Json},
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    identity::{Anyone, Resident},
    platform::{
        AppState,
        http::{Id, Params, Problem, problem::Refusals},
    },
};

use super::{
    read::{self, FileQuery},
    upload,
    view::{FileView, view},
};

/// A form with one photo.
#[derive(Debug, ToSchema)]
#[allow(dead_code, reason = "only the document reads it: the form is read as it streams in")]
pub struct UploadForm {
    /// JPEG, PNG or WebP, at most 8 MiB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// 上传一张照片（JPEG、PNG、WebP）；会转正、缩小、去掉拍摄地点等信息；一天内没有用上就删除
#[utoipa::path(tag = "照片", security(("bearer" = [])), request_body(content = UploadForm, content_type = "multipart/form-data"), responses((status = 201, body = FileView), Refusals))]
#[post("/files")]
async fn upload_file(
    state: Data<AppState>,
    me: Resident,
    form: Multipart,
) -> Result<HttpResponse, Problem> {
    let file = upload::upload(&state, &me, form).await?;
    Ok(HttpResponse::Created().json(Json(view(&state, &file, false))))
}

/// 看一张照片：公开的人人能看；其他的用页面里给的链接，或者是自己传的
#[utoipa::path(tag = "照片", security(()), params(("id" = Uuid, Path), FileQuery), responses((status = 200, content_type = "image/jpeg", body = Vec<u8>), (status = 304), Refusals))]
#[get("/files/{id}")]
async fn get_file(
    state: Data<AppState>,
    who: Anyone,
    id: Id,
    query: Params<FileQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let found = read::find(&state, who.id(), id.0, &query.0).await?;
    read::send(&state, &found, http.headers()).await
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(upload_file).service(get_file);
}
