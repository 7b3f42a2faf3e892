//! `linli operator NAME`: the first account of an installation, the only one nobody else can make.

use std::{
    io::{IsTerminal, Read, stdin},
    process::ExitCode,
};

use ::entity::{org, role_grant::Role};
use anyhow::{Context, ensure};
use clap::Args;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    alone,
    boot::{self, Parts},
    identity::{hash_password, roles},
    platform::AppState,
};

use super::Globals;

#[derive(Debug, Args)]
pub struct Operator {
    /// 用户名 (user name)
    #[arg(value_name = "USERNAME")]
    username: String,
    /// 称呼 (what to call the person)
    #[arg(long, default_value = "运维")]
    name: String,
}

impl Operator {
    pub async fn run(&self, globals: &Globals) -> anyhow::Result<ExitCode> {
        let settings = globals.begin()?;
        let held = alone::take(&settings.database.url)?;
        let state = boot::state(settings, Parts::default()).await?;
        if stdin().is_terminal() {
            eprintln!(
                "请输入口令（至少 12 个字），以 Ctrl-D 结束 (type the password, end with Ctrl-D)："
            );
        }
        let mut password = String::new();
        stdin().read_to_string(&mut password).context("read the password")?;
        let password = password.trim_end_matches(['\n', '\r']);
        ensure!(password.chars().count() >= 12, "口令至少 12 个字 (at least 12 characters)");
        appoint(&state, &self.username, &self.name, password).await?;
        drop(held);
        println!("✓ 已建立运维账号 {} (operator added)", self.username);
        Ok(ExitCode::SUCCESS)
    }
}

/// Adds a person who signs in with a password and is operator of the whole tree.
///
/// # Errors
/// When no tree was imported, or the user name is taken.
pub async fn appoint(
    state: &AppState,
    username: &str,
    name: &str,
    password: &str,
) -> anyhow::Result<Uuid> {
    let root = org::Entity::find().filter(org::Column::ParentId.is_null());
    let root = root.one(state.db.read()).await?;
    let root =
        root.context("组织树还是空的：先运行 linli import orgs FILE (import the tree first)")?;
    let phc = hash_password(password)?;
    let tx = state.db.write().await?;
    let person = roles::add_account(&tx, state, username, name, phc).await?;
    roles::grant(&tx, state, None, person, &root, Role::Operator).await?;
    tx.commit().await?;
    Ok(person)
}
