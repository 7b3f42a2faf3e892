//! `linli crypto rotate` and `linli retention`: what the hourly round does, by hand.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::{
    alone,
    boot::{self, Parts},
    privacy::{retention, rotate},
};

use super::Globals;

#[derive(Debug, Args)]
pub struct Crypto {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// 用最新的密钥重新加密；可以随时中断再来 (seal everything anew with the newest key)
    Rotate,
}

impl Crypto {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let What::Rotate = self.what;
        let settings = globals.begin()?;
        let held = alone::take(&settings.database.url)?;
        let state = boot::state(settings, Parts::default()).await?;
        let say = |column: &str, moved: usize| println!("… {column}：共 {moved} 处");
        let done = rotate::rotate(&state, say).await?;
        drop(held);
        if done.lost > 0 {
            println!(
                "✗ 重新加密 {} 处，还有 {} 处没有密钥能打开：旧密钥要留着 (no key opens them)",
                done.moved, done.lost
            );
            return Ok(ExitCode::FAILURE);
        }
        println!(
            "✓ 重新加密 {} 处；现在可以从 crypto.keys 去掉旧密钥 (older keys may go now)",
            done.moved
        );
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Debug, Args)]
pub struct Retention {
    /// 只数，不清除 (count only)
    #[arg(long)]
    dry_run: bool,
}

impl Retention {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let settings = globals.begin()?;
        let held = alone::take(&settings.database.url)?;
        let state = boot::state(settings, Parts::default()).await?;
        let swept = retention::run(&state, self.dry_run).await?;
        drop(held);
        for one in &swept {
            println!("  {:>6}  {}", one.rows, one.what);
        }
        let rows: u64 = swept.iter().map(|one| one.rows).sum();
        if self.dry_run {
            println!("到期 {rows} 条，没有清除 (due, nothing was cleared)");
        } else {
            println!("✓ 清除了 {rows} 条 (cleared)");
        }
        Ok(ExitCode::SUCCESS)
    }
}
