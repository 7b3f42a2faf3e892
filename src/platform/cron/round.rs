//! A round: look at the calendar, do what is due. Safe at any time, in any number of replicas.

use crate::{kernel::Error, platform::AppState};

use super::{Job, Worked, look, take, work};

/// Runs one round takes on; the next follows at once.
const RUNS: usize = 50;

/// What a round came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Occurrences noted and runs ended.
    pub handled: usize,
    /// Runs that failed and are tried again later.
    pub failed: usize,
    pub more: bool,
}

/// One round over a timetable. While clock and database disagree nothing is noted and nobody is told.
///
/// # Errors
/// When the database fails; a chunk that fails is counted, not returned.
pub async fn round(state: &AppState, jobs: &[Job]) -> Result<Round, Error> {
    let mut round = Round::default();
    if state.wall.wrong_by(state).await?.is_some() {
        return Ok(round);
    }
    round.handled = look(state, jobs).await?;
    for _ in 0..RUNS {
        let Some(taken) = take(state, jobs).await? else { return Ok(round) };
        let Some(job) = jobs.iter().find(|job| job.key == taken.run.job) else { continue };
        match work(state, job, taken).await? {
            Worked::Done => round.handled += 1,
            Worked::Failed => round.failed += 1,
            Worked::Lost => {}
        }
        if state.wall.wrong_by(state).await?.is_some() {
            return Ok(round);
        }
    }
    round.more = true;
    Ok(round)
}
