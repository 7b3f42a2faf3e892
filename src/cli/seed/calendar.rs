//! 主题党日 and 政治生日 of the demo branch: a day that was held, recorded and approved, the next one planned, and
//! members whose anniversaries come these days.

use entity::At;
use serde_json::{Value, json};

use crate::{
    kernel::{Day, Month},
    stage::{Actor, Stage, id},
};

use super::people::{Cast, PASSWORD};

/// Who joined so many years ago, on the day so many days from today.
const JOINED: &[(&str, i32, i64)] =
    &[("李建国", 20, 1), ("赵敏", 12, 4), ("陈志强", 8, -6), ("冯国庆", 35, 12), ("何雨晴", 3, 18)];

/// The rule, and a theme day that was held on the history's first day.
pub async fn begin(stage: &Stage, cast: &Cast, first: Day) -> anyhow::Result<()> {
    let calendar = Calendar { stage, branch: &cast.branch };
    calendar.rule().await?;
    calendar.a_day_that_was_held(first).await
}

/// What lies ahead of `now`: the next theme day, and anniversaries.
pub async fn ahead(stage: &Stage, cast: &Cast, first: Day, now: At) -> anyhow::Result<()> {
    let calendar = Calendar { stage, branch: &cast.branch };
    stage.clock.set(now);
    let today = Day::of(now);
    calendar.the_next_day(Month::of(first.start()), today).await?;
    calendar.anniversaries(today).await
}

struct Calendar<'a> {
    stage: &'a Stage,
    branch: &'a str,
}

impl Calendar<'_> {
    async fn secretary(&self) -> anyhow::Result<Actor> {
        self.stage.enter_with_password("lishuji", PASSWORD).await
    }

    async fn answers(&self, day: &str, answers: &[(&str, Value)]) -> anyhow::Result<()> {
        for (name, answer) in answers {
            let member = self.stage.enter(name).await?;
            member.act(&format!("{day}/attendance"), answer).await?.success()?;
        }
        Ok(())
    }

    async fn rule(&self) -> anyhow::Result<()> {
        let rule = json!({
            "kind": "date", "day": 25, "to_working_day": true, "starts": "15:00", "minutes": 120,
            "place": "文化社区三楼党员活动室",
        });
        let path = format!("/orgs/{}/theme-day-rule", self.branch);
        self.secretary().await?.change(&path, &rule).await?.success().map(drop)
    }

    async fn a_day_that_was_held(&self, first: Day) -> anyhow::Result<()> {
        let start = first.time(15, 0);
        let plan = json!({
            "starts_at": start, "theme": "清洁家园，党员先行",
            "steps": [
                {"title": "唱歌曲", "fixed": true}, {"title": "讲党课", "fixed": true},
                {"title": "清理楼道杂物"}, {"title": "慰问困难家庭"},
            ],
            "bring": ["手套"],
        });
        let days = format!("/orgs/{}/theme-days", self.branch);
        let day = id(&self.secretary().await?.act(&days, &plan).await?.success()?);
        let day = format!("/theme-days/{day}");
        self.stage.settle().await?;
        let yes = json!({"answer": "yes"});
        let leave = json!({"answer": "leave", "reason": "值夜班"});
        let names = ["李建国", "赵敏", "陈志强", "周晓燕", "吴海涛"];
        self.answers(&day, &names.map(|name| (name, yes.clone()))).await?;
        self.answers(&day, &[("郑丽华", leave)]).await?;
        self.stage.clock.set(start);
        let page = self.secretary().await?.look(&day).await?.success()?;
        let code = json!({"code": page["desk"]["check_in_code"]});
        for name in &names[..4] {
            let member = self.stage.enter(name).await?;
            member.act(&format!("{day}/check-in"), &code).await?.success()?;
        }
        self.stage.clock.set(first.time(20, 0));
        let record = json!({"words": "学习后分两组清理了三、四单元楼道，慰问两户困难家庭。"});
        let path = format!("{day}/record");
        self.secretary().await?.act(&path, &record).await?.success()?;
        let leader = self.stage.enter_with_password("zhouquzhang", PASSWORD).await?;
        let approve = json!({"verdict": "approve"});
        leader.act(&format!("{day}/review"), &approve).await?.success()?;
        self.stage.settle().await
    }

    /// On the first day of the rule that is still to come and has no plan yet.
    async fn the_next_day(&self, held: Month, today: Day) -> anyhow::Result<()> {
        let secretary = self.secretary().await?;
        let rule = secretary.look(&format!("/orgs/{}/theme-day-rule", self.branch)).await?;
        let rule = rule.success()?;
        let (held, today) = (held.to_string(), today.to_string());
        let month = rule["next"].as_array().into_iter().flatten().find(|next| {
            next["month"] != held.as_str() && next["date"].as_str() > Some(today.as_str())
        });
        let month = month.map(|next| &next["month"]);
        let plan = json!({
            "month": month, "theme": "学身边榜样，走访独居老人",
            "steps": [
                {"title": "唱歌曲", "fixed": true}, {"title": "讲党课", "fixed": true},
                {"title": "学模范", "note": "请李建国讲陪诊的事"}, {"title": "过生日"},
                {"title": "齐行动", "note": "分四组走访独居老人"},
            ],
            "materials": [{"title": "身边的榜样", "text": "读一读：一年陪诊四十次的老党员。"}],
            "bring": ["笔记本"],
        });
        let path = format!("/orgs/{}/theme-days", self.branch);
        let day = id(&secretary.act(&path, &plan).await?.success()?);
        self.stage.settle().await?;
        let yes = json!({"answer": "yes"});
        self.answers(&format!("/theme-days/{day}"), &[("李建国", yes.clone()), ("赵敏", yes)]).await
    }

    async fn anniversaries(&self, today: Day) -> anyhow::Result<()> {
        let secretary = self.secretary().await?;
        for (name, years, in_days) in JOINED {
            let member = self.stage.enter(name).await?;
            let day = today.plus(*in_days);
            let joined = day.in_year(day.year() - years).to_string();
            let record = json!({"joined_on": joined, "consented": true});
            let path = format!("/orgs/{}/members/{}/party", self.branch, member.id);
            secretary.change(&path, &record).await?.success()?;
        }
        let honoured = self.stage.enter("李建国").await?;
        let wish = json!({"words": "二十年如一日，邻里有事您总在前头。祝您政治生日快乐！"});
        let path = format!("/orgs/{}/birthdays/{}/wishes", self.branch, honoured.id);
        secretary.act(&path, &wish).await?.success().map(drop)
    }
}
