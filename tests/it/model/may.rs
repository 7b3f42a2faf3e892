//! What may happen in a state: every step the scene allows, at every moment.

use super::{
    Model,
    planted::Planted,
    redis::Verdict,
    state::{MEMBERS, Member, Offer, Stage, State, TAPS},
    step::Step,
};

impl Model {
    pub fn may(&self, state: &State, steps: &mut Vec<Step>) {
        for who in 0..MEMBERS {
            self.phone(state, who, steps);
            for slot in 0..2 {
                self.request(state, (who, slot), steps);
            }
            self.person(state, who, steps);
        }
        if self.scene.batch {
            self.batches(state, steps);
        }
        self.office(state, steps);
        self.world(state, steps);
    }

    fn phone(&self, state: &State, who: usize, steps: &mut Vec<Step>) {
        let member = &state.members[who];
        if member.requests.iter().all(Option::is_some) {
            return;
        }
        let replicas = if self.scene.flags { 2 } else { 1 };
        for at in 0..replicas {
            for tap in 0..TAPS {
                let fresh = tap == 0 || (state.left.again > 0 && member.keys[0].sent);
                if !member.keys[tap].sent && fresh {
                    steps.push(Step::Tap { who, tap, at });
                }
                if member.keys[tap].sent && state.left.copies > 0 {
                    steps.push(Step::Copy { who, tap, at });
                }
            }
        }
    }

    fn request(&self, state: &State, at: (usize, usize), steps: &mut Vec<Step>) {
        let member = &state.members[at.0];
        let Some(request) = member.requests[at.1] else { return };
        let dies = matches!(request.stage, Stage::Door { .. } | Stage::Looked { .. });
        match request.stage {
            Stage::Sent => {
                let verdict = self.verdict(state, at, true);
                if verdict != Verdict::Busy {
                    steps.push(Step::Enter(at));
                }
                if self.scene.faults && self.verdict(state, at, false) != verdict {
                    steps.push(Step::Pass(at));
                }
            }
            Stage::Door { .. } if self.scene.look => {
                let own = member.requests.iter().flatten().any(|other| {
                    other.tap == request.tap && matches!(other.stage, Stage::Looked { .. })
                });
                let unlocked = self.planted == Planted::NoIndex && !own;
                if unlocked || !locked(member) {
                    steps.push(Step::Look(at));
                }
            }
            Stage::Door { .. } => steps.push(Step::Write(at)),
            Stage::Looked { .. } => {
                steps.push(Step::Write(at));
                let key = member.keys[usize::from(request.tap)];
                if self.planted == Planted::AnsweredEarly && key.told == 0 {
                    steps.push(Step::Promise(at));
                }
            }
            Stage::Done { .. } => {
                for (settled, told) in [(true, true), (true, false), (false, true), (false, false)]
                {
                    if (settled && told) || self.scene.faults {
                        steps.push(Step::Finish { at, settled, told });
                    }
                }
            }
        }
        if dies && self.scene.faults {
            steps.push(Step::Die(at));
        }
    }

    fn batches(&self, state: &State, steps: &mut Vec<Step>) {
        let all = (0..MEMBERS).flat_map(|who| [(who, 0), (who, 1)]);
        let waits = |&(who, slot): &(usize, usize)| {
            let request = state.members[who].requests[slot];
            request.is_some_and(|request| matches!(request.stage, Stage::Door { .. }))
        };
        let ready: Vec<_> = all.filter(waits).collect();
        for (n, one) in ready.iter().enumerate() {
            steps.extend(ready[n + 1..].iter().map(|other| Step::Batch(*one, *other)));
        }
    }

    /// What a person does that is no claim: in a transaction that locks them, then the task.
    fn person(&self, state: &State, who: usize, steps: &mut Vec<Step>) {
        let member = &state.members[who];
        if locked(member) || state.word.is_some() {
            return;
        }
        if member.seats > 0 && state.left.releases > 0 {
            steps.push(Step::Release(who));
        }
        let waits = member.place > 0 || member.offer != Offer::None;
        let full = state.task.open && !state.task.free();
        if state.left.joins > 0 && member.seats == 0 && !waits && full {
            steps.push(Step::Join(who));
        }
        if member.offer == Offer::Live {
            steps.push(Step::Decline(who));
        }
    }

    fn office(&self, state: &State, steps: &mut Vec<Step>) {
        let offers = (0..MEMBERS).map(|who| (who, state.members[who].offer));
        for (who, offer) in offers.filter(|(_, offer)| *offer != Offer::None) {
            if offer == Offer::Live {
                steps.push(Step::Late(who));
            } else if state.word.is_none() {
                steps.push(Step::Expire(who));
            }
        }
        if state.word.is_some() {
            steps.push(Step::Settle);
            if self.scene.faults {
                steps.push(Step::Lose);
            }
            return;
        }
        let task = state.task;
        for slots in [task.slots - 1, task.slots + 1] {
            let fits = task.used + task.held <= slots || self.planted == Planted::ResizeBlind;
            if state.left.resizes > 0 && task.open && fits {
                steps.push(Step::Resize(slots));
            }
        }
        if state.left.cancels > 0 && task.open {
            steps.push(Step::Cancel);
        }
        if !task.open && task.used + task.held > 0 {
            steps.push(Step::CallOff);
        }
    }

    /// Time passes, the sweeper comes by, Redis loses what it knew.
    fn world(&self, state: &State, steps: &mut Vec<Step>) {
        if self.scene.flags {
            for at in 0..2 {
                steps.push(Step::News(at));
                if state.flags[at].is_some() && self.planted != Planted::FlagForEver {
                    steps.push(Step::FlagExpires(at));
                }
            }
        }
        if !self.scene.gate || !self.scene.faults {
            return;
        }
        steps.push(Step::Sweep);
        if state.gate.is_some() && self.planted != Planted::GateForEver {
            steps.push(Step::GateExpires);
        }
        for who in 0..MEMBERS {
            for tap in (0..TAPS).filter(|tap| state.members[who].keys[*tap].ticket) {
                steps.push(Step::TicketExpires { who, tap });
            }
        }
        if state.gate.is_some() {
            steps.push(Step::Flush);
        }
        if state.gate.is_some() && state.left.dumps > 0 {
            steps.push(Step::Dump);
        }
        if state.dump.is_some() {
            steps.push(Step::Restore);
        }
    }
}

/// A transaction of this person is under way.
fn locked(member: &Member) -> bool {
    member.requests.iter().flatten().any(|request| matches!(request.stage, Stage::Looked { .. }))
}
