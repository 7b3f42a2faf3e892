//! 申诉: who was refused asks for a second pair of eyes; somebody else of the office or of an org above decides.

use ::entity::{
    absence::{ActiveModel, Model, Ruling},
    points_rule::PointsTrigger,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    identity::{Resident, Reviewer},
    kernel::Event,
    ledger::points,
    platform::{AppState, db::Step, outbox},
};

use super::{
    AbsenceError, Standing,
    excuse::{audited, locked},
    fact,
    model::{Command, NotNow, check},
};

const NOTHING: NotNow = NotNow { standing: Standing::Unexplained };

/// Asks another person to look at a refused excuse; once.
///
/// # Errors
/// `NotFound` for another's claim; `NotNow` unless an excuse was refused.
pub(super) async fn appeal(
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
    let known = known.ok_or(NOTHING)?;
    check(Standing::of(&known), Command::Appeal)?;
    let id = known.id;
    let mut row: ActiveModel = known.into();
    row.appeal = Set(Some(state.crypto.seal("absence.appeal", id, words)));
    row.appeal_at = Set(Some(state.clock.now()));
    let absence = row.update(&*tx).await.step("keep an appeal")?;
    let sent = fact(&task, &absence, Event::AbsenceAppealed, me.id());
    outbox::record(&*tx, state, [sent]).await?;
    tx.commit().await?;
    Ok(absence)
}

/// Decides an appeal, for good.
///
/// # Errors
/// `NotFound` out of reach; `SamePerson` for whoever refused the excuse or missed the work; `NotNow` without an appeal.
pub(super) async fn rule(
    state: &AppState,
    reviewer: &Reviewer,
    claim_id: Uuid,
    ruling: Ruling,
    words: &str,
) -> Result<Model, AbsenceError> {
    let tx = state.db.write().await?;
    let (_, task, known) = locked(&tx, &reviewer.scope(), claim_id).await?;
    let known = known.ok_or(NOTHING)?;
    if [Some(known.person_id), known.ruled_by].contains(&Some(reviewer.id())) {
        return Err(AbsenceError::SamePerson);
    }
    check(Standing::of(&known), Command::RuleAppeal)?;
    let id = known.id;
    let mut row: ActiveModel = known.into();
    row.appeal_ruling = Set(Some(ruling));
    row.appeal_words = Set(Some(state.crypto.seal("absence.appeal_words", id, words)));
    row.appeal_ruled_by = Set(Some(reviewer.id()));
    row.appeal_ruled_at = Set(Some(state.clock.now()));
    row.excused = Set(ruling == Ruling::Accepted);
    let absence = row.update(&*tx).await.step("decide an appeal")?;
    if absence.excused {
        points::take_back(&tx, state, PointsTrigger::NoShow, claim_id).await?;
    }
    let event = match ruling {
        Ruling::Accepted => Event::AbsenceExcused,
        Ruling::Refused => Event::AppealRefused,
    };
    outbox::record(&*tx, state, [fact(&task, &absence, event, reviewer.id())]).await?;
    audited(&tx, state, &absence, reviewer.id(), words).await?;
    tx.commit().await?;
    Ok(absence)
}
