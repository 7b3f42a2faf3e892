//! `linli serve` and `linli worker`.

use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use crate::{
    alone,
    boot::{self, Parts},
    lifecycle,
    schema::{self, Way},
};

use super::{Globals, migrate};

#[derive(Debug, Args)]
pub struct Serve {
    /// 启动前先更新表结构 (apply pending migrations first)
    #[arg(long)]
    migrate: bool,
}

impl Serve {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let settings = globals.begin()?;
        boot::check(&settings)?;
        let held = alone::take(&settings.database.url)?;
        if self.migrate {
            schema::migrate(&settings, Way::Up, held.as_ref(), migrate::say_waiting).await?;
        }
        let state = boot::state(settings, Parts::default()).await?;
        let code = lifecycle::serve(state).await;
        drop(held);
        code
    }
}

/// The loops alone.
pub async fn work(globals: &Globals) -> anyhow::Result<ExitCode> {
    let settings = globals.begin()?;
    if settings.database.url.starts_with("sqlite:") {
        bail!(
            "SQLite 只能由一个进程使用，后台循环由 linli serve 自己跑；\
             要单独跑 worker，请把 database.url 换成 PostgreSQL。\n\
             SQLite serves one process alone and `linli serve` runs the loops itself: \
             a worker needs PostgreSQL."
        );
    }
    lifecycle::work(boot::state(settings, Parts::default()).await?).await
}
