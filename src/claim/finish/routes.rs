//! Reporting and confirming over HTTP.

use std::collections::HashMap;

use actix_web::{
    post,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    claim::view::task_page,
    dispatch::{See, TaskView},
    identity::{Dispatcher, Resident},
    platform::{
        AppState,
        http::{
            Id, Input, Problem,
            input::{Maybe, readable},
            problem::Refusals,
        },
    },
};

use super::{confirm, report};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportForm {
    /// What was done.
    #[validate(length(min = 2, max = 2000), custom(function = readable))]
    #[schema(min_length = 2, max_length = 2000)]
    words: String,
    /// Photos the reporter uploaded, nine at most.
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    photo_ids: Option<Vec<Uuid>>,
}

/// Whether somebody came, where the roster says otherwise.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CameForm {
    /// The claim.
    id: Uuid,
    /// `true` for somebody who did not check in: no blame, and no minutes.
    came: bool,
}

#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmForm {
    /// Absent: everybody who checked in came.
    #[validate(length(max = 500), nested)]
    #[schema(max_items = 500)]
    claims: Option<Vec<CameForm>>,
}

/// 上报结果（负责人或社区）
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = ReportForm, responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/report")]
async fn report_task(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<ReportForm>,
) -> Result<Json<TaskView>, Problem> {
    let ReportForm { words, photo_ids } = input.value;
    let (words, photos) = (words.trim().to_owned(), photo_ids.unwrap_or_default());
    let task = report::report(&state, &me, id.0, words, &photos).await?;
    Ok(Json(task_page(&state, task, See::Staff).await?))
}

/// 确认：核定时长，可以逐个说明来没来。不能确认自己做的或自己上报的
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body(content = ConfirmForm, description = "可以不填"), responses((status = 200, body = TaskView), Refusals))]
#[post("/tasks/{id}/confirm")]
async fn confirm_task(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Maybe<ConfirmForm>,
) -> Result<Json<TaskView>, Problem> {
    let each = input.0.and_then(|form| form.claims).unwrap_or_default();
    let came: HashMap<_, _> = each.into_iter().map(|one| (one.id, one.came)).collect();
    let task = confirm::confirm(&state, &office, id.0, came).await?;
    Ok(Json(task_page(&state, task, See::Staff).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(report_task).service(confirm_task);
}
