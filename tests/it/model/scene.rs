//! The scenes: the same rules each time, and what happens in them. Each is explored to its end.

use super::state::{Budget, Key, Member, State, Task};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scene {
    pub name: &'static str,
    /// Members who begin with a seat.
    pub seated: u8,
    /// There is a Redis with a gate.
    pub gate: bool,
    /// Replicas keep closed flags.
    pub flags: bool,
    /// Grants go through the claim writer, several in one transaction.
    pub batch: bool,
    /// A claim looks first and writes later, so that others write between.
    pub look: bool,
    /// Processes die, replies are lost, Redis forgets.
    pub faults: bool,
    pub left: Budget,
}

const NOTHING: Budget =
    Budget { again: 0, copies: 0, releases: 0, joins: 0, resizes: 0, cancels: 0, dumps: 0 };
const PLAIN: Scene = Scene {
    name: "",
    seated: 0,
    gate: true,
    flags: false,
    batch: false,
    look: true,
    faults: true,
    left: NOTHING,
};

/// Three tap for two seats; a retry comes late, one leaves, Redis forgets.
pub(super) const RACE: Scene =
    Scene { name: "race", left: Budget { copies: 1, releases: 1, ..NOTHING }, ..PLAIN };
/// The same with a Redis that comes back in an older state.
pub(super) const OLDER: Scene = Scene {
    name: "older",
    look: false,
    left: Budget { releases: 2, dumps: 1, ..NOTHING },
    ..PLAIN
};
/// Redis is absent from the start; one taps twice.
pub(super) const ABSENT: Scene = Scene {
    name: "absent",
    gate: false,
    left: Budget { again: 1, copies: 1, releases: 1, ..NOTHING },
    ..PLAIN
};
/// Nothing breaks and nothing runs out: what the gate says when all have been answered.
pub(super) const CALM: Scene = Scene {
    name: "calm",
    faults: false,
    left: Budget { copies: 1, releases: 2, ..NOTHING },
    ..PLAIN
};
/// The claim writer: several grants in one transaction.
pub(super) const BATCH: Scene = Scene {
    name: "batch",
    gate: false,
    batch: true,
    look: false,
    left: Budget { again: 1, copies: 1, releases: 1, ..NOTHING },
    ..PLAIN
};
/// Both seats are taken: people leave, wait, are offered seats and answer or not; the office resizes and cancels.
pub(super) const QUEUE: Scene = Scene {
    name: "queue",
    seated: 2,
    gate: false,
    left: Budget { again: 1, releases: 2, joins: 2, resizes: 1, cancels: 1, ..NOTHING },
    ..PLAIN
};
/// The queue with the gate before it.
pub(super) const LEAVING: Scene = Scene {
    name: "leaving",
    seated: 2,
    look: false,
    left: Budget { again: 1, releases: 2, joins: 1, dumps: 1, ..NOTHING },
    ..PLAIN
};
/// Closed flags on two replicas, without the gate behind them.
pub(super) const FLAGS: Scene = Scene {
    name: "flags",
    gate: false,
    flags: true,
    look: false,
    left: Budget { copies: 1, releases: 1, ..NOTHING },
    ..PLAIN
};

pub(super) const ALL: [Scene; 8] = [RACE, OLDER, ABSENT, CALM, BATCH, QUEUE, LEAVING, FLAGS];

impl Scene {
    pub fn start(&self) -> State {
        let task = Task { open: true, slots: 2, used: self.seated, held: 0, ver: self.seated };
        let mut state = State { task, left: self.left, ..State::default() };
        let won = Key { sent: true, made: 1, stored: 1, told: 1, ticket: false };
        for member in state.members.iter_mut().rev().take(usize::from(self.seated)) {
            *member = Member { seats: 1, claims: 1, ..Member::default() };
            member.keys[0] = won;
        }
        state.seen.full = !task.free();
        state
    }
}
