//! 晒单 beyond the story itself: first texts, photos, the consent of those shown, and the page everybody gets.

mod consent;
mod looked_at;
mod page;
mod written;

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, id};

/// A task of 文化社区 that 李建国 served alone, on Saturday from 9 to 11; reported by the office, confirmed by a second.
struct Served {
    app: TestApp,
    task: String,
}

impl Served {
    async fn live() -> Self {
        Self::led_by_li(false).await
    }

    /// Where 李建国 leads as well, he may write.
    async fn led_by_li(leads: bool) -> Self {
        Self::set(leads, &[]).await
    }

    async fn set(leads: bool, changes: &[(&str, String)]) -> Self {
        let app = TestApp::with(changes).await;
        let (office, li) = (app.office().await, app.member("李建国").await);
        let task = app.open_task(&office, 2).await;
        let claim = id(&li.claims(&task).await.ok());
        if leads {
            let lead = json!({"user_id": li.id});
            office.post(&format!("/tasks/{task}/lead"), lead).await.ok();
        }
        app.clock.set(app.saturday(9));
        let (office, li) = (app.office().await, app.sign_in("李建国").await);
        let code = office.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone();
        li.post(&format!("/claims/{claim}/check-in"), json!({"code": code})).await.ok();
        app.clock.set(app.saturday(11));
        let served = Self { app, task };
        served.li().await.does(&format!("/claims/{claim}/check-out")).await.ok();
        let office = served.app.office().await;
        let words = json!({"words": "巡查完成"});
        office.post(&format!("/tasks/{}/report", served.task), words).await.ok();
        let second = served.second().await;
        second.does(&format!("/tasks/{}/confirm", served.task)).await.ok();
        served
    }

    async fn li(&self) -> Person {
        self.app.sign_in("李建国").await
    }

    async fn second(&self) -> Person {
        self.app.staff("wenhua2").await
    }

    /// The office's draft with that body.
    async fn draft(&self, form: Value) -> Value {
        let office = self.app.office().await;
        office.post(&format!("/tasks/{}/story", self.task), form).await.ok()
    }

    /// Submitted by the office, and published by a second person.
    async fn publish(&self, story: &str) {
        self.app.office().await.does(&format!("/stories/{story}/submit")).await.ok();
        self.second().await.does(&format!("/stories/{story}/approve")).await.ok();
    }
}
