//! The timeline over HTTP.

use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    identity::Resident,
    platform::{
        AppState,
        http::{
            Id, Page, PageQuery, Params, Problem, etag, page,
            problem::{NOT_FOUND, Refusals},
        },
    },
    request,
};

use super::{
    model::See,
    store,
    view::{self, TimelineItem},
};

async fn timeline(
    state: &AppState,
    me: &Resident,
    request_id: Uuid,
    query: &PageQuery,
) -> Result<Page<TimelineItem>, Problem> {
    let (db, scope) = (state.db.read(), me.scope());
    let request = request::find(db, &scope, request_id).await?.ok_or(NOT_FOUND)?;
    let own = request::find(db, &me.own_scope(), request_id).await?.is_some();
    let see = if own { See::Resident } else { See::Office };
    // Oldest first: a short page would end before the news.
    let (after, limit) = (query.after()?, page::limit(query.limit.or(Some(100))));
    let facts = store::of_request(db, &scope, &request, see, after, limit).await?;
    let page = Page::cut(facts, limit, |fact| fact.id);
    let items = view::many(db, state, request_id, see, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

/// 时间线：从提出需求到晒单，先发生的在前；一页默认 100 条
#[utoipa::path(tag = "点单", security(("bearer" = [])), params(("id" = Uuid, Path), PageQuery), responses((status = 200, body = Page<TimelineItem>), Refusals))]
#[get("/requests/{id}/timeline")]
async fn request_timeline(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    query: Params<PageQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    Ok(etag::answer(&http, &timeline(&state, &me, id.0, &query.0).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(request_timeline);
}
