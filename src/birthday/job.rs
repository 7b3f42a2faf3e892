//! The two jobs of the calendar, each once per branch and period: `birthday.day` on the day, at the branch's hour, and
//! `birthday.list` on the first of a month or quarter at nine.
//!
//! An occurrence is a branch and a civil date. What makes one due is read from the fingerprints of dates alone; who
//! really has a day is looked up when it runs, so that what changed in between counts as it is then.

use std::{collections::BTreeMap, time::Duration};

use ::entity::{At, org::Model as Org};
use uuid::Uuid;

use crate::{
    identity::Scope,
    kernel::{Day, Error},
    org::{self, OrgSettings},
    platform::{
        AppState, Tx,
        cron::{CHUNK, Chunk, Job, Occurrence, Run, When},
    },
};

use super::{celebrants, model::Span, told};

/// When lists come, by the clock of Asia/Shanghai.
const LISTED_AT: u32 = 9;

/// The day itself.
pub const DAY: Job = Job {
    key: "birthday.day",
    when: When::Planned(|state, from, until| Box::pin(days(state, from, until))),
    words: "政治生日当天（默认 8:00）：给本人祝福，告诉书记；本人愿意的，也告诉支部的同志",
    catch_up: Duration::from_secs(12 * 3600),
    chunk: |state, tx, run, cursor| Box::pin(day(state, tx, run, cursor)),
};

/// What is to come.
pub const LIST: Job = Job {
    key: "birthday.list",
    when: When::Planned(|state, from, until| Box::pin(lists(state, from, until))),
    words: "每月、每季第一天 9:00：告诉书记这个月（这一季）谁过政治生日",
    catch_up: Duration::from_secs(5 * 24 * 3600),
    chunk: |state, tx, run, _| Box::pin(list(state, tx, run)),
};

/// Every civil day that an instant of the stretch falls on.
fn days_of(from: At, until: At) -> impl Iterator<Item = Day> {
    let first = Day::of(from);
    (0..).map(move |n| first.plus(n)).take_while(move |day| day.start() <= until)
}

/// The last instant before.
fn before(at: At) -> At {
    At(at.ms() - 1)
}

fn occurrence(branch: Uuid, day: Day, due_at: At) -> Occurrence {
    let period = format!("{branch}|{day}");
    Occurrence { period, due_at, org_id: Some(branch), subject_id: None }
}

async fn days(state: &AppState, from: At, until: At) -> Result<Vec<Occurrence>, Error> {
    let db = state.db.read();
    let hour = ("birthday_hour", OrgSettings::default().birthday_hour);
    let mut due = Vec::new();
    for day in days_of(from, until) {
        let branches = org::branches_with(db, state, &Scope::house(), &[day]).await?;
        let within = (from.max(before(day.start())), until.min(before(day.end())));
        due.extend(org::daily(db, branches, hour, 0, within).await?);
    }
    Ok(due)
}

async fn lists(state: &AppState, from: At, until: At) -> Result<Vec<Occurrence>, Error> {
    let mut due = Vec::new();
    let firsts = days_of(from, until).filter(|day| *day == day.month_start());
    for first in firsts.filter(|day| day.time(LISTED_AT, 0) > from) {
        let (at, days) = (first.time(LISTED_AT, 0), Span::listed_on(first).days());
        if at <= until {
            let house = Scope::house();
            let branches = org::branches_with(state.db.read(), state, &house, &days).await?;
            due.extend(branches.into_iter().map(|branch| occurrence(branch, first, at)));
        }
    }
    Ok(due)
}

/// The branch a run is about; None where it is no more.
async fn branch(tx: &Tx, run: &Run) -> Result<Option<Org>, Error> {
    match run.org_id {
        Some(id) => org::find(&**tx, id).await,
        None => Ok(None),
    }
}

/// The beginning greets and tells the secretary; what follows are pages of the branch's members.
async fn day(state: &AppState, tx: &Tx, run: &Run, cursor: Option<String>) -> Result<Chunk, Error> {
    let Some(branch) = branch(tx, run).await? else { return Ok(Chunk::default()) };
    let day = Day::of(run.due_at);
    if let Some(cursor) = cursor {
        let (told_id, after) = read(&cursor)?;
        let page = (after, CHUNK);
        let (told, last) = told::members_today(tx, state, &branch, (day, told_id), page).await?;
        let cursor = last.map(|last| write(told_id, last));
        return Ok(Chunk { cursor, told, passed: BTreeMap::new() });
    }
    let span = Span { from: day, to: day };
    let all = celebrants::in_span(&**tx, state, &Scope::house(), &branch.path, span).await?;
    let all = all.ok_or_else(|| Error::impossible("greet so many in one branch"))?;
    let mut passed = BTreeMap::new();
    let here = all.into_iter().filter(|who| who.branch_id == branch.id).collect();
    let greeted = told::greet(tx, state, &branch, here, &mut passed).await?;
    let told = told::secretary_today(tx, state, &branch, day, &greeted).await?;
    let shared = told::share(tx, state, &greeted).await?;
    Ok(Chunk {
        cursor: shared.map(|told_id| write(told_id, Uuid::nil())),
        told: told + greeted.len() as u64,
        passed,
    })
}

async fn list(state: &AppState, tx: &Tx, run: &Run) -> Result<Chunk, Error> {
    let Some(branch) = branch(tx, run).await? else { return Ok(Chunk::default()) };
    let first = Day::of(run.due_at);
    let (house, span) = (Scope::house(), Span::listed_on(first));
    let all = celebrants::in_span(&**tx, state, &house, &branch.path, span).await?;
    let all = all.ok_or_else(|| Error::impossible("list so many of one branch"))?;
    let here: Vec<_> = all.into_iter().filter(|who| who.branch_id == branch.id).collect();
    let told = told::secretary_ahead(tx, state, &branch, first, &here).await?;
    Ok(Chunk { told, ..Chunk::default() })
}

/// A cursor: under which id it is noted who is named, and the last member told.
fn write(told_id: Uuid, after: Uuid) -> String {
    format!("{told_id}|{after}")
}

fn read(cursor: &str) -> Result<(Uuid, Uuid), Error> {
    let ids = cursor
        .split_once('|')
        .and_then(|(told_id, after)| Some((told_id.parse().ok()?, after.parse().ok()?)));
    ids.ok_or_else(|| Error::impossible("read the cursor of a birthday"))
}
