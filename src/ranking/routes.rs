//! Rankings over HTTP.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::Resident,
    platform::{
        AppState,
        http::{Params, Problem, etag, problem::Refusals},
    },
};

use super::{
    model::{By, Period, RankLevel},
    view::{RankingView, Wanted, ranking},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RankingQuery {
    /// Absent: where I am at home.
    org_id: Option<Uuid>,
    /// A month in Shanghai, `2026-11`; absent: this one.
    #[validate(length(max = 7))]
    #[param(max_length = 7, example = "2026-11")]
    period: Option<String>,
    /// Absent: `hours`.
    #[serde(default)]
    #[param(inline)]
    by: By,
    /// Absent: `person`.
    #[serde(default)]
    #[param(inline)]
    level: RankLevel,
}

/// 排名：组织开启以后才有；只有自己同意的人才写名字
#[utoipa::path(tag = "账本", security(("bearer" = [])), params(RankingQuery), responses((status = 200, body = RankingView), Refusals))]
#[get("/rankings")]
async fn read_ranking(
    state: Data<AppState>,
    me: Resident,
    query: Params<RankingQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let RankingQuery { org_id, period, by, level } = query.0;
    let period = match period {
        None => Period::of(state.clock.now()),
        Some(text) => Period::parse(&text).ok_or_else(|| {
            Problem::field("period", "value", "月份要写成 2026-11 这样", "A month like 2026-11")
        })?,
    };
    let wanted = Wanted { org_id, period, by, level };
    Ok(etag::answer(&http, &ranking(&state, &me, wanted).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(read_ranking);
}
