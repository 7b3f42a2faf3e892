//! `linli seed`: a small living neighbourhood under 文化社区. Two weeks of history are played, not written: the clock
//! starts a fortnight ago and everybody acts over HTTP, so every row is one the service itself has made.

mod calendar;
mod people;
mod scenes;

use std::process::ExitCode;

use ::entity::credential;
use sea_orm::EntityTrait;

use crate::{
    alone, boot,
    kernel::{
        Day, Rng,
        clock::{SystemClock, Tells},
    },
    platform::config::LimitSettings,
    stage::Stage,
};

use super::Globals;

/// How far back the history begins, days.
const FORTNIGHT: i64 = 14;

/// Seeds the configured database. A second time changes nothing.
///
/// # Errors
/// When the division tree is missing, or the service refuses what is played.
pub async fn run(globals: &Globals) -> anyhow::Result<ExitCode> {
    let mut settings = globals.begin_quietly()?;
    settings.limits = LimitSettings::wide();
    // The board is built anew when the service starts; a token of the stage's own WeChat is worth nothing to it.
    settings.redis.url.clear();
    boot::check(&settings)?;
    let held = alone::take(&settings.database.url)?;
    let now = SystemClock.now();
    let first = Day::of(now).plus(-FORTNIGHT);
    let stage = Stage::set(settings, first.time(8, 0), Rng::from_system()).await?;
    let played = play(&stage, first, now).await;
    stage.strike();
    drop(held);
    tell_accounts();
    played.map(|()| ExitCode::SUCCESS)
}

fn tell_accounts() {
    println!("\n示范账号（口令都是 {}）：", people::PASSWORD);
    for (username, who) in people::ACCOUNTS {
        println!("  {username:<12} {who}");
    }
    println!("  dev:王阿姨    居民：微信登录时 code 写成 dev:名字；党员如 dev:李建国");
}

async fn play(stage: &Stage, first: Day, now: ::entity::At) -> anyhow::Result<()> {
    let db = stage.state.db.read();
    if credential::Entity::find_by_id(people::OPERATOR).one(db).await?.is_some() {
        println!("示范数据已经有了，保持不变。");
        return Ok(());
    }
    println!("正在生成示范社区（文化社区，两周的往事）……");
    let cast = people::Cast::gather(stage).await?;
    println!("  ✓ {}", cast.told());
    calendar::begin(stage, &cast, first).await?;
    scenes::play(stage, &cast, first, now).await?;
    stage.settle().await?;
    println!("  ✓ 两周的点单、派单、接单、晒单");
    calendar::ahead(stage, &cast, first, now).await?;
    stage.settle().await?;
    println!("  ✓ 一次办完的主题党日、一次已经安排的，五位党员的政治生日");
    Ok(())
}
