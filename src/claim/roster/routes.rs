//! Rosters and posters over HTTP.

use ::entity::task;
use actix_web::{
    HttpResponse, get, post,
    web::{self, Data, Json},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    audit::{self, Act, Deed},
    claim::view::task_page,
    dispatch::{self, See, TaskView},
    identity::{Dispatcher, Resident},
    kernel::Error,
    org,
    platform::{
        AppState,
        http::{
            Id, Problem,
            html::private,
            problem::{NOT_FOUND, Refusals},
        },
        sheet as excel,
    },
};

use super::{Roster, mini_code, poster, print, roster, sheet, staffed};

/// 名单：谁会来（社区和负责人）
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = Roster), Refusals))]
#[get("/tasks/{id}/roster")]
async fn task_roster(state: Data<AppState>, me: Resident, id: Id) -> Result<Json<Roster>, Problem> {
    Ok(Json(roster(&state, &me, id.0).await?))
}

/// 打印用的签到表（社区和负责人），手机号打码
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = String, content_type = "text/html"), Refusals))]
#[get("/tasks/{id}/roster/print")]
async fn print_roster(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<HttpResponse, Problem> {
    let (task, lines) = staffed(&state, &me, id.0).await?;
    let org = org_name(&state, &task).await?;
    Ok(private("text/html; charset=utf-8", print::sheet(&task, &org, &lines)))
}

/// 名单导出为 Excel（社区），手机号打码，留审计
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = Vec<u8>, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), Refusals))]
#[get("/tasks/{id}/roster.xlsx")]
async fn export_roster(
    state: Data<AppState>,
    me: Resident,
    office: Dispatcher,
    id: Id,
) -> Result<HttpResponse, Problem> {
    let task = dispatch::find(state.db.read(), &office.scope(), id.0).await?.ok_or(NOT_FOUND)?;
    let (_, lines) = staffed(&state, &me, id.0).await?;
    let tx = state.db.write().await?;
    let deed = Deed {
        act: Act::RosterExported,
        actor_id: Some(office.id()),
        org_id: Some(task.org_id),
        subject_id: Some(task.id),
        why: None,
    };
    audit::record(&tx, &state, deed).await?;
    // Nothing leaves before it is known that it leaves.
    tx.commit().await?;
    let bytes = web::block(move || sheet::workbook(&task, &lines)).await.map_err(cancelled)??;
    Ok(excel::answer(bytes, "attachment; filename=\"roster.xlsx\""))
}

/// 签到海报：二维码（配好了就是小程序码）和签到码（社区和负责人）
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = Vec<u8>, content_type = "image/png"), Refusals))]
#[get("/tasks/{id}/poster")]
async fn task_poster(state: Data<AppState>, me: Resident, id: Id) -> Result<HttpResponse, Problem> {
    let task = dispatch::find_for_staff(state.db.read(), &me.scope(), id.0).await?;
    let (_, png) = drawn(&state, task.ok_or(NOT_FOUND)?).await?;
    Ok(private("image/png", png))
}

/// 打印用的签到海报：标题、时间、地点和二维码（社区和负责人）
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = String, content_type = "text/html"), Refusals))]
#[get("/tasks/{id}/poster/print")]
async fn print_poster(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<HttpResponse, Problem> {
    let task = dispatch::find_for_staff(state.db.read(), &me.scope(), id.0).await?;
    let (task, png) = drawn(&state, task.ok_or(NOT_FOUND)?).await?;
    let org = org_name(&state, &task).await?;
    Ok(private("text/html; charset=utf-8", poster::page(&task, &org, &png)))
}

/// 换一个签到码：旧的马上作废，海报要重新打印
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/poster/renew")]
async fn renew_poster(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<TaskView>, Problem> {
    let task = dispatch::renew_code(&state, &office.scope(), id.0, office.id()).await?;
    Ok(Json(task_page(&state, task, See::Staff).await?))
}

/// Drawing takes some milliseconds of work: not on the threads that answer.
async fn drawn(state: &AppState, task: task::Model) -> Result<(task::Model, Vec<u8>), Problem> {
    let mini = mini_code::picture(state, &task).await;
    let drawn = move || poster::png(&task, mini.as_deref()).map(|png| (task, png));
    let drawn = web::block(drawn).await;
    Ok(drawn.map_err(cancelled)??)
}

fn cancelled(error: actix_web::error::BlockingError) -> Error {
    Error::broken("work beside the answering threads", error)
}

async fn org_name(state: &AppState, task: &task::Model) -> Result<String, Error> {
    let name = org::names(state.db.read(), [task.org_id]).await?.remove(&task.org_id);
    Ok(name.unwrap_or_default())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(task_roster)
        .service(print_roster)
        .service(export_roster)
        .service(task_poster)
        .service(print_poster)
        .service(renew_poster);
}
