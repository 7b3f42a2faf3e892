//! What must be seen to happen, and where: without it the truths would say little.

use super::{
    scene::{ABSENT, ALL, BATCH, CALM, FLAGS, LEAVING, OLDER, QUEUE, RACE, Scene},
    state::{Offer, Stage, State},
    truths::Truth,
};

const COPIED: &[Scene] = &[RACE, ABSENT, CALM, BATCH, FLAGS];
const GATED: &[Scene] = &[RACE, OLDER, LEAVING];
const DUMPED: &[Scene] = &[OLDER, LEAVING];
const WAITED: &[Scene] = &[QUEUE, LEAVING];

pub(super) const SIGHTS: [(Truth, &[Scene]); 9] = [
    (("both seats are given", |_, state| state.task.used == 2), &ALL),
    (("a retry is answered after its claim was released", |_, state| replayed(state)), COPIED),
    (("the gate says full and a seat is free", |_, state| says(state, true)), GATED),
    (("the gate says free and no seat is", |_, state| says(state, false)), GATED),
    (("Redis is back in an older state", |_, state| older(state)), DUMPED),
    (("a flag says full and a seat is free", |_, state| flagged(state)), &[FLAGS]),
    (("a seat is kept for somebody", |_, state| state.task.held > 0), WAITED),
    (("who was offered a seat has it", |_, state| accepted(state)), WAITED),
    (("an offer passes to the next", |_, state| passed_on(state)), &[QUEUE]),
];

fn replayed(state: &State) -> bool {
    state.members.iter().filter(|member| member.seats == 0).any(|member| {
        member.requests.iter().flatten().any(|request| {
            !request.first && matches!(request.stage, Stage::Done { claim: 1.., .. })
        })
    })
}

fn says(state: &State, full: bool) -> bool {
    let lies = |gate: super::state::Word| {
        (gate.taken >= gate.slots) == full && state.task.free() == full && gate.ver > 0
    };
    state.gate.is_some_and(lies)
}

fn older(state: &State) -> bool {
    state.gate.is_some_and(|gate| state.gate == state.dump && gate.ver < state.task.ver)
}

fn flagged(state: &State) -> bool {
    state.task.free() && state.flags.iter().flatten().any(|flag| flag.taken >= flag.slots)
}

fn accepted(state: &State) -> bool {
    state.members.iter().any(|member| {
        member.seats > 0 && member.requests.iter().flatten().any(|request| request.invited)
    })
}

/// Two have joined and nobody waits: who came second has the offer, who came first has nothing.
fn passed_on(state: &State) -> bool {
    let offered = state.members.iter().filter(|member| member.offer != Offer::None).count();
    state.left.joins == 0 && state.left.resizes > 0 && state.left.releases == 1 && offered == 1
}
