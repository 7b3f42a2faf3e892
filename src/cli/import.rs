//! `linli import`: what comes from files.

use std::{
    fs::File,
    io::{IsTerminal, stderr},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context;
use clap::{Args, Subcommand};

use crate::{
    alone, boot,
    kernel::{Clock, Rng, clock::SystemClock},
    org::{calendar::import_holidays, import::import_divisions},
    platform::db::Use,
    schema,
};

use super::Globals;

/// Where nobody looks at a terminal, a line after that many rows is enough.
const LINE_EVERY: u64 = 50_000;

#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 区划表 CSV，列 code,parent_code,level,name；可以重复导入 (the division tree; may be repeated)
    Orgs {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// 节假日 CSV，列 date,kind,name，kind 是 off（放假）或 work（调休上班）；可以重复导入 (the holiday calendar; may be repeated)
    Holidays {
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

impl Import {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        match &self.what {
            What::Orgs { file } => orgs(globals, file).await,
            What::Holidays { file } => holidays(globals, file).await,
        }
    }
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("打不开 {} (cannot be opened)", path.display()))
}

async fn holidays(globals: &Globals, path: &Path) -> anyhow::Result<ExitCode> {
    let settings = globals.begin()?;
    let file = open(path)?;
    let held = alone::take(&settings.database.url)?;
    let db = boot::database(&settings, Use::Upkeep).await?;
    schema::ensure_current(&db).await?;
    let named = import_holidays(&db, file).await;
    db.close().await;
    drop(held);
    let named = named.with_context(|| format!("没有导入 {}", path.display()))?;
    println!("✓ 节假日：{named} 天 (days)");
    Ok(ExitCode::SUCCESS)
}

async fn orgs(globals: &Globals, path: &Path) -> anyhow::Result<ExitCode> {
    let settings = globals.begin()?;
    let file = open(path)?;
    let held = alone::take(&settings.database.url)?;
    let db = boot::database(&settings, Use::Upkeep).await?;
    schema::ensure_current(&db).await?;
    let clock: Clock = Arc::new(SystemClock);
    let imported = import_divisions(&db, &Rng::from_system(), &clock, file, progress).await;
    if stderr().is_terminal() {
        eprint!("\r\u{1b}[K");
    }
    db.close().await;
    drop(held);
    let imported = imported.with_context(|| format!("没有导入 {}", path.display()))?;
    println!(
        "✓ 区划：新增 {} 个，原有 {} 个 (added, known before)",
        imported.added, imported.known
    );
    Ok(ExitCode::SUCCESS)
}

fn progress(rows: u64) {
    if stderr().is_terminal() {
        eprint!("\r… 已导入 {rows} 行 (rows)");
    } else if rows.is_multiple_of(LINE_EVERY) {
        eprintln!("… 已导入 {rows} 行 (rows)");
    }
}
