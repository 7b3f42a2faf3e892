//! The rules of a request: which step is possible from where, and what has then happened.

use ::entity::{
    answer::Verdict,
    request::RequestState::{self, *},
};
use entity::At;

use crate::kernel::Event;

/// What somebody wants to do with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Amend,
    Ask,
    Decline,
    Return,
    Withdraw,
    Dispatch,
    Fulfil,
    /// Its task was cancelled.
    TakeBack,
    Answer(Verdict),
}

/// Not from this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNow {
    pub state: RequestState,
    pub command: Command,
    /// The state allowed it, but somebody has already begun the work.
    pub started: bool,
}

/// The state a command leads to and the fact it makes true.
///
/// # Errors
/// `NotNow`, naming the state, when the command does not apply.
pub fn step(
    state: RequestState,
    started: bool,
    command: Command,
) -> Result<(RequestState, Event), NotNow> {
    let next = match (command, state) {
        (Command::Amend, Submitted | NeedsInfo) => (Submitted, Event::RequestAmended),
        (Command::Ask, Submitted | Returned | Reopened) => (NeedsInfo, Event::RequestAsked),
        (Command::Decline, Submitted | NeedsInfo | Returned) => (Declined, Event::RequestDeclined),
        (Command::Return | Command::TakeBack, Dispatched) => (Returned, Event::RequestReturned),
        (Command::Withdraw, Submitted | NeedsInfo | Returned | Reopened) => {
            (Withdrawn, Event::RequestWithdrawn)
        }
        (Command::Withdraw, Dispatched) if !started => (Withdrawn, Event::RequestWithdrawn),
        (Command::Dispatch, Submitted | Returned | Reopened) => {
            (Dispatched, Event::RequestDispatched)
        }
        (Command::Fulfil, Dispatched) => (Fulfilled, Event::RequestFulfilled),
        (Command::Answer(Verdict::Done), Fulfilled) => (Closed, Event::RequestClosed),
        (Command::Answer(_), Fulfilled) => (Reopened, Event::RequestReopened),
        _ => return Err(NotNow { state, command, started }),
    };
    Ok(next)
}

/// Whether the office is behind its promise.
pub fn is_overdue(state: RequestState, first_answer_due: At, done_due: At, now: At) -> bool {
    match state {
        Submitted => now > first_answer_due,
        NeedsInfo | Closed | Declined | Merged | Withdrawn | Fulfilled => false,
        Dispatched | Returned | Reopened => now > done_due,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sea_orm::Iterable;

    use super::*;

    const COMMANDS: [Command; 11] = [
        Command::Amend,
        Command::Ask,
        Command::Decline,
        Command::Return,
        Command::Withdraw,
        Command::Dispatch,
        Command::Fulfil,
        Command::TakeBack,
        Command::Answer(Verdict::Done),
        Command::Answer(Verdict::Partly),
        Command::Answer(Verdict::NotDone),
    ];

    #[test]
    fn what_is_over_stays_over() {
        for state in [Closed, Declined, Merged, Withdrawn] {
            for command in COMMANDS {
                assert!(step(state, false, command).is_err(), "{command:?} from {state:?}");
            }
        }
    }

    #[test]
    fn partly_and_not_done_reopen_and_done_closes() {
        let answer = |verdict| step(Fulfilled, true, Command::Answer(verdict)).unwrap().0;
        assert_eq!(answer(Verdict::Done), Closed);
        assert_eq!(answer(Verdict::Partly), Reopened);
        assert_eq!(answer(Verdict::NotDone), Reopened);
    }

    #[test]
    fn nobody_withdraws_once_the_work_has_begun() {
        assert!(step(Dispatched, false, Command::Withdraw).is_ok());
        let refused = step(Dispatched, true, Command::Withdraw).unwrap_err();
        assert!(refused.started);
    }

    proptest! {
        /// Whatever is tried in whatever order, a request is closed only by its resident's answer.
        #[test]
        fn only_an_answer_closes(tries in prop::collection::vec((0..COMMANDS.len(), any::<bool>()), 1..60)) {
            let mut state = Submitted;
            for (i, started) in tries {
                if let Ok((next, event)) = step(state, started, COMMANDS[i]) {
                    if next == Closed {
                        prop_assert_eq!(COMMANDS[i], Command::Answer(Verdict::Done));
                        prop_assert_eq!(event, Event::RequestClosed);
                    }
                    state = next;
                }
            }
        }
    }

    #[test]
    fn every_state_can_still_reach_an_end() {
        for from in RequestState::iter().filter(|state| *state != Merged) {
            let mut seen = vec![from];
            let mut next = 0;
            while next < seen.len() {
                let steps = COMMANDS.iter().filter_map(|c| step(seen[next], false, *c).ok());
                for (to, _) in steps.collect::<Vec<_>>() {
                    if !seen.contains(&to) {
                        seen.push(to);
                    }
                }
                next += 1;
            }
            let ends = [Closed, Declined, Withdrawn];
            assert!(seen.iter().any(|state| ends.contains(state)), "{from:?} is a dead end");
        }
    }
}
