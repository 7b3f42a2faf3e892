//! Whom to ask next for a task, five ways.

use std::collections::HashSet;

use entity::At;

use crate::{
    kernel::Quiet,
    matching::{Candidate, Habits, Need, Plan, Ring, WhyNot, average, choose},
};

use super::{dice::Dice, play::Town, world::Job};

/// Asked at a time for each open seat, by the ways that count.
pub const K: usize = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    Everyone,
    Nearest,
    Random,
    LongestWaiting,
    Ours,
}

impl Policy {
    pub const ALL: [Self; 5] =
        [Self::Everyone, Self::Nearest, Self::Random, Self::LongestWaiting, Self::Ours];

    pub const fn zh(self) -> &'static str {
        match self {
            Self::Everyone => "所有人",
            Self::Nearest => "最近的 5 人",
            Self::Random => "随机 5 人",
            Self::LongestWaiting => "最久没问的 5 人",
            Self::Ours => "邻里",
        }
    }

    /// Who gets a message now, of those whom one reaches.
    pub fn ask(self, town: &Town, at: usize, plan: &Plan, now: At, dice: &Dice) -> Vec<usize> {
        let job = &town.world.jobs[at];
        let mut free = town.reachable(at);
        match self {
            Self::Everyone => {}
            Self::Nearest => free.sort_by(|a, b| town.km(*a, job).total_cmp(&town.km(*b, job))),
            Self::Random => dice.shuffle(&mut free),
            Self::LongestWaiting => {
                dice.shuffle(&mut free);
                free.sort_by_key(|person| town.last_asked(*person));
            }
            Self::Ours => return ours(town, at, &free, plan, now),
        }
        if self != Self::Everyone {
            free.truncate(K * town.open[at]);
        }
        free
    }
}

/// As `matching` has it, knowing no more than the service would.
fn ours(town: &Town, at: usize, free: &[usize], plan: &Plan, now: At) -> Vec<usize> {
    let job = &town.world.jobs[at];
    let ring = plan.ring(now).unwrap_or(Ring::Community);
    let free: HashSet<_> = free.iter().copied().collect();
    let candidate = |person: usize| {
        let theirs = match town.world.people[person].community == job.community {
            true => Ring::Community,
            false => Ring::Street,
        };
        let against = match (free.contains(&person), theirs > ring) {
            // Asked for it before, or reached by no message: either way a message now comes to nothing.
            (false, _) => Some(WhyNot::AskedAlready(now)),
            (true, true) => Some(WhyNot::Later(theirs, job.posted)),
            (true, false) => None,
        };
        Candidate { against, ..town.candidate(person, job, now) }
    };
    let candidates: Vec<_> = (0..town.world.people.len()).map(candidate).collect();
    let skill = Some(job.skill).filter(|skill| !skill.is_empty());
    let need = Need {
        open: town.open[at],
        skills: skill.map(ToOwned::to_owned).into_iter().collect(),
        now,
        by: plan.wave_ends(now),
        waiting: Vec::new(),
        later: plan.waves_after(now),
    };
    let (asked, yes) = town.answers();
    let habits = Habits { average: average(asked, yes), ..Habits::default() };
    let wave = choose(&need, &candidates, &habits);
    wave.picks.iter().filter_map(|pick| usize::try_from(pick.id.as_u128()).ok()).collect()
}

/// How long a task is put to its community before the street.
pub fn plan(job: &Job) -> Plan {
    Plan::new(Ring::Community, Ring::Street, job.posted, job.until, Quiet::default())
}
