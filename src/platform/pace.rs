//! 让路: what is done in many steps gives way between them, so that nobody who waits for an answer notices it.

use std::time::Duration;

use crate::kernel::clock::{Stopwatch, pause};

use super::http::lanes::Lanes;

/// Rests for so many times as long as the step took: that share of the machine is other people's.
const REST: u32 = 2;
/// A step that had to wait long itself need not be made up for.
const LONGEST: Duration = Duration::from_millis(500);
/// How long people who wait for an answer may keep the next step away: where it never gets quiet, this is its pace.
const PATIENCE: Duration = Duration::from_millis(100);
/// How often is looked whether it is quiet.
const LOOK: Duration = Duration::from_millis(1);

/// Lets others have their turn after a step that took so long, then waits for a moment in which nobody waits.
pub async fn give_way(lanes: &Lanes, step: Duration) {
    pause(rest(step)).await;
    let waited = Stopwatch::start();
    while lanes.inside() > 0 && waited.elapsed() < PATIENCE {
        pause(LOOK).await;
    }
}

fn rest(step: Duration) -> Duration {
    step.saturating_mul(REST).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::platform::{config::Settings, http::lanes::Lane};

    #[test]
    fn the_longer_the_step_the_longer_the_rest_but_not_for_ever() {
        assert_eq!(rest(Duration::from_millis(10)), Duration::from_millis(20));
        assert_eq!(rest(Duration::from_secs(60)), LONGEST);
    }

    #[tokio::test]
    async fn whoever_waits_for_an_answer_goes_first_and_a_crowd_does_not_stop_it_for_ever() {
        let lanes = Arc::new(Lanes::new(&Settings::load("test", None, &[]).unwrap().http));
        let place = lanes.enter(Lane::Claims).unwrap();
        let watch = Stopwatch::start();
        give_way(&lanes, Duration::ZERO).await;
        assert!(watch.elapsed() >= PATIENCE);
        drop(place);
    }
}
