//! Claiming, as one transaction. This is its readable definition; whatever is faster must answer the same.
//!
//! 1. the person's row is locked: everything one person does happens one after another
//! 2. the retry key: a stored success is answered again
//! 3. eligibility, under that lock
//! 4. the claim row; a partial unique index allows one seat per person
//! 5. the fact
//! 6. last, the counter: one conditional statement, so the hot row is locked for the shortest time
//! 7. the answer is kept; commit
//!
//! The counter comes last and counts a row that was really inserted: counted first, each double tap would leak a
//! seat.

use ::entity::claim::{ActiveModel, ClaimState};
use actix_web::http::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{self, cards, take_seat},
    identity::{Resident, people},
    kernel::{Error, Event},
    org,
    platform::{
        AppState,
        db::{Step, is_duplicate},
        http::{
            Answer, Problem, RetryKey,
            idempotency::{self, KeyError, Try},
            problem::NOT_FOUND,
        },
        outbox,
    },
};

use super::{
    facts,
    model::{Refusal, judge},
    store, view,
};

#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    #[error("no such task in this scope")]
    NotFound,
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<GrantError> for Problem {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::NotFound => NOT_FOUND.into(),
            GrantError::Refused(refusal) => refusal.into(),
            GrantError::Key(error) => error.into(),
            GrantError::Broken(error) => error.into(),
        }
    }
}

/// Takes a seat of a task for the caller.
///
/// # Errors
/// `NotFound` outside the caller's pools; a typed `Refusal` otherwise. Nothing is stored then.
pub async fn claim(
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    key: &RetryKey,
    body_hash: &str,
) -> Result<Answer, GrantError> {
    let tx = state.db.write().await?;
    people::lock(&tx, me.id()).await?;
    let taken = match idempotency::take(&tx, state, me.id(), key, body_hash).await? {
        Try::Done(answer) => return Ok(answer),
        Try::Fresh(taken) => taken,
    };
    let now = state.clock.now();
    let task = dispatch::find(&*tx, &me.scope(), task_id).await?.ok_or(GrantError::NotFound)?;
    let card = cards(&*tx, std::slice::from_ref(&task)).await?.remove(0);
    let rules = org::settings_of(&*tx, [task.org_id]).await?.remove(&task.org_id);
    let member = facts::member(&*tx, me.id()).await?;
    judge(&card, &member, &rules.unwrap_or_default(), now).map_err(GrantError::Refused)?;

    let row = ActiveModel {
        id: Set(state.rng.id(now)),
        task_id: Set(task_id),
        person_id: Set(me.id()),
        state: Set(ClaimState::Active),
        claimed_at: Set(now),
        ended_at: Set(None),
        checked_in_at: Set(None),
        checked_out_at: Set(None),
        flagged: Set(false),
        minutes: Set(None),
        updated_at: Set(now),
        ..Default::default()
    };
    let stored = row.insert(&*tx).await;
    if stored.as_ref().is_err_and(is_duplicate) {
        return Err(GrantError::Refused(Refusal::AlreadyClaimed));
    }
    let claim = stored.step("store the claim")?;
    let granted = store::fact(&task, &claim, Event::ClaimGranted, Some(me.id()), None);
    outbox::record(&*tx, state, [granted]).await?;
    let Some(task) = take_seat(&tx, task_id, now).await? else {
        drop(tx);
        return Err(GrantError::Refused(classify(state, me, task_id).await?));
    };
    let view = view::one(&*tx, claim, task).await?;
    let answer = taken.keep(&tx, state, StatusCode::CREATED, &view).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Why the last statement found no seat: what became of the task meanwhile.
async fn classify(state: &AppState, me: &Resident, task_id: Uuid) -> Result<Refusal, GrantError> {
    let task = dispatch::find(state.db.read(), &me.scope(), task_id).await?;
    let now = state.clock.now();
    let open = task.is_some_and(|task| {
        task.state == ::entity::task::TaskState::Open && task.claim_until > now
    });
    Ok(if open { Refusal::TaskFull } else { Refusal::TaskClosed })
}
