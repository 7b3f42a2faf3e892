//! 主题党日的定时任务. What is due is derived from the day's own row each time anybody looks, so a moved or cancelled day
//! takes its reminders with it; a chunk reads the row again before it says anything.

use std::{collections::BTreeMap, time::Duration};

use ::entity::{
    At,
    theme_day::{Model, ThemeDayState},
    theme_day_rule,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Day, Error, Month},
    notify::{self, Matter, Notice, Subject},
    org::{self, Walked, calendar},
    platform::{
        AppState, Tx,
        cron::{Chunk, Job, Occurrence, Run, When},
    },
};

use super::{
    keep::day_rule,
    model::{self, GRACE_DAYS},
    rule::Wall,
    store,
    told::{self, Told},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// How many days before its day an org without a plan is reminded.
const PLAN_DAYS: i64 = 10;
/// For how many weeks a missing record is asked for; the overdue list keeps it after that.
const RECORD_WEEKS: i64 = 8;

/// 提醒: three days before, the evening before, on the day.
pub const REMIND: Job = Job {
    key: "theme_day.remind",
    when: When::Planned(|state, from, until| Box::pin(reminders(state, from, until))),
    words: "主题党日前三天 9 点、前一天 19 点、当天 8 点（组织可改）",
    catch_up: Duration::from_secs(12 * 60 * 60),
    chunk: |state, tx, run, cursor| Box::pin(remind(state, tx, run, cursor)),
};

/// 催安排: ten days before, where nothing is planned.
pub const PLAN: Job = Job {
    key: "theme_day.plan",
    when: When::Planned(|state, from, until| Box::pin(unplanned(state, from, until))),
    words: "应开展日前十天 9 点，还没有安排的",
    catch_up: DAY,
    chunk: |state, tx, run, _| Box::pin(ask_for_plan(state, tx, run)),
};

/// 催记录: three days after, then weekly.
pub const RECORD: Job = Job {
    key: "theme_day.record",
    when: When::Planned(|state, from, until| Box::pin(unrecorded(state, from, until))),
    words: "活动后第三天 9 点还没有记录的，以后每周一次",
    catch_up: DAY,
    chunk: |state, tx, run, _| Box::pin(ask_for_record(state, tx, run)),
};

/// What a run's period says: the row, the step, the date it was made for.
fn period(row: Uuid, step: &str, date: impl std::fmt::Display) -> String {
    format!("{row}|{step}|{date}")
}

/// The steps of reminding: name, days before, and when; the usual times where the org has no rule.
fn steps(rule: Option<&theme_day_rule::Model>) -> [(&'static str, i64, Wall); 3] {
    let at = |set: Option<i32>, usual| Wall::of(set.unwrap_or(usual));
    [
        ("3d", 3, at(rule.map(|rule| rule.early_minute), 9 * 60)),
        ("1d", 1, at(rule.map(|rule| rule.eve_minute), 19 * 60)),
        ("day", 0, at(rule.map(|rule| rule.day_minute), 8 * 60)),
    ]
}

async fn reminders(state: &AppState, from: At, until: At) -> Result<Vec<Occurrence>, Error> {
    let db = state.db.read();
    let ahead = until.plus(4 * DAY);
    let days = store::beginning(db, &[ThemeDayState::Planned], (from, ahead)).await?;
    let rules = store::rules_of(db, days.iter().map(|day| day.org_id)).await?;
    let due = days.iter().flat_map(|day| {
        let date = Day::of(day.starts_at);
        steps(rules.get(&day.org_id)).map(|(step, before, wall)| {
            let due_at = wall.on(date.plus(-before));
            (due_at < day.starts_at && due_at > day.created_at).then(|| Occurrence {
                period: period(day.id, step, date),
                due_at,
                org_id: Some(day.org_id),
                subject_id: Some(day.id),
            })
        })
    });
    Ok(due.flatten().filter(|one| from < one.due_at && one.due_at <= until).collect())
}

/// The day a run is about, where it still stands on the date the run was made for.
async fn still(
    tx: &impl ConnectionTrait,
    state: &AppState,
    run: &Run,
) -> Result<Option<Told>, Error> {
    let Some(id) = run.subject_id else { return Ok(None) };
    let found = told::told(tx, state, &Scope::house(), id).await?;
    let date = run.period.rsplit('|').next().unwrap_or_default().to_owned();
    Ok(found.filter(|told| Day::of(told.day.starts_at).to_string() == date))
}

async fn remind(
    state: &AppState,
    tx: &Tx,
    run: &Run,
    cursor: Option<String>,
) -> Result<Chunk, Error> {
    let Some(told) = still(&**tx, state, run).await? else { return Ok(Chunk::passing("moved", 1)) };
    if told.day.state != ThemeDayState::Planned {
        return Ok(Chunk::passing("cancelled", 1));
    }
    if state.clock.now() >= told.day.starts_at {
        return Ok(Chunk::passing("begun", 1));
    }
    let from = cursor.map_or(Ok(Walked::default()), |cursor| cursor.parse())?;
    let (people, next) = told::some_concerned(&**tx, &told, from, told::CHUNK).await?;
    let said = store::of_people(&**tx, told.day.id, &people).await?;
    let (coming, open): (Vec<_>, Vec<_>) = people
        .into_iter()
        .partition(|person| said.get(person).is_some_and(|row| row.answer.is_some()));
    let mut count = tell(tx, state, run, &told, (Subject::ThemeDayReminder, None), &coming).await?;
    count += tell(tx, state, run, &told, (Subject::ThemeDayAsk, None), &open).await?;
    if next.is_none() {
        count += list_for_secretary(tx, state, run, &told).await?;
    }
    let cursor = next.map(|walked| walked.to_string());
    Ok(Chunk { cursor, told: count, passed: BTreeMap::new() })
}

/// How many have not answered: a number, the names are behind the link.
async fn list_for_secretary(
    tx: &Tx,
    state: &AppState,
    run: &Run,
    told: &Told,
) -> Result<u64, Error> {
    let all = org::count_branch_members(&**tx, &Scope::house(), &told.org_path).await?;
    let tally = store::tally(&**tx, told.day.id).await?;
    let answered = u64::try_from(tally.yes + tally.no + tally.leave).unwrap_or_default();
    let open = all.saturating_sub(answered);
    if open == 0 {
        return Ok(0);
    }
    let people = told::secretaries(&**tx, &told.org_path).await?;
    let words = Some(format!("{open} 人"));
    tell(tx, state, run, told, (Subject::ThemeDayUnanswered, words), &people).await
}

async fn tell(
    tx: &Tx,
    state: &AppState,
    run: &Run,
    told: &Told,
    (subject, words): (Subject, Option<String>),
    people: &[Uuid],
) -> Result<u64, Error> {
    if people.is_empty() {
        return Ok(0);
    }
    let notice = Notice {
        subject,
        matter: Matter { words, ..told.matter() },
        occasion: run.occasion(),
        org_id: told.day.org_id,
        request_id: None,
        task_id: None,
        subject_id: told.day.id,
        begins_at: Some(told.day.starts_at).filter(|at| state.clock.now() < *at),
    };
    notify::tell(tx, state, &notice, people).await
}

/// Nine o'clock of the days in (from, until].
fn nines(from: At, until: At) -> Vec<Day> {
    let first = Day::of(from);
    let days = (0..).map(|n| first.plus(n)).take_while(|day| day.time(9, 0) <= until);
    days.filter(|day| day.time(9, 0) > from).collect()
}

async fn unplanned(state: &AppState, from: At, until: At) -> Result<Vec<Occurrence>, Error> {
    let today = nines(from, until);
    let (Some(first), Some(last)) = (today.first(), today.last()) else { return Ok(vec![]) };
    let db = state.db.read();
    let (first, last) = (first.plus(PLAN_DAYS), last.plus(PLAN_DAYS));
    let months = [Month::of(first.start()), Month::of(last.start())];
    let holidays = calendar::holidays(db, months[0].first(), months[1].last()).await?;
    let mut due = Vec::new();
    for rule in store::rules_in_force(db).await? {
        let found = day_rule(&rule)?;
        for month in months {
            let date = found.date(month, &holidays);
            let at = date.plus(-PLAN_DAYS);
            if today.contains(&at) {
                due.push(Occurrence {
                    period: period(rule.org_id, "plan", month),
                    due_at: at.time(9, 0),
                    org_id: Some(rule.org_id),
                    subject_id: Some(rule.org_id),
                });
            }
        }
    }
    due.dedup_by(|one, other| one.period == other.period);
    Ok(due)
}

async fn ask_for_plan(state: &AppState, tx: &Tx, run: &Run) -> Result<Chunk, Error> {
    let month = run.period.rsplit('|').next().and_then(|text| text.parse::<Month>().ok());
    let (Some(org_id), Some(month)) = (run.org_id, month) else {
        return Ok(Chunk::passing("unknown", 1));
    };
    let rule = store::rule(&**tx, &Scope::house(), org_id).await?;
    let Some(rule) = rule.filter(|rule| !rule.paused) else {
        return Ok(Chunk::passing("paused", 1));
    };
    if store::planned(&**tx, org_id, month).await? {
        return Ok(Chunk::passing("planned", 1));
    }
    let Some(org) = org::find(&**tx, org_id).await? else { return Ok(Chunk::passing("gone", 1)) };
    let holidays = calendar::holidays(&**tx, month.first(), month.last()).await?;
    let at = Wall::of(rule.starts_minute).on(day_rule(&rule)?.date(month, &holidays));
    let notice = Notice {
        subject: Subject::ThemeDayUnplanned,
        matter: Matter { theme_day: Some(org.name), theme_day_at: Some(at), ..Matter::default() },
        occasion: run.occasion(),
        org_id,
        request_id: None,
        task_id: None,
        subject_id: org_id,
        begins_at: None,
    };
    let people = told::secretaries(&**tx, &org.path).await?;
    let told = notify::tell(tx, state, &notice, &people).await?;
    Ok(Chunk { told, ..Chunk::default() })
}

async fn unrecorded(state: &AppState, from: At, until: At) -> Result<Vec<Occurrence>, Error> {
    let today = nines(from, until);
    if today.is_empty() {
        return Ok(vec![]);
    }
    let states = [ThemeDayState::Planned, ThemeDayState::Returned];
    let since = Day::of(from).plus(-GRACE_DAYS - RECORD_WEEKS * 7).start();
    let days = store::beginning(state.db.read(), &states, (since, until)).await?;
    let due = |day: &Model| {
        let date = Day::of(day.starts_at);
        let weeks = (0..RECORD_WEEKS).map(|week| (week, date.plus(GRACE_DAYS + week * 7)));
        let (week, at) = weeks.into_iter().find(|(_, at)| today.contains(at))?;
        Some(Occurrence {
            period: period(day.id, &format!("record{week}"), date),
            due_at: at.time(9, 0),
            org_id: Some(day.org_id),
            subject_id: Some(day.id),
        })
    };
    Ok(days.iter().filter_map(due).collect())
}

/// The secretary is asked for it; from the second time on the org above is told as well.
async fn ask_for_record(state: &AppState, tx: &Tx, run: &Run) -> Result<Chunk, Error> {
    let Some(found) = still(&**tx, state, run).await? else {
        return Ok(Chunk::passing("moved", 1));
    };
    if !matches!(found.day.state, ThemeDayState::Planned | ThemeDayState::Returned) {
        return Ok(Chunk::passing("recorded", 1));
    }
    let people = told::secretaries(&**tx, &found.org_path).await?;
    let due = (Subject::ThemeDayRecordDue, None);
    let mut told = tell(tx, state, run, &found, due, &people).await?;
    if state.clock.now() >= model::record_by(found.day.starts_at) {
        let people = told::superiors(&**tx, &found.org_path).await?;
        let names = org::names(&**tx, [found.day.org_id]).await?;
        let org = names.get(&found.day.org_id).cloned();
        told += tell(tx, state, run, &found, (Subject::ThemeDayOverdue, org), &people).await?;
    }
    Ok(Chunk { told, ..Chunk::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_o_clock_is_met_once_however_often_somebody_looks() {
        let day: Day = "2026-11-25".parse().unwrap();
        let at = |hour, minute| day.time(hour, minute);
        assert_eq!(nines(at(8, 59), at(9, 0)), [day]);
        assert!(nines(at(9, 0), at(23, 59)).is_empty());
        assert_eq!(nines(at(0, 0), day.plus(2).time(9, 0)).len(), 3);
    }
}
