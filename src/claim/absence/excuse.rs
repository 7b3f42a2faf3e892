//! 说明情况: the member says why; the office answers.

use ::entity::{
    absence::{ActiveModel, Model, Ruling},
    claim::{self, ClaimState},
    points_rule::PointsTrigger,
    task::{self, TaskState},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    claim::{release::vacate, store as claims},
    dispatch,
    identity::{Dispatcher, Resident, Scope, people},
    kernel::{Error, Event},
    ledger::points,
    platform::{AppState, Tx, db::Step, outbox},
};

use super::{
    AbsenceError, Standing, can_be_missed, fact,
    model::{Command, check},
    store::{self, Draft},
};

/// The claim, its task and what is known of the absence; the claimant and the task locked in this order.
pub(super) async fn locked(
    tx: &Tx,
    scope: &Scope,
    claim_id: Uuid,
) -> Result<(claim::Model, task::Model, Option<Model>), AbsenceError> {
    let found = claims::find(&**tx, scope, claim_id).await?.ok_or(AbsenceError::NotFound)?;
    people::lock(tx, found.person_id).await?;
    let task = dispatch::lock(tx, &Scope::house(), found.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("lock the claim's task"))?;
    let claim = claims::find(&**tx, scope, claim_id).await?.ok_or(AbsenceError::NotFound)?;
    let absence = store::of_claim(&**tx, scope, claim_id).await?;
    Ok((claim, task, absence))
}

/// Says why one cannot come or did not; anew while nobody has answered.
///
/// # Errors
/// `NotFound` for another's claim; `WrongState` of who came, left or was confirmed; `NotNow` once it was answered.
pub(super) async fn explain(
    state: &AppState,
    me: &Resident,
    claim_id: Uuid,
    words: &str,
) -> Result<Model, AbsenceError> {
    let tx = state.db.write().await?;
    let (claim, task, known) = locked(&tx, &me.own_scope(), claim_id).await?;
    if claim.person_id != me.id() {
        return Err(AbsenceError::NotFound);
    }
    if !can_be_missed(&claim) {
        return Err(AbsenceError::WrongState(claim.state));
    }
    check(known.as_ref().map_or(Standing::Unexplained, Standing::of), Command::Explain)?;
    let mut draft = Draft::of(state, &task, &claim, known);
    draft.row.excuse = Set(Some(state.crypto.seal("absence.excuse", draft.id, words)));
    draft.row.excuse_at = Set(Some(state.clock.now()));
    let absence = draft.keep(&tx).await?;
    let sent = fact(&task, &absence, Event::ExcuseSent, me.id());
    outbox::record(&*tx, state, [sent]).await?;
    tx.commit().await?;
    Ok(absence)
}

/// Answers an excuse. Accepted before the work is over, the seat is free for another; accepted at all, the absence does
/// not count.
///
/// # Errors
/// `NotFound` outside the office; `SamePerson` for one's own; `NotNow` unless an excuse waits.
pub(super) async fn rule(
    state: &AppState,
    office: &Dispatcher,
    claim_id: Uuid,
    ruling: Ruling,
    words: &str,
) -> Result<Model, AbsenceError> {
    let tx = state.db.write().await?;
    let (claim, task, known) = locked(&tx, &office.scope(), claim_id).await?;
    let known = known.ok_or(super::model::NotNow { standing: Standing::Unexplained })?;
    if known.person_id == office.id() {
        return Err(AbsenceError::SamePerson);
    }
    check(Standing::of(&known), Command::Rule)?;
    let now = state.clock.now();
    let id = known.id;
    let mut row: ActiveModel = known.into();
    row.ruling = Set(Some(ruling));
    row.ruling_words = Set(Some(state.crypto.seal("absence.ruling_words", id, words)));
    row.ruled_by = Set(Some(office.id()));
    row.ruled_at = Set(Some(now));
    row.excused = Set(ruling == Ruling::Accepted);
    let absence = row.update(&*tx).await.step("answer an excuse")?;
    let event = match ruling {
        Ruling::Accepted => Event::AbsenceExcused,
        Ruling::Refused => Event::ExcuseRefused,
    };
    outbox::record(&*tx, state, [fact(&task, &absence, event, office.id())]).await?;
    if absence.excused {
        points::take_back(&tx, state, PointsTrigger::NoShow, claim.id).await?;
    }
    let ahead = task.state == TaskState::Open && now < task.ends_at;
    if absence.excused && claim.state == ClaimState::Active && ahead {
        vacate(&tx, state, task, claim, Event::ClaimReleased, Some(office.id())).await?;
    }
    audited(&tx, state, &absence, office.id(), words).await?;
    tx.commit().await?;
    Ok(absence)
}

/// Rulings on absences are reviews of a person: each leaves its line.
pub(super) async fn audited(
    tx: &Tx,
    state: &AppState,
    absence: &Model,
    by: Uuid,
    words: &str,
) -> Result<(), Error> {
    let deed = Deed {
        act: Act::ExcuseRuled,
        actor_id: Some(by),
        org_id: Some(absence.org_id),
        subject_id: Some(absence.claim_id),
        why: Some(words.to_owned()),
    };
    audit::record(tx, state, deed).await
}
