//! Whom to ask now: the smallest wave that is likely enough to fill the open seats, sparing the tired and those whom
//! no message reaches.

use std::cmp::Ordering;

use uuid::Uuid;

use super::{
    candidate::{Candidate, Habits, Need, WhyNot},
    crowd::Crowd,
    likely::{fit, likely},
    record::Record,
    score::{Score, score},
};

/// Whom a task suits less than this share of the best is not asked, though the best be tired or asked already: a
/// message costs them as much attention, and another task will suit them. The office may still call them.
const LEAST_FIT: f64 = 0.4;

/// Somebody worth asking.
#[derive(Clone, Debug)]
pub struct Pick {
    pub id: Uuid,
    /// Whom we would rather have, with reasons.
    pub score: Score,
    /// How likely they come by the deadline.
    pub chance: f64,
    /// How much rather they come to this task than to another; 1 is as usual.
    pub fit: f64,
    /// What a message to them costs, beside one to others.
    pub cost: f64,
}

/// Somebody who is not asked now.
#[derive(Clone, Debug, PartialEq)]
pub struct Left {
    pub id: Uuid,
    pub why: WhyNot,
}

/// Whom to ask now.
#[derive(Clone, Debug)]
pub struct Wave {
    /// Best choice first.
    pub picks: Vec<Pick>,
    /// How likely they fill the open seats by the deadline, with those who still have time to answer.
    pub chance: f64,
    /// Its share of the target is reached; else all whom it suits are asked, and the ring should widen.
    pub enough: bool,
    /// Everybody else, each with the reason.
    pub left: Vec<Left>,
}

/// Everybody who may be asked, best choice first, and why not the others: what an office reads before it names people.
pub fn rank(need: &Need, candidates: &[Candidate], habits: &Habits) -> (Vec<Pick>, Vec<Left>) {
    let (mut picks, mut left) = (Vec::new(), Vec::new());
    for candidate in candidates {
        match against(need, candidate, habits) {
            Some(why) => left.push(Left { id: candidate.id, why }),
            None => picks.push(pick(need, candidate, habits)),
        }
    }
    picks.sort_by(by_score);
    (picks, left)
}

/// The wave to ask now. People join it by how much of the gap they close for what their message costs, until the
/// target is reached; then whoever is not needed for it is left in peace, the dearest first. Where all messages cost
/// the same it is the smallest wave there is.
pub fn choose(need: &Need, candidates: &[Candidate], habits: &Habits) -> Wave {
    let (mut picks, mut left) = rank(need, candidates, habits);
    let suited = best_fit(need, candidates) * LEAST_FIT;
    let poorly = picks.extract_if(.., |pick| pick.fit < suited);
    left.extend(poorly.map(|pick| Left { id: pick.id, why: WhyNot::LessSuited }));
    picks.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.id.cmp(&b.id)));

    let target = share(habits.target, need.later);
    let mut before = Crowd::empty(need.open);
    need.waiting.iter().for_each(|p| before.add(*p));
    let mut crowd = before.clone();
    let mut asked = 0;
    while crowd.chance() < target && asked < picks.len() {
        crowd.add(picks[asked].chance);
        asked += 1;
    }
    let enough = crowd.chance() >= target;
    let mut spared = picks.split_off(asked);
    if enough {
        spared.extend(spare(&mut picks, before.clone(), target));
    }
    picks.iter().for_each(|pick| before.add(pick.chance));
    let (asked, chance) = (picks.len(), before.chance());
    let not_needed = |pick: Pick| Left { id: pick.id, why: WhyNot::NotNeeded { asked, chance } };
    left.extend(spared.into_iter().map(not_needed));
    picks.sort_by(by_score);
    Wave { picks, chance, enough, left }
}

/// How well the task suits the best of those who might take a seat, whether or not they can be asked now.
fn best_fit(need: &Need, candidates: &[Candidate]) -> f64 {
    let out = |why: &WhyNot| matches!(why, WhyNot::Cannot(_) | WhyNot::Declined);
    let might = candidates.iter().filter(|one| !one.against.as_ref().is_some_and(out));
    might.map(|candidate| fit(need, candidate)).fold(0.0, f64::max)
}

/// What one wave must reach, so that it and as many later ones, each failing or not by itself, reach the target.
pub(super) fn share(target: f64, later: u32) -> f64 {
    1.0 - (1.0 - target).powf(1.0 / (1.0 + f64::from(later)))
}

/// What speaks against asking somebody at all.
fn against(need: &Need, candidate: &Candidate, habits: &Habits) -> Option<WhyNot> {
    let record = || Record::of(&candidate.asked, habits.rest, need.now);
    let resting = || record().resting(habits.rest, need.now).map(WhyNot::Resting);
    candidate.against.clone().or_else(resting)
}

/// A message costs more, up to three times, to somebody we would rather not ask, and more to the eager, as the root of
/// how often they say yes: else they would be asked for everything, and be tired when they are needed.
fn pick(need: &Need, candidate: &Candidate, habits: &Habits) -> Pick {
    let score = score(need, candidate, habits);
    let rate = Record::of(&candidate.asked, habits.rest, need.now).rate(habits.average);
    Pick {
        id: candidate.id,
        chance: likely(need, candidate, habits),
        fit: fit(need, candidate),
        cost: (3.0 - 2.0 * score.total()) * rate.sqrt(),
        score,
    }
}

fn by_score(a: &Pick, b: &Pick) -> Ordering {
    b.score.total().total_cmp(&a.score.total()).then(a.id.cmp(&b.id))
}

/// How much of the gap they close for what their message costs: chances add up as logarithms of what they leave open.
fn worth(pick: &Pick) -> f64 {
    -(-pick.chance).ln_1p() / pick.cost
}

/// Takes out whoever is not needed for the target, the dearest first. One pass: those kept so far, and those not yet
/// looked at, are each a crowd of their own.
fn spare(picks: &mut Vec<Pick>, mut kept: Crowd, target: f64) -> Vec<Pick> {
    picks.sort_by(|a, b| b.cost.total_cmp(&a.cost).then(a.chance.total_cmp(&b.chance)));
    let mut later = vec![Crowd::empty(kept.seats())];
    for pick in picks.iter().rev() {
        let mut crowd = later[later.len() - 1].clone();
        crowd.add(pick.chance);
        later.push(crowd);
    }
    later.pop();
    picks
        .extract_if(.., |pick| {
            let rest = later.pop().unwrap_or_else(|| Crowd::empty(kept.seats()));
            let spared = kept.chance_with(&rest) >= target;
            if !spared {
                kept.add(pick.chance);
            }
            spared
        })
        .collect()
}

#[cfg(test)]
mod tests;
