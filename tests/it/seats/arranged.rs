//! 安排人员: the office gives somebody a seat, and asks why somebody cannot have one.

use ::entity::audit_entry;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, Reply, TestApp, WENHUA, id};

async fn assigns(office: &Person, task: &str, who: &Person) -> Reply {
    office.post(&format!("/tasks/{task}/assign"), json!({"user_id": who.id})).await
}

async fn forces(office: &Person, task: &str, who: &Person) -> Reply {
    let body = json!({"user_id": who.id, "override": true, "reason": "本人电话里同意了"});
    office.post(&format!("/tasks/{task}/assign"), body).await
}

/// Acts in the audit chain, oldest first.
async fn audited(app: &TestApp) -> Vec<(String, Option<uuid::Uuid>)> {
    let lines = audit_entry::Entity::find().all(app.state.db.read()).await.unwrap();
    lines.into_iter().map(|line| (line.action, line.actor_id)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_counter_that_is_not_the_count_is_noticed() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let li = app.member("李建国").await;
    let task = app.open_task(&office, 3).await;
    li.claims(&task).await.ok();
    let wrong = async || linli::claim::counts::wrong(&app.state).await.unwrap();
    assert!(wrong().await.is_empty());
    for (counter, true_count) in [("used", 1), ("held", 0)] {
        let set = async |seats: i32| {
            let sql = format!("UPDATE task SET {counter} = {seats}");
            let tx = app.state.db.write().await.unwrap();
            tx.execute_unprepared(&sql).await.unwrap();
            tx.commit().await.unwrap();
        };
        set(true_count + 1).await;
        assert_eq!(
            wrong().await.iter().map(|task| task.id.to_string()).collect::<Vec<_>>(),
            [task.as_str()]
        );
        set(true_count).await;
    }
    assert!(wrong().await.is_empty());
    app.advance(std::time::Duration::from_secs(61));
    assert!(wrong().await.is_empty(), "what rests was counted when it changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_gives_a_seat_by_the_rules_a_tap_is_judged_by() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 1).await;
    let before = audited(&app).await.len();
    let claim = assigns(&office, &task, &li).await.ok();
    assert_eq!((&claim["person_id"], &claim["assigned"]), (&json!(li.id), &json!(true)));
    let line = &office.get(&format!("/tasks/{task}/roster")).await.ok()["items"][0];
    assert_eq!((&line["person"]["name"], &line["assigned"]), (&json!("李建国"), &json!(true)));
    let refused = assigns(&office, &task, &li).await.refused(409, "already_claimed");
    assert_eq!(refused["detail"], "对方已经接了这个任务");
    assigns(&office, &task, &zhao).await.refused(409, "task_full");
    assert_eq!(audited(&app).await.len(), before, "what anybody may is not audited");
    assert_eq!(app.seats(&task).await, (1, 0));
    assert_eq!(li.releases(&id(&claim)).await.status, 204, "they may leave as usual");
    assert_eq!(app.seats(&task).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_soft_rule_is_set_aside_with_a_reason_and_a_line_in_the_audit() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, wang) = (app.member("李建国").await, app.resident("王阿姨").await);
    let place = json!({"org_id": app.org_id(WENHUA).await, "kind": "residence"});
    let asked = id(&wang.post("/me/memberships", place).await.ok());
    office.does(&format!("/memberships/{asked}/confirm")).await.ok();
    let task = app.open_task(&office, 2).await;
    let clashing = app.open_task_at(&office, 1, (10, 12)).await;
    li.claims(&clashing).await.ok();
    let refused = assigns(&office, &task, &li).await.refused(409, "time_clash");
    assert_eq!(refused["detail"], "对方这段时间另有任务", "and not which");
    assert_eq!((&refused["soft"], &refused["clash"]), (&json!(true), &Value::Null));
    let silent = json!({"user_id": li.id, "override": true});
    let path = format!("/tasks/{task}/assign");
    office.post(&path, silent).await.refused_field("reason", "required");
    forces(&office, &task, &li).await.ok();
    assigns(&office, &task, &wang).await.refused(403, "not_in_audience");
    forces(&office, &task, &wang).await.ok();
    let acts = audited(&app).await;
    let forced: Vec<_> = acts.iter().filter(|(act, _)| act == "claim.forced").collect();
    assert_eq!(forced.len(), 2);
    assert!(forced.iter().all(|(_, who)| *who == Some(office.id)));
    assert_eq!(app.seats(&task).await, (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_reason_makes_room_in_a_full_or_closed_task_or_gives_two_seats() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let (task, _) = app.full(&office, &li).await;
    forces(&office, &task, &zhao).await.refused(409, "task_full");
    forces(&office, &task, &li).await.refused(409, "already_claimed");
    // Nor a seat that is kept for somebody else; but for whom it is kept.
    let sun = app.member("孙立").await;
    sun.waits(&task).await;
    office.post(&format!("/tasks/{task}/resize"), json!({"slots": 2})).await.ok();
    forces(&office, &task, &zhao).await.refused(409, "task_full");
    assigns(&office, &task, &sun).await.ok();
    assert_eq!(app.seats(&task).await, (2, 0));
    office.post(&format!("/tasks/{task}/cancel"), json!({"reason": "下雨"})).await.ok();
    forces(&office, &task, &zhao).await.refused(409, "task_closed");
    let skilled = json!({"org_id": app.org_id(WENHUA).await, "title": "急救培训", "slots": 1,
        "starts_at": app.saturday(14), "ends_at": app.saturday(15), "skills": ["急救"], "publish": true});
    let skilled = id(&office.post("/tasks", skilled).await.ok());
    forces(&office, &skilled, &zhao).await.refused(403, "needs_skill");
    app.settle().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_is_told_every_reason_and_nothing_about_strangers() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let (task, _) = app.full(&office, &li).await;
    let clashing = app.open_task_at(&office, 1, (10, 12)).await;
    zhao.claims(&clashing).await.ok();
    let why =
        async |who: &Person| office.get(&format!("/tasks/{task}/why?user_id={}", who.id)).await;
    let told = why(&zhao).await.ok();
    assert_eq!((&told["user"]["name"], &told["can_claim"]), (&json!("赵敏"), &json!(false)));
    let codes: Vec<_> =
        told["reasons"].as_array().unwrap().iter().map(|r| (&r["code"], &r["soft"])).collect();
    assert_eq!(codes, [(&json!("time_clash"), &json!(true)), (&json!("task_full"), &json!(false))]);
    let free = app.open_task_at(&office, 1, (16, 17)).await;
    let path = format!("/tasks/{free}/why?user_id={}", zhao.id);
    assert_eq!(office.get(&path).await.ok()["can_claim"], true);
    zhao.get(&path).await.refused(403, "auth.forbidden");
    app.staff("maocaopu").await.get(&path).await.refused(404, "not_found");
    let stranger = app.resident("过路人").await;
    why(&stranger).await.refused(404, "not_found");
    assigns(&office, &task, &stranger).await.refused(404, "not_found");
    forces(&office, &free, &stranger).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_to_call_is_shown_from_the_claim_on() {
    let app = TestApp::spawn().await;
    let (office, wang) = (app.office().await, app.resident("王阿姨").await);
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    wang.post("/me/phone", json!({"code": "dev:13900001234"})).await.ok();
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪同复查",
        "detail": "周六上午要去市医院"});
    let request = id(&wang.post("/requests", ask).await.ok());
    let form = json!({"slots": 1, "starts_at": app.saturday(9), "ends_at": app.saturday(11), "publish": true});
    let task = id(&office.post(&format!("/requests/{request}/dispatch"), form).await.ok());
    assert_eq!(li.page(&task).await["contact"], Value::Null);
    let claim = id(&li.claims(&task).await.ok());
    assert_eq!(li.page(&task).await["contact"]["phone"], "13900001234");
    zhao.waits(&task).await;
    li.releases(&claim).await;
    assert_eq!(li.page(&task).await["contact"], Value::Null, "gone with the claim");
    assert_eq!(zhao.page(&task).await["contact"], Value::Null, "an offer is no claim yet");
    zhao.does(&format!("/offers/{}/accept", zhao.offer(&task).await)).await.ok();
    assert_eq!(zhao.page(&task).await["contact"]["name"], "王阿姨");
}
