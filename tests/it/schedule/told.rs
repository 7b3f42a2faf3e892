//! What the jobs of the house tell, and to whom.

use ::entity::{At, notice};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::{HOUR, MINUTE, day, keys, runs};
use crate::{
    helpers::{Expect, Person, TestApp, WENHUA},
    request::{asks, is_done},
};

async fn heard(who: &Person, kind: &str) -> Vec<Value> {
    let inbox = who.get("/inbox?limit=100").await.ok();
    let items = inbox["items"].as_array().unwrap().iter();
    items.filter(|item| item["kind"] == kind).cloned().collect()
}

/// Moves the clock and rings for everything.
async fn rings_at(app: &TestApp, at: At) {
    app.clock.set(at);
    app.ring_all().await.expect("every run ends");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_holds_a_seat_is_reminded_a_day_and_two_hours_before() {
    let app = TestApp::spawn().await;
    app.ring_all().await.unwrap();
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 5).await;
    li.claims(&task).await.ok();
    let start = app.saturday(9);
    rings_at(&app, start.minus(25 * HOUR)).await;
    assert!(heard(&app.sign_in("李建国").await, "task.reminder").await.is_empty());
    for (at, n) in [(24 * HOUR, 1), (23 * HOUR, 1), (2 * HOUR, 2), (HOUR, 2)] {
        rings_at(&app, start.minus(at)).await;
        app.ring_all().await.unwrap();
        assert_eq!(heard(&app.sign_in("李建国").await, "task.reminder").await.len(), n, "{at:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_moved_reminds_for_its_new_time_alone() {
    let app = TestApp::spawn().await;
    app.ring_all().await.unwrap();
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 5).await;
    li.claims(&task).await.ok();
    let start = app.saturday(9);
    rings_at(&app, start.minus(24 * HOUR)).await;
    let later = start.plus(72 * HOUR);
    let to = json!({
        "starts_at": later, "ends_at": later.plus(2 * HOUR), "reconfirm_by": start.minus(6 * HOUR),
    });
    let office = app.office().await;
    office.post(&format!("/tasks/{task}/reschedule"), to).await.ok();
    app.settle().await;
    let li = app.sign_in("李建国").await;
    let mine = li.get("/me/claims").await.ok()["items"][0]["id"].as_str().unwrap().to_owned();
    li.post(&format!("/claims/{mine}/reconfirm"), json!({})).await;
    rings_at(&app, start.minus(2 * HOUR)).await;
    assert_eq!(keys(&app, "task.reminder").await.len(), 1, "not for the old time");
    rings_at(&app, later.minus(24 * HOUR)).await;
    rings_at(&app, later.minus(2 * HOUR)).await;
    assert_eq!(keys(&app, "task.reminder").await.len(), 3, "once for each step of the new time");
    assert_eq!(runs(&app, "task.reminder_soon").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resident_who_has_not_answered_is_asked_once_after_two_days() {
    let app = TestApp::spawn().await;
    app.ring_all().await.unwrap();
    let wang = app.resident("王阿姨").await;
    for name in ["李建国", "赵敏"] {
        app.member(name).await;
    }
    let (silent, answered) = (asks(&app, &wang).await, asks(&app, &wang).await);
    for (request, volunteer) in [(&silent, "李建国"), (&answered, "赵敏")] {
        is_done(&app, request, volunteer).await;
    }
    let wang = app.sign_in("王阿姨").await;
    wang.post(&format!("/requests/{answered}/answer"), json!({"verdict": "done"})).await.ok();
    app.settle().await;
    let reported = app.state.clock.now();
    rings_at(&app, reported.plus(47 * HOUR).minus(2 * HOUR)).await;
    assert!(keys(&app, "request.answer_due").await.is_empty());
    for hours in [49, 50, 72] {
        rings_at(&app, reported.plus(HOUR * hours)).await;
    }
    let told = heard(&app.sign_in("王阿姨").await, "request.answer_due").await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["request_id"], json!(silent));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_past_its_promise_is_one_line_a_day_for_its_owner_and_for_leaders() {
    let app = TestApp::spawn().await;
    app.ring_all().await.unwrap();
    let wang = app.resident("王阿姨").await;
    for _ in 0..3 {
        asks(&app, &wang).await;
    }
    app.settle().await;
    // Promised within 24 hours: on Monday morning they are not late yet, on Tuesday they are.
    rings_at(&app, day("2026-11-23").time(9, 31)).await;
    assert!(keys(&app, "request.overdue").await.is_empty());
    for hour in [9, 12, 15] {
        rings_at(&app, day("2026-11-24").time(hour, 45)).await;
    }
    for (who, kind) in [("wenhua", "request.overdue"), ("leader", "request.overdue_below")] {
        let told = heard(&app.staff(who).await, kind).await;
        assert_eq!(told.len(), 1, "{who}: {told:?}");
        assert!(told[0]["body"].as_str().unwrap().contains("3 个需求"), "{told:?}");
    }
    rings_at(&app, day("2026-11-25").time(9, 45)).await;
    assert_eq!(heard(&app.staff("wenhua").await, "request.overdue").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leaders_read_on_monday_what_the_week_before_brought() {
    let app = TestApp::spawn().await;
    app.ring_all().await.unwrap();
    let wang = app.resident("王阿姨").await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    asks(&app, &wang).await;
    let task = app.open_task(&office, 5).await;
    li.claims(&task).await.ok();
    app.settle().await;
    for minute in [31, 40] {
        rings_at(&app, day("2026-11-23").time(8, minute)).await;
    }
    let told = heard(&app.staff("leader").await, "figures.week").await;
    assert_eq!(told.len(), 1);
    let text = told[0]["body"].as_str().unwrap();
    assert!(text.contains("红花岗区上周收到需求 1 个，安排任务 0 次，接单 1 人次"), "{text}");
    app.clock.set(day("2026-11-29").time(23, 0));
    rings_at(&app, day("2026-11-30").time(8, 31)).await;
    let told = heard(&app.staff("leader").await, "figures.week").await;
    assert!(told[0]["body"].as_str().unwrap().contains("安排任务 1 次，接单 0 人次"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operators_hear_when_backups_stopped_and_nothing_while_all_is_well() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let app = TestApp::with(&[("backup.folder", path)]).await;
    app.ring_all().await.unwrap();
    let night = day("2026-11-24").time(3, 31);
    rings_at(&app, night).await;
    let told = heard(&app.staff("operator").await, "upkeep.warning").await;
    assert!(told.len() == 1 && told[0]["body"].as_str().unwrap().contains("没有备份"), "{told:?}");
    let file = std::fs::File::create(folder.path().join("linli.dump")).unwrap();
    std::io::Write::write_all(&mut &file, b"a backup").unwrap();
    let next = night.plus(24 * HOUR);
    for (age, n) in [(HOUR, 1), (48 * HOUR, 2)] {
        let made = std::time::Duration::from_millis(next.minus(age).ms().unsigned_abs());
        file.set_modified(std::time::UNIX_EPOCH + made).unwrap();
        rings_at(&app, if n == 1 { next } else { next.plus(24 * HOUR) }).await;
        assert_eq!(keys(&app, "upkeep.check").await.len(), n);
    }

    let silent = TestApp::spawn().await;
    silent.ring_all().await.unwrap();
    rings_at(&silent, night).await;
    let run = runs(&silent, "upkeep.check").await.pop().unwrap();
    assert_eq!(run.counts.passed["backup_not_configured"], 1, "said, not hidden");
    assert!(
        notice::Entity::find()
            .filter(notice::Column::Kind.eq("upkeep.warning"))
            .one(silent.state.db.read())
            .await
            .unwrap()
            .is_none()
    );
    let office = silent.office().await;
    office.get(&format!("/orgs/{}/jobs", silent.org_id(WENHUA).await)).await.ok();
    silent.advance(MINUTE);
}
