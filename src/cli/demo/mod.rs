//! `linli demo`: the loop, played over real HTTP on a throw-away database, told step by step. Two hundred members
//! race for twenty places. Ends with the request's timeline and a table, and fails if any promise is broken.

mod race;
mod tell;

use std::{process::ExitCode, time::Duration};

use anyhow::{Context, ensure};
use entity::At;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::json;

use crate::{
    boot,
    kernel::{
        Day, Rng,
        clock::{SystemClock, Tells},
        day::spoken,
    },
    org::import::import_divisions,
    platform::{
        config::{LimitSettings, Settings},
        db::Use,
    },
    schema::{self, Way},
    stage::{Actor, Stage, cast::demo_phone, id},
};

use super::Globals;

use race::Race;
use tell::Teller;

const TREE: &[u8] = include_bytes!("../../../data/divisions_zunyi.csv");
const WENHUA: &str = "520302014004";
const PASSWORD: &str = "linli-demo";
const MEMBERS: usize = 200;
const PLACES: usize = 20;

/// Plays the demo; `redis` as configured, the database in a folder that goes away.
///
/// # Errors
/// When anything is refused that should not be, or an invariant breaks.
pub async fn run(globals: &Globals) -> anyhow::Result<ExitCode> {
    let mut settings = globals.begin_quietly()?;
    settings.limits = LimitSettings::wide();
    let folder = std::env::temp_dir().join(format!("linli-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).context("make a folder for the demo")?;
    settings.database.url = format!("sqlite://{}", folder.join("demo.db").display());
    settings.redis.prefix = format!("linli-demo-{}", std::process::id());
    let outcome = play(settings).await;
    std::fs::remove_dir_all(&folder).context("remove the demo's folder")?;
    outcome.map(|()| ExitCode::SUCCESS)
}

async fn play(settings: Settings) -> anyhow::Result<()> {
    let mut teller = Teller::new();
    let now = SystemClock.now();
    teller.step("搭台：空数据库、遵义市真实区划、一个社区办公室");
    schema::migrate(&settings, Way::Up, None, |_| ()).await?;
    let db = boot::database(&settings, Use::Upkeep).await?;
    let clock = std::sync::Arc::new(SystemClock);
    let tree = import_divisions(&db, &Rng::from_system(), &(clock as _), TREE, |_| ()).await?;
    db.close().await;
    teller.say(format!("导入 {} 个区划", tree.added));
    let stage = Stage::set(settings, now, Rng::from_system()).await?;
    let told = tell_story(&stage, &mut teller, now).await;
    stage.strike();
    told
}

/// Everybody the story needs.
struct Cast {
    org: String,
    members: Vec<Actor>,
}

async fn gather(stage: &Stage, teller: &mut Teller) -> anyhow::Result<Cast> {
    let wenhua = stage.division(WENHUA).await?;
    let org = wenhua.id.to_string();
    let operator = stage.first_operator("yunwei", "老周", PASSWORD).await?;
    stage.add_staff(&operator, &org, ("xiaochen", "小陈", PASSWORD), "dispatcher").await?;
    stage.add_staff(&operator, &org, ("xiaowu", "小吴", PASSWORD), "dispatcher").await?;
    let secretary = ("lishuji", "李书记", PASSWORD);
    let secretary = stage.add_staff(&operator, &org, secretary, "secretary").await?;
    let branch = stage.add_branch(&operator, &org, "文化社区第一党支部").await?;
    let names: Vec<_> = (1..=MEMBERS).map(|n| (format!("党员{n:03}"), demo_phone(n))).collect();
    let enlist = names.iter().map(|(name, phone)| {
        stage.enlist(&secretary, &branch, (name.as_str(), phone.as_str()), &[])
    });
    let mut members = Vec::with_capacity(MEMBERS);
    let mut joining = stream::iter(enlist).buffered(8);
    while let Some(member) = joining.try_next().await? {
        members.push(member);
        teller.progress("党员入册、微信登录、绑定手机", members.len(), MEMBERS);
    }
    Ok(Cast { org, members })
}

async fn tell_story(stage: &Stage, teller: &mut Teller, now: At) -> anyhow::Result<()> {
    let cast = gather(stage, teller).await?;

    teller.step("群众点单：王阿姨请人排查楼道消防隐患");
    let wang = stage.welcome("王阿姨").await?;
    let ask = json!({
        "org_id": cast.org, "category": "安全", "title": "老楼楼道消防隐患排查",
        "detail": "我们几栋老楼楼道堆物多、电线乱，想请大家来排查一次。",
        "place": {"name": "文化小区", "lat": 27.7012, "lng": 106.9387, "address": "文化路 8 号院"},
    });
    let request = id(&wang.act("/requests", &ask).await?.success()?);

    let start = Day::of(now).next_saturday().time(9, 0);
    teller.step(&format!("社区派单：小陈招募 {PLACES} 人，{}", spoken(start)));
    let desk = stage.enter_with_password("xiaochen", PASSWORD).await?;
    let lead = &cast.members[0];
    let form = json!({
        "slots": PLACES, "starts_at": start, "ends_at": start.plus(Duration::from_secs(7200)),
        "lead_id": lead.id, "notes": "统一发放红马甲", "publish": true,
    });
    let path = format!("/requests/{request}/dispatch");
    let task = id(&desk.act(&path, &form).await?.success()?);
    stage.settle().await?;

    teller.step(&format!("党员接单：{MEMBERS} 人同时抢 {PLACES} 个名额"));
    let mut race = Race::run(&cast.members, &task).await?;
    race.check(stage, &task, PLACES).await?;
    teller.say(format!("{} 人抢到，{} 人被如实告知", race.winners.len(), race.refused()));

    teller.step("周六上午：签到、服务、签退");
    stage.clock.set(start);
    let desk = stage.enter_with_password("xiaochen", PASSWORD).await?;
    let code = desk.look(&format!("/tasks/{task}")).await?.success()?["check_in_code"].clone();
    for winner in &race.winners {
        let body = json!({"code": code});
        let who = stage.enter(&winner.name).await?;
        who.act(&format!("/claims/{}/check-in", winner.claim), &body).await?.success()?;
    }
    stage.advance(Duration::from_secs(7200));
    for winner in &race.winners {
        let who = stage.enter(&winner.name).await?;
        who.tap(&format!("/claims/{}/check-out", winner.claim)).await?.success()?;
    }
    teller.say(format!("{} 人签到、签退", race.winners.len()));

    teller.step("上报与确认：小陈上报，小吴确认，时长入账");
    let desk = stage.enter_with_password("xiaochen", PASSWORD).await?;
    let words = json!({"words": "排查 6 栋 18 个单元，清理堆物 9 处，整改飞线 4 处。"});
    desk.act(&format!("/tasks/{task}/report"), &words).await?.success()?;
    let second = stage.enter_with_password("xiaowu", PASSWORD).await?;
    second.tap(&format!("/tasks/{task}/confirm")).await?.success()?;

    teller.step("群众评价：王阿姨说办好了，五星");
    let wang = stage.enter("王阿姨").await?;
    let verdict = json!({"verdict": "done", "stars": 5, "words": "楼道一下敞亮了！"});
    wang.act(&format!("/requests/{request}/answer"), &verdict).await?.success()?;

    teller.step("组织晒单：写成故事，另一位同事审核后公开");
    let story = json!({"title": "二十名党员排查老楼消防隐患", "words": "周六上午，二十名党员走遍六栋老楼。"});
    let story = id(&desk.act(&format!("/tasks/{task}/story"), &story).await?.success()?);
    desk.tap(&format!("/stories/{story}/submit")).await?.success()?;
    let shown = second.tap(&format!("/stories/{story}/approve")).await?.success()?;
    let served = i64::try_from(PLACES)? * 120;
    ensure!(shown["minutes"] == served, "the story's minutes come from the ledger: {shown}");
    stage.settle().await?;

    let path = format!("/requests/{request}/timeline?limit=100");
    teller.timeline(&wang.look(&path).await?.success()?);
    teller.table(&race, PLACES);
    Ok(())
}
