//! 命令行: one file per command; each reads its settings, does its work and says in words what came of it.

mod audit;
#[cfg(feature = "stand-in")]
mod demo;
mod doctor;
#[cfg(feature = "stand-in")]
mod fake_wechat;
mod import;
mod jobs;
mod migrate;
mod openapi;
pub(crate) mod operator;
#[cfg(feature = "stand-in")]
mod seed;
mod serve;
mod simulate;
mod upkeep;

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

use crate::platform::{config::Settings, telemetry};

const HELP: &str = "\
{about-with-newline}
用法 usage: {usage}

{all-args}

每一项配置的含义见 config/default.toml；也可以用环境变量，例如 LINLI__HTTP__LISTEN=0.0.0.0:8080。
";

/// A package without the stand-in is one that people depend on: it never starts with example keys by accident.
const DEFAULT_ENVIRONMENT: &str =
    if cfg!(feature = "stand-in") { "development" } else { "production" };

/// 邻里：群众点单 → 社区派单 → 党员接单 → 组织晒单
#[derive(Debug, Parser)]
#[command(name = "linli", version, help_template = HELP, subcommand_help_heading = "命令 commands")]
pub struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "通用选项 options for all")]
pub struct Globals {
    /// 环境：development、test 或 production
    #[arg(
        long,
        global = true,
        env = "LINLI_ENV",
        default_value = DEFAULT_ENVIRONMENT,
        value_name = "NAME"
    )]
    env: String,
    /// 自己的配置文件（TOML），放在内置配置之上
    #[arg(long, global = true, env = "LINLI_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 启动服务 (HTTP server and background loops)
    Serve(serve::Serve),
    /// 只跑后台循环，需要 PostgreSQL (background loops alone)
    Worker,
    /// 更新数据库表结构 (apply pending migrations)
    Migrate(migrate::Migrate),
    /// 从文件导入 (import from files)
    Import(import::Import),
    /// 建立第一个运维账号，口令从标准输入读 (the first operator; password from stdin)
    Operator(operator::Operator),
    /// 审计链：核对、签名 (the audit chain: verify it, sign its head)
    Audit(audit::Audit),
    /// 定时任务：时间表、记录、补做 (the timetable, what it did, catching up)
    Jobs(jobs::Jobs),
    /// 加密 (sealed fields)
    Crypto(upkeep::Crypto),
    /// 清除到期的个人信息 (clear what is kept no longer)
    Retention(upkeep::Retention),
    /// 检查这套安装哪里要修 (what must be mended here)
    Doctor,
    /// 输出接口文档 (the OpenAPI document as JSON)
    Openapi(openapi::Openapi),
    /// 在纸上试：换一种办法会怎样 (what would be otherwise, on paper)
    Simulate(simulate::Simulate),
    /// 生成示范社区 (a demo neighbourhood with two weeks of history)
    #[cfg(feature = "stand-in")]
    Seed,
    /// 现场演示：200 人抢 20 个名额，一步一步讲给您看 (plays the loop on a throw-away database)
    #[cfg(feature = "stand-in")]
    Demo,
    /// 本机的微信替身，供开发和演示 (a local stand-in for WeChat's API)
    #[cfg(feature = "stand-in")]
    FakeWechat(fake_wechat::FakeWechat),
}

impl Globals {
    /// The settings of this run, as far as they can be read; whether they are sound is not looked at yet.
    ///
    /// # Errors
    /// When a file cannot be read, or a key is unknown or of the wrong type.
    fn settings(&self) -> anyhow::Result<Settings> {
        let file = self.config.clone().filter(|file| !file.as_os_str().is_empty());
        Settings::load(&self.env, file, &[]).context("读不了配置 the settings cannot be read")
    }

    /// The same for commands that play many scenes: only what went wrong is logged.
    #[cfg(feature = "stand-in")]
    fn begin_quietly(&self) -> anyhow::Result<Settings> {
        let mut settings = self.settings()?;
        settings.log.filter = "error".to_owned();
        telemetry::init(&settings.log);
        Ok(settings)
    }

    /// The same, with logging started.
    fn begin(&self) -> anyhow::Result<Settings> {
        let settings = self.settings()?;
        telemetry::init(&settings.log);
        Ok(settings)
    }
}

impl Cli {
    /// Whether the command does nothing but tell something, so that it may end where nobody listens any more.
    pub const fn only_tells(&self) -> bool {
        matches!(self.command, Command::Jobs(_) | Command::Doctor | Command::Openapi(_))
    }

    /// Carries out the command. What went wrong is said on stderr.
    pub async fn run(self) -> ExitCode {
        let globals = &self.globals;
        let outcome = match self.command {
            Command::Serve(serve) => serve.run(globals).await,
            Command::Worker => serve::work(globals).await,
            Command::Migrate(migrate) => migrate.run(globals).await,
            Command::Import(import) => import.run(globals).await,
            Command::Operator(operator) => operator.run(globals).await,
            Command::Audit(audit) => audit.run(globals).await,
            Command::Jobs(jobs) => jobs.run(globals).await,
            Command::Crypto(crypto) => crypto.run(globals).await,
            Command::Retention(retention) => retention.run(globals).await,
            Command::Doctor => Ok(doctor::run(globals).await),
            Command::Openapi(openapi) => openapi.run(),
            Command::Simulate(simulate) => simulate.run(),
            #[cfg(feature = "stand-in")]
            Command::Seed => seed::run(globals).await,
            #[cfg(feature = "stand-in")]
            Command::Demo => demo::run(globals).await,
            #[cfg(feature = "stand-in")]
            Command::FakeWechat(fake) => fake.run(globals).await,
        };
        outcome.unwrap_or_else(|error| {
            eprintln!("✗ {error:#}");
            ExitCode::FAILURE
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
