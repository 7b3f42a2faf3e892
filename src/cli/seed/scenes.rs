//! Two weeks in 文化社区: requests and tasks in every state, some of them with a whole story behind them.

use std::time::Duration;

use entity::At;
use serde_json::{Value, json};

use crate::{
    kernel::Day,
    stage::{Actor, Stage, fresh_key, id},
};

use super::people::{Cast, PASSWORD};

const HOUR: Duration = Duration::from_secs(3600);

/// The stage, and where on it.
struct Scene<'a> {
    stage: &'a Stage,
    org: &'a str,
    first: Day,
}

/// A request as it is told.
struct Ask<'a> {
    who: &'a str,
    category: &'a str,
    title: &'a str,
    detail: &'a str,
    address: &'a str,
}

/// Plays it all; the clock ends at `now`.
pub async fn play(stage: &Stage, cast: &Cast, first: Day, now: At) -> anyhow::Result<()> {
    let scene = Scene { stage, org: &cast.org, first };
    scene.what_the_office_asks_back_beforehand().await?;
    scene.an_accompanied_visit().await?;
    scene.a_stairwell_cleaned().await?;
    scene.a_tap_half_mended().await?;
    scene.medicine_awaiting_an_answer().await?;
    scene.what_did_not_become_a_task().await?;
    scene.set_clock(now);
    scene.what_is_open_now(now).await
}

impl Scene<'_> {
    fn set_clock(&self, at: At) {
        self.stage.clock.set(at);
    }

    /// The clock at an hour of the history's n-th day.
    fn on(&self, day: i64, hour: u32) -> At {
        let at = self.first.plus(day).time(hour, 0);
        self.set_clock(at);
        at
    }

    async fn phone(&self, name: &str) -> anyhow::Result<Actor> {
        self.stage.enter(name).await
    }

    async fn desk(&self, username: &str) -> anyhow::Result<Actor> {
        self.stage.enter_with_password(username, PASSWORD).await
    }

    async fn ask(&self, ask: Ask<'_>) -> anyhow::Result<String> {
        let body = json!({
            "org_id": self.org, "category": ask.category, "title": ask.title, "detail": ask.detail,
            "place": {"name": "文化小区", "lat": 27.7012, "lng": 106.9387, "address": ask.address},
        });
        Ok(id(&self.phone(ask.who).await?.act("/requests", &body).await?.success()?))
    }

    /// From dispatch to the report; `came` are those who turn up, the first of them leads.
    async fn serve(
        &self,
        path: &str,
        mut form: Value,
        (day, hour): (i64, u32),
        (claimed, came): (&[&str], &[&str]),
        report: &str,
    ) -> anyhow::Result<String> {
        let start = self.first.plus(day).time(hour, 0);
        let lead = self.phone(came[0]).await?;
        form["starts_at"] = json!(start);
        form["ends_at"] = json!(start.plus(HOUR * 2));
        form["lead_id"] = json!(lead.id);
        form["publish"] = json!(true);
        let task = id(&self.desk("xiaochen").await?.act(path, &form).await?.success()?);
        for name in claimed {
            self.phone(name).await?.claim(&task, &fresh_key()).await?.success()?;
        }
        self.set_clock(start);
        let page = self.desk("xiaochen").await?.look(&format!("/tasks/{task}")).await?.success()?;
        for name in came {
            let who = self.phone(name).await?;
            let claim = self.claim_of(&who, &task).await?;
            let code = json!({"code": page["check_in_code"]});
            who.act(&format!("/claims/{claim}/check-in"), &code).await?.success()?;
        }
        self.set_clock(start.plus(HOUR * 2));
        // The last to come forgets to check out.
        for name in &came[..came.len().saturating_sub(1).max(1)] {
            let who = self.phone(name).await?;
            let claim = self.claim_of(&who, &task).await?;
            who.tap(&format!("/claims/{claim}/check-out")).await?.success()?;
        }
        let words = json!({"words": report});
        let lead = self.phone(came[0]).await?;
        lead.act(&format!("/tasks/{task}/report"), &words).await?.success()?;
        self.stage.settle().await?;
        Ok(task)
    }

    async fn claim_of(&self, who: &Actor, task: &str) -> anyhow::Result<String> {
        let page = who.look(&format!("/tasks/{task}")).await?.success()?;
        Ok(page["claim_id"].as_str().unwrap_or_default().to_owned())
    }

    async fn confirm(&self, task: &str) -> anyhow::Result<()> {
        let path = format!("/tasks/{task}/confirm");
        self.desk("xiaowu").await?.tap(&path).await?.success().map(drop)
    }

    async fn answer(&self, who: &str, request: &str, verdict: Value) -> anyhow::Result<()> {
        let path = format!("/requests/{request}/answer");
        self.phone(who).await?.act(&path, &verdict).await?.success().map(drop)
    }

    async fn story(
        &self,
        by: &str,
        task: &str,
        title: &str,
        words: &str,
    ) -> anyhow::Result<String> {
        let body = json!({"title": title, "words": words});
        let author = self.phone(by).await?;
        let story = id(&author.act(&format!("/tasks/{task}/story"), &body).await?.success()?);
        author.tap(&format!("/stories/{story}/submit")).await?.success()?;
        Ok(story)
    }

    /// One or two questions of a category: what the office would phone about otherwise.
    async fn what_the_office_asks_back_beforehand(&self) -> anyhow::Result<()> {
        self.on(1, 8);
        let office = self.desk("xiaochen").await?;
        let path = format!("/orgs/{}/categories", self.org);
        for (name, questions) in [
            ("助老", &["老人走路要人扶吗？", "要不要轮椅？"][..]),
            ("维修", &["什么时候开始坏的？", "家里什么时候有人？"]),
            ("陪伴", &["平时喜欢聊什么、做什么？"]),
            ("代办", &["要带什么证件？"]),
            ("环境", &[]),
            ("安全", &[]),
            ("儿童", &["孩子几岁？"]),
            ("咨询", &[]),
            ("其他", &[]),
        ] {
            let questions: Vec<_> = questions.iter().map(|text| json!({"text": text})).collect();
            office.act(&path, &json!({"name": name, "questions": questions})).await?.success()?;
        }
        Ok(())
    }

    async fn an_accompanied_visit(&self) -> anyhow::Result<()> {
        self.on(1, 9);
        let ask = Ask {
            who: "王阿姨",
            category: "助老",
            title: "陪母亲去医院复查",
            detail: "母亲八十二岁，腿脚不便，想请人陪着去市医院复查。",
            address: "文化路 8 号 3 单元 502",
        };
        let request = self.ask(ask).await?;
        self.on(1, 10);
        let path = format!("/requests/{request}/dispatch");
        let form = json!({"slots": 2, "notes": "八点五十在小区东门集合", "skills": ["急救"]});
        let names: &[&str] = &["李建国", "赵敏"];
        let report = "陪同老人挂号、复查、取药，已平安送回家。";
        let task = self.serve(&path, form, (3, 9), (names, names), report).await?;
        self.confirm(&task).await?;
        let verdict =
            json!({"verdict": "done", "stars": 5, "words": "多亏你们，比我自己跑还周到。"});
        self.answer("王阿姨", &request, verdict).await?;
        let words =
            "李建国、赵敏两位党员陪八十二岁的老人去市医院复查，挂号、取药一路陪着，平安回家。";
        let story = self.story("李建国", &task, "陪老人去复查", words).await?;
        let review = self.desk("xiaowu").await?;
        review.tap(&format!("/stories/{story}/approve")).await?.success().map(drop)
    }

    async fn a_stairwell_cleaned(&self) -> anyhow::Result<()> {
        self.on(4, 9);
        let form = json!({
            "org_id": self.org, "title": "周末楼道大扫除", "slots": 6, "points": 2,
            "place": {"name": "文化小区 2 栋", "lat": 27.7008, "lng": 106.9391},
        });
        let claimed: &[&str] = &["陈志强", "周晓燕", "吴海涛", "郑丽华", "罗永平"];
        let report = "清理楼道杂物六车，畅通了消防通道。";
        let came = &claimed[..4];
        let task = self.serve("/tasks", form, (6, 9), (claimed, came), report).await?;
        self.confirm(&task).await?;
        let words = "四位党员和邻居一起清走六车杂物，楼道敞亮了，消防通道也通了。";
        self.story("陈志强", &task, "楼道敞亮了", words).await.map(drop)
    }

    async fn a_tap_half_mended(&self) -> anyhow::Result<()> {
        self.on(7, 15);
        let ask = Ask {
            who: "张大爷",
            category: "维修",
            title: "厨房水龙头漏水",
            detail: "厨房和卫生间的水龙头都在漏水，自己拧不紧。",
            address: "文化路 12 号 1 单元 301",
        };
        let request = self.ask(ask).await?;
        let path = format!("/requests/{request}/dispatch");
        let names: &[&str] = &["冯国庆"];
        let report = "厨房水龙头已换新。";
        let task = self.serve(&path, json!({"slots": 1}), (8, 14), (names, names), report).await?;
        self.confirm(&task).await?;
        let verdict = json!({"verdict": "partly", "stars": 3, "words": "厨房好了，卫生间的还漏。"});
        self.answer("张大爷", &request, verdict).await
    }

    async fn medicine_awaiting_an_answer(&self) -> anyhow::Result<()> {
        self.on(11, 9);
        let ask = Ask {
            who: "刘奶奶",
            category: "代办",
            title: "帮忙买降压药",
            detail: "药快吃完了，这两天腿疼出不了门。",
            address: "新中路 3 号 2 单元 201",
        };
        let request = self.ask(ask).await?;
        let path = format!("/requests/{request}/dispatch");
        let names: &[&str] = &["谢春梅"];
        let report = "药已送到老人手上，并叮嘱了用量。";
        self.serve(&path, json!({"slots": 1}), (12, 10), (names, names), report).await.map(drop)
    }

    async fn what_did_not_become_a_task(&self) -> anyhow::Result<()> {
        let office = |path: String, body: Value| async move {
            self.desk("xiaochen").await?.act(&path, &body).await?.success().map(drop)
        };
        self.on(11, 14);
        let ask = |who, category, title, detail| Ask {
            who,
            category,
            title,
            detail,
            address: "文化路 6 号",
        };
        let noise = ask("陈女士", "环境", "楼下夜里施工太吵", "连着三天夜里十一点还在施工。");
        let noise = self.ask(noise).await?;
        let reason = json!({"reason": "夜间施工由城管受理，已转拨 12319 并告知您进度"});
        office(format!("/requests/{noise}/decline"), reason).await?;
        let phone = ask("孙叔叔", "咨询", "教我用手机挂号", "想学会在手机上挂号。");
        let phone = self.ask(phone).await?;
        let question = json!({"question": "您方便哪天来社区？带上手机就行"});
        office(format!("/requests/{phone}/ask"), question).await?;
        let sofa = self.ask(ask("张大爷", "其他", "搬一张旧沙发", "三楼搬到一楼。")).await?;
        let mover = self.phone("张大爷").await?;
        mover.tap(&format!("/requests/{sofa}/withdraw")).await?.success()?;
        self.on(12, 9);
        let walk =
            self.ask(ask("王阿姨", "助老", "陪老人散步", "周末下午陪老人在小区走走。")).await?;
        let start = self.first.plus(13).time(15, 0);
        let form =
            json!({"slots": 1, "starts_at": start, "ends_at": start.plus(HOUR), "publish": true});
        let desk = self.desk("xiaochen").await?;
        let task = id(&desk.act(&format!("/requests/{walk}/dispatch"), &form).await?.success()?);
        office(format!("/tasks/{task}/cancel"), json!({"reason": "周末有大雨，改期再约"})).await?;
        self.stage.settle().await?;
        // Nobody has looked at this one: it is behind the promise.
        self.on(12, 10);
        self.ask(ask("陈女士", "助老", "对门独居老人两天没见", "敲门没人应，有点担心。"))
            .await
            .map(drop)
    }

    async fn what_is_open_now(&self, now: At) -> anyhow::Result<()> {
        let saturday = Day::of(now).next_saturday();
        let desk = self.desk("xiaochen").await?;
        let post =
            async |title: &str, slots: i32, from: u32, more: Value| -> anyhow::Result<String> {
                let mut form = json!({
                    "org_id": self.org, "title": title, "slots": slots, "publish": true,
                    "starts_at": saturday.time(from, 0), "ends_at": saturday.time(from + 2, 0),
                    "place": {"name": "文化广场", "lat": 27.7012, "lng": 106.9387},
                });
                for (key, value) in more.as_object().into_iter().flatten() {
                    form[key] = value.clone();
                }
                Ok(id(&desk.act("/tasks", &form).await?.success()?))
            };
        let fire = post("周六消防安全巡查", 20, 9, json!({"points": 2, "notes": "统一发放红马甲"}))
            .await?;
        for name in ["李建国", "赵敏", "陈志强", "周晓燕", "吴海涛", "郑丽华", "何雨晴", "宋佳"]
        {
            self.phone(name).await?.claim(&fire, &fresh_key()).await?.success()?;
        }
        let talk = post("反诈宣传进小区", 2, 15, json!({})).await?;
        for name in ["唐文斌", "罗永平"] {
            self.phone(name).await?.claim(&talk, &fresh_key()).await?.success()?;
        }
        post("义诊秩序维护", 4, 13, json!({"skills": ["急救"]})).await?;
        let opens = Day::of(now).plus(1).time(20, 0);
        post("冬至包饺子", 8, 17, json!({"opens_at": opens, "audience": {"volunteers": true}}))
            .await?;
        post("旧衣回收", 3, 11, json!({"publish": false})).await?;
        let lamp = Ask {
            who: "王阿姨",
            category: "维修",
            title: "三单元楼道灯不亮",
            detail: "二楼到三楼的灯都不亮，老人晚上不敢下楼。",
            address: "文化路 8 号 3 单元",
        };
        let lamp = self.ask(lamp).await?;
        let form = json!({"slots": 1, "skills": ["电工"], "publish": true,
            "starts_at": saturday.time(14, 0), "ends_at": saturday.time(15, 0)});
        desk.act(&format!("/requests/{lamp}/dispatch"), &form).await?.success()?;
        let company = Ask {
            who: "刘奶奶",
            category: "陪伴",
            title: "想有人来陪着说说话",
            detail: "孩子都在外地，周末想有人来坐坐。",
            address: "新中路 3 号 2 单元 201",
        };
        self.ask(company).await.map(drop)
    }
}
