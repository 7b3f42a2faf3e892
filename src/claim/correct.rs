//! 更正时长: the office finds that the minutes of a claim are wrong. One person asks, a second one decides, and
//! neither of them served on the task. A seat marked as missed turns out to have been served.

use ::entity::{
    claim::{ActiveModel, ClaimState, Model},
    hours_correction,
};
use actix_web::{
    post,
    web::{Data, Json},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use crate::{
    audit::{self, Act, Deed},
    dispatch,
    identity::{Registrar, people},
    kernel::{Day, Error, Event, Fact},
    ledger::{
        CorrectionView, LedgerRefusal, SECOND_PERSON, Verdict,
        correction::{self, CorrectionError, Proposal},
    },
    platform::{
        AppState, Tx,
        db::Step,
        http::{
            Answer, Id, Input, Problem, RetryKey,
            idempotency::create,
            input::readable,
            problem::{NOT_FOUND, Refusals},
        },
        outbox,
    },
};

use super::{
    absence,
    model::{self, holds_seat},
    store,
};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionForm {
    /// Whole minutes the claim is to stand at; not longer than the task.
    #[validate(range(min = 0, max = 10_080))]
    #[schema(minimum = 0, maximum = 10_080)]
    pub minutes: i32,
    /// What happened; the member and the second person read it.
    #[validate(length(min = 2, max = 200), custom(function = readable))]
    #[schema(min_length = 2, max_length = 200)]
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    #[error("no such claim or correction, or out of reach")]
    NotFound,
    #[error("nothing was served or missed yet: {0:?}")]
    NotNow(ClaimState),
    #[error("longer than the task, {0} minutes")]
    TooLong(i32),
    #[error("one who served here")]
    Served,
    #[error(transparent)]
    Ledger(#[from] CorrectionError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<CorrectError> for Problem {
    fn from(error: CorrectError) -> Self {
        match error {
            CorrectError::NotFound => NOT_FOUND.into(),
            CorrectError::NotNow(state) => {
                let zh = format!("接单现在是「{}」，确认以后才能更正时长", model::said(state));
                Self::state(state, zh, "Hours are corrected once they were confirmed")
            }
            CorrectError::TooLong(most) => Self::field(
                "minutes",
                "range",
                format!("不能超过任务的 {most} 分钟"),
                "Not longer than the task",
            ),
            CorrectError::Served => SECOND_PERSON.into(),
            CorrectError::Ledger(error) => error.into(),
            CorrectError::Broken(error) => error.into(),
        }
    }
}

fn settled(state: ClaimState) -> bool {
    matches!(state, ClaimState::Confirmed | ClaimState::NoShow)
}

/// Asks for a correction, in the caller's transaction; audited.
///
/// # Errors
/// `NotFound` out of reach; `NotNow` before the hours were confirmed; `TooLong`; the ledger's own refusals.
pub async fn propose(
    tx: &Tx,
    state: &AppState,
    by: &Registrar,
    claim_id: Uuid,
    form: CorrectionForm,
) -> Result<CorrectionView, CorrectError> {
    let scope = by.scope();
    let claim = store::find(&**tx, &scope, claim_id).await?.ok_or(CorrectError::NotFound)?;
    let task = dispatch::find_for_staff(&**tx, &scope, claim.task_id).await?;
    let task = task.ok_or(CorrectError::NotFound)?;
    if !settled(claim.state) {
        return Err(CorrectError::NotNow(claim.state));
    }
    let window = model::minutes((task.starts_at, task.ends_at), task.starts_at, task.ends_at);
    if form.minutes > window {
        return Err(CorrectError::TooLong(window));
    }
    let reason = form.reason.trim().to_owned();
    let asked = Proposal {
        claim_id,
        person_id: claim.person_id,
        org_id: task.org_id,
        task_id: task.id,
        day: Day::of(task.starts_at),
        minutes: form.minutes,
        reason: reason.clone(),
        by: by.id(),
    };
    let row = correction::propose(tx, state, asked).await?;
    record(tx, state, &row, Event::ClaimCorrectionProposed, by.id()).await?;
    audit::record(tx, state, deed(Act::HoursCorrectionProposed, by, &row, Some(reason))).await?;
    Ok(correction::view(&**tx, state, row).await?)
}

/// Between the member and the office: the resident's timeline does not tell of it.
async fn record(
    tx: &Tx,
    state: &AppState,
    row: &hours_correction::Model,
    event: Event,
    by: Uuid,
) -> Result<(), Error> {
    let fact = Fact {
        event,
        org_id: row.org_id,
        request_id: None,
        task_id: Some(row.task_id),
        subject_id: row.claim_id,
        actor_id: Some(by),
        words: None,
    };
    outbox::record(&**tx, state, [fact]).await
}

fn deed(act: Act, by: &Registrar, row: &hours_correction::Model, why: Option<String>) -> Deed {
    Deed { act, actor_id: Some(by.id()), org_id: Some(row.org_id), subject_id: Some(row.id), why }
}

/// Says yes or no to what another asked for; audited. With a yes the claim stands at the new minutes.
///
/// # Errors
/// `NotFound` out of reach; `Served` for whoever held a seat of the task; the ledger's own refusals.
pub async fn decide(
    state: &AppState,
    by: &Registrar,
    id: Uuid,
    verdict: Verdict,
) -> Result<CorrectionView, CorrectError> {
    let scope = by.scope();
    let tx = state.db.write().await?;
    let asked = correction::find(&*tx, &scope, id).await?.ok_or(CorrectError::NotFound)?;
    people::lock(&tx, asked.person_id).await?;
    let task = dispatch::lock(&tx, &scope, asked.task_id).await?.ok_or(CorrectError::NotFound)?;
    let claims = store::on_task(&*tx, &scope, task.id).await?;
    if claims.iter().any(|claim| claim.person_id == by.id() && holds_seat(claim.state)) {
        return Err(CorrectError::Served);
    }
    let claim = claims.into_iter().find(|claim| claim.id == asked.claim_id);
    let claim = claim.ok_or(CorrectError::NotFound)?;
    let row = correction::decide(&tx, state, &scope, by.id(), id, &verdict).await?;
    let (event, act, why) = match verdict {
        Verdict::Approve => {
            stand_at(&tx, state, claim, row.minutes_to).await?;
            (Event::ClaimCorrected, Act::HoursCorrected, None)
        }
        Verdict::Refuse { reason } => {
            (Event::ClaimCorrectionRefused, Act::HoursCorrectionRefused, Some(reason))
        }
    };
    record(&tx, state, &row, event, by.id()).await?;
    audit::record(&tx, state, deed(act, by, &row, why)).await?;
    let view = correction::view(&*tx, state, row).await?;
    tx.commit().await?;
    Ok(view)
}

/// The claim says what the ledger says; one that was marked as missed was served after all.
async fn stand_at(tx: &Tx, state: &AppState, claim: Model, minutes: i32) -> Result<(), Error> {
    let came = claim.state == ClaimState::NoShow && minutes > 0;
    let mut row: ActiveModel = claim.into();
    row.minutes = Set(Some(minutes));
    row.updated_at = Set(state.clock.now());
    if came {
        row.state = Set(ClaimState::Confirmed);
        row.ended_at = Set(None);
    }
    let claim = row.update(&**tx).await.step("correct a claim")?;
    if came {
        absence::take_back(tx, state, claim.id).await?;
    }
    Ok(())
}

/// 更正时长：提出，由没有参加服务的另一个人审批
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = CorrectionForm, responses((status = 201, body = CorrectionView), Refusals))]
#[post("/claims/{id}/correct")]
async fn correct_claim(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    key: RetryKey,
    input: Input<CorrectionForm>,
) -> Result<Answer, Problem> {
    let Input { value, hash } = input;
    let work = async |tx: &_| propose(tx, &state, &registrar, id.0, value).await;
    create(&state, registrar.id(), &key, &hash, work).await
}

/// 批准更正时长：不能是提出的人、本人和一起服务的人
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), responses((status = 200, body = CorrectionView), Refusals))]
#[post("/hours/{id}/approve")]
async fn approve_correction(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
) -> Result<Json<CorrectionView>, Problem> {
    Ok(Json(decide(&state, &registrar, id.0, Verdict::Approve).await?))
}

/// 不批准更正时长，说明理由
#[utoipa::path(tag = "账本", security(("bearer" = ["dispatcher", "secretary", "leader"])), params(("id" = Uuid, Path)), request_body = LedgerRefusal, responses((status = 200, body = CorrectionView), Refusals))]
#[post("/hours/{id}/refuse")]
async fn refuse_correction(
    state: Data<AppState>,
    registrar: Registrar,
    id: Id,
    input: Input<LedgerRefusal>,
) -> Result<Json<CorrectionView>, Problem> {
    Ok(Json(decide(&state, &registrar, id.0, input.value.into()).await?))
}

pub(super) fn configure(routes: &mut ServiceConfig) {
    routes.service(correct_claim).service(approve_correction).service(refuse_correction);
}
