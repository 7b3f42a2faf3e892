//! 注销: nothing of a person is left, and every sum is what it was.

use std::collections::BTreeMap;

use ::entity::{claim, hours_entry, points_entry};
use sea_orm::{ActiveEnum, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use super::{Liu, NAME, busy, everything, leaves, shown};
use crate::helpers::{Expect, TestApp, WENHUA, id};

type ByMonth = BTreeMap<(Option<Uuid>, Uuid, String), i32>;
type ByKind = BTreeMap<(Option<Uuid>, Uuid, String, String), i32>;
type Sums = (ByMonth, ByKind, BTreeMap<(Uuid, String), usize>);

/// Minutes and points by task, org and month, points also by kind; claims by task and state that the house still counts.
pub(super) async fn sums(app: &TestApp) -> Sums {
    let db = app.state.db.read();
    let (mut minutes, mut points, mut claims) = Sums::default();
    for row in hours_entry::Entity::find().all(db).await.unwrap() {
        let month = row.served_on[..7].to_owned();
        *minutes.entry((Some(row.task_id), row.org_id, month)).or_default() += row.minutes;
    }
    for row in points_entry::Entity::find().all(db).await.unwrap() {
        let month = row.occurred_on[..7].to_owned();
        let kind = row.kind.to_value();
        *points.entry((row.task_id, row.org_id, month, kind)).or_default() += row.amount;
    }
    for row in claim::Entity::find().all(db).await.unwrap() {
        *claims.entry((row.task_id, row.state.to_value())).or_default() += 1;
    }
    (minutes, points, claims)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_is_gone_from_everywhere_and_every_sum_stays() {
    let liu = Liu::lives(TestApp::spawn().await).await;
    liu.is_content().await;
    let shown = liu.is_shown().await;
    let busy = liu.is_busy().await;
    let app = &liu.app;
    app.settle().await;
    let before = (everything(app).await, sums(app).await);
    let typed = busy::CANARIES.iter().chain(&shown::CANARIES).map(|word| (*word).to_owned());
    let canaries: Vec<_> = liu.canaries().into_iter().chain(typed).collect();
    let kinds = before.1.1.values().filter(|points| **points != 0).count();
    assert!(kinds >= 4, "points of tasks, stories and by hand: {:?}", before.1.1);
    for canary in &canaries {
        assert!(before.0.contains(canary), "{canary} was never there: nothing is proved");
    }
    let her = liu.herself().await;
    her.delete("/me").await.refused_field("Confirm-Leaving", "required");
    her.get("/me").await.ok();

    let gone = leaves(&her).await;
    assert_eq!((gone.status, gone.text.as_str()), (204, ""), "{gone:?}");
    app.settle().await;
    let left = everything(app).await;
    for canary in &canaries {
        let line = left.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{canary} is left in {line:?}");
    }
    assert_eq!(sums(app).await, before.1, "minutes, points and claims per task, org and month");
    assert_eq!(busy::seats(app, &busy.offered).await, (0, 1), "kept for the next in line");
    assert_eq!(busy::seats(app, &busy.awaited).await, (1, 0), "somebody else's");
    let sun = app.sign_in("孙立").await;
    let offers = sun.get("/me/offers").await.ok();
    assert_eq!(offers["items"][0]["task"]["id"], json!(busy.offered), "{offers}");
    assert!(
        left.contains(&her.id.to_string())
            || left.contains(&her.id.simple().to_string().to_uppercase()),
        "what she did stays under an id that leads to nobody"
    );

    her.get("/me").await.refused(401, "auth.relogin");
    let office = app.office().await;
    let request = office.get(&format!("/requests/{}", liu.request)).await.ok();
    assert_eq!(request["requester"]["name"], "已注销用户");
    assert_eq!((&request["detail"], &request["title"]), (&json!(""), &json!("已注销用户的需求")));
    let roster = office.get(&format!("/tasks/{}/roster", liu.served)).await.ok();
    assert_eq!(roster["items"][0]["person"]["name"], "已注销用户");
    office.get(&format!("/requests/{}/timeline", liu.request)).await.ok();
    liu.is_shown_no_longer(&shown).await;
    assert_eq!(sums(app).await, before.1, "nor does anything change a day later");

    let again = app.sign_in(NAME).await;
    assert_ne!(again.id, her.id, "whoever comes back comes as somebody new");
    let verdict = linli::audit::verify(app.state.db.read()).await.unwrap();
    assert!(matches!(verdict, linli::audit::Verdict::Sound { .. }), "{verdict:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_others_count_on_somebody_they_end_that_first() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, wang) = (app.member("李建国").await, app.resident("王阿姨").await);
    let task = app.open_task(&office, 3).await;
    let claim = id(&li.claims(&task).await.ok());
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "维修", "title": "灯坏了",
        "detail": "三单元的灯不亮"});
    let request = id(&wang.post("/requests", ask).await.ok());
    let before = app.fingerprint(&[]).await;
    let told = leaves(&li).await.refused(409, "leaving.unfinished");
    assert_eq!(told["unfinished"]["claims"], 1);
    let told = leaves(&wang).await.refused(409, "leaving.unfinished");
    assert_eq!(told["unfinished"]["requests"], 1);
    let told = leaves(&office).await.refused(409, "leaving.unfinished");
    assert_eq!(told["unfinished"]["roles"], 1);
    before.assert_same(&app.fingerprint(&[]).await, "leaving too early");

    li.releases(&claim).await;
    assert_eq!(leaves(&li).await.status, 204);
    wang.does(&format!("/requests/{request}/withdraw")).await.ok();
    assert_eq!(leaves(&wang).await.status, 204);
}
