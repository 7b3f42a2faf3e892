//! The rules of a story: who may move it from where, and what it waits for.

use ::entity::{
    request::RequestState,
    story::StoryState::{self, *},
    task::TaskState,
};

use crate::kernel::Event;

/// What a story cannot be published before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// The task is not confirmed yet.
    Task(TaskState),
    /// The resident has not said that it was done.
    Request(RequestState),
    /// Somebody shown has not agreed.
    People(Consents),
}

/// What the people shown have said, without those who agreed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Consents {
    /// How many have not answered.
    pub open: usize,
    pub refused: usize,
}

/// What publishing still waits for; a task without a request waits for its confirmation alone.
pub fn waits(task: TaskState, request: Option<RequestState>, consents: Consents) -> Option<Waits> {
    match (task, request) {
        (TaskState::Confirmed, None | Some(RequestState::Closed)) => {
            (consents != Consents::default()).then_some(Waits::People(consents))
        }
        (TaskState::Confirmed, Some(request)) => Some(Waits::Request(request)),
        (task, _) => Some(Waits::Task(task)),
    }
}

/// Whether it is, or may come to be, in front of people.
pub fn stands(state: StoryState) -> bool {
    state != Withdrawn
}

/// What stands in place of the name of somebody who has left.
const NOBODY: &str = "一位邻居";

/// A text without these names. A name of one sign is any word's part: it stays.
pub fn unnamed(text: &str, names: &[String]) -> String {
    let names = names.iter().filter(|name| name.chars().count() > 1);
    names.fold(text.to_owned(), |text, name| text.replace(name.as_str(), NOBODY))
}

/// What somebody wants to do with a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Mend,
    Submit,
    Approve {
        waits: Option<Waits>,
    },
    Reject,
    Withdraw,
    /// Somebody shown took their consent back.
    Return,
}

/// Why a step is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    NotNow { state: StoryState, command: Command },
    OwnWork,
    Waits(Waits),
}

/// The state a command leads to and the fact it makes true. `own`: the author's own hand.
///
/// # Errors
/// `NotNow`, naming the state; `OwnWork` for an author who reviews; `Waits` for a story that is early.
pub fn step(
    state: StoryState,
    command: Command,
    own: bool,
) -> Result<(StoryState, Option<Event>), Refused> {
    let (next, event) = match (command, state) {
        // A draft stays one: nothing to tell anybody.
        (Command::Mend, Draft) => return Ok((Draft, None)),
        (Command::Mend, Rejected) => (Draft, Event::StoryDrafted),
        (Command::Submit, Draft | Rejected) => (PendingReview, Event::StorySubmitted),
        (Command::Approve { .. } | Command::Reject, PendingReview) if own => {
            return Err(Refused::OwnWork);
        }
        (Command::Approve { waits: Some(what) }, PendingReview) => {
            return Err(Refused::Waits(what));
        }
        (Command::Approve { waits: None }, PendingReview) => (Published, Event::StoryPublished),
        (Command::Reject, PendingReview) => (Rejected, Event::StoryRejected),
        (Command::Withdraw, Draft | Rejected | Published) => (Withdrawn, Event::StoryWithdrawn),
        (Command::Return, Published) => (PendingReview, Event::StoryReturned),
        _ => return Err(Refused::NotNow { state, command }),
    };
    Ok((next, Some(event)))
}

/// Whether a task has something to show: its work was reported.
pub fn has_result(task: TaskState) -> bool {
    matches!(task, TaskState::Reported | TaskState::Confirmed)
}

/// A state in people's words.
pub fn spoken(state: StoryState) -> &'static str {
    match state {
        Draft => "草稿",
        PendingReview => "待审核",
        Published => "已发布",
        Rejected => "未通过",
        Withdrawn => "已撤下",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sea_orm::Iterable;

    use super::*;

    const EARLY: Waits = Waits::Task(TaskState::Reported);
    const COMMANDS: [Command; 7] = [
        Command::Mend,
        Command::Submit,
        Command::Approve { waits: None },
        Command::Approve { waits: Some(EARLY) },
        Command::Reject,
        Command::Withdraw,
        Command::Return,
    ];

    proptest! {
        /// Whatever is tried in whatever order, only a second person publishes, and only what waits for nothing.
        #[test]
        fn nothing_is_published_without_a_second_person(
            tries in prop::collection::vec((0..COMMANDS.len(), any::<bool>()), 1..60)
        ) {
            let mut state = Draft;
            for (i, own) in tries {
                let Ok((next, event)) = step(state, COMMANDS[i], own) else { continue };
                if next == Published {
                    prop_assert!(!own && state == PendingReview);
                    prop_assert_eq!(COMMANDS[i], Command::Approve { waits: None });
                    prop_assert_eq!(event, Some(Event::StoryPublished));
                }
                state = next;
            }
        }
    }

    #[test]
    fn an_author_hears_that_it_is_their_own_before_anything_else() {
        let early = Command::Approve { waits: Some(EARLY) };
        assert_eq!(step(PendingReview, early, true), Err(Refused::OwnWork));
        assert_eq!(step(PendingReview, early, false), Err(Refused::Waits(EARLY)));
        assert_eq!(step(PendingReview, Command::Reject, true), Err(Refused::OwnWork));
    }

    #[test]
    fn a_rejected_story_is_mended_and_submitted_again() {
        let mended = step(Rejected, Command::Mend, true);
        assert_eq!(mended, Ok((Draft, Some(Event::StoryDrafted))));
        assert_eq!(step(Draft, Command::Mend, true), Ok((Draft, None)));
        for state in [Draft, Rejected] {
            assert_eq!(step(state, Command::Submit, true).unwrap().0, PendingReview);
        }
        for state in [PendingReview, Published, Withdrawn] {
            assert!(step(state, Command::Mend, true).is_err(), "{state:?} is not mended");
        }
    }

    #[test]
    fn withdrawn_is_the_end_and_can_be_reached_from_everywhere() {
        for command in COMMANDS {
            assert!(step(Withdrawn, command, false).is_err(), "{command:?}");
        }
        for state in StoryState::iter().filter(|state| ![PendingReview, Withdrawn].contains(state))
        {
            assert_eq!(step(state, Command::Withdraw, false).unwrap().0, Withdrawn);
        }
        assert!(step(PendingReview, Command::Reject, false).is_ok());
    }

    #[test]
    fn a_story_waits_for_the_confirmation_and_for_the_resident() {
        use RequestState::{Closed, Fulfilled};
        let waits = |task, request| waits(task, request, Consents::default());
        assert_eq!(waits(TaskState::Confirmed, None), None);
        assert_eq!(waits(TaskState::Confirmed, Some(Closed)), None);
        for request in RequestState::iter().filter(|state| *state != Closed) {
            let early = waits(TaskState::Confirmed, Some(request));
            assert_eq!(early, Some(Waits::Request(request)));
        }
        assert_eq!(waits(TaskState::Reported, Some(Fulfilled)), Some(EARLY));
        assert_eq!(waits(TaskState::Reported, None), Some(EARLY));
    }

    #[test]
    fn a_story_waits_for_everybody_shown_and_a_no_takes_it_out_of_sight() {
        let people = |open, refused| waits(TaskState::Confirmed, None, Consents { open, refused });
        assert_eq!(people(0, 0), None);
        for (open, refused) in [(1, 0), (0, 1), (2, 1)] {
            assert_eq!(people(open, refused), Some(Waits::People(Consents { open, refused })));
        }
        let returned = step(Published, Command::Return, false);
        assert_eq!(returned, Ok((PendingReview, Some(Event::StoryReturned))));
        assert!(step(Draft, Command::Return, false).is_err());
    }
}
