//! How often a person says yes: begins at the org's average, learns from each message, and knows when to let them be.

use std::time::Duration;

use entity::At;

use super::candidate::days;

/// Of an org that has asked nobody yet: a guess, which its own messages soon outweigh.
const FIRST_GUESS: f64 = 0.15;
/// How many messages the first guess weighs in the org's average.
const FIRST_WEIGHT: f64 = 20.0;
/// How many messages the org's average weighs in a person's rate: a Beta prior of that strength. After as many of
/// their own, both count the same.
const STRENGTH: f64 = 8.0;
/// A message so many days ago counts half: people's lives change.
const HALF_LIFE_DAYS: f64 = 90.0;
/// Each unanswered message in a row lengthens the rest by half of it, up to so many.
const MOST_SILENT: u32 = 4;

/// What somebody made of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They wanted a seat, whether or not one was left.
    Yes,
    No,
    /// Its time ran out.
    Silence,
    /// Its time still runs.
    Waiting,
}

/// One message that asked somebody.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub at: At,
    pub answer: Answer,
}

/// What those messages say about the person.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Record {
    /// Yeses, the older the lighter.
    pub yes: f64,
    /// Messages, the older the lighter, and light as well where they came while the person was still resting.
    pub asked: f64,
    /// Unanswered since their last answer.
    pub silent: u32,
    pub last: Option<At>,
}

/// How often people of an org say yes, from its messages of the last half year.
pub fn average(asked: u32, yes: u32) -> f64 {
    (f64::from(yes.min(asked)) + FIRST_GUESS * FIRST_WEIGHT) / (f64::from(asked) + FIRST_WEIGHT)
}

impl Record {
    /// Reads the messages, oldest first. `rest`: how long the org leaves people in peace after one.
    pub fn of(asked: &[Asked], rest: Duration, now: At) -> Self {
        let mut record = Self::default();
        for message in asked {
            let weight = record.awake(rest, message.at) * age_weight(message.at, now);
            match message.answer {
                Answer::Yes => {
                    // Who answered was awake.
                    let weight = age_weight(message.at, now);
                    (record.yes, record.asked) = (record.yes + weight, record.asked + weight);
                    record.silent = 0;
                }
                Answer::No => (record.asked, record.silent) = (record.asked + weight, 0),
                Answer::Silence => {
                    record.asked += weight;
                    record.silent += 1;
                }
                Answer::Waiting => {}
            }
            record.last = Some(message.at);
        }
        record
    }

    /// How likely they say yes to a message like those before, when rested: the mean of Beta(average × strength + yes,
    /// (1 − average) × strength + not yes).
    pub fn rate(&self, average: f64) -> f64 {
        (average * STRENGTH + self.yes) / (STRENGTH + self.asked)
    }

    /// How likely they look at a message at all: none right after the last one, half after their rest, and so on.
    pub fn awake(&self, rest: Duration, at: At) -> f64 {
        let Some(last) = self.last else { return 1.0 };
        let rests = days(last, at) * 86_400.0 / self.rest(rest).as_secs_f64().max(1.0);
        1.0 - 0.5f64.powf(rests)
    }

    /// Until when they are left in peace; None: they may be asked.
    pub fn resting(&self, rest: Duration, now: At) -> Option<At> {
        self.last.map(|last| last.plus(self.rest(rest))).filter(|until| *until > now)
    }

    fn rest(&self, rest: Duration) -> Duration {
        rest * (2 + self.silent.min(MOST_SILENT)) / 2
    }
}

fn age_weight(at: At, now: At) -> f64 {
    0.5f64.powf(days(at, now) / HALF_LIFE_DAYS)
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 3600);
    const NOW: At = At(1_795_000_000_000);

    /// One message every ten days, the last one ten days ago.
    fn asked(answers: &[Answer]) -> Vec<Asked> {
        let ago = |at: usize| DAY * u32::try_from(10 * (answers.len() - at)).unwrap();
        let each = answers.iter().enumerate();
        each.map(|(at, answer)| Asked { at: NOW.minus(ago(at)), answer: *answer }).collect()
    }

    fn record(answers: &[Answer]) -> Record {
        Record::of(&asked(answers), DAY, NOW)
    }

    #[test]
    fn who_was_never_asked_has_the_average_of_the_org() {
        assert!((record(&[]).rate(0.2) - 0.2).abs() < 1e-12);
        assert!((record(&[]).awake(DAY, NOW) - 1.0).abs() < 1e-12);
        assert!((average(0, 0) - FIRST_GUESS).abs() < 1e-12);
        assert!(
            (average(1000, 400) - 0.4).abs() < 0.01,
            "and an org's own history soon outweighs the guess"
        );
    }

    #[test]
    fn it_learns_from_each_answer() {
        assert!(record(&[Answer::Yes]).rate(0.2) > 0.2);
        assert!(record(&[Answer::No]).rate(0.2) < 0.2);
        assert!(record(&[Answer::Yes; 30]).rate(0.2) > 0.6);
        assert_eq!(record(&[Answer::Waiting]).asked, 0.0, "what is not over says nothing yet");
    }

    #[test]
    fn silence_lengthens_the_rest_and_an_answer_ends_it() {
        let tired = record(&[Answer::Silence, Answer::Silence]);
        assert_eq!(tired.silent, 2);
        let last = tired.last.unwrap();
        assert_eq!(tired.resting(DAY, last.plus(DAY)), Some(last.plus(2 * DAY)));
        assert_eq!(tired.resting(DAY, last.plus(2 * DAY)), None);
        assert_eq!(record(&[Answer::Silence, Answer::No]).silent, 0);
        assert!(
            tired.awake(DAY, last.plus(DAY)) < record(&[Answer::Yes]).awake(DAY, last.plus(DAY))
        );
    }

    #[test]
    fn a_message_to_somebody_who_still_rests_says_little() {
        let twice = |gap| [NOW.minus(20 * DAY), NOW.minus(20 * DAY).plus(gap)];
        let rate = |gap| {
            let asked = twice(gap).map(|at| Asked { at, answer: Answer::Silence });
            Record::of(&asked, DAY, NOW).rate(0.2)
        };
        assert!(rate(Duration::from_secs(60)) > rate(10 * DAY));
    }

    fn answers() -> impl Strategy<Value = Vec<Answer>> {
        vec(
            prop_oneof![
                Just(Answer::Yes),
                Just(Answer::No),
                Just(Answer::Silence),
                Just(Answer::Waiting)
            ],
            0..40,
        )
    }

    proptest! {
        #[test]
        fn a_rate_is_a_chance(answers in answers(), average in 0.01f64..0.99) {
            let rate = record(&answers).rate(average);
            prop_assert!(rate > 0.0 && rate < 1.0, "{}", rate);
        }

        #[test]
        fn a_yes_at_last_never_lowers_the_rate(mut answers in answers(), average in 0.01f64..0.99) {
            answers.push(Answer::Silence);
            let silent = record(&answers).rate(average);
            *answers.last_mut().unwrap() = Answer::Yes;
            prop_assert!(record(&answers).rate(average) > silent);
        }

        #[test]
        fn people_wake_up_with_time(answers in answers(), hours in 0u32..500, more in 1u32..500) {
            let record = record(&answers);
            let last = record.last.unwrap_or(NOW);
            let awake = |hours: u32| record.awake(DAY, last.plus(Duration::from_secs(3600) * hours));
            prop_assert!((0.0..=1.0).contains(&awake(hours)));
            prop_assert!(awake(hours + more) >= awake(hours));
        }
    }
}
