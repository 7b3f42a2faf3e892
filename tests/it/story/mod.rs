//! 点单 → 派单 → 接单 → 晒单, as the people in it live it: once whole, then each refusal, then each way back.

mod refusals;
mod reopenings;
mod whole;

use std::time::Duration;

use ::entity::At;
use linli::kernel::Day;
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// 王阿姨's number, which 孙叔叔 knows.
const WANG: &str = "13900007788";

/// The people of the story; each has the app open.
struct Cast {
    app: TestApp,
    /// 孙叔叔, a neighbour who asks for somebody else.
    sun: Person,
    /// 王阿姨, who is to be helped.
    wang: Person,
    /// 李建国, 赵敏, 陈志强: members of 文化社区's first branch.
    li: Person,
    zhao: Person,
    zhiqiang: Person,
    /// 小陈 and 小吴 of the community's office.
    chen: Person,
    wu: Person,
    /// 李书记 of the branch.
    secretary: Person,
}

impl Cast {
    async fn gather() -> Self {
        let app = TestApp::spawn().await;
        let names = ["李建国", "赵敏", "陈志强"].map(str::to_owned);
        let [li, zhao, zhiqiang] = app.members(&names).await.try_into().unwrap();
        let sun = app.resident("孙叔叔").await;
        let wang = app.resident("王阿姨").await;
        wang.post("/me/phone", json!({"code": format!("dev:{WANG}")})).await.ok();
        let wang = app.sign_in("王阿姨").await;
        let (chen, wu) = (app.office().await, app.staff("wenhua2").await);
        let secretary = app.staff("secretary").await;
        Self { app, sun, wang, li, zhao, zhiqiang, chen, wu, secretary }
    }

    /// Time has passed: what had to follow has followed, and everybody opens the app again.
    async fn at(&mut self, when: At) {
        self.app.settle().await;
        self.app.clock.set(when);
        let app = &self.app;
        let phones =
            [&mut self.sun, &mut self.wang, &mut self.li, &mut self.zhao, &mut self.zhiqiang];
        for who in phones {
            *who = app.sign_in(&who.name.clone()).await;
        }
        (self.chen, self.wu) = (app.office().await, app.staff("wenhua2").await);
        self.secretary = app.staff("secretary").await;
    }

    async fn settings(&self, change: Value) {
        let path = format!("/orgs/{}/settings", self.app.org_id(WENHUA).await);
        self.chen.put(&path, change).await.ok();
    }

    /// What 王阿姨 needs.
    async fn ask(&self) -> Value {
        json!({
            "org_id": self.app.org_id(WENHUA).await, "category": "助老", "title": "陪同去医院复查",
            "detail": "八十二岁，腿脚不便，周六上午要去市医院复查",
            "place": {"name": "文化小区", "lat": 27.70123, "lng": 106.93871, "address": "文化路 8 号 3 单元 502"},
        })
    }

    /// 王阿姨 asks for herself.
    async fn asked(&self) -> String {
        id(&self.wang.post("/requests", self.ask().await).await.ok())
    }

    /// On a day after Saturday's, from one hour to another; 李建国 leads.
    fn task(&self, days: i64, hours: (u32, u32), slots: i32) -> Value {
        let day = Day::of(self.app.saturday(9)).plus(days);
        json!({
            "slots": slots, "starts_at": day.time(hours.0, 0), "ends_at": day.time(hours.1, 0),
            "lead_id": self.li.id, "notes": "九点在小区东门集合", "publish": true,
        })
    }

    /// 小陈 dispatches it for Saturday from 9 to 11.
    async fn dispatched(&self, request: &str) -> String {
        let task = self.task(0, (9, 11), 2);
        id(&self.chen.post(&format!("/requests/{request}/dispatch"), task).await.ok())
    }

    /// Saturday's task, posted by 小陈 as the community's own plan.
    async fn planned(&self, change: Value) -> String {
        let mut task = self.task(0, (9, 11), 2);
        task["org_id"] = json!(self.app.org_id(WENHUA).await);
        task["title"] = json!("消防安全巡查");
        for (field, value) in change.as_object().unwrap() {
            task[field] = value.clone();
        }
        id(&self.chen.post("/tasks", task).await.ok())
    }

    /// The code on the poster at the door.
    async fn code(&self, task: &str) -> Value {
        self.chen.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone()
    }

    async fn checks_in(&self, who: &Person, task: &str, claim: &str) {
        let body = json!({"code": self.code(task).await});
        who.post(&format!("/claims/{claim}/check-in"), body).await.ok();
    }

    /// 李建国 goes alone and reports it; from then on it waits for 王阿姨's word. Answers task and claim.
    async fn served(&mut self, request: &str, days: i64) -> (String, String) {
        let task = self.task(days, (9, 11), 1);
        let day = Day::of(self.app.saturday(9)).plus(days);
        let task = self.chen.post(&format!("/requests/{request}/dispatch"), task).await.ok();
        let task = id(&task);
        let claim = id(&self.li.claims(&task).await.ok());
        self.at(day.time(9, 0)).await;
        self.checks_in(&self.li, &task, &claim).await;
        self.at(day.time(11, 0)).await;
        self.li.post(&format!("/tasks/{task}/report"), json!({"words": "陪同复查"})).await.ok();
        self.app.settle().await;
        (task, claim)
    }

    /// What somebody's request has become, and the words that came with it.
    async fn became(&self, who: &Person, request: &str) -> (String, Value) {
        let seen = who.get(&format!("/requests/{request}")).await.ok();
        (seen["state"].as_str().unwrap().to_owned(), seen["reason"].clone())
    }

    /// The newest line of somebody's inbox, once everything has followed.
    async fn told(&self, who: &Person) -> String {
        self.app.settle().await;
        let page = who.get("/inbox").await.ok();
        page["items"][0]["body"].as_str().unwrap_or_default().to_owned()
    }

    /// What stands over each line of somebody's inbox, the first first.
    async fn inbox(&self, who: &Person) -> Vec<String> {
        self.app.settle().await;
        let page = who.get("/inbox?limit=100").await.ok();
        let lines = page["items"].as_array().unwrap().iter().rev();
        lines.map(|line| line["title"].as_str().unwrap().to_owned()).collect()
    }
}
