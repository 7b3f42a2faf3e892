//! 让路: what is done in many steps gives way between them, so that nobody who waits for an answer notices it.

use std::time::Duration;

use crate::kernel::clock::pause;

/// Rests for so many times as long as the step took: that share of the machine is other people's.
const REST: u32 = 3;
/// A step that had to wait long itself need not be made up for.
const LONGEST: Duration = Duration::from_millis(500);

/// Lets others have their turn after a step that took so long.
pub async fn give_way(step: Duration) {
    pause(rest(step)).await;
}

fn rest(step: Duration) -> Duration {
    step.saturating_mul(REST).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_the_step_the_longer_the_rest_but_not_for_ever() {
        assert_eq!(rest(Duration::from_millis(10)), Duration::from_millis(30));
        assert_eq!(rest(Duration::from_secs(60)), LONGEST);
    }
}
