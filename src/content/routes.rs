//! 人工审核 over HTTP.

use ::entity::content_check::ContentState;
use actix_web::{
    get, post,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::Dispatcher,
    kernel::Error,
    org,
    platform::{
        AppState,
        http::{
            Id, Input, Page, Params, Problem, page,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    decide::{self, DecideError, RefuseContent},
    photo,
    store::{self, Filter},
    view::{self, ContentView, Row},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContentQuery {
    /// `pending` when absent.
    state: Option<ContentState>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

/// 待人工审核的内容：微信拿不准、没能核对的需求、评价、上报、晒单和照片，新的在前
#[utoipa::path(tag = "内容审核", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path), ContentQuery), responses((status = 200, body = Page<ContentView>), Refusals))]
#[get("/orgs/{id}/content")]
async fn list_content(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    query: Params<ContentQuery>,
) -> Result<Json<Page<ContentView>>, Problem> {
    let (db, scope) = (state.db.read(), office.scope());
    let org = org::find(db, id.0).await?.filter(|org| scope.covers(&org.path));
    let ContentQuery { state: asked, limit, cursor } = query.0;
    let filter = Filter {
        org_id: org.ok_or(NOT_FOUND)?.id,
        state: asked.unwrap_or(ContentState::Pending),
        after: page::after(cursor.as_deref())?,
        limit: page::limit(limit),
    };
    let photos = photo::Filter {
        org_id: filter.org_id,
        states: view::listed(filter.state),
        after: filter.after,
        limit: filter.limit,
    };
    let limit = filter.limit;
    let photos = photo::list(db, &scope, photos).await?.into_iter().map(Row::Photo);
    let words = store::list(db, &scope, filter).await?.into_iter().map(Row::Words);
    let mut rows: Vec<_> = words.chain(photos).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.id()));
    let page = Page::cut(rows, limit, Row::id);
    let items = view::many(db, &state, page.items).await?;
    Ok(Json(Page { items, next_cursor: page.next_cursor }))
}

/// 人工审核通过；不能审核自己写的。写入审计
#[utoipa::path(tag = "内容审核", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = ContentView), Refusals))]
#[post("/content/{id}/pass")]
async fn pass_content(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<ContentView>, Problem> {
    decided(&state, &office, id.0, None).await
}

/// 人工审核不通过，说明理由；写错了可以再改判。写入审计
#[utoipa::path(tag = "内容审核", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = RefuseContent, responses((status = 200, body = ContentView), Refusals))]
#[post("/content/{id}/refuse")]
async fn refuse_content(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<RefuseContent>,
) -> Result<Json<ContentView>, Problem> {
    decided(&state, &office, id.0, Some(input.value.reason.trim())).await
}

/// Words or a photo: whichever has that id.
async fn decided(
    state: &AppState,
    office: &Dispatcher,
    id: Uuid,
    reason: Option<&str>,
) -> Result<Json<ContentView>, Problem> {
    let row = match decide::decide(state, office, id, reason).await {
        Err(DecideError::NotFound) => Row::Photo(photo::decide(state, office, id, reason).await?),
        words => Row::Words(words?),
    };
    let view = view::many(state.db.read(), state, vec![row]).await?.pop();
    Ok(Json(view.ok_or_else(|| Error::impossible("show a check"))?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(list_content).service(pass_content).service(refuse_content);
}
