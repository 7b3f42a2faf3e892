//! 400 days under three schedulers that die, sleep and ring at once, from February 2027 over the 29th of February 2028:
//! for each occurrence exactly one notice per person inside the window, and a `skipped` row outside of it.

use std::{collections::BTreeMap, panic::AssertUnwindSafe, time::Duration};

use ::entity::{At, schedule_run::RunState};
use futures_util::{FutureExt, future::join_all};
use linli::{
    birthday,
    kernel::Day,
    platform::cron::{self, Job},
    schedule,
};
use serde_json::json;

use super::{
    HOUR, MINUTE, day,
    drill::{DAILY, Fate, MONTH_END, PEOPLE, doom, spare},
    keys, rounds, runs, schedulers,
};
use crate::helpers::{Expect, TestApp, WENHUA};

const DAYS: i64 = 400;

/// A little generator of our own: the same year each time, another one for another seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn timetable() -> Vec<Job> {
    let week = *schedule::job("figures.week").unwrap();
    vec![DAILY, MONTH_END, week, birthday::job::DAY]
}

fn set_all(apps: &[TestApp], at: At) {
    for (n, app) in apps.iter().enumerate() {
        app.clock.set(at.plus(Duration::from_secs(n as u64 * 3)));
    }
}

/// One scheduler begins a round and dies: after it looked, with a run in its hands, or in the middle of a chunk.
async fn dies(app: &TestApp, jobs: &[Job], dice: &mut Dice) {
    match dice.roll(3) {
        0 => drop(cron::look(&app.state, jobs).await.unwrap()),
        1 => {
            cron::look(&app.state, jobs).await.unwrap();
            drop(cron::take(&app.state, jobs).await.unwrap());
        }
        _ => {
            doom(&app.state, Fate::Dies);
            let round = AssertUnwindSafe(rounds(&app.state, jobs)).catch_unwind().await;
            assert_eq!(round.is_ok(), spare(&app.state, Fate::Dies), "it dies where told to");
        }
    }
}

/// A member who wants to be greeted, with the day they joined.
async fn celebrant(app: &TestApp, name: &str, joined_on: &str) -> String {
    let (member, secretary) = (app.member(name).await, app.staff("secretary").await);
    let branch = app.branch_id(WENHUA).await;
    let path = format!("/orgs/{branch}/members/{}/party", member.id);
    secretary.put(&path, json!({"joined_on": joined_on, "consented": true})).await.ok();
    member.put("/me/birthday", json!({"greet": true, "tell_branch": false})).await.ok();
    member.id.to_string()
}

/// Not in the last minutes of a window: who dies then has told some, and nobody goes on in time.
fn clear_of_edges(at: At) -> At {
    let minute = (at.ms() - Day::of(at).start().ms()) / 60_000;
    let edge = [20 * 60, 21 * 60, 8 * 60 + 30].iter().any(|end| (end - 4..=*end).contains(&minute));
    if edge { at.plus(6 * MINUTE) } else { at }
}

/// Plays the year with about `pace` hours between rounds. Answers when whole rounds were done.
async fn play(apps: &[TestApp], from: At, until: At, pace: u64, seed: u64) -> Vec<At> {
    let (jobs, mut dice, mut now) = (timetable(), Dice(seed), from);
    let mut whole = Vec::new();
    while now < until {
        now = clear_of_edges(now);
        set_all(apps, now);
        let (one, other) = (dice.roll(3) as usize, dice.roll(3) as usize);
        match dice.roll(20) {
            0..=12 => {
                rounds(&apps[one].state, &jobs).await.unwrap();
            }
            13..=15 => {
                let all = join_all(apps.iter().map(|app| rounds(&app.state, &jobs))).await;
                assert!(all.iter().all(Result::is_ok), "{all:?}");
            }
            _ => {
                dies(&apps[one], &jobs, &mut dice).await;
                now = now.plus(2 * MINUTE);
                set_all(apps, now);
                rounds(&apps[other].state, &jobs).await.unwrap();
            }
        }
        whole.push(now);
        let down = dice.roll(25) == 0;
        now = now.plus(if down {
            26 * HOUR
        } else {
            MINUTE * (pace * 30 + dice.roll(pace * 60)) as u32
        });
    }
    whole
}

/// Whether anybody was there while it made sense.
fn in_time(whole: &[At], due: At, catch_up: Duration) -> bool {
    whole.iter().any(|at| due <= *at && *at < due.plus(catch_up))
}

async fn check(app: &TestApp, job: &Job, spec: &str, from: At, whole: &[At]) -> (usize, usize) {
    let last = *whole.last().unwrap();
    let due = cron::times(spec, from, last).unwrap();
    let rows: BTreeMap<_, _> =
        runs(app, job.key).await.into_iter().map(|row| (row.period_key.clone(), row)).collect();
    assert_eq!(rows.len(), due.len(), "{}: one row for each occurrence", job.key);
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    for key in keys(app, &format!("{}|", job.key)).await {
        *told.entry(key.split('|').nth(1).unwrap().to_owned()).or_default() += 1;
    }
    let mut skipped = 0;
    for at in due {
        let period = Day::of(at).to_string();
        let (row, told) = (&rows[&period], told.remove(&period).unwrap_or_default());
        if in_time(whole, at, job.catch_up) {
            assert_eq!((row.state, told), (RunState::Done, PEOPLE), "{} of {period}", job.key);
            assert_eq!(row.counts.told as usize, PEOPLE, "{period}");
        } else {
            skipped += 1;
            assert_eq!((row.state, told), (RunState::Skipped, 0), "{} of {period}", job.key);
            assert_eq!(row.skipped_reason.as_deref(), Some("too_late"));
        }
    }
    assert!(told.is_empty(), "told of what was never due: {told:?}");
    (rows.len(), skipped)
}

async fn year(pace: u64, seed: u64) {
    let apps = schedulers(3).await;
    let from = day("2027-02-01").start();
    set_all(&apps, from);
    rounds(&apps[0].state, &timetable()).await.unwrap();
    let leap = celebrant(&apps[0], "闰年党员", "1996-02-29").await;
    let edited = celebrant(&apps[0], "改过日期的党员", "2020-12-24").await;
    let whole = play(&apps, from, day("2027-06-01").start(), pace, seed).await;

    // The date was wrong: the 15th of July it is.
    let (now, secretary) = (*whole.last().unwrap(), "secretary");
    set_all(&apps, now);
    let secretary = apps[0].staff(secretary).await;
    let branch = apps[0].branch_id(WENHUA).await;
    let path = format!("/orgs/{branch}/members/{edited}/party");
    secretary.put(&path, json!({"joined_on": "2019-07-15", "consented": true})).await.ok();
    let rest =
        play(&apps, now.plus(HOUR), from.plus(24 * HOUR * DAYS as u32), pace, seed + 1).await;
    let whole = [whole, rest].concat();

    let app = &apps[0];
    let (days, skipped) = check(app, &DAILY, "0 0 8 * * *", from, &whole).await;
    assert!(days >= 398 && skipped > 0, "{days} days, {skipped} skipped: downtime was part of it");
    let (months, _) = check(app, &MONTH_END, "0 0 21 L * *", from, &whole).await;
    assert!(months >= 13);
    let periods: Vec<_> =
        runs(app, MONTH_END.key).await.into_iter().map(|r| r.period_key).collect();
    assert!(
        periods.contains(&"2028-02-29".to_owned()) && periods.contains(&"2027-02-28".to_owned())
    );

    let twelve = 12 * HOUR;
    for (person, days) in
        [(&leap, &["2027-02-28", "2028-02-29"][..]), (&edited, &["2027-07-15"][..])]
    {
        let greeted = keys(app, "").await;
        let greeted =
            greeted.iter().filter(|key| key.ends_with(&format!("birthday.greeting|{person}")));
        let days = days.iter().filter(|d| in_time(&whole, day(d).time(8, 0), twelve));
        assert_eq!(greeted.count(), days.count(), "once on each day somebody was there");
    }
    let week = keys(app, "figures.week|").await;
    let mondays = cron::times("0 30 8 * * MON", from, *whole.last().unwrap()).unwrap();
    let mondays = mondays.iter().filter(|at| in_time(&whole, **at, 24 * HOUR)).count();
    assert_eq!(week.len(), mondays, "one leader, one notice a Monday");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_hundred_days_under_three_schedulers_neither_double_nor_drop() {
    year(14, 2026).await;
}

/// The same at a finer pace, with seeds from `LINLI_SOAK_SEED` on: `make soak`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: make soak"]
async fn many_years_under_three_schedulers() {
    let seed = std::env::var("LINLI_SOAK_SEED").ok().and_then(|seed| seed.parse().ok());
    for n in 0..4 {
        year(3, seed.unwrap_or(1) + n * 2).await;
    }
}
