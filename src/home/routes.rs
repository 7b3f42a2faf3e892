//! The first screen over HTTP.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    identity::Resident,
    platform::{
        AppState,
        http::{Problem, etag, problem::Refusals},
    },
};

use super::{HomeView, home};

/// 首页：我现在能接的、我接下来要去的、我提出的需求
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = HomeView), Refusals))]
#[get("/home")]
async fn first_screen(
    state: Data<AppState>,
    me: Resident,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(etag::answer(&http, &home(&state, &me).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(first_screen);
}
