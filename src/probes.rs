//! What the operator and the balancer ask: `/live` and `/ready`, on both ports, and `/metrics` on the admin port.

use actix_web::{HttpResponse, get, http::header, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::platform::{
    AppState,
    health::{self, Readiness},
    metrics,
};

#[derive(Serialize, ToSchema)]
pub struct Liveness {
    /// `ok`, or there is no answer at all.
    #[schema(example = "ok")]
    status: &'static str,
    version: &'static str,
}

/// 进程在不在
#[utoipa::path(tag = "运行", security(()), responses((status = 200, body = Liveness)))]
#[get("/live")]
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(Liveness { status: "ok", version: env!("CARGO_PKG_VERSION") })
}

/// 能不能接活：数据库真能写入、表结构是新的、没有在停机；没有 Redis 也算能
#[utoipa::path(tag = "运行", security(()), responses(
    (status = 200, body = Readiness),
    (status = 503, body = Readiness),
))]
#[get("/ready")]
async fn ready(state: Data<AppState>) -> HttpResponse {
    let readiness = health::readiness(&state).await;
    let mut answer =
        if readiness.is_ready() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    answer.json(readiness)
}

/// The two probes.
pub fn configure(routes: &mut ServiceConfig) {
    routes.service(live).service(ready);
}

/// The figures, in Prometheus' text form.
pub async fn figures() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4"))
        .body(metrics::render())
}
