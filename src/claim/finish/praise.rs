//! 五星评价: five stars of the resident count for everybody whose service was confirmed, whichever came first.

use ::entity::{claim::ClaimState, points_rule::PointsTrigger};
use uuid::Uuid;

use crate::{
    claim::store,
    dispatch,
    identity::Scope,
    kernel::{Day, Error},
    ledger::points::{self, Merit},
    platform::{AppState, Tx},
    request,
};

/// Enters what five stars are worth to those who served on a task, or to the holder of `only` this claim. Whoever
/// gave the stars earns nothing by them. Idempotent: a reaction on the answer and on each confirmed claim.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn reward_praise(
    tx: &Tx,
    state: &AppState,
    task_id: Uuid,
    only: Option<Uuid>,
) -> Result<(), Error> {
    let house = Scope::house();
    let Some(praise) = request::praise(&**tx, &house, task_id).await? else { return Ok(()) };
    let Some(task) = dispatch::find(&**tx, &house, task_id).await? else { return Ok(()) };
    let claims = store::on_task(&**tx, &house, task_id).await?;
    let praised = claims.into_iter().filter(|claim| {
        claim.state == ClaimState::Confirmed
            && claim.person_id != praise.by
            && only.is_none_or(|id| id == claim.id)
    });
    let merits: Vec<_> = praised
        .map(|claim| Merit {
            trigger: PointsTrigger::AnswerFiveStars,
            source_id: praise.answer_id,
            person_id: claim.person_id,
            org_id: task.org_id,
            claim_id: Some(claim.id),
            task_id: Some(task.id),
            day: Day::of(praise.at),
            measure: 0,
        })
        .collect();
    points::award_for(tx, state, &merits).await
}
