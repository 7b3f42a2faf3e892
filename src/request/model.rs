//! The rules of a request: which step is possible from where, and what has then happened.

use std::time::Duration;

use ::entity::{
    answer::Verdict,
    request::RequestState::{self, *},
};
use entity::At;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
    /// Nobody has answered for as long as the org waits.
    CloseSilently,
    /// Somebody of the office is named to look after it.
    Assign,
    /// To another org's inbox.
    Pass,
    /// To the city hotline.
    Refer,
    Merge,
    /// The one it was merged into was withdrawn.
    Separate,
}

impl Command {
    /// Whether the office does it: the first one of them who does owns the request (首接负责).
    pub fn is_first_hand(self) -> bool {
        use Command::{Ask, Decline, Dispatch, Merge, Refer, Return};
        matches!(self, Ask | Decline | Return | Dispatch | Refer | Merge)
    }
}

/// How a request stands when somebody wants to do something with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    pub state: RequestState,
    /// Somebody has begun the work.
    pub started: bool,
    /// Closed by silence, and not longer ago than a late answer counts.
    pub hearable: bool,
}

/// Not from this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNow {
    pub state: RequestState,
    pub command: Command,
    /// The state allowed it, but somebody has already begun the work.
    pub started: bool,
}

/// How long an answer still counts after silence has closed a request.
pub const LATE_ANSWER: Duration = Duration::from_secs(30 * 24 * 3600);

/// The state a command leads to and the fact it makes true.
///
/// # Errors
/// `NotNow`, naming the state, when the command does not apply.
pub fn step(stand: Stand, command: Command) -> Result<(RequestState, Event), NotNow> {
    let Stand { state, started, hearable } = stand;
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
        (Command::Answer(verdict), Fulfilled) => heard(verdict),
        (Command::Answer(verdict), Closed) if hearable => heard(verdict),
        (Command::CloseSilently, Fulfilled) => (Closed, Event::RequestClosedUnconfirmed),
        (Command::Assign, Submitted | NeedsInfo | Dispatched | Returned | Fulfilled | Reopened) => {
            (state, Event::RequestAssigned)
        }
        (Command::Pass, Submitted | NeedsInfo | Returned | Reopened) => {
            (Submitted, Event::RequestPassed)
        }
        (Command::Refer, Submitted | NeedsInfo | Returned | Reopened) => {
            (Declined, Event::RequestReferred)
        }
        (Command::Merge, Submitted | NeedsInfo | Returned | Reopened) => {
            (Merged, Event::RequestMerged)
        }
        (Command::Separate, Merged) => (Submitted, Event::RequestSeparated),
        _ => return Err(NotNow { state, command, started }),
    };
    Ok(next)
}

fn heard(verdict: Verdict) -> (RequestState, Event) {
    match verdict {
        Verdict::Done => (Closed, Event::RequestClosed),
        Verdict::Partly | Verdict::NotDone => (Reopened, Event::RequestReopened),
    }
}

/// Nothing more is expected of anybody.
pub fn is_over(state: RequestState) -> bool {
    matches!(state, Closed | Declined | Merged | Withdrawn)
}

/// What an office promised for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    pub first_answer: At,
    pub done: At,
}

/// By when the office must do the next thing. A resident who completes what was asked back has had the first
/// answer; one who mends unasked changes nothing of it.
pub fn due(
    command: Command,
    (from, next): (RequestState, RequestState),
    kept: Option<At>,
    promise: Promise,
) -> Option<At> {
    match (command, next) {
        (Command::Assign, _) => kept,
        (Command::Amend, Submitted) if from == Submitted => kept,
        (Command::Amend, Submitted) | (_, Dispatched | Returned | Reopened) => Some(promise.done),
        (_, Submitted) => Some(promise.first_answer),
        (_, NeedsInfo | Fulfilled | Closed | Declined | Merged | Withdrawn) => None,
    }
}

/// How pressing it is for the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 按时
    OnTime,
    /// 快到期：first answers within four hours, all else within a day
    Soon,
    /// 已超期
    Overdue,
}

/// How long before it is due something is due soon.
pub fn soon(state: RequestState) -> Duration {
    let hours = if state == Submitted { 4 } else { 24 };
    Duration::from_secs(hours * 3600)
}

/// How pressing something due then is now; None where nothing is due.
pub fn level(state: RequestState, due: Option<At>, now: At) -> Option<Level> {
    let due = due?;
    Some(match now {
        now if now > due => Level::Overdue,
        now if now.plus(soon(state)) > due => Level::Soon,
        _ => Level::OnTime,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sea_orm::Iterable;

    use super::*;

    const COMMANDS: [Command; 17] = [
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
        Command::CloseSilently,
        Command::Assign,
        Command::Pass,
        Command::Refer,
        Command::Merge,
        Command::Separate,
    ];

    fn at(state: RequestState) -> Stand {
        Stand { state, started: false, hearable: false }
    }

    #[test]
    fn what_is_over_stays_over() {
        for state in RequestState::iter().filter(|state| is_over(*state)) {
            for command in COMMANDS {
                let apart = state == Merged && command == Command::Separate;
                assert_eq!(step(at(state), command).is_ok(), apart, "{command:?} from {state:?}");
            }
        }
    }

    #[test]
    fn partly_and_not_done_reopen_and_done_closes_early_or_late() {
        let late = Stand { hearable: true, ..at(Closed) };
        for stand in [at(Fulfilled), late] {
            let answer = |verdict| step(stand, Command::Answer(verdict)).unwrap().0;
            assert_eq!(answer(Verdict::Done), Closed);
            assert_eq!(answer(Verdict::Partly), Reopened);
            assert_eq!(answer(Verdict::NotDone), Reopened);
        }
    }

    #[test]
    fn nobody_withdraws_once_the_work_has_begun() {
        assert!(step(at(Dispatched), Command::Withdraw).is_ok());
        let begun = Stand { started: true, ..at(Dispatched) };
        assert!(step(begun, Command::Withdraw).unwrap_err().started);
    }

    #[test]
    fn completing_what_was_asked_back_does_not_count_as_unanswered() {
        let promise = Promise { first_answer: At(10), done: At(90) };
        let due = |command, way, kept| due(command, way, kept, promise);
        assert_eq!(due(Command::Amend, (NeedsInfo, Submitted), None), Some(At(90)));
        assert_eq!(due(Command::Amend, (Submitted, Submitted), Some(At(10))), Some(At(10)));
        assert_eq!(due(Command::Amend, (Submitted, Submitted), Some(At(90))), Some(At(90)));
        assert_eq!(due(Command::Pass, (Returned, Submitted), Some(At(90))), Some(At(10)));
        assert_eq!(due(Command::Ask, (Submitted, NeedsInfo), Some(At(10))), None);
    }

    #[test]
    fn it_is_late_after_the_minute_promised_and_soon_before() {
        let hour = |n: i64| At(n * 3_600_000);
        let due = Some(hour(48));
        assert_eq!(level(Submitted, due, hour(43)), Some(Level::OnTime));
        assert_eq!(level(Submitted, due, hour(45)), Some(Level::Soon));
        assert_eq!(level(Returned, due, hour(43)), Some(Level::Soon));
        assert_eq!(level(Returned, due, hour(48)), Some(Level::Soon));
        assert_eq!(level(Returned, due, At(hour(48).ms() + 1)), Some(Level::Overdue));
        assert_eq!(level(NeedsInfo, None, hour(99)), None);
    }

    proptest! {
        /// Whatever is tried in whatever order, only an answer or silence closes a request, and each says so.
        #[test]
        fn only_an_answer_or_silence_closes(tries in prop::collection::vec((0..COMMANDS.len(), any::<bool>(), any::<bool>()), 1..60)) {
            let mut state = Submitted;
            for (i, started, hearable) in tries {
                if let Ok((next, event)) = step(Stand { state, started, hearable }, COMMANDS[i]) {
                    if next == Closed {
                        let fact = match COMMANDS[i] {
                            Command::Answer(Verdict::Done) => Event::RequestClosed,
                            Command::CloseSilently => Event::RequestClosedUnconfirmed,
                            other => panic!("{other:?} closed a request"),
                        };
                        prop_assert_eq!(event, fact);
                    }
                    state = next;
                }
            }
        }

        /// Something is due exactly where the office has to do something.
        #[test]
        fn something_is_due_where_the_office_has_to_act(i in 0..COMMANDS.len(), from in 0..10usize, hearable: bool) {
            let from = RequestState::iter().nth(from).unwrap();
            let stand = Stand { state: from, started: false, hearable };
            if let Ok((next, _)) = step(stand, COMMANDS[i]) {
                let promise = Promise { first_answer: At(1), done: At(2) };
                let waits = |state| matches!(state, Submitted | Dispatched | Returned | Reopened);
                let kept = waits(from).then_some(At(1));
                prop_assert_eq!(due(COMMANDS[i], (from, next), kept, promise).is_some(), waits(next));
            }
        }
    }

    #[test]
    fn every_state_can_still_reach_an_end() {
        for from in RequestState::iter() {
            let mut seen = vec![from];
            let mut next = 0;
            while next < seen.len() {
                let steps = COMMANDS.iter().filter_map(|c| step(at(seen[next]), *c).ok());
                for (to, _) in steps.collect::<Vec<_>>() {
                    if !seen.contains(&to) {
                        seen.push(to);
                    }
                }
                next += 1;
            }
            assert!(seen.iter().any(|state| is_over(*state)), "{from:?} is a dead end");
        }
    }
}
