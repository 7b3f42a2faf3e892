//! Series over HTTP.

use actix_web::{
    get, post, put,
    web::{Data, Json},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    dispatch::post::Author,
    identity::Dispatcher,
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey, idempotency,
            problem::Refusals,
        },
    },
};

use super::{SeriesForm, SeriesView, SkipForm, write};

/// 定期任务
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = Page<SeriesView>), Refusals))]
#[get("/orgs/{id}/task-series")]
async fn list_series(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    query: Params<PageQuery>,
) -> Result<Json<Page<SeriesView>>, Problem> {
    Ok(Json(write::list(&state, &office.scope(), id.0, &query.0).await?))
}

/// 新建定期任务，按规则自动发布；回答里有接下来五次的日期
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = SeriesForm, responses((status = 201, body = SeriesView), Refusals))]
#[post("/orgs/{id}/task-series")]
async fn add_series(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
    input: Input<SeriesForm>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, author) = (input, Author::at_desk(&office));
    let work = async |tx: &_| write::add(tx, &state, &author, id.0, value).await;
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

/// 调整以后的安排，暂停或恢复；已生成的任务不变
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = SeriesForm, responses((status = 200, body = SeriesView), Refusals))]
#[put("/task-series/{id}")]
async fn rewrite_series(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<SeriesForm>,
) -> Result<Json<SeriesView>, Problem> {
    let tx = state.db.write().await?;
    let author = Author::at_desk(&office);
    let view = write::rewrite(&tx, &state, &author, id.0, input.value).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// 跳过一次
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = SkipForm, responses((status = 200, body = SeriesView), Refusals))]
#[post("/task-series/{id}/skip")]
async fn skip_date(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<SkipForm>,
) -> Result<Json<SeriesView>, Problem> {
    let tx = state.db.write().await?;
    let author = Author::at_desk(&office);
    let view = write::skip(&tx, &state, &author, id.0, input.value.date).await?;
    tx.commit().await?;
    Ok(Json(view))
}

pub(in crate::dispatch) fn configure(routes: &mut ServiceConfig) {
    routes.service(list_series).service(add_series).service(rewrite_series).service(skip_date);
}
