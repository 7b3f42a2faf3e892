//! Draws over HTTP.

use actix_web::{HttpRequest, HttpResponse, delete, get, post, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    identity::Resident,
    platform::{
        AppState, Tx,
        crypto::sha256_b64,
        http::{
            Answer, Id, Problem, RetryKey, etag, idempotency,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    enter,
    view::{self, DrawEntry, DrawView},
};

/// 抽签：报名，得到一个号和一个回执
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 201, body = DrawEntry), Refusals))]
#[post("/tasks/{id}/draw")]
async fn enter_draw(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
) -> Result<Answer, Problem> {
    let work = async |tx: &Tx| enter::enter(tx, &state, &me, id.0).await;
    idempotency::create(&state, me.id(), &key, &sha256_b64(b""), work).await
}

/// 抽签以前收回报名
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[delete("/tasks/{id}/draw")]
async fn leave_draw(state: Data<AppState>, me: Resident, id: Id) -> Result<HttpResponse, Problem> {
    enter::leave(&state, &me, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 抽签：多少人报名、我的号；抽过以后，谁都可以自己算一遍的种子、回执和顺序
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = DrawView), Refusals))]
#[get("/tasks/{id}/draw")]
async fn see_draw(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let draw = view::view(&state, &me, id.0).await?.ok_or(NOT_FOUND)?;
    Ok(etag::answer(&http, &draw))
}

/// What the roof mounts.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(enter_draw).service(leave_draw).service(see_draw);
}
