//! The neighbourhood that is simulated: who lives there, what they answer in truth, and which tasks come up. The
//! dispatcher sees none of the truths, only what people do.

use std::time::Duration;

use entity::At;

use super::dice::Dice;

/// 2026-01-05, a Monday, midnight in Zunyi.
pub const BEGIN: At = At(1_767_542_400_000);
pub const HOUR: Duration = Duration::from_secs(3600);
pub const DAY: Duration = Duration::from_secs(24 * 3600);
/// Mean time somebody does not look after a message, whatever they made of it.
pub const INACTIVE: Duration = Duration::from_secs(3 * 24 * 3600);
/// Mean time until a yes.
pub const ANSWER: Duration = HOUR;
/// Mean time between two visits of their own, each of which gives one more permission.
pub const VISIT: Duration = Duration::from_secs(2 * 24 * 3600);
/// Most permissions somebody keeps.
pub const MOST_GRANTS: u32 = 5;
/// How much of the tasks asks for each skill; the last asks for none.
const SKILLS: [(&str, f64); 4] = [("急救", 0.2), ("理发", 0.2), ("电工", 0.2), ("", 0.4)];
/// Who lacks the skill comes so much more rarely: to hand things.
const UNSKILLED: f64 = 0.2;
/// Comes so much more rarely where it is not their usual time.
const UNUSUAL: f64 = 0.4;
/// A place so many kilometres further away halves the chance.
const HALF_KM: f64 = 1.5;
/// Morning, afternoon and evening of working days and of weekends.
pub const SLOTS: usize = 6;
/// Communities, in a square of streets two kilometres apart.
pub const COMMUNITIES: usize = 4;
/// When the office posts, by hour from seven in the morning on.
const HOURS: [f64; 14] = [1.0, 4.0, 8.0, 8.0, 5.0, 2.0, 2.0, 5.0, 7.0, 6.0, 3.0, 2.0, 3.0, 1.0];

/// Somebody who lives there.
pub struct Person {
    pub community: usize,
    /// Kilometres east and north.
    home: (f64, f64),
    pub skills: Vec<&'static str>,
    /// How often they say yes to a task that suits them.
    rate: f64,
    usual: [bool; SLOTS],
}

/// A task that comes up.
#[derive(Clone, Debug)]
pub struct Job {
    pub posted: At,
    pub until: At,
    pub community: usize,
    pub skill: &'static str,
    pub slot: usize,
    /// The day it is served.
    pub day: u64,
    pub seats: usize,
}

/// How many live there and how much is to be done.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub members: usize,
    pub jobs_per_day: f64,
}

pub struct World {
    pub people: Vec<Person>,
    pub jobs: Vec<Job>,
    pub days: u64,
}

impl World {
    /// The same for the same seed.
    pub fn new(size: Size, days: u64, seed: u64) -> Self {
        let dice = Dice::new(seed, 1);
        let people = (0..size.members).map(|at| person(at % COMMUNITIES, &dice)).collect();
        let mut jobs: Vec<_> = (0..days).flat_map(|day| jobs(size, day, &dice)).collect();
        jobs.sort_by_key(|job| job.posted);
        Self { people, jobs, days }
    }
}

impl Person {
    /// How likely they say yes to a task, if they look at the message.
    pub fn likes(&self, job: &Job) -> f64 {
        let skill = match job.skill.is_empty() || self.skills.contains(&job.skill) {
            true => 1.0,
            false => UNSKILLED,
        };
        let time = if self.usual[job.slot] { 1.0 } else { UNUSUAL };
        self.rate * skill * time * 0.5f64.powf(self.km(job) / HALF_KM)
    }

    /// Kilometres to the place of a task, the centre of its community.
    pub fn km(&self, job: &Job) -> f64 {
        let (east, north) = centre(job.community);
        (self.home.0 - east).hypot(self.home.1 - north)
    }
}

impl Job {
    /// Tasks that everybody likes alike: one number for each community, skill and part of the week.
    pub fn class(&self) -> usize {
        let skill = SKILLS.iter().position(|(name, _)| *name == self.skill).unwrap_or(0);
        (self.community * SKILLS.len() + skill) * SLOTS + self.slot
    }

    pub const CLASSES: usize = COMMUNITIES * SKILLS.len() * SLOTS;
}

fn centre(community: usize) -> (f64, f64) {
    let half = |odd: bool| if odd { 2.0 } else { 0.0 };
    (half(community % 2 == 1), half(community / 2 % 2 == 1))
}

fn person(community: usize, dice: &Dice) -> Person {
    let (east, north) = centre(community);
    let near = || (dice.unit() + dice.unit() - 1.0) * 1.2;
    let skills = SKILLS.iter().map(|(name, _)| *name).filter(|name| !name.is_empty());
    Person {
        community,
        home: (east + near(), north + near()),
        skills: skills.filter(|_| dice.hits(0.35)).collect(),
        // Most rarely, some often: between 0.02 and 0.8, 0.3 on average.
        rate: 0.02 + 0.78 * dice.unit().powf(1.8),
        usual: std::array::from_fn(|_| dice.hits(0.5)),
    }
}

/// The tasks posted on a day.
fn jobs(size: Size, day: u64, dice: &Dice) -> Vec<Job> {
    let begin = BEGIN.plus(DAY * u32::try_from(day).unwrap_or(0));
    let mut jobs = Vec::new();
    let mut at = dice.wait(DAY.div_f64(size.jobs_per_day));
    while at < DAY {
        let hour = 7 + dice.weighed(&HOURS);
        let posted =
            begin.plus(HOUR.mul_f64(dice.unit() + f64::from(u32::try_from(hour).unwrap_or(7))));
        let served = day + 2 + dice.weighed(&[1.0, 1.0, 1.0]) as u64;
        let weekend = if served % 7 >= 5 { SLOTS / 2 } else { 0 };
        jobs.push(Job {
            posted,
            until: posted.plus(HOUR * [8, 16, 30][dice.weighed(&[1.0, 2.0, 1.0])]),
            community: dice.weighed(&[1.0; COMMUNITIES]),
            skill: SKILLS[dice.weighed(&SKILLS.map(|(_, share)| share))].0,
            slot: weekend + dice.weighed(&[2.0, 2.0, 1.0]),
            day: served,
            seats: [1, 2, 4, 8][dice.weighed(&[5.0, 3.0, 1.5, 0.5])],
        });
        at += dice.wait(DAY.div_f64(size.jobs_per_day));
    }
    jobs
}
