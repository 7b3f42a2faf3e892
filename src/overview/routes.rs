//! The overview over HTTP.

use actix_web::{
    get,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    identity::Registrar,
    kernel::Month,
    platform::{
        AppState,
        http::{Id, Params, Problem, problem::Refusals},
    },
};

use super::figures::{Overview, overview};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OverviewQuery {
    /// A month in Shanghai; absent: this one.
    #[param(value_type = Option<String>, example = "2026-11")]
    month: Option<Month>,
}

/// 总览：一个组织和它下面各级一个月的数字，不是填的，是数出来的
#[utoipa::path(tag = "组织", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), OverviewQuery), responses((status = 200, body = Overview), Refusals))]
#[get("/orgs/{id}/overview")]
async fn read_overview(
    state: Data<AppState>,
    me: Registrar,
    id: Id,
    query: Params<OverviewQuery>,
) -> Result<Json<Overview>, Problem> {
    Ok(Json(overview(&state, &me, id.0, query.0.month).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(read_overview);
}
