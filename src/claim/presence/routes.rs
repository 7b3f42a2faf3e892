//! Coming and going over HTTP.

use ::entity::At;
use actix_web::{
    post,
    web::{Data, Json},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    claim::{
        roster::{self, Roster, RosterLine},
        store,
        view::{self, ClaimView},
    },
    identity::{Resident, people::is_mobile},
    platform::{
        AppState,
        http::{
            Answer, Id, Input, Problem, RetryKey, idempotency,
            input::readable,
            problem::{NOT_FOUND, Refusals},
        },
    },
};

use super::{
    check_in::{self, Shown},
    check_out,
    staff::{self, Step},
    walk_in::{self, Who},
};

/// One's own: `code`; or `lat` and `lng` where the org checks in by place; or, kept without signal, `code`,
/// `taken_at` and `proof`. By the lead or the office for somebody else: nothing.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckInForm {
    /// The code shown at the place.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_length = 1, max_length = 20)]
    code: Option<String>,
    /// GCJ-02, degrees. Compared with the task's place and forgotten.
    #[validate(range(min = 3.0, max = 54.0))]
    #[schema(minimum = 3.0, maximum = 54.0)]
    lat: Option<f64>,
    /// GCJ-02, degrees.
    #[validate(range(min = 73.0, max = 136.0))]
    #[schema(minimum = 73.0, maximum = 136.0)]
    lng: Option<f64>,
    /// When the code was entered, by the phone's clock.
    taken_at: Option<At>,
    /// The voucher from the task's page (`offline.proof`).
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    proof: Option<String>,
}

impl CheckInForm {
    fn shown(self) -> Result<Shown, Problem> {
        let needed = |field: &str| {
            let zh = format!("请填写 {field}");
            Problem::field(field, "required", zh, format!("{field} is required"))
        };
        match self {
            Self { taken_at: None, proof: None, code: Some(code), lat: None, lng: None } => {
                Ok(Shown::Code(code))
            }
            Self { taken_at: None, proof: None, code: None, lat: Some(lat), lng: Some(lng) } => {
                Ok(Shown::Place { lat, lng })
            }
            Self { taken_at: None, proof: None, lat: None, lng: None, .. } => Err(needed("code")),
            Self { lat: Some(_), lng: None, .. } => Err(needed("lng")),
            Self { lat: None, lng: Some(_), .. } => Err(needed("lat")),
            Self { lat: Some(_), .. } => {
                let zh = "定位和签到码请只用一种";
                Err(Problem::field("lat", "value", zh, "Either the place or a code"))
            }
            Self { code, taken_at, proof, .. } => Ok(Shown::Kept {
                code: code.ok_or_else(|| needed("code"))?,
                taken_at: taken_at.ok_or_else(|| needed("taken_at"))?,
                proof: proof.ok_or_else(|| needed("proof"))?,
            }),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self { code: None, lat: None, lng: None, taken_at: None, proof: None })
    }
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PeopleForm {
    /// Claims of this task: all are seen to, or none.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_items = 1, max_items = 100)]
    claim_ids: Vec<Uuid>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WalkInForm {
    /// Either this or the phone.
    user_id: Option<Uuid>,
    /// 11 digits.
    #[validate(length(min = 11, max = 11))]
    #[schema(min_length = 11, max_length = 11)]
    phone: Option<String>,
    /// The office's, where limits are passed over or a seat is added; audited.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    reason: Option<String>,
}

impl WalkInForm {
    fn who(&self) -> Result<Who, Problem> {
        match (self.user_id, &self.phone) {
            (Some(id), None) => Ok(Who::Known(id)),
            (None, Some(phone)) if is_mobile(phone) => Ok(Who::Phone(phone.clone())),
            (None, Some(_)) => Err(Problem::field(
                "phone",
                "value",
                "请填写 11 位手机号",
                "A mobile number of 11 digits",
            )),
            _ => Err(Problem::field(
                "user_id",
                "required",
                "请填写 user_id 或 phone，只填一个",
                "Either user_id or phone",
            )),
        }
    }
}

/// 签到：本人用现场的签到码、定位，或没有信号时留存的记录；负责人和社区可以帮人签到
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = CheckInForm, responses((status = 200, body = ClaimView), Refusals))]
#[post("/claims/{id}/check-in")]
async fn check_in_one(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<CheckInForm>,
) -> Result<Json<ClaimView>, Problem> {
    let form = input.value;
    let (claim, task) = if own(&state, &me, id.0).await? {
        check_in::check_in(&state, &me, id.0, form.shown()?).await?
    } else if form.is_empty() {
        staff::one(&state, &me, id.0, Step::In).await?
    } else {
        let zh = "帮人签到时不用填写内容";
        return Err(Problem::field("body", "value", zh, "Leave the body empty for somebody else"));
    };
    Ok(Json(view::one(state.db.read(), claim, task).await?))
}

/// Whether a claim is the caller's own; what they may not know of is not found.
async fn own(state: &AppState, me: &Resident, id: Uuid) -> Result<bool, Problem> {
    let claim = store::find(state.db.read(), &me.scope(), id).await?.ok_or(NOT_FOUND)?;
    Ok(claim.person_id == me.id())
}

/// 签退：本人，或由负责人和社区代办
#[utoipa::path(tag = "接单", security(("bearer" = [])), params(("id" = Uuid, Path)), responses((status = 200, body = ClaimView), Refusals))]
#[post("/claims/{id}/check-out")]
async fn check_out_one(
    state: Data<AppState>,
    me: Resident,
    id: Id,
) -> Result<Json<ClaimView>, Problem> {
    let (claim, task) = if own(&state, &me, id.0).await? {
        check_out::check_out(&state, &me, id.0).await?
    } else {
        staff::one(&state, &me, id.0, Step::Out).await?
    };
    Ok(Json(view::one(state.db.read(), claim, task).await?))
}

/// 按名单签到（社区和负责人）
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = PeopleForm, responses((status = 200, body = Roster), Refusals))]
#[post("/tasks/{id}/roster/check-in")]
async fn check_many_in(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<PeopleForm>,
) -> Result<Json<Roster>, Problem> {
    staff::many(&state, &me, id.0, &input.value.claim_ids, Step::In).await?;
    Ok(Json(roster::roster(&state, &me, id.0).await?))
}

/// 按名单签退（社区和负责人）
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = PeopleForm, responses((status = 200, body = Roster), Refusals))]
#[post("/tasks/{id}/roster/check-out")]
async fn check_many_out(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    input: Input<PeopleForm>,
) -> Result<Json<Roster>, Problem> {
    staff::many(&state, &me, id.0, &input.value.claim_ids, Step::Out).await?;
    Ok(Json(roster::roster(&state, &me, id.0).await?))
}

/// 现场加入：没接单的人到了现场，有空名额就直接签到
#[utoipa::path(tag = "派单", security(("bearer" = [])), params(("id" = Uuid, Path)), request_body = WalkInForm, responses((status = 201, body = RosterLine), Refusals))]
#[post("/tasks/{id}/walk-ins")]
async fn take_in_walk_in(
    state: Data<AppState>,
    me: Resident,
    id: Id,
    key: RetryKey,
    input: Input<WalkInForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let (who, reason) = (value.who()?, value.reason);
    let work = async |tx: &_| walk_in::take_in(tx, &state, &me, id.0, who, reason).await;
    idempotency::create(&state, me.id(), &key, &hash, work).await
}

pub fn configure(routes: &mut ServiceConfig) {
    routes
        .service(check_in_one)
        .service(check_out_one)
        .service(check_many_in)
        .service(check_many_out)
        .service(take_in_walk_in);
}
