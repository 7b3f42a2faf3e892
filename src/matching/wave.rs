//! Whom to ask now: the smallest wave that is likely enough to fill the open seats, sparing the tired and those whom
//! no message reaches.

use uuid::Uuid;

use super::{
    candidate::{Candidate, Habits, Need, WhyNot},
    crowd::Crowd,
    likely::likely,
    record::Record,
    score::{Score, score},
};

/// Somebody worth asking.
#[derive(Clone, Debug)]
pub struct Pick {
    pub id: Uuid,
    /// Whom we would rather have, with reasons.
    pub score: Score,
    /// How likely they come by the deadline.
    pub chance: f64,
    /// What a message to them costs; 1 to the best choice.
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
    /// The target is reached; else all who can be asked are asked, and the ring should widen.
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
    picks.sort_by(|a, b| b.score.total().total_cmp(&a.score.total()).then(a.id.cmp(&b.id)));
    (picks, left)
}

/// The wave to ask now. People join it by how much of the gap they close for what their message costs, until the
/// target is reached; then whoever is not needed for it is left in peace, the dearest first. Where all messages cost
/// the same it is the smallest wave there is.
pub fn choose(need: &Need, candidates: &[Candidate], habits: &Habits) -> Wave {
    let (mut picks, mut left) = rank(need, candidates, habits);
    picks.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.id.cmp(&b.id)));
    let mut waiting = Crowd::empty(need.open);
    need.waiting.iter().for_each(|p| waiting.add(*p));

    let mut crowd = waiting.clone();
    let mut asked = 0;
    while crowd.chance() < habits.target && asked < picks.len() {
        crowd.add(picks[asked].chance);
        asked += 1;
    }
    let enough = crowd.chance() >= habits.target;
    let mut spared = picks.split_off(asked);
    if enough {
        spared.extend(spare(&mut picks, waiting.clone(), habits.target));
    }
    picks.iter().for_each(|pick| waiting.add(pick.chance));
    let why = WhyNot::NotNeeded { asked: picks.len(), chance: waiting.chance() };
    left.extend(spared.iter().map(|pick| Left { id: pick.id, why: why.clone() }));
    picks.sort_by(|a, b| b.score.total().total_cmp(&a.score.total()).then(a.id.cmp(&b.id)));
    Wave { picks, chance: waiting.chance(), enough, left }
}

/// What speaks against asking somebody at all.
fn against(need: &Need, candidate: &Candidate, habits: &Habits) -> Option<WhyNot> {
    let record = || Record::of(&candidate.asked, habits.rest, need.now);
    let resting = || record().resting(habits.rest, need.now).map(WhyNot::Resting);
    candidate.against.clone().or_else(resting)
}

fn pick(need: &Need, candidate: &Candidate, habits: &Habits) -> Pick {
    let score = score(need, candidate, habits);
    let cost = 1.0 + 2.0 * (1.0 - score.total());
    Pick { id: candidate.id, chance: likely(need, candidate, habits), score, cost }
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
