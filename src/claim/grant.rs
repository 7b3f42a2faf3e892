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

use ::entity::{
    At,
    claim::{ActiveModel, ClaimState, Model},
    offer::{self, OfferKind, OfferState},
    task::{self, TaskState},
    waitlist::WaitState,
};
use actix_web::http::StatusCode;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::{
    dispatch::{self, Card, Reserve, cards, take_held_seat, take_kept_seat, take_seat},
    identity::{Resident, Scope, people},
    kernel::{Error, Event},
    org,
    platform::{
        AppState, Tx,
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
    OFFER_OVER, TRY_AGAIN, facts, hand_over,
    model::{reasons, reserve},
    queue,
    refusal::Refusal,
    store, view,
};

#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    #[error("no such task in this scope")]
    NotFound,
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error("others are ahead")]
    TryAgain,
    #[error("the offer is {0:?}")]
    OfferOver(OfferState),
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
            GrantError::TryAgain => Self::from(TRY_AGAIN).retry_after(1),
            GrantError::OfferOver(state) => Self::from(OFFER_OVER).with("state", state),
            GrantError::Key(error) => error.into(),
            GrantError::Broken(error) => error.into(),
        }
    }
}

/// Where a seat comes from.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// There are free ones.
    Free,
    /// A live offer keeps it; the task is locked.
    Kept(offer::Model),
    /// A colleague hands it over by that offer and their claim; the task is locked.
    Handed(offer::Model, Box<Model>),
}

impl Source {
    /// The card as if the seat were free: so it is to the one it is kept for.
    fn open_on(&self, card: &mut Card) {
        match self {
            Self::Free => {}
            Self::Kept(_) => card.held -= 1,
            Self::Handed(..) => card.filled -= 1,
        }
    }
}

/// By whose doing.
#[derive(Clone, Copy, Debug)]
pub(super) enum By {
    Themselves,
    /// Their word given earlier, to be taken at once.
    TheirWord,
    /// The office; `force` sets the soft rules aside.
    Office {
        id: Uuid,
        force: bool,
    },
}

/// Takes a seat of a task for the caller. Answers the task as it is now, too, where the seat was not theirs before.
///
/// # Errors
/// `NotFound` outside the caller's pools; a typed `Refusal` otherwise. Nothing is stored then.
pub async fn claim(
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    key: &RetryKey,
    body_hash: &str,
) -> Result<(Answer, Option<task::Model>), GrantError> {
    let tx = state.claims.write().await?;
    people::lock(&tx, me.id()).await?;
    let taken = match idempotency::take(&tx, state, me.id(), key, body_hash).await? {
        Try::Done(answer) => return Ok((answer, None)),
        Try::Fresh(taken) => taken,
    };
    let task = dispatch::find(&*tx, &me.scope(), task_id).await?.ok_or(GrantError::NotFound)?;
    let (task, source) = source_for(&tx, state, task, me.id()).await?;
    let (claim, task) = grant(&tx, state, &task, source, me.id(), By::Themselves).await?;
    let view = view::one(&*tx, claim, task.clone()).await?;
    let answer = taken.keep(&tx, state, StatusCode::CREATED, &view).await?;
    tx.commit().await?;
    Ok((answer, Some(task)))
}

/// A seat that is kept for this person, else a free one. Only where seats are kept is the task locked early.
pub(super) async fn source_for(
    tx: &Tx,
    state: &AppState,
    task: task::Model,
    who: Uuid,
) -> Result<(task::Model, Source), GrantError> {
    let (house, now) = (Scope::house(), state.clock.now());
    let own = (task.id, who);
    if task.held == 0 || queue::live_for(&**tx, &house, own).await?.is_none() {
        return Ok((task, Source::Free));
    }
    let task = dispatch::lock(tx, &house, task.id).await?.ok_or(GrantError::NotFound)?;
    // Read again: the task's lock is what protects an offer's state.
    let kept = queue::live_for(&**tx, &house, own).await?;
    let kept = kept.filter(|offer| offer.kind != OfferKind::HandOver && offer.expires_at > now);
    Ok((task, kept.map_or(Source::Free, Source::Kept)))
}

/// Steps 3 to 6 for a person who is locked: every claim there is begins here.
///
/// # Errors
/// The first reason against it that may not be set aside.
pub(super) async fn grant(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    source: Source,
    who: Uuid,
    by: By,
) -> Result<(Model, task::Model), GrantError> {
    let now = state.clock.now();
    let mut card = cards(&**tx, std::slice::from_ref(task)).await?.remove(0);
    source.open_on(&mut card);
    let rules = org::settings_of(&**tx, [task.org_id]).await?.remove(&task.org_id);
    let member = facts::member(&**tx, who, now).await?;
    let force = matches!(by, By::Office { force: true, .. });
    let reserve = reserve(&card, &member);
    let mut against = reasons(&card, &member, &rules.unwrap_or_default(), now).into_iter();
    if let Some(refusal) = against.find(|refusal| !(force && refusal.is_soft())) {
        return Err(GrantError::Refused(refusal));
    }
    let (actor, assigned_by) = match by {
        By::Themselves | By::TheirWord => (who, None),
        By::Office { id, .. } => (id, Some(id)),
    };
    // Who is taken at once does not know yet.
    let answering = (!matches!(by, By::TheirWord)).then_some(who);
    let marks = ActiveModel { assigned_by: Set(assigned_by), ..Default::default() };
    let claim = enter(tx, state, task, who, marks, (Event::ClaimGranted, actor)).await?;
    let task = match source {
        Source::Free => take_free(tx, task, now, (reserve, force)).await?,
        Source::Kept(offer) => take_kept(tx, state, task, offer, answering).await?,
        Source::Handed(offer, giver) => {
            hand_over::pass_on(tx, state, task, (offer, *giver), answering).await?;
            task.clone()
        }
    };
    Ok((claim, task))
}

/// The row of a claim that is made now.
pub(super) fn row(state: &AppState, task_id: Uuid, who: Uuid, now: At) -> ActiveModel {
    ActiveModel {
        id: Set(state.rng.id(now)),
        task_id: Set(task_id),
        person_id: Set(who),
        state: Set(ClaimState::Active),
        claimed_at: Set(now),
        flagged: Set(false),
        updated_at: Set(now),
        ..Default::default()
    }
}

/// Writes the row of a claim, marked as `marks` says, and its fact. Its seat is counted by the caller, afterwards.
///
/// # Errors
/// `AlreadyClaimed` where the person holds a seat of the task.
pub(super) async fn enter(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    who: Uuid,
    marks: ActiveModel,
    (event, actor): (Event, Uuid),
) -> Result<Model, GrantError> {
    let row = row(state, task.id, who, state.clock.now());
    let row = ActiveModel { assigned_by: marks.assigned_by, walk_in: marks.walk_in, ..row };
    let stored = row.insert(&**tx).await;
    if stored.as_ref().is_err_and(is_duplicate) {
        return Err(GrantError::Refused(Refusal::AlreadyClaimed));
    }
    let claim = stored.step("store the claim")?;
    let fact = store::fact(task, &claim, event, Some(actor), None);
    outbox::record(&**tx, state, [fact]).await?;
    Ok(claim)
}

/// A seat that is kept for such people, else one that is for all; by the office's force one that is kept for others.
async fn take_free(
    tx: &Tx,
    task: &task::Model,
    now: At,
    (reserve, force): (Option<Reserve>, bool),
) -> Result<task::Model, GrantError> {
    if let Some(reserve) = reserve
        && let Some(task) = take_kept_seat(tx, task.id, reserve, now).await?
    {
        return Ok(task);
    }
    if let Some(task) = take_seat(tx, task.id, now).await? {
        return Ok(task);
    }
    for reserve in [Reserve::FirstTimer, Reserve::Lead].into_iter().filter(|_| force) {
        if let Some(task) = take_kept_seat(tx, task.id, reserve, now).await? {
            return Ok(task);
        }
    }
    // What became of the task meanwhile.
    let task = dispatch::find(&**tx, &Scope::house(), task.id).await?;
    let open = task.filter(|task| task.state == TaskState::Open && task.claim_until > now);
    Err(GrantError::Refused(match open {
        None => Refusal::TaskClosed,
        Some(task) if task.opens_at > now => Refusal::OpensAt(task.opens_at),
        Some(task) if task.awaits_draw() => Refusal::ByDraw(task.draw_at.unwrap_or(now)),
        Some(task) if task.used + task.held < task.slots => Refusal::SeatsKept {
            first_timers: task.keep_new,
            lead: task.keep_lead > 0,
            until: task.keep_until.unwrap_or(task.claim_until),
        },
        Some(_) => Refusal::TaskFull,
    }))
}

/// The offer is answered, its place in the queue promoted, and the seat it kept becomes the claim's.
async fn take_kept(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    offer: offer::Model,
    actor: Option<Uuid>,
) -> Result<task::Model, Error> {
    let now = state.clock.now();
    answered(tx, state, task, offer, actor).await?;
    let taken = take_held_seat(tx, task.id, now).await?;
    // Judged under the task's lock: it cannot have closed since.
    taken.ok_or_else(|| Error::impossible("take the seat an offer keeps"))
}

/// An offer was accepted, and who waited waits no longer.
pub(super) async fn answered(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    offer: offer::Model,
    actor: Option<Uuid>,
) -> Result<(), Error> {
    let now = state.clock.now();
    let own = (offer.task_id, offer.person_id);
    if let Some(place) = queue::place(&**tx, &Scope::house(), own).await? {
        queue::move_place(tx, place, WaitState::Promoted, now).await?;
    }
    let offer = queue::end_offer(tx, offer, OfferState::Accepted, now).await?;
    let fact = queue::fact(task, offer.id, Event::OfferAccepted, actor);
    outbox::record(&**tx, state, [fact]).await
}
