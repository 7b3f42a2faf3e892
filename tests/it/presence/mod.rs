//! 接单的后半：签到、签退、上报、确认、缺席。 Who came, who did not, and what becomes of it.

mod absences;
mod closing;
mod coming;
mod offline;
mod papers;
mod races;
mod walk_ins;

use std::time::Duration;

use linli::kernel::Day;
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

/// 文化社区 with a task next Saturday from 9 to 11, led by 周强, claimed by 李建国 and 赵敏.
struct Saturday {
    app: TestApp,
    office: Person,
    lead: Person,
    li: Person,
    zhao: Person,
    task: String,
    li_claim: String,
    zhao_claim: String,
    code: String,
}

impl Saturday {
    async fn planned(slots: i32) -> Self {
        let app = TestApp::spawn().await;
        let office = app.office().await;
        let names = ["周强", "李建国", "赵敏"].map(str::to_owned);
        let [lead, li, zhao] = app.members(&names).await.try_into().unwrap();
        let form = json!({"org_id": app.org_id(WENHUA).await, "title": "消防安全巡查", "slots": slots,
            "starts_at": app.saturday(9), "ends_at": app.saturday(11), "lead_id": lead.id, "publish": true,
            "leave_until": app.saturday(9).minus(Duration::from_secs(900)),
            "place": {"name": "文化广场", "lat": 27.7012, "lng": 106.9387}});
        let page = office.post("/tasks", form).await.ok();
        let (task, code) = (id(&page), page["check_in_code"].as_str().unwrap().to_owned());
        let li_claim = id(&li.claims(&task).await.ok());
        let zhao_claim = id(&zhao.claims(&task).await.ok());
        Self { app, office, lead, li, zhao, task, li_claim, zhao_claim, code }
    }

    /// The same, that Saturday at an hour; everybody opens the app again.
    async fn at(mut self, hour: u32, minute: u32) -> Self {
        self.go_to(hour, minute).await;
        self
    }

    async fn go_to(&mut self, hour: u32, minute: u32) {
        self.app.clock.set(Day::of(self.app.saturday(9)).time(hour, minute));
        self.again().await;
    }

    /// Days after that Saturday, at noon.
    async fn go_days_on(&mut self, days: i64) {
        self.app.clock.set(Day::of(self.app.saturday(9)).plus(days).time(12, 0));
        self.again().await;
    }

    async fn again(&mut self) {
        self.office = self.app.office().await;
        for who in [&mut self.lead, &mut self.li, &mut self.zhao] {
            *who = self.app.sign_in(&who.name.clone()).await;
        }
    }

    async fn settings(&self, change: Value) {
        let path = format!("/orgs/{}/settings", self.app.org_id(WENHUA).await);
        self.office.put(&path, change).await.ok();
    }

    async fn claim(&self, who: &Person, claim: &str) -> Value {
        who.get(&format!("/claims/{claim}")).await.ok()
    }

    /// One line of the roster, as the office sees it.
    async fn line(&self, claim: &str) -> Value {
        let roster = self.office.get(&format!("/tasks/{}/roster", self.task)).await.ok();
        let lines = roster["items"].as_array().unwrap();
        lines.iter().find(|line| line["claim_id"] == claim).unwrap().clone()
    }

    async fn checks_in(&self, who: &Person, claim: &str) {
        who.post(&check_in(claim), json!({"code": self.code})).await.ok();
    }
}

fn check_in(claim: &str) -> String {
    format!("/claims/{claim}/check-in")
}

fn check_out(claim: &str) -> String {
    format!("/claims/{claim}/check-out")
}
