//! When the circle of those who are asked grows: each ring has its time, and at the end the office calls by phone.

use std::time::Duration;

use entity::At;
pub use entity::task::Ring;

use crate::kernel::Quiet;

/// Every ring, from the narrowest.
const RINGS: [Ring; 5] = [Ring::Named, Ring::Branch, Ring::Community, Ring::Street, Ring::District];

/// A ring and since when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub ring: Ring,
    pub from: At,
}

/// When a task is put to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
    /// From when the office calls by phone.
    pub calls_from: At,
    /// After this nobody can take a seat.
    pub until: At,
    quiet: Quiet,
}

/// A ring has at least this long: sooner hardly anybody has looked at their phone.
const LEAST: Duration = Duration::from_secs(45 * 60);
/// A wave waits this long for its answers before the next one.
const WAVE: Duration = Duration::from_secs(2 * 3600);

impl Plan {
    /// The rings from `first` to `last` share the first two thirds of the time there is, evenly; the last third is for
    /// calls. Where that is too short for all, the narrowest are left out: what is urgent is asked widely at once.
    /// Nights (`quiet`) do not count.
    pub fn new(first: Ring, last: Ring, opens: At, until: At, quiet: Quiet) -> Self {
        let rings: Vec<Ring> =
            RINGS.into_iter().filter(|ring| (first..=last.max(first)).contains(ring)).collect();
        Self::over(&rings, opens, until, quiet)
    }

    /// The same over the rings there are, the narrowest first; at least one.
    pub fn over(rings: &[Ring], opens: At, until: At, quiet: Quiet) -> Self {
        let asking = awake(opens, until, quiet) * 2 / 3;
        let fits = usize::try_from(asking.as_secs() / LEAST.as_secs()).unwrap_or(usize::MAX);
        let rings = &rings[rings.len() - fits.clamp(1, rings.len().max(1)).min(rings.len())..];
        let parts = u32::try_from(rings.len()).unwrap_or(1);
        let after = |part: u32| match part {
            0 => opens,
            part => quiet.awake_after(opens, asking * part / parts).min(until),
        };
        let steps = (0..).zip(rings).map(|(part, ring)| Step { ring: *ring, from: after(part) });
        Self { steps: steps.collect(), calls_from: after(parts), until, quiet }
    }

    /// Each ring and its time, the narrowest first.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The widest ring that is asked at an instant; None before the first.
    pub fn ring(&self, at: At) -> Option<Ring> {
        self.steps.iter().rev().find(|step| step.from <= at).map(|step| step.ring)
    }

    /// Since when a person of that ring is asked; None: never, the task does not go that far out.
    pub fn opens_to(&self, ring: Ring) -> Option<At> {
        self.steps.iter().find(|step| step.ring >= ring).map(|step| step.from)
    }

    /// When a task that is put as far as `ring` goes further, or comes to be called for; not before `now`.
    pub fn next(&self, ring: Ring, now: At) -> At {
        let wider = self.steps.iter().find(|step| step.ring > ring).map(|step| step.from);
        wider.unwrap_or(self.calls_from).max(now)
    }

    /// By when the answers of a wave sent now are counted: two waking hours, or the next change of the plan.
    pub fn wave_ends(&self, now: At) -> At {
        let changes = self.steps.iter().map(|step| step.from).chain([self.calls_from, self.until]);
        let next = changes.filter(|change| *change > now).min().unwrap_or(self.until);
        self.quiet.awake_after(now, WAVE).min(next)
    }

    /// How many waves can follow one that is sent now.
    pub fn waves_after(&self, now: At) -> u32 {
        let mut ends = std::iter::successors(Some(self.wave_ends(now)), |end| {
            (*end < self.until).then(|| self.wave_ends(*end))
        });
        u32::try_from(ends.by_ref().take_while(|end| *end < self.until).count()).unwrap_or(0)
    }
}

/// How much time lies between two instants, nights left out.
fn awake(from: At, to: At, quiet: Quiet) -> Duration {
    let (mut none, mut all) = (0, u64::try_from(to.ms() - from.ms()).unwrap_or(0));
    // The longest waking time that ends in time, to the minute.
    while all - none > 60_000 {
        let half = none + (all - none) / 2;
        match quiet.awake_after(from, Duration::from_millis(half)) <= to {
            true => none = half,
            false => all = half,
        }
    }
    Duration::from_millis(all)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::examples::NOW, *};

    const HOUR: Duration = Duration::from_secs(3600);
    const NIGHT: (i32, i32) = (21 * 60 + 30, 7 * 60 + 30);

    fn plan(hours: u32) -> Plan {
        Plan::new(Ring::Branch, Ring::District, NOW, NOW.plus(HOUR * hours), Quiet::default())
    }

    #[test]
    fn it_widens_ring_by_ring_and_then_the_office_calls() {
        let plan = plan(12);
        let rings: Vec<_> = plan.steps().iter().map(|step| step.ring).collect();
        assert_eq!(rings, [Ring::Branch, Ring::Community, Ring::Street, Ring::District]);
        let close = |at: At, hours: u32| (at.ms() - NOW.plus(HOUR * hours).ms()).abs() < 120_000;
        assert!(plan.steps().iter().zip([0, 2, 4, 6]).all(|(step, hours)| close(step.from, hours)));
        assert!(close(plan.calls_from, 8));
        assert_eq!(plan.ring(NOW.minus(HOUR)), None);
        assert_eq!(plan.ring(NOW.plus(HOUR * 3)), Some(Ring::Community));
        assert_eq!(plan.ring(NOW.plus(HOUR * 30)), Some(Ring::District));
    }

    #[test]
    fn what_is_urgent_is_asked_widely_at_once() {
        let rings = |hours| plan(hours).steps().iter().map(|step| step.ring).collect::<Vec<_>>();
        assert_eq!(rings(1), [Ring::District]);
        assert_eq!(rings(3), [Ring::Street, Ring::District]);
    }

    #[test]
    fn who_belongs_nearer_is_asked_from_the_start_and_who_is_too_far_never() {
        let plan =
            Plan::new(Ring::Community, Ring::Street, NOW, NOW.plus(HOUR * 12), Quiet::default());
        assert_eq!(plan.opens_to(Ring::Branch), Some(NOW));
        assert!(plan.opens_to(Ring::Street) > Some(NOW));
        assert_eq!(plan.opens_to(Ring::District), None);
    }

    #[test]
    fn a_wave_ends_where_the_plan_changes() {
        let plan = plan(12);
        assert_eq!(plan.wave_ends(NOW), plan.steps()[1].from.min(NOW.plus(WAVE)));
        assert_eq!(plan.wave_ends(NOW.plus(HOUR * 9)), NOW.plus(HOUR * 11));
        assert_eq!(plan.wave_ends(NOW.plus(HOUR * 11)), plan.until);
    }

    proptest! {
        /// Whatever the time there is: in order, from the opening on, within it, no ring begun at night.
        #[test]
        fn a_plan_keeps_its_order_and_its_nights(minutes in 1u64..10_000, first in 0usize..5, last in 0usize..5) {
            let quiet = Quiet::new(NIGHT.0, NIGHT.1);
            let until = NOW.plus(Duration::from_secs(60 * minutes));
            let plan = Plan::new(RINGS[first], RINGS[last], NOW, until, quiet);
            prop_assert_eq!(plan.steps()[0].from, NOW);
            prop_assert!(plan.steps().is_sorted_by(|a, b| a.from < b.from && a.ring < b.ring));
            prop_assert!(plan.steps().iter().all(|step| step.from <= plan.calls_from));
            prop_assert!(plan.calls_from <= until);
            prop_assert!(plan.steps().iter().all(|step| quiet.ends(At(step.from.ms() - 1)).is_none()));
            prop_assert_eq!(plan.ring(until), Some(RINGS[last.max(first)]));
        }

        #[test]
        fn a_wave_always_ends_later_and_in_time(minutes in 1u64..10_000, into in 0u64..10_000) {
            let plan = Plan::new(Ring::Branch, Ring::Street, NOW, NOW.plus(Duration::from_secs(60 * minutes)), Quiet::new(NIGHT.0, NIGHT.1));
            let now = NOW.plus(Duration::from_secs(60 * into.min(minutes - 1)));
            prop_assert!(plan.wave_ends(now) > now && plan.wave_ends(now) <= plan.until);
        }
    }
}
