//! What the model remembers: one task with its three members in the database, what Redis and the processes believe of
//! it, and the requests that are on their way.

pub(super) const MEMBERS: usize = 3;
/// Two taps a person, two requests on the way at once.
pub(super) const TAPS: usize = 2;

/// Everything. Members are interchangeable: `sorted` gives one state for all of their orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub task: Task,
    pub members: [Member; MEMBERS],
    pub gate: Option<Word>,
    /// An older state of the gate that Redis may come back with.
    pub dump: Option<Word>,
    /// What a release, an answer to an offer or the office has committed and Redis has not heard.
    pub word: Option<Word>,
    /// The closed flag of each replica.
    pub flags: [Option<Word>; 2],
    pub left: Budget,
    pub seen: Seen,
}

/// The row of the task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Task {
    pub open: bool,
    pub slots: u8,
    pub used: u8,
    pub held: u8,
    pub ver: u8,
}

impl Task {
    pub fn free(&self) -> bool {
        self.used + self.held < self.slots
    }
}

/// What is said of a task outside of the database: by a settle, by the gate, by an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Word {
    pub ver: u8,
    pub taken: u8,
    pub slots: u8,
    pub open: bool,
    /// Who has a seat, a bit each; only where replicas keep closed flags.
    pub holders: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Member {
    /// Claims that hold a seat.
    pub seats: u8,
    /// Claims ever made; they are numbered from one.
    pub claims: u8,
    pub keys: [Key; TAPS],
    /// Place in the queue, from one; zero: does not wait.
    pub place: u8,
    pub offer: Offer,
    pub requests: [Option<Request>; 2],
}

/// One tap, by its `Idempotency-Key`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub sent: bool,
    /// Claims made by it.
    pub made: u8,
    /// The claim its stored answer names; zero: none is stored.
    pub stored: u8,
    /// The claims its phone was told of, a bit each.
    pub told: u8,
    /// A live ticket at the gate.
    pub ticket: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Offer {
    #[default]
    None,
    Live,
    /// Its time is over, nobody has ended it yet.
    Late,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Request {
    pub tap: u8,
    /// Marked `Attempt: 1`.
    pub first: bool,
    /// Sent by somebody who knew that a seat is kept for them.
    pub invited: bool,
    /// The phone waits for this one; it no longer does once it has sent the next.
    pub awaited: bool,
    /// The replica it goes to.
    pub at: u8,
    pub stage: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Stage {
    Sent,
    /// Before the database; `passed`: the gate said so.
    Door {
        passed: bool,
    },
    /// Inside the transaction, the person locked, the key taken, the rules judged.
    Looked {
        passed: bool,
    },
    /// Committed or rolled back. The claim to tell of, zero for a refusal, and the version to settle.
    Done {
        claim: u8,
        word: Option<Word>,
    },
}

impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Word {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let key = |word: &Self| (word.ver, word.taken, word.slots, word.open, word.holders);
        key(self).cmp(&key(other))
    }
}

/// What may still happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Budget {
    /// Second taps, with a key of their own.
    pub again: u8,
    pub copies: u8,
    pub releases: u8,
    pub joins: u8,
    pub resizes: u8,
    pub cancels: u8,
    pub dumps: u8,
}

/// What must not have happened, noted where it would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Seen {
    pub full: bool,
    pub refused_a_winner: bool,
    pub refused_an_invited: bool,
    pub refused_too_soon: bool,
}

impl State {
    /// One state for all orders of the members, and of the requests of each.
    pub fn sorted(mut self) -> Self {
        for member in &mut self.members {
            member.requests.sort_unstable();
        }
        let mut order = [0, 1, 2];
        order.sort_unstable_by_key(|&who| self.members[who]);
        self.members = order.map(|who| self.members[who]);
        let said = self.members.iter_mut().flat_map(|member| member.requests.iter_mut().flatten());
        let said = said.filter_map(|request| match &mut request.stage {
            Stage::Done { word, .. } => word.as_mut(),
            _ => None,
        });
        for word in said.chain(self.flags.iter_mut().flatten()).chain(&mut self.word) {
            let bit = |(now, who): (usize, &usize)| (word.holders >> who & 1) << now;
            word.holders = order.iter().enumerate().map(bit).sum();
        }
        self
    }

    pub fn word(&self, holders: bool) -> Word {
        let Task { open, slots, used, held, ver } = self.task;
        let seats = self.members.iter().enumerate().filter(|(_, member)| member.seats > 0);
        let holders = if holders { seats.map(|(at, _)| 1 << at).sum() } else { 0 };
        Word { ver, taken: used + held, slots, open, holders }
    }
}
