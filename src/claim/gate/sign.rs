//! 满员牌 at the gate (`platform::signs`): after a refusal of the database or of Redis, the next ones of this process are
//! refused by its sign. Like the gate it stops first attempts alone, and tells nobody of a task they may not know of.

use std::collections::HashMap;

use ::entity::task::{Model, TaskState};
use uuid::Uuid;

use crate::{
    dispatch,
    identity::{Resident, Scope},
    kernel::Error,
    org,
    platform::{
        AppState,
        signs::{Read, Says, Sign},
    },
};

use super::super::{queue, refusal::Refusal, told};

/// What a sign says to somebody.
#[derive(Clone, Debug)]
pub(in crate::claim) struct Said {
    pub refusal: Refusal,
    /// Of the task, when it was so.
    pub ver: i64,
    pub is_sure: bool,
}

/// Why this person would be refused, where a sign says so.
pub(in crate::claim) fn said_to(state: &AppState, me: &Resident, task: Uuid) -> Option<Said> {
    let Read { sign, is_sure } = state.signs.read(task)?;
    if sign.let_by.contains(&me.id()) || !may_know(&me.scope(), &sign) {
        return None;
    }
    let refusal = match sign.says {
        Says::Full => Refusal::TaskFull,
        Says::Closed => Refusal::TaskClosed,
    };
    Some(Said { refusal, ver: sign.ver, is_sure })
}

/// The same, where it need not be asked whether it is still so.
pub(in crate::claim) fn reads(state: &AppState, me: &Resident, task: Uuid) -> Option<Refusal> {
    let said = said_to(state, me, task).filter(|said| said.is_sure)?;
    metrics::counter!("linli_gate_total", "reply" => "sign").increment(1);
    Some(said.refusal)
}

/// Whether the sign is not for this person: they have a seat, or one is kept for them.
pub(in crate::claim) fn lets_by(state: &AppState, me: &Resident, task: Uuid) -> bool {
    state.signs.read(task).is_some_and(|read| read.sign.let_by.contains(&me.id()))
}

fn may_know(scope: &Scope, sign: &Sign) -> bool {
    scope.covers(&sign.office) || sign.pools.iter().any(|pool| scope.looks_into(pool))
}

/// Hangs the sign of a task that is full or closed. Of one for named people there is none: who they are is not read here.
///
/// # Errors
/// When it cannot be read who is to be let by.
pub(in crate::claim) async fn hang(state: &AppState, task: &Model) -> Result<(), Error> {
    let open = task.state == TaskState::Open && task.claim_until > state.clock.now();
    let says = if open { Says::Full } else { Says::Closed };
    let free = open && task.used + task.held < task.slots;
    if free || task.named || task.opens_at > state.clock.now() || task.state == TaskState::Draft {
        return Ok(());
    }
    match state.signs.read(task.id).map(|read| read.sign.ver) {
        Some(ver) if ver == task.ver => {
            state.signs.confirm(task.id, ver);
            return Ok(());
        }
        Some(ver) if ver > task.ver => return Ok(()),
        _ => {}
    }
    let (db, house) = (state.claims.read(), Scope::house());
    let seats = told::holders(db, &house, task.id).await?;
    let offers = queue::live_of_task(db, &house, task.id).await?;
    let cards = dispatch::cards(db, std::slice::from_ref(task)).await?;
    let pools: Vec<_> = cards.iter().flat_map(dispatch::Card::pools).collect();
    let paths = org::paths(db, pools.iter().copied().chain([task.org_id])).await?;
    let paths: HashMap<_, _> = paths.into_iter().collect();
    // Every change of seats and offers moves the version: what was read belongs together where it stands still.
    let again = dispatch::find(db, &house, task.id).await?;
    if again.is_none_or(|again| again.ver != task.ver) {
        return Ok(());
    }
    let path = |org: &Uuid| paths.get(org).cloned();
    let Some(office) = path(&task.org_id) else { return Ok(()) };
    let sign = Sign {
        says,
        ver: task.ver,
        let_by: seats.into_iter().chain(offers.iter().map(|offer| offer.person_id)).collect(),
        office,
        pools: pools.iter().filter_map(path).collect(),
    };
    state.signs.hang(task.id, sign);
    Ok(())
}
