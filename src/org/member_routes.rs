//! An org's people over HTTP: the roster, places (双报到, 转接), skills, party records.

use ::entity::membership::{MemberClass, MembershipState};
use actix_web::{
    HttpResponse, delete, get, post, put,
    web::{Data, Json, Path},
};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    identity::{PartyKeeper, Registrar, Resident},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Page, Params, Problem, RetryKey, idempotency::create,
            input::readable, page, problem::Refusals,
        },
    },
};

use super::{
    members::{self, MemberFilter, MemberView, NewMember},
    memberships::{self, Decision, MembershipRefusal, MembershipView, NewMembership},
    moves::{self, MembershipChange, MembershipEnd, MembershipMove},
    party::{self, PartyChange, PartyView},
    quiet::{self, QuietChange},
    skills::{self, ExpiringView, SkillChange, SkillView, Whose},
};

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberQuery {
    /// When absent: pending and confirmed.
    state: Option<MembershipState>,
    class: Option<MemberClass>,
    /// A part of the name.
    #[param(min_length = 1, max_length = 30)]
    #[validate(length(min = 1, max = 30), custom(function = readable))]
    q: Option<String>,
    /// The rosters of all orgs below it too.
    below: Option<bool>,
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
pub struct ExpiringQuery {
    /// 1 to 366, 60 when absent.
    #[param(minimum = 1, maximum = 366)]
    #[validate(range(min = 1, max = 366))]
    within_days: Option<u64>,
}

/// 花名册登记一名党员或居民
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = NewMember, responses((status = 201, body = MemberView), Refusals))]
#[post("/orgs/{id}/members")]
async fn add_member(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    key: RetryKey,
    input: Input<NewMember>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, scope, by) = (input, registrar.scope(), registrar.id());
    let work = async |tx: &_| members::add(tx, &state, &scope, by, id.0, value).await;
    create(&state, by, &key, &hash, work).await
}

/// 花名册，新登记的在前；可以按类别和姓名查找
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), MemberQuery), responses((status = 200, body = Page<MemberView>), Refusals))]
#[get("/orgs/{id}/members")]
async fn list_members(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    query: Params<MemberQuery>,
) -> Result<Json<Page<MemberView>>, Problem> {
    let MemberQuery { state: asked, class, q, below, limit, cursor } = query.0;
    let (after, limit) = (page::after(cursor.as_deref())?, page::limit(limit));
    let name = q.map(|q| q.trim().to_owned());
    let filter = MemberFilter { state: asked, class, name, below: below.unwrap_or(false) };
    Ok(Json(members::list(&state, &registrar.scope(), id.0, filter, after, limit).await?))
}

/// 党员档案：只有支部书记和领导能看，每次查看都记入审计
#[utoipa::path(tag = "花名册", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path)), responses((status = 200, body = PartyView), Refusals))]
#[get("/orgs/{id}/members/{person_id}/party")]
async fn read_party_record(
    state: Data<AppState>,
    keeper: PartyKeeper,
    ids: Path<(Uuid, Uuid)>,
) -> Result<Json<PartyView>, Problem> {
    let (org_id, person_id) = ids.into_inner();
    Ok(Json(party::read(&state, &keeper, org_id, person_id).await?))
}

/// 修改党员档案：整份替换
#[utoipa::path(tag = "花名册", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path)), request_body = PartyChange, responses((status = 200, body = PartyView), Refusals))]
#[put("/orgs/{id}/members/{person_id}/party")]
async fn change_party_record(
    state: Data<AppState>,
    keeper: PartyKeeper,
    ids: Path<(Uuid, Uuid)>,
    input: Input<PartyChange>,
) -> Result<Json<PartyView>, Problem> {
    let (org_id, person_id) = ids.into_inner();
    Ok(Json(party::change(&state, &keeper, org_id, person_id, input.value).await?))
}

/// 不再给这个人发喜庆的通知（去世、重病、家中有丧），或恢复；理由只记在审计里
#[utoipa::path(tag = "花名册", security(("bearer" = ["secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path)), request_body = QuietChange, responses((status = 200, body = PartyView), Refusals))]
#[put("/orgs/{id}/members/{person_id}/quiet")]
async fn quiet_member(
    state: Data<AppState>,
    keeper: PartyKeeper,
    ids: Path<(Uuid, Uuid)>,
    input: Input<QuietChange>,
) -> Result<Json<PartyView>, Problem> {
    let (org_id, person_id) = ids.into_inner();
    Ok(Json(quiet::change(&state, &keeper, org_id, person_id, input.value).await?))
}

/// 一个人的技能和证书
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path)), responses((status = 200, body = Vec<SkillView>), Refusals))]
#[get("/orgs/{id}/members/{person_id}/skills")]
async fn list_skills(
    state: Data<AppState>,
    registrar: Registrar,
    ids: Path<(Uuid, Uuid)>,
) -> Result<Json<Vec<SkillView>>, Problem> {
    let ((org_id, person_id), scope) = (ids.into_inner(), registrar.scope());
    let whose = Whose { scope: &scope, org_id, person_id };
    Ok(Json(skills::list(state.db.read(), &state, &whose).await?))
}

/// 登记一项技能：有效期和证书，整项替换
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path), ("skill" = String, Path)), request_body = SkillChange, responses((status = 200, body = Vec<SkillView>), Refusals))]
#[put("/orgs/{id}/members/{person_id}/skills/{skill}")]
async fn set_skill(
    state: Data<AppState>,
    registrar: Registrar,
    ids: Path<(Uuid, Uuid, String)>,
    input: Input<SkillChange>,
) -> Result<Json<Vec<SkillView>>, Problem> {
    let ((org_id, person_id, skill), scope) = (ids.into_inner(), registrar.scope());
    let skill = skill_name(&skill)?;
    let whose = Whose { scope: &scope, org_id, person_id };
    Ok(Json(skills::set(&state, &whose, registrar.id(), skill, input.value).await?))
}

/// 去掉一项技能和它的证书
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), ("person_id" = Uuid, Path), ("skill" = String, Path)), responses((status = 204), Refusals))]
#[delete("/orgs/{id}/members/{person_id}/skills/{skill}")]
async fn remove_skill(
    state: Data<AppState>,
    registrar: Registrar,
    ids: Path<(Uuid, Uuid, String)>,
) -> Result<HttpResponse, Problem> {
    let ((org_id, person_id, skill), scope) = (ids.into_inner(), registrar.scope());
    let whose = Whose { scope: &scope, org_id, person_id };
    skills::remove(&state, &whose, skill_name(&skill)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The skill a path names.
fn skill_name(text: &str) -> Result<&str, Problem> {
    let skill = text.trim();
    if (1..=20).contains(&skill.chars().count()) && readable(skill).is_ok() {
        return Ok(skill);
    }
    let zh = "技能要有 1 到 20 个字";
    Err(Problem::field("skill", "length", zh, "A skill has 1 to 20 signs"))
}

/// 快到期和已过期的技能，本组织和下级，最近的在前，最多一百项
#[utoipa::path(tag = "花名册", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path), ExpiringQuery), responses((status = 200, body = Vec<ExpiringView>), Refusals))]
#[get("/orgs/{id}/skills/expiring")]
async fn expiring_skills(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    query: Params<ExpiringQuery>,
) -> Result<Json<Vec<ExpiringView>>, Problem> {
    let days = query.0.within_days.unwrap_or(60);
    Ok(Json(skills::expiring(&state, &registrar.scope(), id.0, days).await?))
}

/// 双报到：申请登记所在支部或居住地社区
#[utoipa::path(tag = "组织", security(("bearer" = [])), request_body = NewMembership, responses((status = 201, body = MembershipView), Refusals))]
#[post("/me/memberships")]
async fn ask_membership(
    state: Data<AppState>,
    me: Resident,
    key: RetryKey,
    input: Input<NewMembership>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| memberships::ask(tx, &state, me.id(), value).await;
    create(&state, me.id(), &key, &hash, work).await
}

/// 确认组织关系
#[utoipa::path(tag = "组织", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = MembershipView), Refusals))]
#[post("/memberships/{id}/confirm")]
async fn confirm_membership(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
) -> Result<Json<MembershipView>, Problem> {
    let (scope, by) = (registrar.scope(), registrar.id());
    Ok(Json(memberships::decide(&state, &scope, by, id.0, Decision::Confirm).await?))
}

/// 不予确认，说明理由
#[utoipa::path(tag = "组织", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = MembershipRefusal, responses((status = 200, body = MembershipView), Refusals))]
#[post("/memberships/{id}/refuse")]
async fn refuse_membership(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    input: Input<MembershipRefusal>,
) -> Result<Json<MembershipView>, Problem> {
    let (scope, by) = (registrar.scope(), registrar.id());
    let decision = Decision::Refuse { reason: input.value.reason };
    Ok(Json(memberships::decide(&state, &scope, by, id.0, decision).await?))
}

/// 组织关系转接：原来的结束，新的由接收支部确认
#[utoipa::path(tag = "组织", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = MembershipMove, responses((status = 201, body = MembershipView), Refusals))]
#[post("/memberships/{id}/move")]
async fn move_membership(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    key: RetryKey,
    input: Input<MembershipMove>,
) -> Result<Answer, Problem> {
    let (Input { value, hash }, scope, by) = (input, registrar.scope(), registrar.id());
    let work = async |tx: &_| moves::relocate(tx, &state, &scope, by, id.0, value).await;
    create(&state, by, &key, &hash, work).await
}

/// 结束组织关系；时长留在本人名下
#[utoipa::path(tag = "组织", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = MembershipEnd, responses((status = 200, body = MembershipView), Refusals))]
#[post("/memberships/{id}/end")]
async fn end_membership(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    input: Input<MembershipEnd>,
) -> Result<Json<MembershipView>, Problem> {
    let (scope, by) = (registrar.scope(), registrar.id());
    Ok(Json(moves::end(&state, &scope, by, id.0, &input.value.reason).await?))
}

/// 修改党员类别：在职、无职、流动、夕阳红、普通
#[utoipa::path(tag = "组织", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = MembershipChange, responses((status = 200, body = MembershipView), Refusals))]
#[put("/memberships/{id}")]
async fn change_membership(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    input: Input<MembershipChange>,
) -> Result<Json<MembershipView>, Problem> {
    Ok(Json(moves::classify(&state, &registrar.scope(), id.0, input.value.class).await?))
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(add_member)
        .service(list_members)
        .service(read_party_record)
        .service(change_party_record)
        .service(quiet_member)
        .service(list_skills)
        .service(set_skill)
        .service(remove_skill)
        .service(expiring_skills)
        .service(ask_membership)
        .service(confirm_membership)
        .service(refuse_membership)
        .service(move_membership)
        .service(end_membership)
        .service(change_membership);
}
