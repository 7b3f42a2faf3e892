use proptest::{collection::vec, prelude::*};

use super::{
    super::{
        candidate::{Distance, Free},
        examples::{self, NOW, candidate, need},
        record::{Answer, Asked},
        rings::Ring,
    },
    *,
};

fn ids(wave: &Wave) -> Vec<u128> {
    let mut ids: Vec<_> = wave.picks.iter().map(|pick| pick.id.as_u128()).collect();
    ids.sort_unstable();
    ids
}

fn why(wave: &Wave, id: u128) -> Option<&WhyNot> {
    wave.left.iter().find(|left| left.id == Uuid::from_u128(id)).map(|left| &left.why)
}

/// As many like this one.
fn many(n: u128) -> Vec<Candidate> {
    (1..=n).map(candidate).collect()
}

#[test]
fn enough_are_asked_and_no_more() {
    let wave = choose(&need(1), &many(100), &Habits::default());
    assert!(wave.enough && wave.chance >= 0.9, "{}", wave.chance);
    assert!((5..40).contains(&wave.picks.len()), "{}", wave.picks.len());
    assert!(
        matches!(why(&wave, 100), Some(WhyNot::NotNeeded { asked, .. }) if *asked == wave.picks.len())
    );
}

#[test]
fn where_they_are_too_few_all_are_asked() {
    let wave = choose(&need(3), &many(4), &Habits::default());
    assert!(!wave.enough && wave.chance < 0.9);
    assert_eq!(ids(&wave), [1, 2, 3, 4]);
}

#[test]
fn a_full_task_asks_nobody() {
    assert!(choose(&need(0), &many(9), &Habits::default()).picks.is_empty());
}

#[test]
fn who_was_asked_before_and_may_still_answer_counts() {
    let mut more = need(1);
    let alone = choose(&more, &many(60), &Habits::default()).picks.len();
    more.waiting = vec![0.3, 0.3];
    assert!(choose(&more, &many(60), &Habits::default()).picks.len() < alone);
    more.waiting = vec![0.95];
    assert!(choose(&more, &many(60), &Habits::default()).picks.is_empty());
}

#[test]
fn the_tired_are_left_in_peace_and_those_without_a_grant_come_last() {
    let mut people = many(80);
    people[0].asked = examples::silent(1);
    for one in &mut people[1..20] {
        one.has_grant = false;
    }
    let wave = choose(&need(1), &people, &Habits::default());
    assert!(matches!(why(&wave, 1), Some(WhyNot::Resting(until)) if *until > NOW));
    assert!(wave.enough && ids(&wave).iter().all(|id| *id > 20), "{:?}", ids(&wave));
}

#[test]
fn of_two_alike_the_one_who_served_longer_ago_is_asked() {
    let mut people = many(30);
    for one in &mut people[..15] {
        one.last_served = Some(NOW.minus(std::time::Duration::from_secs(86_400)));
    }
    let wave = choose(&need(1), &people, &Habits { target: 0.5, ..Habits::default() });
    assert!(ids(&wave).iter().all(|id| *id > 15), "{:?}", ids(&wave));
}

#[test]
fn who_suits_the_task_far_less_waits_while_the_best_can_be_asked() {
    let mut people = many(20);
    for one in &mut people[5..] {
        one.distance = Distance::Far;
    }
    let wave = choose(&need(3), &people, &Habits::default());
    assert_eq!(ids(&wave), [1, 2, 3, 4, 5]);
    assert_eq!(why(&wave, 6), Some(&WhyNot::LessSuited));
    people.drain(..5);
    assert!(
        !choose(&need(3), &people, &Habits::default()).picks.is_empty(),
        "far from all is no reason"
    );
}

#[test]
fn who_cannot_come_is_no_measure_for_the_others() {
    let mut people = many(6);
    people[0].against = Some(WhyNot::Cannot("对方这段时间另有任务".to_owned()));
    for one in &mut people[1..] {
        one.distance = Distance::Far;
    }
    assert_eq!(ids(&choose(&need(1), &people, &Habits::default())), [2, 3, 4, 5, 6]);
}

#[test]
fn an_early_wave_asks_fewer_and_all_waves_together_reach_the_target() {
    let mut early = need(1);
    early.later = 2;
    let (first, last) = (
        choose(&early, &many(60), &Habits::default()),
        choose(&need(1), &many(60), &Habits::default()),
    );
    assert!(first.enough && 2 * first.picks.len() < last.picks.len());
    let missed = 1.0 - share(0.9, 2);
    assert!((1.0 - missed.powi(3) - 0.9).abs() < 1e-12);
}

#[test]
fn the_eager_are_not_used_up() {
    let mut people = many(40);
    let yes = |days: u64| Asked {
        at: NOW.minus(std::time::Duration::from_secs(days * 86_400)),
        answer: Answer::Yes,
    };
    people[0].asked = vec![yes(90), yes(60), yes(30)];
    let (picks, _) = rank(&need(1), &people, &Habits::default());
    let of = |id| picks.iter().find(|pick| pick.id == Uuid::from_u128(id)).unwrap();
    assert!(of(1).chance > of(2).chance && of(1).cost > of(2).cost);
}

#[test]
fn what_the_caller_knows_against_them_is_told_as_it_is() {
    let mut people = many(5);
    let reasons = [
        WhyNot::Cannot("对方这段时间另有任务".to_owned()),
        WhyNot::Declined,
        WhyNot::AskedAlready(NOW),
        WhyNot::Later(Ring::Street, NOW),
    ];
    for (one, reason) in people.iter_mut().zip(&reasons) {
        one.against = Some(reason.clone());
    }
    let wave = choose(&need(1), &people, &Habits::default());
    assert_eq!(ids(&wave), [5]);
    for (id, reason) in (1..).zip(&reasons) {
        assert_eq!(why(&wave, id), Some(reason));
    }
}

/// All sorts of people.
fn somebody() -> impl Strategy<Value = Candidate> {
    let distance = prop_oneof![Just(Distance::Near), Just(Distance::Walk), Just(Distance::Far)];
    let free = prop_oneof![Just(Free::Said), Just(Free::Usual), Just(Free::Unknown)];
    (distance, free, any::<bool>(), 0u32..4, proptest::option::of(0u64..90), 0u32..5).prop_map(
        |(distance, free, has_grant, alike, served, missed)| {
            let ago = |days| NOW.minus(std::time::Duration::from_secs(days * 86_400));
            let last_served = served.map(ago);
            Candidate { distance, free, has_grant, alike, last_served, missed, ..candidate(0) }
        },
    )
}

fn people(most: usize) -> impl Strategy<Value = Vec<Candidate>> {
    vec(somebody(), 0..most).prop_map(|mut people| {
        for (at, one) in people.iter_mut().enumerate() {
            one.id = Uuid::from_u128(at as u128);
        }
        people
    })
}

fn chance_of<'a>(open: usize, picks: impl Iterator<Item = &'a Pick>) -> f64 {
    let mut crowd = Crowd::empty(open);
    picks.for_each(|pick| crowd.add(pick.chance));
    crowd.chance()
}

proptest! {
    /// Everybody is either asked or told why not, once.
    #[test]
    fn nobody_is_forgotten(people in people(40), open in 0usize..5) {
        let wave = choose(&need(open), &people, &Habits::default());
        let mut seen: Vec<_> = wave.picks.iter().map(|pick| pick.id).chain(wave.left.iter().map(|left| left.id)).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, people.iter().map(|one| one.id).collect::<Vec<_>>());
    }

    /// The target is reached or everybody is asked; and what the wave says of its chance is so.
    #[test]
    fn the_target_is_reached_if_it_can_be(people in people(60), open in 1usize..5, target in 0.1f64..0.99) {
        let wave = choose(&need(open), &people, &Habits { target, ..Habits::default() });
        prop_assert!((wave.chance - chance_of(open, wave.picks.iter())).abs() < 1e-9);
        prop_assert_eq!(wave.enough, wave.chance >= target - 1e-12);
        let suited = wave.left.iter().all(|left| left.why == WhyNot::LessSuited);
        prop_assert!(wave.enough || (suited && wave.picks.is_empty() == people.is_empty()));
    }

    /// Nobody is asked whom the wave could do without.
    #[test]
    fn nobody_is_asked_for_nothing(people in people(60), open in 1usize..5) {
        let wave = choose(&need(open), &people, &Habits::default());
        for without in &wave.picks {
            let others = wave.picks.iter().filter(|pick| pick.id != without.id);
            prop_assert!(!wave.enough || chance_of(open, others) < 0.9 + 1e-9);
        }
    }

    /// Where all cost the same, no smaller wave would do.
    #[test]
    fn it_is_the_smallest_wave_where_all_cost_the_same(n in 1u128..60, open in 1usize..4) {
        let wave = choose(&need(open), &many(n), &Habits::default());
        let mut best: Vec<_> = rank(&need(open), &many(n), &Habits::default()).0;
        best.sort_by(|a, b| b.chance.total_cmp(&a.chance));
        let smaller = wave.picks.len().saturating_sub(1);
        prop_assert!(!wave.enough || chance_of(open, best.iter().take(smaller)) < 0.9);
    }

    /// The order in which people are looked up decides nothing.
    #[test]
    fn the_order_of_the_list_decides_nothing(people in people(40), open in 1usize..4) {
        let mut turned = people.clone();
        turned.reverse();
        prop_assert_eq!(ids(&choose(&need(open), &people, &Habits::default())), ids(&choose(&need(open), &turned, &Habits::default())));
    }
}
