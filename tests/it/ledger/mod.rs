//! 账本: hours and points are entered once, mended by two people, and always add up.

mod certificates;
mod corrections;
mod points;
mod stars;

use std::time::Duration;

use ::entity::{claim, org};
use linli::{
    kernel::Day,
    ledger::{self, Service},
    platform::Tx,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Expect, Person, TestApp, WENHUA, dump::texts, id};

pub const HOUR: Duration = Duration::from_secs(3600);

/// Switches of 文化社区.
pub async fn switch(app: &TestApp, on: Value) {
    let path = format!("/orgs/{}/settings", app.org_id(WENHUA).await);
    app.office().await.put(&path, on).await.ok();
}

/// 文化社区's rules of points.
pub async fn rules(app: &TestApp, rules: Value) {
    let path = format!("/orgs/{}/points-rules", app.org_id(WENHUA).await);
    app.office().await.put(&path, json!({"rules": rules})).await.ok();
}

/// A task of an hour that these people serve from an hour from now, over HTTP to the confirmation; the first
/// leads. Those in `missing` claim and do not come. Answers the task and the claims, those who miss last.
pub async fn served(app: &TestApp, who: &[&Person], missing: &[&Person]) -> (String, Vec<String>) {
    let (office, start) = (app.office().await, app.state.clock.now().plus(HOUR));
    let task = json!({
        "org_id": app.org_id(WENHUA).await, "title": "消防安全巡查", "slots": 20, "starts_at": start,
        "ends_at": start.plus(HOUR), "publish": true, "lead_id": who[0].id,
    });
    let task = id(&office.post("/tasks", task).await.ok());
    let mut claims = Vec::new();
    for person in who.iter().chain(missing) {
        let person = app.sign_in(&person.name).await;
        claims.push(id(&person.claims(&task).await.ok()));
    }
    app.advance(HOUR);
    let code =
        app.office().await.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone();
    for (person, claim) in who.iter().zip(&claims) {
        let person = app.sign_in(&person.name).await;
        person.post(&format!("/claims/{claim}/check-in"), json!({"code": code})).await.ok();
    }
    app.advance(HOUR);
    let lead = app.sign_in(&who[0].name).await;
    lead.post(&format!("/tasks/{task}/report"), json!({"words": "完成"})).await.ok();
    app.office().await.does(&format!("/tasks/{task}/confirm")).await.ok();
    app.settle().await;
    (task, claims)
}

/// Claims on a task as if these people had served it that day, in the caller's transaction; the ledger enters them.
pub async fn enter(app: &TestApp, tx: &Tx, task: &str, who: &[(Uuid, i32)], day: Day) {
    let (state, now) = (&app.state, app.state.clock.now());
    let org = org::Entity::find().filter(org::Column::Code.eq(WENHUA)).one(&**tx).await;
    let org_id = org.unwrap().unwrap().id;
    let task_id: Uuid = task.parse().unwrap();
    let mut services = Vec::new();
    for (person_id, minutes) in who {
        let claim_id = state.rng.id(now);
        let row = claim::ActiveModel {
            id: Set(claim_id),
            task_id: Set(task_id),
            person_id: Set(*person_id),
            state: Set(claim::ClaimState::Confirmed),
            claimed_at: Set(now),
            flagged: Set(false),
            minutes: Set(Some(*minutes)),
            updated_at: Set(now),
            ..Default::default()
        };
        row.insert(&**tx).await.unwrap();
        services.push(Service {
            claim_id,
            person_id: *person_id,
            org_id,
            task_id,
            minutes: *minutes,
            day,
            lead: false,
            planned_points: 0,
        });
    }
    for _ in 0..2 {
        ledger::award(tx, state, &services).await.unwrap();
    }
}

/// `enter` in a transaction of its own, on a new task.
pub async fn entered(app: &TestApp, who: &[(Uuid, i32)], day: Day) {
    let task = app.open_task(&app.office().await, 500).await;
    let tx = app.state.db.write().await.unwrap();
    enter(app, &tx, &task, who, day).await;
    tx.commit().await.unwrap();
}

/// Every claim says what its entries say together, and none is below nothing.
pub async fn sums_agree(app: &TestApp) {
    let wrong = texts(
        app.state.db.read(),
        "SELECT CAST(c.state AS text) FROM claim c WHERE COALESCE(c.minutes, 0) <> \
         (SELECT COALESCE(SUM(h.minutes), 0) FROM hours_entry h WHERE h.claim_id = c.id) \
         OR COALESCE(c.minutes, 0) < 0",
    );
    assert_eq!(wrong.await, Vec::<String>::new(), "a claim differs from its entries");
}
