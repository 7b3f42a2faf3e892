//! What stands before the database and may only refuse or delay: the gate in Redis, the closed flags of the processes.

use super::{
    Model,
    planted::Planted,
    state::{Stage, State, Word},
};

/// What somebody hears before the database is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// To the database; `true`: with a ticket.
    On(bool),
    Full,
    Closed,
    Busy,
}

impl Model {
    /// The process's own flag, then the gate. `reached`: Redis answered in time.
    pub fn verdict(&self, state: &State, (who, slot): (usize, usize), reached: bool) -> Verdict {
        let member = &state.members[who];
        let Some(request) = member.requests[slot] else { return Verdict::On(false) };
        let every = matches!(self.planted, Planted::FlagForAll | Planted::FlagForAllButHolders);
        if let Some(flag) = state.flags[usize::from(request.at)].filter(|_| request.first || every)
        {
            let holds = flag.holders & (1 << who) != 0;
            if !holds || self.planted == Planted::FlagForAll {
                return if flag.open { Verdict::Full } else { Verdict::Closed };
            }
            return Verdict::On(false);
        }
        let gated = match self.planted {
            Planted::RetriesGated => true,
            Planted::InvitedGated => request.first,
            _ => request.first && !request.invited,
        };
        match state.gate.filter(|_| gated && reached) {
            None => Verdict::On(false),
            Some(gate) if !gate.open => Verdict::Closed,
            Some(gate) if gate.taken >= gate.slots => Verdict::Full,
            Some(gate) => {
                let keys = state.members.iter().flat_map(|member| member.keys);
                let tickets = keys.filter(|key| key.ticket).count() as u8;
                let own = member.keys[usize::from(request.tap)].ticket;
                match (own || gate.taken + tickets < gate.slots, self.planted) {
                    (true, _) => Verdict::On(true),
                    (false, Planted::TicketsAreSeats) => Verdict::Full,
                    (false, _) => Verdict::Busy,
                }
            }
        }
    }

    /// A request has come to a process; who is told to wait stays where they are.
    pub fn enter(&self, state: &mut State, (who, slot): (usize, usize), reached: bool) {
        let verdict = self.verdict(state, (who, slot), reached);
        let Some(mut request) = state.members[who].requests[slot] else { return };
        match verdict {
            Verdict::Busy => {}
            Verdict::On(passed) => {
                state.members[who].keys[usize::from(request.tap)].ticket |= passed;
                request.stage = Stage::Door { passed };
                state.members[who].requests[slot] = Some(request);
            }
            Verdict::Full | Verdict::Closed => {
                state.seen.refused_too_soon |= verdict == Verdict::Full && !state.seen.full;
                state.refuse(who, request);
                state.members[who].requests[slot] = None;
            }
        }
    }

    /// The gate hears of a version of the task.
    pub fn settle(&self, state: &mut State, word: Word) {
        let newer = state.gate.is_none_or(|gate| word.ver > gate.ver);
        if self.scene.gate && (newer || self.planted == Planted::SettleUnguarded) {
            state.gate = Some(word);
        }
    }

    /// A replica hears of a version of the task.
    pub fn hear(&self, state: &mut State, at: usize, word: Word) {
        let newer = state.flags[at].is_none_or(|flag| word.ver > flag.ver);
        if self.scene.flags && newer {
            state.flags[at] = (!word.open || word.taken >= word.slots).then_some(word);
        }
    }

    /// The gate and both replicas hear of what a transaction left.
    pub fn publish(&self, state: &mut State, word: Word) {
        self.settle(state, word);
        self.hear(state, 0, word);
        self.hear(state, 1, word);
    }
}
