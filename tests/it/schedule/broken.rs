//! What breaks: takers that die, chunks that fail, clocks that lie.

use std::sync::Arc;

use ::entity::schedule_run::RunState;
use linli::{
    kernel::clock::{HandClock, SystemClock, Tells},
    platform::{
        AppState,
        cron::{self, Job, LEASE, Wall, Worked},
        health::{self, Health},
    },
};

use super::{
    HOUR, MINUTE, day,
    drill::{DAILY, Fate, PEOPLE, doom},
    keys, rounds, runs, schedulers,
};
use crate::helpers::{Stack, TestApp};

const JOBS: &[Job] = &[DAILY];

/// Known since the evening before; now it is five past eight.
async fn five_past_eight(apps: &[TestApp]) {
    for app in apps {
        app.clock.set(day("2026-11-23").time(20, 0));
    }
    rounds(&apps[0].state, JOBS).await.unwrap();
    for app in apps {
        app.clock.set(day("2026-11-24").time(8, 5));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taker_that_was_thought_dead_writes_nothing_more() {
    let apps = schedulers(2).await;
    five_past_eight(&apps).await;
    let (slow, quick) = (&apps[0], &apps[1]);
    assert_eq!(cron::look(&slow.state, JOBS).await.unwrap(), 1);
    assert_eq!(cron::look(&quick.state, JOBS).await.unwrap(), 0, "noted once");
    let held = cron::take(&slow.state, JOBS).await.unwrap().unwrap();
    assert!(cron::take(&quick.state, JOBS).await.unwrap().is_none(), "one holds it");
    quick.advance(LEASE);
    let taken = cron::take(&quick.state, JOBS).await.unwrap().unwrap();
    assert_eq!(cron::work(&slow.state, &DAILY, held).await.unwrap(), Worked::Lost);
    assert!(keys(slow, "drill.daily").await.is_empty(), "nothing of the old taker stays");
    assert_eq!(cron::work(&quick.state, &DAILY, taken).await.unwrap(), Worked::Done);
    assert_eq!(keys(slow, "drill.daily").await.len(), PEOPLE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chunk_that_fails_waits_longer_each_time_and_at_last_for_a_person() {
    let apps = schedulers(1).await;
    five_past_eight(&apps).await;
    let app = &apps[0];
    let mut waits = Vec::new();
    loop {
        doom(&app.state, Fate::Fails);
        let round = cron::round(&app.state, JOBS).await.unwrap();
        assert_eq!(round.failed, 1);
        let run = runs(app, DAILY.key).await.remove(0);
        if run.state == RunState::Failed {
            assert_eq!(run.skipped_reason.as_deref(), Some("fail on purpose"));
            break;
        }
        waits.push(run.lease_until.ms() - app.state.clock.now().ms());
        assert_eq!(cron::round(&app.state, JOBS).await.unwrap().failed, 0, "it waits");
        app.clock.set(run.lease_until);
    }
    assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1920].map(|s| s * 1000));
    assert_eq!(cron::failed(app.state.db.read()).await.unwrap(), 1, "and the doctor says so");
    assert!(keys(app, "drill.daily").await.is_empty());

    let due = cron::due(&app.state, &DAILY, day("2026-11-24").start(), day("2026-11-24").end());
    let due = due.await.unwrap();
    assert_eq!(cron::again(&app.state, &DAILY, &due).await.unwrap(), 1);
    assert_eq!(rounds(&app.state, JOBS).await.unwrap(), 1);
    assert_eq!(keys(app, "drill.daily").await.len(), PEOPLE);
    assert_eq!(cron::again(&app.state, &DAILY, &due).await.unwrap(), 0, "what is done stays done");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_was_there_for_is_passed_over_with_a_reason() {
    let apps = schedulers(1).await;
    five_past_eight(&apps).await;
    let app = &apps[0];
    // Noted, then nobody for 26 hours.
    cron::look(&app.state, JOBS).await.unwrap();
    app.advance(26 * HOUR);
    rounds(&app.state, JOBS).await.unwrap();
    let rows = runs(app, DAILY.key).await;
    let seen: Vec<_> = rows.iter().map(|r| (r.period_key.as_str(), r.state)).collect();
    assert_eq!(seen, [("2026-11-24", RunState::Skipped), ("2026-11-25", RunState::Done)]);
    assert_eq!(rows[0].skipped_reason.as_deref(), Some("too_late"));
    assert_eq!(keys(app, "drill.daily").await.len(), PEOPLE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_ran_ahead_and_came_back_costs_nobody_a_notice() {
    let apps = schedulers(1).await;
    five_past_eight(&apps).await;
    let app = &apps[0];
    rounds(&app.state, JOBS).await.unwrap();
    let noon = app.state.clock.now();
    // A month ahead, for a round; then back.
    app.clock.set(noon.plus(30 * 24 * HOUR));
    rounds(&app.state, JOBS).await.unwrap();
    app.clock.set(noon);
    for _ in 0..30 {
        app.advance(24 * HOUR);
        rounds(&app.state, JOBS).await.unwrap();
    }
    let rows = runs(app, DAILY.key).await;
    assert!(rows.iter().all(|row| row.state == RunState::Done), "{rows:?}");
    assert_eq!(keys(app, "drill.daily").await.len(), rows.len() * PEOPLE);
}

/// The same service on a machine whose clock is wrong.
fn on_a_wrong_clock(app: &TestApp, seconds: i64) -> AppState {
    let wrong = HandClock::at(::entity::At(SystemClock.now().ms() + seconds * 1000));
    AppState { wall: Arc::new(Wall::with(wrong)), ..app.state.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_far_from_the_databases_sends_nothing_and_says_so() {
    let apps = schedulers(1).await;
    five_past_eight(&apps).await;
    let app = &apps[0];
    let sound = health::readiness(&app.state).await;
    let sqlite = !Stack::from_env().postgres;
    assert_eq!(sound.clock, if sqlite { Health::Absent } else { Health::Ok }, "moved by hand");
    if sqlite {
        return;
    }
    for seconds in [-130, 130] {
        let wrong = on_a_wrong_clock(app, seconds);
        assert_eq!(rounds(&wrong, JOBS).await.unwrap(), 0);
        let ready = health::readiness(&wrong).await;
        assert_eq!((ready.status, ready.clock), (Health::Degraded, Health::Degraded));
        assert!(ready.is_ready() && ready.words.unwrap().contains("定时通知已暂停"));
    }
    assert!(runs(app, DAILY.key).await.is_empty(), "nothing was even noted");
    let near = on_a_wrong_clock(app, 60);
    assert_eq!(rounds(&near, JOBS).await.unwrap(), 2, "noted and done once they agree");
    app.advance(MINUTE);
    assert_eq!(keys(app, "drill.daily").await.len(), PEOPLE);
}
