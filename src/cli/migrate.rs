//! `linli migrate`.

use std::process::ExitCode;

use clap::Args;

use crate::schema::{self, Way};

use super::Globals;

#[derive(Debug, Args)]
pub struct Migrate {
    /// 撤回最近 N 步；那几步建的表和数据都会没有 (roll back the newest N, with their data)
    #[arg(long, value_name = "N")]
    down: Option<u32>,
}

impl Migrate {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let settings = globals.begin()?;
        let way = self.down.map_or(Way::Up, Way::Down);
        let changed = schema::migrate(&settings, way, None, say_waiting).await?;
        match way {
            _ if changed.is_empty() => println!("✓ 表结构已经是最新的 (nothing to do)"),
            Way::Up => println!("✓ 更新了 {} 步 (applied): {}", changed.len(), changed.join(", ")),
            Way::Down(_) => {
                println!("✓ 撤回了 {} 步 (rolled back): {}", changed.len(), changed.join(", "));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Says why nothing happens for now.
pub fn say_waiting(who: &str) {
    eprintln!(
        "… 另一个进程正占用数据库（{who}），等它结束；不想等就按 Ctrl-C \
         (waiting for another process)"
    );
}
