//! The claim protocol as a small model, explored to its end: three members, two slots; a process may die after each
//! step, Redis may forget, come back older or be away, retries and late duplicates come when they like.
//!
//! `state` is what there is, `may` what may happen, `step` what it does; `redis` and `sql` are the two sides of the
//! protocol. `scene` says what happens in a run, `truths` what holds in every state, `sights` what must be seen.
//! `planted` breaks the protocol in one place each, and the shortest way to a truth that fails is written beside it.
//! `docs/claims-model.md` tells what is left out.

mod may;
mod planted;
mod redis;
mod say;
mod scene;
mod shortest;
mod sights;
mod sql;
mod state;
mod step;
mod truths;

use std::time::Instant;

use stateright::{Checker, Property};

use crate::helpers::Stack;
use planted::Planted;
use scene::Scene;
use state::State;
use step::Step;

#[derive(Clone, Debug)]
struct Model {
    scene: Scene,
    planted: Planted,
    /// All of the truths, or one.
    only: Option<&'static str>,
}

impl stateright::Model for Model {
    type State = State;
    type Action = Step;

    fn init_states(&self) -> Vec<State> {
        vec![self.scene.start()]
    }

    fn actions(&self, state: &State, steps: &mut Vec<Step>) {
        self.may(state, steps);
    }

    fn next_state(&self, state: &State, step: Step) -> Option<State> {
        let mut next = *state;
        self.apply(&mut next, step);
        // Where a way is shown, everybody keeps their name.
        Some(if self.only.is_some() { next } else { next.sorted() })
    }

    fn properties(&self) -> Vec<Property<Self>> {
        if let Some(only) = self.only {
            let truth = truths::TRUTHS.into_iter().find(|(name, _)| *name == only);
            return truth.into_iter().map(|(name, holds)| Property::always(name, holds)).collect();
        }
        let truths = truths::TRUTHS.map(|(name, holds)| Property::always(name, holds));
        let seen = sights::SIGHTS.into_iter().filter(|(_, scenes)| scenes.contains(&self.scene));
        let seen = seen.map(|((name, is_so), _)| Property::sometimes(name, is_so));
        truths.into_iter().chain(seen).collect()
    }
}

/// The model needs no server: the combinations with Redis leave it to the others.
fn here() -> bool {
    !Stack::from_env().redis
}

/// The whole of a scene.
fn explore(scene: Scene, states: usize) {
    use stateright::Model as _;

    if !here() {
        return;
    }
    let began = Instant::now();
    let model = Model { scene, planted: Planted::Nothing, only: None };
    let checked = model.checker().spawn_bfs().join();
    let (unique, steps) = (checked.unique_state_count(), checked.state_count());
    let name = scene.name;
    println!(
        "{name}: {unique} states, {steps} steps, depth {}, {:.1?}",
        checked.max_depth(),
        began.elapsed()
    );
    checked.assert_properties();
    assert_eq!(unique, states, "{name}: how many states there are");
}

#[test]
fn in_a_race_with_retries_and_deaths_all_holds() {
    explore(scene::RACE, 429_777);
}

#[test]
fn with_redis_back_in_an_older_state_all_holds() {
    explore(scene::OLDER, 140_216);
}

#[test]
fn without_redis_all_holds() {
    explore(scene::ABSENT, 216_799);
}

#[test]
fn where_nothing_breaks_the_gate_ends_up_right() {
    explore(scene::CALM, 21_790);
}

#[test]
fn several_in_one_transaction_get_what_each_would_get_alone() {
    explore(scene::BATCH, 165_693);
}

#[test]
fn a_seat_that_comes_free_goes_to_who_waits() {
    explore(scene::QUEUE, 286_762);
}

#[test]
fn a_gate_before_the_queue_hides_no_seat_for_long() {
    explore(scene::LEAVING, 282_063);
}

#[test]
fn closed_flags_of_two_replicas_refuse_no_winner() {
    explore(scene::FLAGS, 243_463);
}
