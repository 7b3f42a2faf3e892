//! How likely somebody takes a seat of this task by the wave's deadline, if asked now.

use super::{
    candidate::{Candidate, Distance, Free, Habits, Need, days},
    record::Record,
};

/// Without a permission for a WeChat message only the inbox tells them, and few look there in time.
const INBOX_ALONE: f64 = 0.2;
/// Half of those who say yes have said so after these hours.
const HALF_ANSWER_HOURS: f64 = 1.0;

/// The chance, 0.001 to 0.95: nobody is sure, nobody hopeless.
pub fn likely(need: &Need, candidate: &Candidate, habits: &Habits) -> f64 {
    let record = Record::of(&candidate.asked, habits.rest, need.now);
    let rested = record.rate(habits.average) * record.awake(habits.rest, need.now);
    let told = if candidate.has_grant { 1.0 } else { INBOX_ALONE };
    (rested * fit(need, candidate) * told * in_time(need)).clamp(0.001, 0.95)
}

/// How much rather they come to this task than to one they are usually asked for; 1 is as usual. First guesses: they
/// order people well where they do not measure them well, and the rate learns the rest.
pub(super) fn fit(need: &Need, candidate: &Candidate) -> f64 {
    let distance = match candidate.distance {
        Distance::Near => 1.3,
        Distance::Walk => 1.0,
        Distance::Ride => 0.45,
        Distance::Far => 0.3,
        Distance::Unknown => 0.8,
    };
    let free = match candidate.free {
        Free::Said => 1.5,
        Free::Usual => 1.25,
        Free::Unknown => 0.9,
    };
    let known = 1.0 + 0.1 * f64::from(candidate.alike.min(3));
    distance * free * known * (0.25 + 0.75 * skilled(need, candidate))
}

/// The share of the helpful skills they have; all where none is asked for.
#[allow(clippy::cast_precision_loss)]
pub(super) fn skilled(need: &Need, candidate: &Candidate) -> f64 {
    match need.skills.len() {
        0 => 1.0,
        all => {
            let has = |skill: &&String| candidate.skills.contains(*skill);
            need.skills.iter().filter(has).count() as f64 / all as f64
        }
    }
}

/// The share of the yeses that come before the wave's deadline.
fn in_time(need: &Need) -> f64 {
    1.0 - 0.5f64.powf(days(need.now, need.by) * 24.0 / HALF_ANSWER_HOURS)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            examples,
            record::{Answer, Asked},
        },
        *,
    };

    fn chance(change: impl Fn(&mut Candidate)) -> f64 {
        let mut candidate = examples::candidate(1);
        change(&mut candidate);
        likely(&examples::need(1), &candidate, &Habits::default())
    }

    #[test]
    fn the_near_the_free_the_skilled_and_the_reachable_are_likelier() {
        let usual = chance(|_| {});
        assert!(chance(|one| one.distance = Distance::Near) > usual);
        assert!(chance(|one| one.distance = Distance::Far) < usual);
        assert!(chance(|one| one.free = Free::Said) > usual);
        assert!(chance(|one| one.alike = 2) > usual);
        assert!(chance(|one| one.skills.clear()) < usual);
        assert!(chance(|one| one.has_grant = false) < usual);
    }

    #[test]
    fn the_tired_are_less_likely_until_they_have_rested() {
        let asked_ago = |hours: u64| {
            chance(|one| {
                let at = examples::NOW.minus(std::time::Duration::from_secs(hours * 3600));
                one.asked = vec![Asked { at, answer: Answer::Silence }];
            })
        };
        assert!(asked_ago(1) < asked_ago(24) && asked_ago(24) < asked_ago(240));
        assert!(asked_ago(240) < chance(|_| {}), "and a silence is remembered");
    }

    #[test]
    fn a_short_wave_hears_fewer_yeses() {
        let candidate = examples::candidate(1);
        let mut need = examples::need(1);
        let long = likely(&need, &candidate, &Habits::default());
        need.by = need.now.plus(std::time::Duration::from_secs(60));
        assert!(likely(&need, &candidate, &Habits::default()) < long);
    }
}
