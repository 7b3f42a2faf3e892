//! 主题党日, from the plan to the record its superior has looked at, by those who do it: the branch's secretary, three
//! members, and the community's secretary above.

mod crowds;
mod feeds;
mod refusals;
mod reminders;
mod story;

use ::entity::At;
use linli::{
    kernel::Day,
    platform::cron::{Job, Occurrence, Run, When},
};
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const NAMES: [&str; 3] = ["李建国", "赵敏", "孙立"];

/// 文化社区第一党支部 and its people.
pub struct Scene {
    pub app: TestApp,
    pub branch: String,
    /// 支部书记
    pub secretary: Person,
    /// 上级: 社区的李书记
    pub above: Person,
    pub members: Vec<Person>,
}

impl Scene {
    pub async fn set() -> Self {
        let app = TestApp::spawn().await;
        let members = app.members(&NAMES.map(ToOwned::to_owned)).await;
        let (branch, operator) = (app.branch_id(WENHUA).await, app.staff("operator").await);
        let account =
            json!({"username": "zhibu", "name": "支部张书记", "password": "linli-test-2026"});
        let grant = json!({"account": account, "role": "secretary"});
        operator.post(&format!("/orgs/{branch}/roles"), grant).await.ok();
        let (secretary, above) = (app.staff("zhibu").await, app.staff("secretary").await);
        Self { app, branch, secretary, above, members }
    }

    /// Everybody again at that time: access tokens live a quarter of an hour.
    pub async fn at(&mut self, at: At) {
        self.app.clock.set(at);
        self.secretary = self.app.staff("zhibu").await;
        self.above = self.app.staff("secretary").await;
        let mut members = Vec::new();
        for name in NAMES {
            members.push(self.app.sign_in(name).await);
        }
        self.members = members;
    }

    pub async fn rules(&self, rule: Value) -> Value {
        self.secretary.put(&format!("/orgs/{}/theme-day-rule", self.branch), rule).await.ok()
    }

    pub async fn plans(&self, form: Value) -> String {
        id(&self.secretary.post(&format!("/orgs/{}/theme-days", self.branch), form).await.ok())
    }

    /// A member's place on the branch's roster.
    pub async fn place(&self, name: &str) -> String {
        let members = self.above.get(&format!("/orgs/{}/members", self.branch)).await.ok();
        let person = self.members.iter().find(|member| member.name == name).unwrap().id;
        let rows = members["items"].as_array().unwrap();
        id(rows.iter().find(|row| row["person_id"] == json!(person)).unwrap())
    }

    pub async fn ring(&self, job: &Job, from: At) -> u64 {
        ring(&self.app, job, from).await
    }
}

/// 每月25日, moved to a working day, 15:00 to 17:00.
pub fn the_25th() -> Value {
    json!({"kind": "date", "day": 25, "to_working_day": true, "starts": "15:00", "minutes": 120,
        "place": "三楼会议室"})
}

pub fn on(day: &str, hour: u32, minute: u32) -> At {
    day.parse::<Day>().unwrap().time(hour, minute)
}

/// Whatever of the job is due since then, as the engine would run it; how many were told.
pub async fn ring(app: &TestApp, job: &Job, from: At) -> u64 {
    let mut told = 0;
    for run in due(app, job, from).await {
        told += carry_out(app, job, &run).await;
    }
    told
}

/// The runs of the job since then.
pub async fn due(app: &TestApp, job: &Job, from: At) -> Vec<Run> {
    let When::Planned(due) = job.when else { panic!("{} is planned", job.key) };
    let found = due(&app.state, from, app.state.clock.now()).await.unwrap();
    let run = |one: Occurrence| Run {
        job: job.key.into(),
        period: one.period,
        due_at: one.due_at,
        org_id: one.org_id,
        subject_id: one.subject_id,
    };
    found.into_iter().map(run).collect()
}

/// A run from its first chunk to its last.
pub async fn carry_out(app: &TestApp, job: &Job, run: &Run) -> u64 {
    let (mut told, mut cursor) = (0, None);
    loop {
        let tx = app.state.db.write().await.unwrap();
        let chunk = (job.chunk)(&app.state, &tx, run, cursor).await.unwrap();
        tx.commit().await.unwrap();
        told += chunk.told;
        cursor = chunk.cursor;
        if cursor.is_none() {
            return told;
        }
    }
}

/// Kind and body of each line of an inbox, newest first.
pub async fn inbox(who: &Person) -> Vec<String> {
    let page = who.get("/inbox?limit=100").await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let line = |line: &Value| format!("{} {}", text(&line["kind"]), text(&line["body"]));
    page["items"].as_array().unwrap().iter().map(line).collect()
}

pub async fn kinds(who: &Person) -> Vec<String> {
    let lines = inbox(who).await.into_iter();
    lines.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}
