//! The inbox over HTTP.

use actix_web::{
    HttpRequest, HttpResponse, get, post,
    web::{Data, Json},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::Resident,
    platform::{
        AppState,
        http::{
            Id, Page, Params, Problem, etag, page as paging,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    grants, push, store,
    view::{self, NoticeView},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboxQuery {
    /// Only what has not been read.
    #[serde(default)]
    unread: bool,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Unread {
    /// Lines nobody has read.
    pub count: u64,
}

/// 收件箱：告诉我的事，新的在前
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(InboxQuery), responses((status = 200, body = Page<NoticeView>), Refusals))]
#[get("/inbox")]
async fn inbox(
    state: Data<AppState>,
    me: Resident,
    query: Params<InboxQuery>,
    http: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.0;
    let (after, limit) = (paging::after(query.cursor.as_deref())?, paging::limit(query.limit));
    let own = me.own_scope();
    let rows = store::list(state.db.read(), &own, query.unread, after, limit).await?;
    let page = Page::cut(rows, limit, |row| row.id);
    let items = page.items.into_iter().map(|row| view::of(&state, row));
    let items = items.collect::<Result<Vec<_>, _>>()?;
    Ok(etag::answer(&http, &Page { items, next_cursor: page.next_cursor }))
}

/// 未读条数
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = Unread), Refusals))]
#[get("/inbox/unread")]
async fn unread(state: Data<AppState>, me: Resident) -> Result<Json<Unread>, Problem> {
    let count = store::unread(state.db.read(), &me.own_scope()).await?;
    Ok(Json(Unread { count }))
}

/// 看过了一条
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 204), Refusals))]
#[post("/inbox/{id}/read")]
async fn read_one(state: Data<AppState>, me: Resident, id: Id) -> Result<HttpResponse, Problem> {
    read(&state, &me, Some(id.0)).await
}

/// 全部看过了
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 204), Refusals))]
#[post("/inbox/read-all")]
async fn read_all(state: Data<AppState>, me: Resident) -> Result<HttpResponse, Problem> {
    read(&state, &me, None).await
}

async fn read(state: &AppState, me: &Resident, id: Option<Uuid>) -> Result<HttpResponse, Problem> {
    let tx = state.db.write().await?;
    if !store::mark_read(&*tx, &me.own_scope(), id, state.clock.now()).await? {
        return Err(NOT_FOUND.into());
    }
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

pub fn configure(routes: &mut ServiceConfig) {
    routes.service(inbox).service(unread).service(read_all).service(read_one);
    grants::configure(routes);
    push::configure(routes);
}
