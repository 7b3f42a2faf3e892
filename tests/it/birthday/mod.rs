//! 政治生日: who is greeted, who hears of it, who reads what; and who is left in peace.

mod days;
mod lists;
mod private;
mod wishes;

use linli::kernel::Day;
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

/// A branch with its secretary. The timetable knows the jobs from the beginning.
struct Branch {
    app: TestApp,
    id: String,
}

impl Branch {
    async fn new() -> Self {
        let app = TestApp::spawn().await;
        let id = app.branch_id(WENHUA).await;
        let branch = Self { app, id };
        branch.rings().await;
        branch
    }

    async fn secretary(&self) -> Person {
        self.app.staff("secretary").await
    }

    /// A member whose record the branch keeps, with the consent.
    async fn member(&self, name: &str, joined_on: &str) -> Person {
        let person = self.app.member(name).await;
        self.keeps(&person, json!({"joined_on": joined_on, "consented": true})).await;
        person
    }

    async fn keeps(&self, person: &Person, record: Value) {
        let page = format!("/orgs/{}/members/{}/party", self.id, person.id);
        self.secretary().await.put(&page, record).await.ok();
    }

    async fn set(&self, settings: Value) {
        let leader = self.app.staff("leader").await;
        leader.put(&format!("/orgs/{}/settings", self.id), settings).await.ok();
    }

    /// The membership of somebody the branch keeps.
    async fn place(&self, name: &str) -> String {
        let person = self.app.sign_in(name).await;
        let page = self.secretary().await.get(&format!("/orgs/{}/members", self.id)).await.ok();
        let mut lines = page["items"].as_array().unwrap().iter();
        id(lines.find(|line| line["person_id"] == person.id.to_string()).unwrap())
    }

    /// Moves the clock to that time of that day, and lets the calendar see to what is due.
    async fn at(&self, day: &str, hour: u32) {
        let day: Day = day.parse().unwrap();
        self.app.clock.set(day.time(hour, 0));
        self.rings().await;
    }

    async fn rings(&self) {
        for job in ["birthday.day", "birthday.list"] {
            self.app.ring(job).await.unwrap();
        }
    }

    /// What stands in somebody's inbox of that kind, newest first. They sign in again: tokens live a quarter hour.
    async fn heard(&self, name: &str, kind: &str) -> Vec<String> {
        let person = match name {
            "secretary" => self.secretary().await,
            name => self.app.sign_in(name).await,
        };
        let inbox = person.get("/inbox?limit=100").await.ok();
        let lines = inbox["items"].as_array().unwrap().iter();
        let of_kind = lines.filter(|line| line["kind"] == kind);
        of_kind.map(|line| line["body"].as_str().unwrap().to_owned()).collect()
    }

    async fn greeted(&self, name: &str) -> Vec<String> {
        self.heard(name, "birthday.greeting").await
    }
}
