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
        signs::{Says, Sign},
    },
};

use super::super::{queue, refusal::Refusal, told};

/// Why this person would be refused, where a sign says so.
pub(in crate::claim) fn reads(state: &AppState, me: &Resident, task: Uuid) -> Option<Refusal> {
    let sign = state.signs.read(task)?;
    if sign.let_by.contains(&me.id()) || !may_know(&me.scope(), &sign) {
        return None;
    }
    metrics::counter!("linli_gate_total", "reply" => "sign").increment(1);
    Some(match sign.says {
        Says::Full => Refusal::TaskFull,
        Says::Closed => Refusal::TaskClosed,
    })
}

/// Whether the sign is not for this person: they have a seat, or one is kept for them.
pub(in crate::claim) fn lets_by(state: &AppState, me: &Resident, task: Uuid) -> bool {
    state.signs.read(task).is_some_and(|sign| sign.let_by.contains(&me.id()))
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
    if state.signs.read(task.id).is_some_and(|sign| sign.ver >= task.ver) {
        return Ok(());
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
