//! 转交: a seat goes from hand to hand. It stays with the giver until the colleague has accepted, so it is never empty
//! between the two, and never held twice.

use ::entity::{
    claim::{ClaimState, Model},
    offer::{self, OfferKind},
    task,
};
use uuid::Uuid;

use crate::{
    dispatch,
    identity::{Resident, Scope, people},
    kernel::{Error, Event},
    org,
    platform::{
        AppState, Tx,
        http::{Problem, problem::NOT_FOUND},
        outbox,
    },
};

use super::{
    HAS_SEAT, OFFER_PENDING, TASK_CLOSED, facts,
    grant::answered,
    model::said,
    offer_view::{self, OfferView},
    offers::{self, Ending},
    queue, release, store,
};

#[derive(Debug, thiserror::Error)]
pub enum HandOverError {
    #[error("not one's own claim")]
    NotFound,
    #[error("not from state {0:?}")]
    NotNow(ClaimState),
    #[error("seats are no longer given")]
    Closed,
    #[error("nobody of the task's ring")]
    NoColleague,
    #[error("they hold a seat")]
    HasSeat,
    #[error("an offer is live already")]
    Pending,
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<HandOverError> for Problem {
    fn from(error: HandOverError) -> Self {
        match error {
            HandOverError::NotFound => NOT_FOUND.into(),
            HandOverError::NotNow(state) => Self::state(
                state,
                format!("现在是「{}」，不能转交", said(state)),
                "Only an active claim can be handed over",
            ),
            HandOverError::Closed => TASK_CLOSED.into(),
            HandOverError::NoColleague => Self::field(
                "user_id",
                "value",
                "请选择这个任务范围里的另一位同伴",
                "Name somebody else of the task's ring",
            ),
            HandOverError::HasSeat => HAS_SEAT.into(),
            HandOverError::Pending => OFFER_PENDING.into(),
            HandOverError::Broken(error) => error.into(),
        }
    }
}

/// Offers one's own seat to a colleague. It may be later than the time to leave: the seat stays taken. Whether the
/// colleague can come is theirs to know, and judged when they accept.
///
/// # Errors
/// `NotFound` for another's claim, `NotNow` unless it is active, `NoColleague` outside of the ring, `Pending`.
pub(super) async fn offer_to(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    claim_id: Uuid,
    to: Uuid,
) -> Result<OfferView, HandOverError> {
    people::lock(tx, me.id()).await?;
    let (own, house, now) = (me.own_scope(), Scope::house(), state.clock.now());
    let claim = store::own(&**tx, &own, claim_id).await?.ok_or(HandOverError::NotFound)?;
    let task = dispatch::lock(tx, &house, claim.task_id).await?;
    let task = task.ok_or_else(|| Error::impossible("lock the claim's task"))?;
    let claim = store::own(&**tx, &own, claim_id).await?.ok_or(HandOverError::NotFound)?;
    if claim.state != ClaimState::Active {
        return Err(HandOverError::NotNow(claim.state));
    }
    if offers::closed(&task, now) {
        return Err(HandOverError::Closed);
    }
    if to == me.id() || !facts::may_be_handed(&**tx, to, &task).await? {
        return Err(HandOverError::NoColleague);
    }
    if store::seat_held(&**tx, &house, (task.id, to)).await?.is_some() {
        return Err(HandOverError::HasSeat);
    }
    let live = queue::live_of_claim(&**tx, &own, claim.id).await?.is_some()
        || queue::live_for(&**tx, &house, (task.id, to)).await?.is_some();
    if live {
        return Err(HandOverError::Pending);
    }
    let rules = org::settings_of(&**tx, [task.org_id]).await?.remove(&task.org_id);
    let rules = rules.unwrap_or_default();
    let hours = u64::try_from(rules.hand_over_hours).unwrap_or(0);
    let long = std::time::Duration::from_secs(hours * 3600);
    let by = rules.quiet().awake_after(now, long).min(task.claim_until);
    let from = (OfferKind::HandOver, Some(&claim));
    let offer = offers::make(tx, state, &task, to, from, by).await?;
    Ok(offer_view::offers(&**tx, vec![offer]).await?.remove(0))
}

/// The colleague accepted: the giver's claim ends, and its seat is the new claim's. The giver is not locked; they
/// only get freer by it.
pub(super) async fn pass_on(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    (offer, giver): (offer::Model, Model),
    by: Option<Uuid>,
) -> Result<(), Error> {
    let giver = release::end(tx, giver, state.clock.now()).await?;
    let fact = store::fact(task, &giver, Event::ClaimHandedOver, by, None);
    outbox::record(&**tx, state, [fact]).await?;
    answered(tx, state, task, offer, by).await
}

/// A claim is no longer its holder's to hand over: a live offer of it ends. The caller has the task locked.
pub(super) async fn call_back(
    tx: &Tx,
    state: &AppState,
    task: &task::Model,
    claim: Uuid,
) -> Result<(), Error> {
    let Some(offer) = queue::live_of_claim(&**tx, &Scope::house(), claim).await? else {
        return Ok(());
    };
    // The seat stays the claim's: nothing was kept for the offer.
    offers::end(tx, state, task.clone(), offer, Ending::Cancelled).await.map(drop)
}
