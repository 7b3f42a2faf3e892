//! The transactions. Each function is one commit, but `look`, after which others may commit before `write` does.

use super::{
    Model,
    planted::Planted,
    state::{MEMBERS, Offer, Request, Stage, State},
};

/// Where a request of a member is: who, and which of theirs.
pub(super) type At = (usize, usize);

impl State {
    /// Somebody is told that they get no seat.
    pub fn refuse(&mut self, who: usize, request: Request) {
        let member = &self.members[who];
        let won = member.keys[usize::from(request.tap)].made > 0;
        let kept = member.offer == Offer::Live && member.seats == 0 && self.task.open;
        self.seen.refused_a_winner |= request.awaited && won;
        self.seen.refused_an_invited |= request.invited && kept;
    }

    /// The row of the task has moved.
    fn moved(&mut self) {
        self.task.ver += 1;
        self.seen.full |= !self.task.free();
    }

    /// A claim of a member's tap, numbered.
    fn insert(&mut self, who: usize, tap: u8) -> u8 {
        let member = &mut self.members[who];
        member.seats += 1;
        member.claims += 1;
        member.keys[usize::from(tap)].made += 1;
        member.claims
    }

    fn leave_queue(&mut self, who: usize) {
        let place = std::mem::take(&mut self.members[who].place);
        for member in self.members.iter_mut().filter(|member| place > 0 && member.place > place) {
            member.place -= 1;
        }
    }
}

impl Model {
    fn done(&self, state: &mut State, (who, slot): At, claim: u8) {
        let word = Some(state.word(self.scene.flags));
        let Some(request) = &mut state.members[who].requests[slot] else { return };
        request.stage = Stage::Done { claim, word };
        let request = *request;
        if claim == 0 {
            state.refuse(who, request);
        }
    }

    /// The person locked, the key taken, the rules judged. A kept seat is taken at once, the task being locked for it.
    pub fn look(&self, state: &mut State, (who, slot): At, passed: bool) {
        let Some(request) = state.members[who].requests[slot] else { return };
        let (member, task) = (&state.members[who], state.task);
        let stored = member.keys[usize::from(request.tap)].stored;
        if stored > 0 {
            return self.done(state, (who, slot), stored);
        }
        let overlooked = self.planted == Planted::KeptOverlooked && task.free();
        let kept = member.offer == Offer::Live && task.held > 0 && !overlooked;
        let unseen = self.planted == Planted::GateGrants && passed;
        if member.seats > 0 || !task.open || !(task.free() || kept || unseen) {
            return self.done(state, (who, slot), 0);
        }
        if kept {
            let claim = self.take_kept(state, who, request.tap);
            return self.done(state, (who, slot), claim);
        }
        if let Some(request) = &mut state.members[who].requests[slot] {
            request.stage = Stage::Looked { passed };
        }
    }

    /// The claim's row, the counter by its condition, the answer; all of it or nothing.
    pub fn write(&self, state: &mut State, (who, slot): At, passed: bool) {
        let Some(request) = state.members[who].requests[slot] else { return };
        let unseen = match self.planted {
            Planted::CheckThenInsert => true,
            Planted::GateGrants => passed,
            _ => false,
        };
        let indexed = self.planted != Planted::NoIndex;
        let taken = indexed && state.members[who].seats > 0;
        if taken || !(state.task.open && (state.task.free() || unseen)) {
            if self.planted == Planted::RowStays {
                state.insert(who, request.tap);
            }
            return self.done(state, (who, slot), 0);
        }
        let claim = state.insert(who, request.tap);
        state.task.used += 1;
        state.moved();
        if self.planted != Planted::AnswerApart {
            state.members[who].keys[usize::from(request.tap)].stored = claim;
        }
        self.done(state, (who, slot), claim);
    }

    /// Several in one transaction, in the order they came: each hears what it would have heard alone.
    pub fn batch(&self, state: &mut State, set: &[At]) {
        let before = *state;
        for &(who, slot) in set {
            self.look(state, (who, slot), false);
            let looked = state.members[who].requests[slot];
            if looked.is_some_and(|request| matches!(request.stage, Stage::Looked { .. })) {
                self.write(state, (who, slot), false);
            }
        }
        if self.planted == Planted::CounterFirst {
            let fresh = set.iter().filter(|&&(who, slot)| {
                let tap = before.members[who].requests[slot].map_or(0, |request| request.tap);
                before.members[who].keys[usize::from(tap)].stored == 0
            });
            let free = before.task.slots - before.task.used - before.task.held;
            state.task.used = before.task.used + free.min(fresh.count() as u8);
        }
    }

    /// A seat that is kept becomes a claim's.
    fn take_kept(&self, state: &mut State, who: usize, tap: u8) -> u8 {
        let claim = state.insert(who, tap);
        state.members[who].keys[usize::from(tap)].stored = claim;
        state.members[who].offer = Offer::None;
        state.task.held -= 1;
        state.task.used += 1;
        state.moved();
        claim
    }

    pub fn release(&self, state: &mut State, who: usize) {
        state.members[who].seats -= 1;
        state.task.used -= 1;
        if self.planted != Planted::ReleaseKeepsVersion {
            state.moved();
        }
        if self.planted != Planted::ReleaseOffersNobody {
            self.fill(state);
        }
    }

    /// Free seats are kept for those who wait, in the transaction that freed them.
    pub fn fill(&self, state: &mut State) {
        while state.task.open && state.task.free() {
            let Some(next) = (0..MEMBERS).find(|&who| state.members[who].place == 1) else { break };
            state.leave_queue(next);
            if state.members[next].seats > 0 {
                continue;
            }
            state.members[next].offer = Offer::Live;
            if self.planted == Planted::OfferKeepsNothing {
                break;
            }
            state.task.held += 1;
            state.moved();
        }
    }

    /// An offer was declined, or its time is over.
    pub fn end_offer(&self, state: &mut State, who: usize) {
        state.members[who].offer = Offer::None;
        if !matches!(self.planted, Planted::ExpiryKeepsSeat | Planted::OfferKeepsNothing) {
            state.task.held -= 1;
        }
        state.moved();
        self.fill(state);
    }

    pub fn resize(&self, state: &mut State, slots: u8) {
        state.task.slots = slots;
        state.moved();
        self.fill(state);
    }

    /// What follows the cancelling of a task: its claims end, and its queue.
    pub fn call_off(&self, state: &mut State) {
        for member in &mut state.members {
            (member.seats, member.place, member.offer) = (0, 0, Offer::None);
        }
        (state.task.used, state.task.held) = (0, 0);
        state.moved();
    }
}
