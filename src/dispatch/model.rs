//! The rules of a task's state.

use ::entity::task::TaskState::{self, *};

use crate::kernel::Event;

/// What somebody wants to do with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Publish,
    Resize,
    /// What is written about it.
    Change,
    /// When it is.
    Reschedule,
    Cancel,
    Report,
    Confirm,
}

/// Not from this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNow {
    pub state: TaskState,
    pub command: Command,
}

/// The state a command leads to and the fact it makes true.
///
/// # Errors
/// `NotNow`, naming the state, when the command does not apply.
pub fn step(state: TaskState, command: Command) -> Result<(TaskState, Event), NotNow> {
    match (command, state) {
        (Command::Publish, Draft) => Ok((Open, Event::TaskOpened)),
        (Command::Resize, Draft | Open) => Ok((state, Event::TaskResized)),
        (Command::Change, Draft | Open) => Ok((state, Event::TaskChanged)),
        (Command::Reschedule, Open) => Ok((Open, Event::TaskRescheduled)),
        (Command::Cancel, Draft | Open) => Ok((Cancelled, Event::TaskCancelled)),
        (Command::Report, Open) => Ok((Reported, Event::TaskReported)),
        (Command::Confirm, Reported) => Ok((Confirmed, Event::TaskConfirmed)),
        _ => Err(NotNow { state, command }),
    }
}

/// A state in people's words.
pub fn spoken(state: TaskState) -> &'static str {
    match state {
        Draft => "草稿",
        Open => "开放接单",
        Reported => "已上报",
        Confirmed => "已确认",
        Cancelled => "已取消",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_goes_forward_only_and_ends_once() {
        for command in [
            Command::Publish,
            Command::Resize,
            Command::Change,
            Command::Reschedule,
            Command::Cancel,
            Command::Report,
            Command::Confirm,
        ] {
            assert!(step(Confirmed, command).is_err());
            assert!(step(Cancelled, command).is_err());
        }
        assert!(step(Reported, Command::Cancel).is_err(), "what was done is not cancelled");
        assert!(step(Draft, Command::Report).is_err());
    }
}
