//! The rules of a theme day: who may move it from where, when one may answer and check in, and how it stands.

use std::time::Duration;

use ::entity::{
    At,
    theme_day::ThemeDayState::{self, *},
};

use crate::kernel::{Day, Event};

/// Days after the day within which a record is in time (四有 asks for records in time).
pub(super) const GRACE_DAYS: i64 = 3;
/// How long before the start people may check in.
const DOORS: Duration = Duration::from_secs(60 * 60);
/// How long after the end the code still counts.
const AFTER: Duration = Duration::from_secs(2 * 60 * 60);

/// What somebody wants to do with a theme day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Change,
    Cancel,
    Record,
    Approve,
    Return,
}

/// Why a step is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    NotNow {
        state: ThemeDayState,
        command: Command,
    },
    /// It has not begun: nothing to record yet.
    Early,
    /// It has begun: what is planned is planned.
    Begun,
    /// Nobody reviews their own record.
    OwnWork,
}

/// What a step depends on besides the state.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given {
    /// It has begun.
    pub begun: bool,
    /// Whoever reviews has recorded it.
    pub own: bool,
}

/// The state a command leads to and the fact it makes true. Whether a change is worth a fact is the caller's to see.
///
/// # Errors
/// Why not.
pub fn step(
    state: ThemeDayState,
    command: Command,
    given: Given,
) -> Result<(ThemeDayState, Event), Refused> {
    match (command, state) {
        (Command::Change, Planned) if given.begun => Err(Refused::Begun),
        (Command::Change, Planned) => Ok((Planned, Event::ThemeDayChanged)),
        (Command::Cancel, Planned) => Ok((Cancelled, Event::ThemeDayCancelled)),
        (Command::Record, Planned | Returned) if !given.begun => Err(Refused::Early),
        (Command::Record, Planned | Returned) => Ok((Recorded, Event::ThemeDayRecorded)),
        (Command::Approve | Command::Return, Recorded) if given.own => Err(Refused::OwnWork),
        (Command::Approve, Recorded) => Ok((Approved, Event::ThemeDayApproved)),
        (Command::Return, Recorded) => Ok((Returned, Event::ThemeDayReturned)),
        _ => Err(Refused::NotNow { state, command }),
    }
}

/// Whether an answer can still be given or changed: until it is over.
pub fn takes_answers(state: ThemeDayState, ends_at: At, now: At) -> bool {
    state == Planned && now < ends_at
}

/// Whether the code on the wall counts now.
pub fn doors_open(state: ThemeDayState, (starts_at, ends_at): (At, At), now: At) -> bool {
    state == Planned && starts_at.minus(DOORS) <= now && now <= ends_at.plus(AFTER)
}

/// Whether staff may note who came: from when the doors open until the superior has looked at it.
pub fn may_be_noted(state: ThemeDayState, starts_at: At, now: At) -> bool {
    matches!(state, Planned | Returned) && starts_at.minus(DOORS) <= now
}

/// The last instant at which a record is in time.
pub fn record_by(starts_at: At) -> At {
    Day::of(starts_at).plus(GRACE_DAYS).end()
}

/// What is known of a theme day that judges how it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub state: ThemeDayState,
    pub starts_at: At,
    pub first_recorded_at: Option<At>,
}

/// How an org stands with its day of a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DayStanding {
    /// 还没到时候
    Ahead,
    /// 已暂停
    Paused,
    /// 没有安排
    NotPlanned,
    /// 待交记录
    RecordDue,
    /// 逾期未交记录
    RecordMissing,
    /// 已退回，待补充
    Returned,
    /// 待审核
    Waiting,
    /// 已通过
    Approved,
    /// 已取消
    Cancelled,
}

impl DayStanding {
    /// In people's words.
    pub(super) fn spoken(self) -> &'static str {
        match self {
            Self::Ahead => "还没到时候",
            Self::Paused => "已暂停",
            Self::NotPlanned => "没有安排",
            Self::RecordDue => "待交记录",
            Self::RecordMissing => "逾期未交记录",
            Self::Returned => "已退回，待补充",
            Self::Waiting => "待审核",
            Self::Approved => "已通过",
            Self::Cancelled => "已取消",
        }
    }

    /// Whether its superior has something to ask about.
    pub(super) fn is_overdue(self) -> bool {
        matches!(self, Self::NotPlanned | Self::RecordMissing | Self::Returned)
    }

    /// Whether it counts among those that were due.
    pub(super) fn counts(self) -> bool {
        !matches!(self, Self::Ahead | Self::Paused)
    }
}

/// How an org stands: `due` is the day its rule names for the month, `day` what was planned for it.
pub(super) fn standing(due: Day, paused: bool, day: Option<Held>, now: At) -> DayStanding {
    match day {
        None if paused => DayStanding::Paused,
        None if now < due.end() => DayStanding::Ahead,
        None => DayStanding::NotPlanned,
        Some(day) => match day.state {
            Planned if now < day.starts_at => DayStanding::Ahead,
            Planned if now < record_by(day.starts_at) => DayStanding::RecordDue,
            Planned => DayStanding::RecordMissing,
            Recorded => DayStanding::Waiting,
            ThemeDayState::Returned => DayStanding::Returned,
            ThemeDayState::Approved => DayStanding::Approved,
            ThemeDayState::Cancelled => DayStanding::Cancelled,
        },
    }
}

/// Whether its first record came in time; a later return does not make it late.
pub(super) fn on_time(day: Held) -> bool {
    day.first_recorded_at.is_some_and(|at| at < record_by(day.starts_at))
}

/// A state in people's words.
pub(super) fn spoken(state: ThemeDayState) -> &'static str {
    match state {
        Planned => "已安排",
        Recorded => "待审核",
        Returned => "已退回",
        Approved => "已通过",
        Cancelled => "已取消",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sea_orm::Iterable;

    use super::*;

    const COMMANDS: [Command; 5] =
        [Command::Change, Command::Cancel, Command::Record, Command::Approve, Command::Return];

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    proptest! {
        /// Whatever is tried in whatever order: nothing is approved that was not recorded after it began, or by
        /// whoever recorded it.
        #[test]
        fn nothing_is_approved_without_a_second_person(
            tries in prop::collection::vec((0..COMMANDS.len(), any::<bool>(), any::<bool>()), 1..60)
        ) {
            let (mut state, mut recorded) = (Planned, false);
            for (i, begun, own) in tries {
                let Ok((next, event)) = step(state, COMMANDS[i], Given { begun, own }) else {
                    continue;
                };
                prop_assert!(next != Recorded || begun);
                recorded |= next == Recorded;
                if next == Approved {
                    prop_assert!(recorded && !own && event == Event::ThemeDayApproved);
                }
                state = next;
            }
        }
    }

    #[test]
    fn approved_and_cancelled_are_the_end() {
        for command in COMMANDS {
            for end in [Approved, Cancelled] {
                let refused = Err(Refused::NotNow { state: end, command });
                assert_eq!(step(end, command, Given { begun: true, own: false }), refused);
            }
        }
    }

    #[test]
    fn a_plan_is_not_changed_once_it_has_begun_and_not_recorded_before() {
        let begun = Given { begun: true, own: false };
        assert_eq!(step(Planned, Command::Change, begun), Err(Refused::Begun));
        assert_eq!(step(Planned, Command::Record, Given::default()), Err(Refused::Early));
        assert_eq!(step(Planned, Command::Record, begun).unwrap().0, Recorded);
        assert_eq!(step(Returned, Command::Record, begun).unwrap().0, Recorded);
    }

    #[test]
    fn the_code_counts_from_an_hour_before_to_two_hours_after() {
        let at = |hour| day("2026-11-25").time(hour, 0);
        let times = (at(15), at(17));
        let open = [13, 14, 15, 17, 19, 20].map(|hour| doors_open(Planned, times, at(hour)));
        assert_eq!(open, [false, true, true, true, true, false]);
        let others = ThemeDayState::iter().filter(|state| *state != Planned);
        assert!(others.into_iter().all(|state| !doors_open(state, times, at(15))));
    }

    #[test]
    fn how_it_stands_follows_the_calendar() {
        let due = day("2026-11-25");
        let now = |text: &str| day(text).time(12, 0);
        let none = |paused, at| standing(due, paused, None, now(at));
        assert_eq!(none(false, "2026-11-25"), DayStanding::Ahead, "all of the day");
        assert_eq!(none(false, "2026-11-26"), DayStanding::NotPlanned);
        assert_eq!(none(true, "2026-12-26"), DayStanding::Paused);
        let held = |state| Held { state, starts_at: due.time(15, 0), first_recorded_at: None };
        let of = |state, at| standing(due, true, Some(held(state)), now(at));
        assert_eq!(of(Planned, "2026-11-25"), DayStanding::Ahead);
        assert_eq!(of(Planned, "2026-11-28"), DayStanding::RecordDue);
        assert_eq!(of(Planned, "2026-11-29"), DayStanding::RecordMissing);
        assert_eq!(of(Recorded, "2026-12-29"), DayStanding::Waiting);
        let overdue = [DayStanding::NotPlanned, DayStanding::RecordMissing, DayStanding::Returned];
        assert!(overdue.iter().all(|one| one.is_overdue() && one.counts()));
        assert!(!DayStanding::Waiting.is_overdue() && !DayStanding::Paused.counts());
    }

    #[test]
    fn in_time_is_until_the_third_day_is_over() {
        let starts_at = day("2026-11-25").time(15, 0);
        let recorded = |at| on_time(Held { state: Recorded, starts_at, first_recorded_at: at });
        assert!(recorded(Some(day("2026-11-28").time(23, 59))));
        assert!(!recorded(Some(day("2026-11-29").start())) && !recorded(None));
    }
}
