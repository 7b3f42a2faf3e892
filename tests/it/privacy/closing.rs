//! 微信注销: whoever closes their account in WeChat in the middle of everything is gone as if they had left, and those who
//! counted on them go on.

use ::entity::{claim, request, role_grant, task};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::{Liu, NAME, busy, everything, leaving::sums};
use crate::{
    helpers::{Expect, TestApp, WENHUA, id},
    pushed::{event, told},
};

/// Seats and requests she holds, and what the next in line waits for.
struct Middle {
    seat: String,
    inside: String,
    led: String,
    asked: String,
    begun: String,
}

impl Liu {
    /// Sunday: a seat for the evening, work right now, a task she leads, a request that waits and one being worked on,
    /// a role in the office.
    async fn in_the_middle(&self) -> Middle {
        let app = &self.app;
        let (her, office, operator) =
            (self.herself().await, app.office().await, app.staff("operator").await);
        let org = app.org_id(WENHUA).await;
        let day = linli::kernel::Day::of(app.saturday_of_the_story(9)).plus(1);
        let task = async |hour: u32, slots: i32| {
            let form = json!({"org_id": org, "title": "社区任务", "slots": slots, "publish": true,
                "starts_at": day.time(hour, 0), "ends_at": day.time(hour + 1, 0)});
            id(&office.post("/tasks", form).await.ok())
        };
        let (seat, inside, led) = (task(21, 1).await, task(7, 2).await, task(19, 2).await);
        id(&her.claims(&seat).await.ok());
        let sun = app.sign_in("孙立").await;
        sun.post(&format!("/tasks/{seat}/waitlist"), json!({})).await.ok();
        let here = id(&her.claims(&inside).await.ok());
        office.post(&format!("/tasks/{led}/lead"), json!({"user_id": her.id})).await.ok();
        let ask = |title: &str| json!({"org_id": org, "category": "维修", "title": title, "detail": "桃溪小区的灯"});
        let asked = id(&her.post("/requests", ask("柳青青家的灯")).await.ok());
        let begun = id(&her.post("/requests", ask("柳青青家的门")).await.ok());
        let form = json!({"slots": 1, "starts_at": day.time(7, 0), "ends_at": day.time(8, 0), "publish": true});
        let work = id(&office.post(&format!("/requests/{begun}/dispatch"), form).await.ok());
        let zhao = app.sign_in("赵敏").await;
        let helps = id(&zhao.claims(&work).await.ok());
        let grant = json!({"user_id": her.id, "role": "dispatcher"});
        operator.post(&format!("/orgs/{org}/roles"), grant).await.ok();

        app.clock.set(day.time(7, 0));
        for (who, claim, task) in [(NAME, &here, &inside), ("赵敏", &helps, &work)] {
            let office = app.office().await;
            let code = office.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone();
            let there = app.sign_in(who).await;
            there.post(&format!("/claims/{claim}/check-in"), json!({"code": code})).await.ok();
        }
        Middle { seat, inside, led, asked, begun }
    }

    async fn closes_her_account(&self) {
        let openid = self.app.wechat.openid(NAME);
        told(&self.app, &event("user_authorization_cancellation", &openid, json!({}))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_closes_their_wechat_account_is_gone_at_once_and_nobody_is_left_waiting() {
    let liu = Liu::lives(TestApp::spawn().await).await;
    liu.is_content().await;
    let busy = liu.is_busy().await;
    let middle = liu.in_the_middle().await;
    let app = &liu.app;
    app.settle().await;
    let her = liu.herself().await;
    let before = (everything(app).await, sums(app).await);
    let canaries = [liu.canaries(), busy::CANARIES.map(ToOwned::to_owned).to_vec()].concat();
    for canary in &canaries {
        assert!(before.0.contains(canary), "{canary} was never there: nothing is proved");
    }
    liu.closes_her_account().await;

    let left = everything(app).await;
    for canary in &canaries {
        let line = left.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{canary} is left in {line:?}");
    }
    let after = sums(app).await;
    assert_eq!((&after.0, &after.1), (&before.1.0, &before.1.1), "minutes and points stay");
    let db = app.state.db.read();
    let hers =
        claim::Entity::find().filter(claim::Column::PersonId.eq(her.id)).all(db).await.unwrap();
    let state = |task: &str| {
        let task: Uuid = task.parse().unwrap();
        let found = hers.iter().find(|claim| claim.task_id == task).unwrap();
        (found.state.to_value(), found.flagged)
    };
    assert_eq!(state(&middle.seat).0, "released");
    assert_eq!(state(&middle.inside), ("checked_out".into(), true), "somebody looks at it first");
    assert_eq!(busy::seats(app, &middle.seat).await, (0, 1), "kept for the next in line");
    assert_eq!(busy::seats(app, &busy.offered).await, (0, 1));
    let sun = app.sign_in("孙立").await.get("/me/offers").await.ok();
    assert_eq!(sun["items"].as_array().unwrap().len(), 2, "{sun}");
    let led: Uuid = middle.led.parse().unwrap();
    let led = task::Entity::find_by_id(led).one(db).await.unwrap().unwrap();
    assert_eq!(led.lead_id, None);
    for (request, state) in [(&middle.asked, "withdrawn"), (&middle.begun, "dispatched")] {
        let request: Uuid = request.parse().unwrap();
        let row = request::Entity::find_by_id(request).one(db).await.unwrap().unwrap();
        assert_eq!(row.state.to_value(), state, "what was begun is finished");
    }
    let grants = role_grant::Entity::find().filter(role_grant::Column::PersonId.eq(her.id));
    assert!(grants.all(db).await.unwrap().iter().all(|grant| grant.revoked_at.is_some()));
    her.get("/me").await.refused(401, "auth.relogin");

    let verdict = linli::audit::verify(db).await.unwrap();
    assert!(matches!(verdict, linli::audit::Verdict::Sound { .. }), "{verdict:?}");
    liu.closes_her_account().await;
    assert_eq!(sums(app).await, after, "told twice, it happened once");
    let again = app.sign_in(NAME).await;
    assert_ne!(again.id, her.id, "whoever comes back comes as somebody new");
}
