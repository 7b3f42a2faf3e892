//! `linli jobs`: the timetable, what it did, and doing one of its jobs by hand.

use std::{process::ExitCode, time::Duration};

use ::entity::schedule_run::{Counts, Model, RunState};
use anyhow::{Context, ensure};
use clap::{Args, Subcommand};

use crate::{
    alone,
    boot::{self, Parts},
    kernel::{
        Day,
        clock::{SystemClock, Tells},
        day::spoken_with_weekday,
    },
    platform::{
        AppState,
        cron::{self, Job, Occurrence, Run, When},
    },
    schedule,
};

use super::Globals;

const YEAR: Duration = Duration::from_secs(366 * 24 * 3600);
/// Lines of history.
const SHOWN: u64 = 50;

#[derive(Debug, Args)]
pub struct Jobs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 时间表：每个任务、什么时候、下一次 (the timetable)
    List,
    /// 补做一天里的一个任务；做过的不会再做 (catch up with one day's runs of a job)
    Run {
        /// 任务名，见 linli jobs list
        name: String,
        /// 哪一天，例如 2026-11-23；不写是今天
        #[arg(long, value_name = "DATE")]
        date: Option<Day>,
        /// 只说会告诉多少人，什么都不改 (say what would be done)
        #[arg(long)]
        dry_run: bool,
    },
    /// 最近做了什么 (what ran lately)
    History {
        /// 只看这个任务
        #[arg(long, value_name = "NAME")]
        job: Option<String>,
        /// 只看多次失败、等人处理的
        #[arg(long)]
        failed: bool,
    },
}

impl Jobs {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        if matches!(self.what, What::List) {
            return list();
        }
        let settings = globals.begin()?;
        // Looking needs no database of its own: the service may go on beside it.
        let writes = matches!(self.what, What::Run { dry_run: false, .. });
        let held = writes.then(|| alone::take(&settings.database.url)).transpose()?;
        let state = boot::state(settings, Parts::default()).await?;
        let code = match &self.what {
            What::List => ExitCode::SUCCESS,
            What::Run { name, date, dry_run } => by_hand(&state, name, *date, *dry_run).await?,
            What::History { job, failed } => history(&state, job.as_deref(), *failed).await?,
        };
        drop(held);
        Ok(code)
    }
}

fn list() -> anyhow::Result<ExitCode> {
    let now = SystemClock.now();
    for job in schedule::JOBS {
        println!("{}\n    {}", job.key, job.words);
        if let When::Cron(spec) = job.when {
            let next = cron::times(spec, now, now.plus(YEAR))?;
            let next =
                next.first().map_or_else(|| "一年内没有".to_owned(), |at| spoken_with_weekday(*at));
            println!("    下一次 {next}");
        }
        println!("    晚于 {} 小时就不再做，记为错过", job.catch_up.as_secs() / 3600);
    }
    Ok(ExitCode::SUCCESS)
}

async fn by_hand(
    state: &AppState,
    name: &str,
    date: Option<Day>,
    dry_run: bool,
) -> anyhow::Result<ExitCode> {
    let job = schedule::job(name)
        .with_context(|| format!("没有叫 {name} 的任务，见 linli jobs list (no such job)"))?;
    let now = state.clock.now();
    let day = date.unwrap_or_else(|| Day::of(now));
    let until = if dry_run { day.end() } else { day.end().min(now.plus(Duration::from_millis(1))) };
    let moment = Duration::from_millis(1);
    let due = cron::due(state, job, day.start().minus(moment), until.minus(moment)).await?;
    if due.is_empty() {
        println!("{day} 没有到时间的 {name} (nothing was due)");
        return Ok(ExitCode::SUCCESS);
    }
    if dry_run {
        return rehearse(state, job, due).await;
    }
    let wrong = state.wall.wrong_by(state).await?;
    ensure!(wrong.is_none(), "数据库与本机的时钟差得太多，先对时 (clock skew): linli doctor");
    cron::again(state, job, &due).await?;
    let mut sound = true;
    for one in &due {
        if let Some(taken) = cron::take_late(state, job.key, &one.period).await? {
            cron::work(state, job, taken).await?;
        }
        let row = cron::run_of(state.db.read(), job.key, &one.period).await?;
        let row = row.context("a run that was noted is gone")?;
        sound &= row.state == RunState::Done;
        println!("{}", line(&row));
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn rehearse(state: &AppState, job: &Job, due: Vec<Occurrence>) -> anyhow::Result<ExitCode> {
    for Occurrence { period, due_at, org_id, subject_id } in due {
        let run = Run { job: job.key.to_owned(), period, due_at, org_id, subject_id };
        let counts = cron::rehearse(state, job, &run).await?;
        println!("○ {} {}：会{}", spoken_with_weekday(due_at), run.period, said(&counts));
    }
    println!("什么都没有改 (dry run: nothing was changed)");
    Ok(ExitCode::SUCCESS)
}

async fn history(state: &AppState, job: Option<&str>, failed: bool) -> anyhow::Result<ExitCode> {
    let rows = cron::history(state.db.read(), job, failed, SHOWN).await?;
    if rows.is_empty() {
        println!("还没有 (nothing yet)");
    }
    for row in rows {
        println!("{}", line(&row));
    }
    Ok(ExitCode::SUCCESS)
}

fn line(row: &Model) -> String {
    let (sign, state) = match row.state {
        RunState::Waiting => ('…', "等待"),
        RunState::Running => ('…', "正在进行"),
        RunState::Done => ('✓', "完成"),
        RunState::Skipped => ('!', "错过"),
        RunState::Failed => ('✗', "多次失败"),
    };
    let why = row.skipped_reason.as_ref().map_or_else(String::new, |why| format!("（{why}）"));
    let (at, job, period) = (spoken_with_weekday(row.due_at), &row.job_key, &row.period_key);
    format!("{sign} {at} {job} {period} {state}{why}，{}", said(&row.counts))
}

fn said(counts: &Counts) -> String {
    let passed = counts.passed.iter().map(|(why, n)| format!("，{why} {n}"));
    format!("告诉 {} 人{}", counts.told, passed.collect::<String>())
}
