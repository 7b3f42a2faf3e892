//! One's own data, leaving, reveals and the audit register, over HTTP.

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, delete,
    dev::Payload,
    get, post,
    web::{Data, Json},
};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    identity::{Inspector, Registrar, Resident},
    platform::{
        AppState,
        http::{Id, Input, Page, Params, Problem, problem::Refusals},
    },
};

use super::{
    leave, own,
    register::{self, AuditQuery, AuditView},
    reveal::{self, RevealForm, Revealed},
};

/// The header that says a person means it.
const CONFIRM: &str = "Confirm-Leaving";

/// 注销 is not done by a slip of the thumb: `Confirm-Leaving: yes`.
struct MeansIt;

impl FromRequest for MeansIt {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let said = request.headers().get(CONFIRM).is_some_and(|value| value == "yes");
        std::future::ready(said.then_some(Self).ok_or_else(|| {
            let zh = "注销以后不能恢复，请再确认一次";
            Problem::field(CONFIRM, "required", zh, "Leaving is for good: Confirm-Leaving: yes")
        }))
    }
}

/// 导出我的全部数据
#[utoipa::path(tag = "我的", security(("bearer" = [])), responses((status = 200, body = serde_json::Map<String, serde_json::Value>, description = "按数据表分组，每行一个对象"), Refusals))]
#[get("/me/export")]
async fn export_me(state: Data<AppState>, me: Resident) -> Result<HttpResponse, Problem> {
    let all = own::export(&state, me.id()).await?;
    let name = ("Content-Disposition", "attachment; filename=\"linli.json\"");
    Ok(HttpResponse::Ok().insert_header(name).json(all))
}

/// 注销账号：马上生效，不能恢复；服务时长留在任务和组织的合计里，不再能认出是谁
#[utoipa::path(tag = "我的", security(("bearer" = [])), params(("Confirm-Leaving" = String, Header, description = "写 yes")), responses((status = 204), Refusals))]
#[delete("/me")]
async fn leave_for_good(
    state: Data<AppState>,
    me: Resident,
    _sure: MeansIt,
) -> Result<HttpResponse, Problem> {
    leave::leave(&state, &me.own_scope(), me.id()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// 查看一个人的手机号或真实姓名：要写原因，记入审计，每天有次数
#[utoipa::path(tag = "组织", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = RevealForm, responses((status = 200, body = Revealed), Refusals))]
#[post("/people/{id}/reveal")]
async fn reveal_person(
    state: Data<AppState>,
    by: Registrar,
    id: Id,
    input: Input<RevealForm>,
) -> Result<Json<Revealed>, Problem> {
    Ok(Json(reveal::reveal(&state, &by, id.0, input.value).await?))
}

/// 审计记录，新的在前
#[utoipa::path(tag = "审计", security(("bearer" = ["auditor", "operator", "leader"])), params(AuditQuery), responses((status = 200, body = Page<AuditView>), Refusals))]
#[get("/audit")]
async fn audit_register(
    state: Data<AppState>,
    reader: Inspector,
    query: Params<AuditQuery>,
) -> Result<Json<Page<AuditView>>, Problem> {
    Ok(Json(register::list(&state, &reader, query.0).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(export_me)
        .service(leave_for_good)
        .service(reveal_person)
        .service(audit_register);
}
