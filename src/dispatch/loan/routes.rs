//! Loans over HTTP.

use actix_web::{
    get, post,
    web::{Data, Json},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    dispatch::post::Author,
    identity::{Dispatcher, Resident},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, Params, Problem, RetryKey, idempotency, problem::Refusals,
        },
    },
};

use super::{BorrowForm, LoanQuery, LoanView, RefuseLoanForm, write};

/// 向邻近社区借人，对方同意后其成员也能接
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = BorrowForm, responses((status = 201, body = LoanView), Refusals))]
#[post("/tasks/{id}/borrow")]
async fn borrow(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    key: RetryKey,
    input: Input<BorrowForm>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, author) = (input, Author::at_desk(&office));
    let work = async |tx: &_| write::ask(tx, &state, &author, id.0, value).await;
    idempotency::create(&state, office.id(), &key, &hash, work).await
}

/// 借人往来：别人向我的社区借的，和我的社区向别人借的
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(LoanQuery), responses((status = 200, body = Page<LoanView>), Refusals))]
#[get("/loans")]
async fn list_loans(
    state: Data<AppState>,
    me: Resident,
    query: Params<LoanQuery>,
) -> Result<Json<Page<LoanView>>, Problem> {
    Ok(Json(write::list(&state, &me.scope(), query.0).await?))
}

/// 同意借人
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), responses((status = 200, body = LoanView), Refusals))]
#[post("/loans/{id}/accept")]
async fn accept_loan(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
) -> Result<Json<LoanView>, Problem> {
    let tx = state.db.write().await?;
    let view = write::accept(&tx, &state, &Author::at_desk(&office), id.0).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// 不同意借人，说明理由
#[utoipa::path(tag = "派单", security(("bearer" = ["dispatcher"])), params(("id" = Uuid, Path)), request_body = RefuseLoanForm, responses((status = 200, body = LoanView), Refusals))]
#[post("/loans/{id}/refuse")]
async fn refuse_loan(
    state: Data<AppState>,
    office: Dispatcher,
    id: Id,
    input: Input<RefuseLoanForm>,
) -> Result<Json<LoanView>, Problem> {
    let tx = state.db.write().await?;
    let (author, reason) = (Author::at_desk(&office), input.value.reason.trim());
    let view = write::refuse(&tx, &state, &author, id.0, reason).await?;
    tx.commit().await?;
    Ok(Json(view))
}

pub(in crate::dispatch) fn configure(routes: &mut ServiceConfig) {
    routes.service(borrow).service(list_loans).service(accept_loan).service(refuse_loan);
}
