//! The rules of absences: how an excuse stands, and from when somebody may claim again.

use std::time::Duration;

use ::entity::{
    At,
    absence::{Model, Ruling},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::org::OrgSettings;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// How an absence stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// 未说明
    Unexplained,
    /// 等待社区答复
    Asked,
    /// 社区不认可
    Refused,
    /// 申诉中
    Appealed,
    /// 已认可
    Excused,
    /// 申诉未通过
    Settled,
}

impl Standing {
    pub fn of(row: &Model) -> Self {
        match (row.excuse.is_some(), row.ruling, row.appeal.is_some(), row.appeal_ruling) {
            (_, Some(Ruling::Accepted), ..) | (.., Some(Ruling::Accepted)) => Self::Excused,
            (.., Some(Ruling::Refused)) => Self::Settled,
            (_, Some(Ruling::Refused), true, None) => Self::Appealed,
            (_, Some(Ruling::Refused), false, None) => Self::Refused,
            (true, None, ..) => Self::Asked,
            (false, None, ..) => Self::Unexplained,
        }
    }

    /// In people's words.
    pub fn said(self) -> &'static str {
        match self {
            Self::Unexplained => "未说明情况",
            Self::Asked => "已说明情况，等社区答复",
            Self::Refused => "社区没有认可",
            Self::Appealed => "申诉中",
            Self::Excused => "已认可，不计缺席",
            Self::Settled => "申诉没有通过",
        }
    }
}

/// What somebody wants to do about an absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Say why; also anew, while nobody has answered.
    Explain,
    Rule,
    Appeal,
    RuleAppeal,
}

/// Not as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotNow {
    pub standing: Standing,
}

/// That a command fits how the absence stands.
///
/// # Errors
/// `NotNow`, naming the standing.
pub fn check(standing: Standing, command: Command) -> Result<(), NotNow> {
    let fits = match command {
        Command::Explain => matches!(standing, Standing::Unexplained | Standing::Asked),
        Command::Rule => standing == Standing::Asked,
        Command::Appeal => standing == Standing::Refused,
        Command::RuleAppeal => standing == Standing::Appealed,
    };
    if fits { Ok(()) } else { Err(NotNow { standing }) }
}

/// Until when somebody who missed work at these times does not claim, by the org's numbers; None: they may. As many as
/// the limit within the days, counted from the day of the last of them. A limit of 0 keeps nobody away.
pub fn suspension(misses: &[At], rules: &OrgSettings, now: At) -> Option<At> {
    let limit = usize::try_from(rules.no_show_limit).ok().filter(|limit| *limit > 0)?;
    let days = |n: i32| DAY * u32::try_from(n).unwrap_or(0);
    let mut sorted = misses.to_vec();
    sorted.sort_unstable();
    let together = |few: &&[At]| few[0].plus(days(rules.no_show_days)) >= few[limit - 1];
    let until = sorted.windows(limit).filter(together).map(|few| few[limit - 1]).next_back();
    until.map(|last| last.plus(days(rules.suspend_days))).filter(|until| *until > now)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: At = At(1_764_000_000_000);

    fn ago(days: u32) -> At {
        NOW.minus(DAY * days)
    }

    #[test]
    fn three_in_ninety_days_wait_a_fortnight_from_the_last() {
        let rules = OrgSettings::default();
        let until = |misses: &[At]| suspension(misses, &rules, NOW);
        assert_eq!(until(&[ago(3), ago(40)]), None);
        assert_eq!(until(&[ago(3), ago(93), ago(40)]), Some(ago(3).plus(DAY * 14)));
        assert_eq!(until(&[ago(3), ago(94), ago(40)]), None, "the first is too long ago");
        assert_eq!(until(&[ago(14), ago(20), ago(40)]), None, "and then it is over");
    }

    #[test]
    fn where_the_limit_is_nought_nobody_is_kept_away() {
        let rules = OrgSettings { no_show_limit: 0, ..OrgSettings::default() };
        assert_eq!(suspension(&[ago(1); 20], &rules, NOW), None);
    }

    proptest! {
        /// Taking a miss away never makes it longer, and nobody waits longer than the days from their last miss.
        #[test]
        fn an_excuse_only_ever_helps(days in proptest::collection::vec(0u32..200, 1..8), limit in 1i32..4, which in 0usize..8) {
            let rules = OrgSettings { no_show_limit: limit, ..OrgSettings::default() };
            let misses: Vec<_> = days.iter().map(|d| ago(*d)).collect();
            let mut fewer = misses.clone();
            fewer.remove(which % misses.len());
            let (before, after) = (suspension(&misses, &rules, NOW), suspension(&fewer, &rules, NOW));
            prop_assert!(after <= before);
            if let Some(until) = before {
                prop_assert!(until <= misses.iter().max().unwrap().plus(DAY * 14));
            }
        }
    }

    #[test]
    fn only_who_was_refused_appeals_and_only_once() {
        use Standing::*;
        for standing in [Unexplained, Asked, Refused, Appealed, Excused, Settled] {
            assert_eq!(check(standing, Command::Appeal).is_ok(), standing == Refused);
            assert_eq!(check(standing, Command::Rule).is_ok(), standing == Asked);
            assert_eq!(check(standing, Command::RuleAppeal).is_ok(), standing == Appealed);
        }
    }
}
