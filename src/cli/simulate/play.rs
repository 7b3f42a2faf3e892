//! The days as they pass: tasks come up, messages go out, people look or do not, answer and take seats.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashMap, HashSet},
};

use entity::At;
use uuid::Uuid;

use crate::matching::{Answer, Asked, Candidate, Distance, Free};

use super::{
    dice::Dice,
    figures::Figures,
    policy::{Policy, plan},
    world::{ANSWER, BEGIN, DAY, INACTIVE, Job, MOST_GRANTS, SLOTS, VISIT, World},
};

/// What happens, by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Happens {
    /// Is a task still short of people?
    Look {
        job: usize,
    },
    Says {
        person: usize,
        job: usize,
        yes: bool,
    },
    /// Somebody opens the mini program and allows one more message.
    Visit {
        person: usize,
    },
}

/// What is known of a person, and one thing that is not: until when they do not look.
struct Life {
    asked: Vec<Asked>,
    grants: u32,
    inactive_until: At,
    busy: HashSet<(u64, usize)>,
    last_served: Option<At>,
    served: u32,
    served_in: [u32; SLOTS],
}

/// The neighbourhood while it is played.
pub struct Town<'w> {
    pub world: &'w World,
    lives: Vec<Life>,
    /// Free seats by task.
    pub open: Vec<usize>,
    /// Who was asked, by task, and the place of that message among theirs.
    told: Vec<HashMap<usize, usize>>,
    asked: u32,
    yes: u32,
}

impl Town<'_> {
    /// Who may be asked for a task: reached by a message, not asked for it before, free then.
    pub fn reachable(&self, at: usize) -> Vec<usize> {
        let job = &self.world.jobs[at];
        let may = |person: &usize| {
            let life = &self.lives[*person];
            life.grants > 0
                && !life.busy.contains(&(job.day, job.slot))
                && !self.told[at].contains_key(person)
        };
        (0..self.lives.len()).filter(may).collect()
    }

    pub fn km(&self, person: usize, job: &Job) -> f64 {
        self.world.people[person].km(job)
    }

    pub fn last_asked(&self, person: usize) -> Option<At> {
        self.lives[person].asked.last().map(|asked| asked.at)
    }

    /// Messages that were sent, and yeses to them.
    pub fn answers(&self) -> (u32, u32) {
        (self.asked, self.yes)
    }

    /// What the service would know of somebody.
    pub fn candidate(&self, person: usize, job: &Job, now: At) -> Candidate {
        let (one, life) = (&self.world.people[person], &self.lives[person]);
        #[allow(clippy::cast_possible_truncation)]
        let metres = (one.km(job) * 1000.0) as i64;
        let half_year = now.minus(DAY * 180);
        let from = life.asked.partition_point(|asked| asked.at < half_year);
        Candidate {
            id: Uuid::from_u128(person as u128),
            skills: one.skills.iter().map(|skill| (*skill).to_owned()).collect(),
            alike: 0,
            distance: Distance::of(Some(metres)),
            free: if life.served_in[job.slot] > 0 { Free::Usual } else { Free::Unknown },
            last_served: life.last_served,
            kept: life.served,
            missed: 0,
            has_grant: true,
            asked: life.asked[from..].to_vec(),
            against: None,
        }
    }
}

/// Plays a world to its end. The figures are of the days from `from` on: before, nobody is tired yet.
pub fn play(world: &World, policy: Policy, seed: u64, from: u64) -> Figures {
    let dice = Dice::new(seed, 2);
    let mut events = BinaryHeap::new();
    let life = |_| Life {
        asked: Vec::new(),
        grants: 2,
        inactive_until: BEGIN,
        busy: HashSet::new(),
        last_served: None,
        served: 0,
        served_in: [0; SLOTS],
    };
    let mut town = Town {
        world,
        lives: (0..world.people.len()).map(life).collect(),
        open: world.jobs.iter().map(|job| job.seats).collect(),
        told: vec![HashMap::new(); world.jobs.len()],
        asked: 0,
        yes: 0,
    };
    for (job, posted) in world.jobs.iter().enumerate() {
        events.push(Reverse((posted.posted, Happens::Look { job })));
    }
    for person in 0..world.people.len() {
        events.push(Reverse((BEGIN.plus(dice.wait(VISIT)), Happens::Visit { person })));
    }
    let end = BEGIN.plus(DAY * u32::try_from(world.days + 2).unwrap_or(u32::MAX));
    let counted = BEGIN.plus(DAY * u32::try_from(from).unwrap_or(0));
    let mut figures = Figures::new(world, counted);
    while let Some(Reverse((now, happens))) = events.pop() {
        if now > end {
            break;
        }
        match happens {
            Happens::Visit { person } => {
                allow(&mut town.lives[person]);
                events.push(Reverse((now.plus(dice.wait(VISIT)), happens)));
            }
            Happens::Look { job } if town.open[job] > 0 && now < world.jobs[job].until => {
                let plan = plan(&world.jobs[job]);
                settle(&mut town, job);
                for person in policy.ask(&town, job, &plan, now, &dice) {
                    figures.notice(job);
                    let says = tell(&mut town, person, job, now, &dice);
                    events.extend(says.map(Reverse));
                }
                events.push(Reverse((plan.wave_ends(now), happens)));
            }
            Happens::Look { job } => settle(&mut town, job),
            Happens::Says { person, job, yes } => {
                says(&mut town, &mut figures, (person, job), yes, now);
            }
        }
    }
    figures
}

fn allow(life: &mut Life) {
    life.grants = (life.grants + 1).min(MOST_GRANTS);
}

/// Messages of a task whose wave is over without an answer.
fn settle(town: &mut Town, job: usize) {
    for (person, message) in &town.told[job] {
        let asked = &mut town.lives[*person].asked[*message];
        if asked.answer == Answer::Waiting {
            asked.answer = Answer::Silence;
        }
    }
}

/// A message to somebody's phone. Who looks at it says yes as they like the task, else now and then no; then they do
/// not look for a while. Who does not look spends the permission all the same.
fn tell(town: &mut Town, person: usize, job: usize, now: At, dice: &Dice) -> Option<(At, Happens)> {
    let life = &mut town.lives[person];
    town.told[job].insert(person, life.asked.len());
    town.asked += 1;
    life.grants -= 1;
    life.asked.push(Asked { at: now, answer: Answer::Waiting });
    if now < life.inactive_until {
        return None;
    }
    life.inactive_until = now.plus(dice.wait(INACTIVE));
    let yes = dice.hits(town.world.people[person].likes(&town.world.jobs[job]));
    let answers = yes || dice.hits(0.3);
    answers.then(|| (now.plus(dice.wait(ANSWER)), Happens::Says { person, job, yes }))
}

fn says(town: &mut Town, figures: &mut Figures, (person, at): (usize, usize), yes: bool, now: At) {
    let (job, life) = (&town.world.jobs[at], &mut town.lives[person]);
    life.asked[town.told[at][&person]].answer = if yes { Answer::Yes } else { Answer::No };
    if !yes {
        return;
    }
    town.yes += 1;
    allow(life);
    if town.open[at] == 0 || now >= job.until || !life.busy.insert((job.day, job.slot)) {
        figures.turned_away(at);
        return;
    }
    town.open[at] -= 1;
    life.last_served = Some(now);
    life.served += 1;
    life.served_in[job.slot] += 1;
    figures.seat(at, person, now, town.open[at] == 0);
}
