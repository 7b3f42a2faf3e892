//! 现场加入: somebody stands there who has not claimed, and there is work and a seat. The lead or the office takes
//! them in on the spot; they are checked in at once.

use ::entity::{
    At,
    claim::{ActiveModel, CameBy},
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    audit::{self, Act, Deed},
    claim::{
        facts,
        grant::{self, GrantError},
        model::reasons,
        offers,
        refusal::Refusal,
        roster::{self, RosterLine},
    },
    dispatch::{self, SpotSeat, cards, take_seat_on_the_spot},
    identity::{Resident, people},
    kernel::{Error, Event},
    org,
    platform::{
        AppState, Tx,
        http::{Problem, problem::FieldFault, problem::NOT_FOUND},
    },
};

use super::{Arrival, PresenceError, arrive, fault, within};

#[derive(Debug, thiserror::Error)]
pub enum WalkInError {
    #[error("no such task in this scope")]
    NotFound,
    #[error("nobody of that name here")]
    Nobody(FieldFault),
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Presence(#[from] PresenceError),
    #[error(transparent)]
    Broken(#[from] Error),
}

impl From<WalkInError> for Problem {
    fn from(error: WalkInError) -> Self {
        match error {
            WalkInError::NotFound => NOT_FOUND.into(),
            WalkInError::Nobody(fault) => Self::fields(vec![fault]),
            WalkInError::Refused(refusal) => refusal.into(),
            WalkInError::Grant(error) => error.into(),
            WalkInError::Presence(error) => error.into(),
            WalkInError::Broken(error) => error.into(),
        }
    }
}

/// Who came.
#[derive(Debug)]
pub enum Who {
    Known(Uuid),
    /// 11 digits, checked.
    Phone(String),
}

/// Takes somebody in. With a reason the office may pass over limits and clashes and add a seat to a full task; that
/// is audited. Skills, the audience and the task's window always hold.
///
/// # Errors
/// `NotFound` for who neither leads nor runs the task; `Nobody` outside the task's ring; the refusals of a claim.
pub async fn take_in(
    tx: &Tx,
    state: &AppState,
    me: &Resident,
    task_id: Uuid,
    who: Who,
    reason: Option<String>,
) -> Result<RosterLine, WalkInError> {
    let scope = me.scope();
    let task = dispatch::find_for_staff(&**tx, &scope, task_id).await?;
    let task = task.ok_or(WalkInError::NotFound)?;
    within(&task, state.clock.now())?;
    let (field, person_id) = match who {
        Who::Known(id) => ("user_id", people::names(&**tx, [id]).await?.into_keys().next()),
        Who::Phone(phone) => {
            ("phone", people::by_phone(&**tx, state, &phone).await?.map(|person| person.id))
        }
    };
    let person_id = person_id.ok_or_else(|| nobody(field))?;
    people::lock(tx, person_id).await?;
    let task = dispatch::lock(tx, &scope, task.id).await?.ok_or(WalkInError::NotFound)?;
    let now = state.clock.now();
    within(&task, now)?;

    let office = match me.as_dispatcher() {
        Some(office) => dispatch::find(&**tx, &office.scope(), task_id).await?.is_some(),
        None => false,
    };
    let reason = reason.filter(|_| office);
    let mut card = cards(&**tx, std::slice::from_ref(&task)).await?.remove(0);
    // They stand at the place: the time to claim is no matter, and the last statement counts the seats.
    (card.opens_at, card.claim_until, card.slots) = (At(0), At(i64::MAX), i32::MAX);
    let rules = org::settings_of(&**tx, [task.org_id]).await?.remove(&task.org_id);
    let member = facts::member(&**tx, person_id, now).await?;
    let against = reasons(&card, &member, &rules.unwrap_or_default(), now);
    // Somebody of elsewhere reads like nobody: whom the house knows is not for all.
    if against.contains(&Refusal::NotInAudience) {
        return Err(nobody(field));
    }
    let passed_over = !against.is_empty();
    let holds = |refusal: &Refusal| !(refusal.is_soft() && reason.is_some());
    if let Some(refusal) = against.into_iter().find(holds) {
        return Err(WalkInError::Refused(refusal));
    }

    let marks = ActiveModel { walk_in: Set(true), ..Default::default() };
    let walked_in = (Event::ClaimWalkedIn, me.id());
    let claim = grant::enter(tx, state, &task, person_id, marks, walked_in).await?;
    let arrival = Arrival { at: now, by: CameBy::Staff, actor: me.id() };
    let claim = arrive(tx, state, &task, claim, arrival).await?;
    offers::overtaken(tx, state, &task, person_id, me.id()).await?;
    let seat = take_seat_on_the_spot(tx, task_id, now, reason.is_some()).await?;
    let added = match seat {
        SpotSeat::Free => false,
        SpotSeat::Added => true,
        SpotSeat::None => return Err(WalkInError::Refused(Refusal::TaskFull)),
    };
    let line = roster::line(&**tx, state, claim).await?;
    if passed_over || added {
        let deed = Deed {
            act: Act::WalkInOverride,
            actor_id: Some(me.id()),
            org_id: Some(task.org_id),
            subject_id: Some(line.claim_id),
            why: reason,
        };
        audit::record(tx, state, deed).await?;
    }
    Ok(line)
}

fn nobody(field: &str) -> WalkInError {
    let zh = "这个范围里没有登记这位志愿者，请先核对，或者请社区登记";
    WalkInError::Nobody(fault(field, "value", zh, "Nobody of this ring"))
}
