//! What the timetable did, over HTTP.

use ::entity::schedule_run::RunState;
use actix_web::{
    get,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Operator, Reviewer, Scope},
    org,
    platform::{
        AppState,
        http::{
            Id, Page, Params, Problem,
            input::readable,
            page,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    store::{self, Filter},
    view::{RunView, view},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobQuery {
    /// Only that job.
    #[param(min_length = 1, max_length = 60, example = "request.overdue")]
    #[validate(length(min = 1, max = 60), custom(function = readable))]
    job: Option<String>,
    state: Option<RunState>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

async fn page_of(
    state: &AppState,
    scope: &Scope,
    org_id: Option<Uuid>,
    query: JobQuery,
) -> Result<Page<RunView>, Problem> {
    let (after, limit) = (page::after(query.cursor.as_deref())?, page::limit(query.limit));
    let db = state.db.read();
    let filter = Filter { org_id, job: query.job, state: query.state, after, limit };
    let rows = store::list(db, scope, filter).await?;
    let words = store::words(db).await?;
    Ok(Page::cut(rows, limit, |row| row.id).map(|row| view(row, &words)))
}

/// 定时任务为本组织做了什么：告诉了多少人、谁没有告诉和原因，新的在前
#[utoipa::path(tag = "组织", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), JobQuery), responses((status = 200, body = Page<RunView>), Refusals))]
#[get("/orgs/{id}/jobs")]
async fn org_jobs(
    state: Data<AppState>,
    staff: Reviewer,
    id: Id,
    query: Params<JobQuery>,
) -> Result<Json<Page<RunView>>, Problem> {
    let (org, scope) = (org::find(state.db.read(), id.0).await?, staff.scope());
    let org = org.filter(|org| scope.covers(&org.path)).ok_or(NOT_FOUND)?;
    Ok(Json(page_of(&state, &scope, Some(org.id), query.0).await?))
}

/// 整套安装的定时任务：运维看有没有失败、错过的
#[utoipa::path(tag = "运行", security(("bearer" = ["operator"])), params(JobQuery), responses((status = 200, body = Page<RunView>), Refusals))]
#[get("/jobs")]
async fn all_jobs(
    state: Data<AppState>,
    operator: Operator,
    query: Params<JobQuery>,
) -> Result<Json<Page<RunView>>, Problem> {
    Ok(Json(page_of(&state, &operator.scope(), None, query.0).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(org_jobs).service(all_jobs);
}
