//! The ledger at the office's desk: corrections to look through, rules of points, points by hand.

use ::entity::proposal::ProposalState;
use actix_web::{
    get, post, put,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{Registrar, Resident},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, Params, Problem, RetryKey, idempotency::create,
            input::readable, page, problem::Refusals,
        },
    },
};

use super::{
    by_hand::{self, PointsForm, PointsProposalView},
    correction::{self, CorrectionView, Wanted},
    model::Verdict,
    rules::{self, RulesForm, RulesView},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CorrectionQuery {
    org_id: Option<Uuid>,
    state: Option<ProposalState>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProposalQuery {
    state: Option<ProposalState>,
    /// 1 to 100, 20 when absent.
    #[param(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    limit: Option<u64>,
    #[param(max_length = 64)]
    #[validate(length(max = 64))]
    cursor: Option<String>,
}

/// Why a second person says no; read by whoever asked and by the member.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerRefusal {
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

impl From<LedgerRefusal> for Verdict {
    fn from(refusal: LedgerRefusal) -> Self {
        Self::Refuse { reason: refusal.reason.trim().to_owned() }
    }
}

/// 时长更正：辖区内的和我自己的
#[utoipa::path(tag = "账本", security(("bearer" = [])), params(CorrectionQuery), responses((status = 200, body = Page<CorrectionView>), Refusals))]
#[get("/hours/corrections")]
async fn list_corrections(
    state: Data<AppState>,
    me: Resident,
    query: Params<CorrectionQuery>,
) -> Result<Json<Page<CorrectionView>>, Problem> {
    let CorrectionQuery { org_id, state: asked, limit, cursor } = query.0;
    let (after, limit) = (page::after(cursor.as_deref())?, page::limit(limit));
    let wanted = Wanted { org_id, state: asked, after, limit };
    Ok(Json(correction::list(&state, &me.scope(), wanted).await?))
}

/// 积分规则：这里生效的，以及由哪一级设定
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = RulesView), Refusals))]
#[get("/orgs/{id}/points-rules")]
async fn read_rules(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
) -> Result<Json<RulesView>, Problem> {
    Ok(Json(rules::view(state.db.read(), &registrar.scope(), id.0).await?))
}

/// 设定积分规则：整份替换本级的；没写的情形沿用上级
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = RulesForm, responses((status = 200, body = RulesView), Refusals))]
#[put("/orgs/{id}/points-rules")]
async fn set_rules(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    input: Input<RulesForm>,
) -> Result<Json<RulesView>, Problem> {
    let (scope, by) = (registrar.scope(), registrar.id());
    Ok(Json(rules::replace(&state, &scope, by, id.0, input.value).await?))
}

/// 人工记分：提出，由另一个人审批
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = PointsForm, responses((status = 201, body = PointsProposalView), Refusals))]
#[post("/orgs/{id}/points")]
async fn propose_points(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    key: RetryKey,
    input: Input<PointsForm>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, scope, by) = (input, registrar.scope(), registrar.id());
    let work = async |tx: &_| by_hand::propose(tx, &state, &scope, by, id.0, value).await;
    create(&state, by, &key, &hash, work).await
}

/// 人工记分的列表
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), ProposalQuery), responses((status = 200, body = Page<PointsProposalView>), Refusals))]
#[get("/orgs/{id}/points")]
async fn list_points(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    query: Params<ProposalQuery>,
) -> Result<Json<Page<PointsProposalView>>, Problem> {
    let ProposalQuery { state: asked, limit, cursor } = query.0;
    let page = (page::after(cursor.as_deref())?, page::limit(limit));
    Ok(Json(by_hand::list(&state, &registrar.scope(), id.0, asked, page).await?))
}

/// 批准人工记分
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = PointsProposalView), Refusals))]
#[post("/points/{id}/approve")]
async fn approve_points(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
) -> Result<Json<PointsProposalView>, Problem> {
    let (scope, by) = (registrar.scope(), registrar.id());
    Ok(Json(by_hand::decide(&state, &scope, by, id.0, Verdict::Approve).await?))
}

/// 不批准人工记分，说明理由
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = LedgerRefusal, responses((status = 200, body = PointsProposalView), Refusals))]
#[post("/points/{id}/refuse")]
async fn refuse_points(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    input: Input<LedgerRefusal>,
) -> Result<Json<PointsProposalView>, Problem> {
    let (scope, by) = (registrar.scope(), registrar.id());
    Ok(Json(by_hand::decide(&state, &scope, by, id.0, input.value.into()).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(list_corrections)
        .service(read_rules)
        .service(set_rules)
        .service(propose_points)
        .service(list_points)
        .service(approve_points)
        .service(refuse_points);
}
