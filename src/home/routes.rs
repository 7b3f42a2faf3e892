//! The first screen over HTTP.

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{Data, Json},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    birthday::ComradeBirthday,
    claim::Pools,
    identity::{Dispatcher, Resident},
    platform::{
        AppState,
        http::{
            Id, Problem, etag,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    HomeView,
    celebration::celebrants,
    home,
    reach::{TaskReach, task_reach},
};

/// 首页：我现在能接的、我接下来要去的、我提出的需求
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = HomeView), Refusals))]
#[get("/home")]
async fn first_screen(
    state: Data<AppState>,
    pools: Data<Pools>,
    me: Resident,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(etag::answer(&http, &home(&state, &pools, &me).await?))
}

/// 这个任务接单的人里，有多少人能收到微信消息
#[utoipa::path(tag = "消息", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = TaskReach), Refusals))]
#[get("/tasks/{id}/reach")]
async fn reach_of_task(
    state: Data<AppState>,
    me: Dispatcher,
    id: Id,
) -> Result<Json<TaskReach>, Problem> {
    let reach = task_reach(&state, &me.scope(), id.0).await?;
    reach.map(Json).ok_or_else(|| NOT_FOUND.into())
}

/// 主题党日“过生日”一项：这个月过政治生日、愿意让支部知道的本支部同志
#[utoipa::path(tag = "主题党日", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = Vec<ComradeBirthday>), Refusals))]
#[get("/theme-days/{id}/celebrants")]
async fn theme_day_celebrants(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<Vec<ComradeBirthday>>, Problem> {
    let celebrants = celebrants(&state, &me, id.0).await?;
    celebrants.map(Json).ok_or_else(|| NOT_FOUND.into())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(first_screen).service(reach_of_task).service(theme_day_celebrants);
}
