//! Complaints over HTTP.

use ::entity::complaint::{ComplaintState, Model};
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
    identity::Resident,
    kernel::Error,
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, PageQuery, Params, Problem, RetryKey, idempotency::create,
            page, problem::Refusals,
        },
    },
};

use super::{
    answer::{self, ComplaintAnswer},
    post::{self, ComplaintError, NewComplaint},
    store::{self, Filter},
    view::{ComplaintView, views},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ComplaintQuery {
    /// Only those about that org.
    org_id: Option<Uuid>,
    state: Option<ComplaintState>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

/// 减负投诉：由被投诉组织的上一级受理，被投诉的组织看不到
#[utoipa::path(tag = "减负投诉", security(("bearer" = [])), request_body = NewComplaint, responses((status = 201, body = ComplaintView), Refusals))]
#[post("/complaints")]
async fn post_complaint(
    state: Data<AppState>,
    me: Resident,
    key: RetryKey,
    input: Input<NewComplaint>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| {
        let row = post::post(tx, &state, me.id(), value).await?;
        one(&state, row).await.map_err(ComplaintError::from)
    };
    create(&state, me.id(), &key, &hash, work).await
}

/// 本级受理的投诉：只看得到自己权限以下的组织被投诉的，新的在前
#[utoipa::path(tag = "减负投诉", security(("bearer" = [])), params(ComplaintQuery), responses((status = 200, body = Page<ComplaintView>), Refusals))]
#[get("/complaints")]
async fn list_complaints(
    state: Data<AppState>,
    me: Resident,
    query: Params<ComplaintQuery>,
) -> Result<Json<Page<ComplaintView>>, Problem> {
    let ComplaintQuery { org_id, state: asked, limit, cursor } = query.0;
    let (after, limit) = (page::after(cursor.as_deref())?, page::limit(limit));
    let filter = Filter { org_id, state: asked, after, limit };
    let rows = store::list(state.db.read(), &me.scope(), filter).await?;
    Ok(Json(shown(&state, rows, limit).await?))
}

/// 我的投诉和答复
#[utoipa::path(tag = "减负投诉", security(("bearer" = [])), params(PageQuery), responses((status = 200, body = Page<ComplaintView>), Refusals))]
#[get("/me/complaints")]
async fn my_complaints(
    state: Data<AppState>,
    me: Resident,
    query: Params<PageQuery>,
) -> Result<Json<Page<ComplaintView>>, Problem> {
    let (after, limit) = (query.0.after()?, query.0.limit());
    let rows = store::own(state.db.read(), &me.own_scope(), after, limit).await?;
    Ok(Json(shown(&state, rows, limit).await?))
}

/// 答复投诉，只有一次；写入审计
#[utoipa::path(tag = "减负投诉", security(("bearer" = ["leader", "secretary", "dispatcher"])), params(("id" = Uuid, Path)), request_body = ComplaintAnswer, responses((status = 200, body = ComplaintView), Refusals))]
#[post("/complaints/{id}/answer")]
async fn answer_complaint(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<ComplaintAnswer>,
) -> Result<Json<ComplaintView>, Problem> {
    let row = answer::answer(&state, &me, id.0, &input.value.words).await?;
    Ok(Json(one(&state, row).await?))
}

async fn shown(
    state: &AppState,
    rows: Vec<Model>,
    limit: u64,
) -> Result<Page<ComplaintView>, Error> {
    let page = Page::cut(rows, limit, |row| row.id);
    let items = views(state.db.read(), state, page.items).await?;
    Ok(Page { items, next_cursor: page.next_cursor })
}

async fn one(state: &AppState, row: Model) -> Result<ComplaintView, Error> {
    let view = views(state.db.read(), state, vec![row]).await?.pop();
    view.ok_or_else(|| Error::impossible("show a complaint"))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(post_complaint)
        .service(list_complaints)
        .service(my_complaints)
        .service(answer_complaint);
}
