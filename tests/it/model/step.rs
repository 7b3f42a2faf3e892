//! What may happen next, and what it does.

use super::{
    Model,
    planted::Planted,
    sql::At,
    state::{Offer, Request, Stage, State},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A member taps, for the first time or, with another key, again; the request goes to a replica.
    Tap {
        who: usize,
        tap: usize,
        at: u8,
    },
    /// The same key once more: a retry, or a duplicate however late.
    Copy {
        who: usize,
        tap: usize,
        at: u8,
    },
    /// The flag and the gate are asked.
    Enter(At),
    /// Redis is away or too slow to be asked.
    Pass(At),
    Look(At),
    /// The rest of the transaction and its commit; all of it where the scene does not look first.
    Write(At),
    /// Two requests in one transaction of the claim writer.
    Batch(At, At),
    /// Redis hears of it (`settled`), the phone hears of it (`told`), or the process dies before either.
    Finish {
        at: At,
        settled: bool,
        told: bool,
    },
    /// A process dies, or a request is lost, before anything was committed.
    Die(At),
    /// Planted alone: the answer leaves before the commit.
    Promise(At),
    Release(usize),
    Join(usize),
    Decline(usize),
    /// The time of an offer is over.
    Late(usize),
    /// The sweeper ends an offer whose time is over.
    Expire(usize),
    Resize(u8),
    Cancel,
    CallOff,
    /// What was committed outside of a claim reaches Redis and the replicas.
    Settle,
    /// It does not.
    Lose,
    /// The sweeper settles the gate.
    Sweep,
    /// A replica hears how the task stands.
    News(usize),
    GateExpires,
    TicketExpires {
        who: usize,
        tap: usize,
    },
    FlagExpires(usize),
    Flush,
    Dump,
    /// Redis comes back as it was dumped.
    Restore,
}

impl Model {
    pub fn apply(&self, state: &mut State, step: Step) {
        match step {
            Step::Tap { who, tap, at } => {
                state.members[who].keys[tap].sent = true;
                state.left.again -= u8::from(tap > 0);
                self.send(state, who, (tap, at, true));
            }
            Step::Copy { who, tap, at } => {
                state.left.copies -= 1;
                self.send(state, who, (tap, at, self.planted == Planted::ProxyRepeats));
            }
            Step::Enter(at) => self.enter(state, at, true),
            Step::Pass(at) => self.enter(state, at, false),
            Step::Look((who, slot)) => {
                let passed = passed(state, (who, slot));
                self.look(state, (who, slot), passed);
            }
            Step::Write(at) if self.scene.look => {
                let passed = passed(state, at);
                self.write(state, at, passed);
            }
            Step::Write(at) => self.batch(state, &[at]),
            Step::Batch(one, other) => self.batch(state, &[one, other]),
            Step::Finish { at, settled, told } => self.finish(state, at, (settled, told)),
            Step::Die((who, slot)) => state.members[who].requests[slot] = None,
            Step::Promise((who, slot)) => {
                let member = &mut state.members[who];
                let tap = member.requests[slot].map_or(0, |request| request.tap);
                member.keys[usize::from(tap)].told |= 1 << member.claims;
            }
            Step::Settle => {
                if let Some(word) = state.word.take() {
                    self.publish(state, word);
                }
            }
            Step::Lose => state.word = None,
            Step::Sweep => self.settle(state, state.word(self.scene.flags)),
            Step::News(at) => self.hear(state, at, state.word(self.scene.flags)),
            Step::GateExpires => state.gate = None,
            Step::TicketExpires { who, tap } => state.members[who].keys[tap].ticket = false,
            Step::FlagExpires(at) => state.flags[at] = None,
            Step::Flush => {
                state.gate = None;
                tear_tickets(state);
            }
            Step::Dump => {
                state.left.dumps -= 1;
                state.dump = state.gate;
            }
            Step::Restore => {
                state.gate = state.dump;
                tear_tickets(state);
            }
            other => self.committed(state, other),
        }
    }

    /// Transactions that are no claims; their word is then on its way.
    fn committed(&self, state: &mut State, step: Step) {
        match step {
            Step::Release(who) => {
                state.left.releases -= 1;
                self.release(state, who);
            }
            Step::Join(who) => {
                state.left.joins -= 1;
                let waiting = state.members.iter().filter(|member| member.place > 0).count();
                state.members[who].place = waiting as u8 + 1;
                return;
            }
            Step::Late(who) => {
                state.members[who].offer = Offer::Late;
                return;
            }
            Step::Decline(who) | Step::Expire(who) => self.end_offer(state, who),
            Step::Resize(slots) => {
                state.left.resizes -= 1;
                self.resize(state, slots);
            }
            Step::Cancel => {
                state.left.cancels -= 1;
                state.task.open = false;
                state.task.ver += 1;
            }
            Step::CallOff => self.call_off(state),
            _ => return,
        }
        state.word = Some(state.word(self.scene.flags));
    }

    /// A request on its way; where nothing stands before the database, right there.
    fn send(&self, state: &mut State, who: usize, (tap, at, first): (usize, u8, bool)) {
        let invited = state.members[who].offer == Offer::Live;
        for former in state.members[who].requests.iter_mut().flatten() {
            former.awaited &= usize::from(former.tap) != tap;
        }
        let straight = !self.scene.gate && !self.scene.flags;
        let stage = if straight { Stage::Door { passed: false } } else { Stage::Sent };
        let request = Request { tap: tap as u8, first, invited, awaited: true, at, stage };
        if let Some(slot) = state.members[who].requests.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(request);
        }
    }

    fn finish(&self, state: &mut State, (who, slot): At, (settled, told): (bool, bool)) {
        let Some(request) = state.members[who].requests[slot].take() else { return };
        let Stage::Done { claim, word } = request.stage else { return };
        let key = &mut state.members[who].keys[usize::from(request.tap)];
        if told && claim > 0 {
            key.told |= 1 << (claim - 1);
        }
        key.ticket &= !settled;
        if let Some(word) = word {
            if settled {
                self.publish(state, word);
            } else if told {
                self.hear(state, usize::from(request.at), word);
            }
        }
    }
}

fn passed(state: &State, (who, slot): At) -> bool {
    let stage = state.members[who].requests[slot].map(|request| request.stage);
    matches!(stage, Some(Stage::Door { passed: true } | Stage::Looked { passed: true }))
}

pub(super) fn tear_tickets(state: &mut State) {
    for key in state.members.iter_mut().flat_map(|member| &mut member.keys) {
        key.ticket = false;
    }
}
