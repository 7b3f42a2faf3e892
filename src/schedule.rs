//! 时间表: every job there is, one line each: its name, when it is due, the same in words, how late it still makes
//! sense, and what it does. How each goes out once is told in `platform/cron`.
//!
//! The next one: `Cron` for what hangs on the calendar alone, `Planned` for what hangs on rows or on an org's own hour
//! (`org::daily`); then write the chunk, in `<room>/job.rs` or below `schedule/`.

mod answers;
mod leaders;
mod overdue;
mod reminders;
mod upkeep;

use std::time::Duration;

pub use upkeep::{Backup, backup};

use crate::{
    birthday,
    ledger::{freeze, stars},
    platform::cron::{
        Job,
        When::{Cron, Planned},
    },
    themeday,
};

const fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3600)
}

/// The timetable.
#[rustfmt::skip]
pub const JOBS: &[Job] = &[
    Job { key: "task.reminder_day", when: Planned(reminders::a_day_before), words: "任务开始前一天，提醒接单的人", catch_up: hours(6), chunk: reminders::day },
    Job { key: "task.reminder_soon", when: Planned(reminders::two_hours_before), words: "任务开始前两小时，再提醒一次", catch_up: hours(1), chunk: reminders::soon },
    Job { key: "request.answer_due", when: Planned(answers::two_days_after), words: "上报后两天还没有评价，请居民评价", catch_up: hours(24), chunk: answers::ask },
    Job { key: "request.overdue", when: Planned(overdue::daily), words: "每天 9:30（各组织可改），把超过承诺时限的需求汇总给负责人", catch_up: hours(12), chunk: overdue::owners },
    Job { key: "request.overdue_above", when: Cron("0 30 9 * * *"), words: "每天 9:30，把辖区内超过承诺时限的需求汇总给领导", catch_up: hours(12), chunk: leaders::overdue },
    Job { key: "figures.week", when: Cron("0 30 8 * * MON"), words: "每周一 8:30，上周的数字给领导", catch_up: hours(24), chunk: leaders::week },
    birthday::job::DAY,
    birthday::job::LIST,
    themeday::job::REMIND,
    themeday::job::PLAN,
    themeday::job::RECORD,
    Job { key: "points.month_end", when: Cron("0 30 0 1 * *"), words: "每月一日 0:30，结清上个月的积分", catch_up: hours(28 * 24), chunk: freeze::chunk },
    Job { key: "stars.half_year", when: Cron("0 30 0 1 1,7 *"), words: "一月一日、七月一日 0:30，评过去半年的星级", catch_up: hours(90 * 24), chunk: stars::chunk },
    Job { key: "upkeep.check", when: Cron("0 30 3 * * *"), words: "每天 3:30，核对清理和备份，有问题告诉运维", catch_up: hours(12), chunk: upkeep::check },
];

/// The job of that name.
pub fn job(key: &str) -> Option<&'static Job> {
    JOBS.iter().find(|job| job.key == key)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::platform::cron::{When, times};
    use entity::At;

    use super::*;

    #[test]
    fn every_line_can_be_read_and_has_a_name_of_its_own() {
        let keys: BTreeSet<_> = JOBS.iter().map(|job| job.key).collect();
        assert_eq!(keys.len(), JOBS.len());
        for job in JOBS {
            assert!(!job.words.is_empty() && job.catch_up >= hours(1), "{}", job.key);
            if let When::Cron(spec) = job.when {
                assert!(
                    !times(spec, At(0), At(366 * 86_400_000)).unwrap().is_empty(),
                    "{}",
                    job.key
                );
            }
        }
    }
}
