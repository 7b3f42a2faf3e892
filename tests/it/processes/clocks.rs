//! Real processes on a machine whose clock jumps (libfaketime): through midnight, an hour and a day ahead and back. Each
//! Monday's figures go out once; a clock far from PostgreSQL's sends nothing.

use std::{fs, path::PathBuf};

use ::entity::{At, notice};
use linli::kernel::{
    Day,
    clock::{SystemClock, Tells},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::site;
use crate::helpers::{
    Stack, eventually,
    process::{Linli, Site},
    servers, stack,
};

/// The library that fakes the clock; `scripts/need faketime` installs it.
fn library() -> PathBuf {
    let mut found: Vec<_> = ["/usr/lib", "/opt/homebrew/lib", "/usr/local/lib"]
        .iter()
        .flat_map(|base| fs::read_dir(base).into_iter().flatten().flatten())
        .map(|entry| entry.path().join("faketime/libfaketimeMT.so.1"))
        .filter(|file| file.is_file())
        .collect();
    found.pop().expect("libfaketime: scripts/need faketime")
}

/// A clock in a file, which any number of processes read.
struct FakeClock(PathBuf);

impl FakeClock {
    fn over(site: &mut Site, name: &str) -> Self {
        let file = servers::folder("clocks").join(name);
        site.with_env("LD_PRELOAD", &library().display().to_string());
        site.with_env("FAKETIME_TIMESTAMP_FILE", &file.display().to_string());
        site.with_env("FAKETIME_NO_CACHE", "1");
        site.with_env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        site.with_env("TZ", "Asia/Shanghai");
        Self(file)
    }

    /// From now on it goes from there, `2026-11-30T08:29:58` by the wall clock of Zunyi.
    fn set(&self, wall: &str) {
        let wanted: At = serde_json::from_value(json!(format!("{wall}+08:00"))).unwrap();
        let ahead = wanted.ms() - SystemClock.now().ms();
        fs::write(&self.0, format!("{:+}\n", ahead / 1000)).unwrap();
    }
}

async fn weeks_told(site: &Site) -> Vec<String> {
    let db = stack::open(&site.database).await;
    let rows = notice::Entity::find().filter(notice::Column::Kind.eq("figures.week"));
    let rows = rows.all(db.read()).await.unwrap();
    db.close().await;
    let mut weeks: Vec<_> =
        rows.iter().map(|row| row.dedup_key.split('|').nth(1).unwrap().to_owned()).collect();
    weeks.sort();
    weeks
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jumps_of_a_real_clock_neither_double_nor_drop() {
    let mut site = site().await;
    let clock = FakeClock::over(&mut site, "jumps");
    site.set("SCHEDULE__LOOK_SECONDS", "1");
    // PostgreSQL's clock is not faked.
    site.set("SCHEDULE__MAX_SKEW_SECONDS", "31536000");
    clock.set("2026-11-29T23:59:55");
    let linli = site.serve(&[]).await;
    let told = async |weeks: &[&str]| {
        eventually(&format!("told of {weeks:?}"), async || weeks_told(&site).await == weeks).await;
    };
    // Through midnight, to the second before the hour, and past it.
    eventually("it is Monday", async || {
        linli.get("/live").await;
        linli.log().contains("2026-11-29T16:00")
    })
    .await;
    assert!(weeks_told(&site).await.is_empty());
    clock.set("2026-11-30T08:29:58");
    told(&["2026-11-30"]).await;
    // An hour and a day back, and again: Monday comes once more.
    for wall in ["2026-11-30T07:30:00", "2026-11-29T08:31:00", "2026-11-30T08:29:59"] {
        clock.set(wall);
        looks_again(&linli).await;
        assert_eq!(weeks_told(&site).await, ["2026-11-30"], "{wall}");
    }
    // An hour ahead, and a week less a day.
    clock.set("2026-11-30T09:40:00");
    looks_again(&linli).await;
    clock.set("2026-12-06T09:40:00");
    looks_again(&linli).await;
    clock.set("2026-12-07T09:00:00");
    told(&["2026-11-30", "2026-12-07"]).await;
}

/// Waits until the timetable was looked at twice more.
async fn looks_again(linli: &Linli) {
    let looks = async || {
        let figures = linli.http.get(format!("{}/metrics", linli.admin_url)).send().await.unwrap();
        let figures = figures.text().await.unwrap();
        let line = figures
            .lines()
            .find(|line| line.starts_with("linli_loop_seconds_count{loop=\"timetable\"}"));
        line.and_then(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).unwrap_or_default()
    };
    let before = looks().await;
    eventually("two rounds more", async || looks().await >= before + 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_is_a_day_ahead_waits_for_its_clock() {
    if !Stack::from_env().postgres {
        return;
    }
    let mut site = site().await;
    let clock = FakeClock::over(&mut site, "ahead");
    site.set("SCHEDULE__LOOK_SECONDS", "1");
    let tomorrow = Day::of(SystemClock.now()).plus(1);
    clock.set(&format!("{tomorrow}T08:29:58"));
    let linli = site.serve(&[]).await;
    looks_again(&linli).await;
    let ready = linli.get("/ready").await;
    assert_eq!((ready.status, &ready.body["clock"]), (200, &json!("degraded")), "{:?}", ready.body);
    assert!(ready.body["words"].as_str().unwrap().contains("定时通知已暂停"));
    assert!(linli.log().contains("the timetable waits"), "{}", linli.log());
    let (code, said) = site.run(&["doctor"]).await;
    assert!(code == Some(1) && said.contains("clock skew"), "{said}");
}
