//! 时间表: each occurrence reaches each person once inside its window, or leaves a row that says why not; whoever rings,
//! dies, sleeps or moves the clock.

mod broken;
mod drill;
mod hours;
mod shown;
mod told;
mod year;

use std::time::Duration;

use ::entity::{
    notice,
    schedule_run::{self, Model as RunRow},
};
use linli::{
    kernel::{Day, Error},
    platform::{AppState, cron},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::helpers::{Stack, TestApp};

pub const MINUTE: Duration = Duration::from_secs(60);
pub const HOUR: Duration = Duration::from_secs(3600);

pub fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Rounds until nothing is due.
pub async fn rounds(state: &AppState, jobs: &[cron::Job]) -> Result<usize, Error> {
    let mut done = 0;
    loop {
        let round = cron::round(state, jobs).await?;
        if round.handled == 0 && !round.more {
            return Ok(done);
        }
        done += round.handled;
    }
}

/// The runs of a job, oldest due first.
pub async fn runs(app: &TestApp, job: &str) -> Vec<RunRow> {
    let rows = schedule_run::Entity::find().filter(schedule_run::Column::JobKey.eq(job));
    rows.order_by_asc(schedule_run::Column::DueAt).all(app.state.db.read()).await.unwrap()
}

/// Keys of the notices whose occasion begins so.
pub async fn keys(app: &TestApp, begins: &str) -> Vec<String> {
    let rows = notice::Entity::find().filter(notice::Column::DedupKey.starts_with(begins));
    let rows = rows.all(app.state.db.read()).await.unwrap();
    rows.into_iter().map(|row| row.dedup_key).collect()
}

/// Several schedulers, each with a clock of its own, over one database.
pub async fn schedulers(n: usize) -> Vec<TestApp> {
    let on = Stack::from_env();
    let url = on.database().await;
    let mut apps = Vec::new();
    for _ in 0..n {
        apps.push(TestApp::over(on, url.clone(), &[]).await);
    }
    apps
}
