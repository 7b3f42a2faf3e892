//! `linli audit`: is the chain whole, and what is its head.

use std::{fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};

use crate::{
    alone,
    audit::{self, SignedHead, Verdict},
    boot::{self, Parts},
    platform::AppState,
};

use super::Globals;

#[derive(Debug, Args)]
pub struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 从头核对审计链，说出第一条不对的 (walk the chain; names the first bad line)
    Verify {
        /// 另外核对保存在别处的链头文件 (heads kept elsewhere must still stand in the chain)
        #[arg(long, value_name = "FILE")]
        heads: Option<PathBuf>,
    },
    /// 输出签了名的链头，请保存到数据库以外 (print the signed head, to be kept elsewhere)
    Head,
}

impl Audit {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let settings = globals.begin()?;
        let held = alone::take(&settings.database.url)?;
        let state = boot::state(settings, Parts::default()).await?;
        let code = match &self.what {
            What::Verify { heads } => verify(&state, heads.as_ref()).await?,
            What::Head => {
                println!("{}", audit::sign_head(&state).await?);
                ExitCode::SUCCESS
            }
        };
        drop(held);
        Ok(code)
    }
}

async fn verify(state: &AppState, heads: Option<&PathBuf>) -> anyhow::Result<ExitCode> {
    let kept = heads.map(|file| read(state, file)).transpose()?.unwrap_or_default();
    let db = state.db.read();
    let mut verdict = audit::verify(db).await?;
    if matches!(verdict, Verdict::Sound { .. })
        && let Some(broken) = audit::against(db, &kept).await?
    {
        verdict = broken;
    }
    Ok(match verdict {
        Verdict::Sound { seq, .. } => {
            println!("✓ 审计链完整：{seq} 条，另核对了 {} 个链头 (sound)", kept.len());
            ExitCode::SUCCESS
        }
        Verdict::Broken { seq, fault } => {
            println!("✗ 审计链在第 {seq} 条断了 (broken at line {seq})：{fault}");
            ExitCode::FAILURE
        }
    })
}

/// The heads of a file; one that is not ours or was changed is a fault of the file.
fn read(state: &AppState, file: &PathBuf) -> anyhow::Result<Vec<SignedHead>> {
    let text = fs::read_to_string(file)
        .with_context(|| format!("打不开 {} (cannot be opened)", file.display()))?;
    let keys = &state.settings.audit.head_keys;
    let heads: Vec<_> = text.lines().map(|line| SignedHead::read(line, keys)).collect();
    for (n, head) in heads.iter().enumerate() {
        ensure!(head.is_some(), "{} 第 {} 行的签名不对 (bad signature)", file.display(), n + 1);
    }
    Ok(heads.into_iter().flatten().collect())
}
