//! The queue: quiet hours, fences, leases, one at a time.

use std::time::Duration;

use ::entity::push::{Column, Entity, Model, PushState};
use linli::notify::{Subject, push::deliver};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, WENHUA, eventually, id};

use super::{CANCEL, CHANGE, agrees, cancel, held, pushes, tells_of};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_agreed_gets_one_message_and_it_says_nothing_of_why() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, task) = held(&app, &office, "李建国").await;
    cancel(&app, &office, &task).await;
    let messages = app.wechat.messages_of(&li.name);
    assert_eq!((messages.len(), messages[0].title), (1, CANCEL));
    assert!(messages[0].page.as_ref().unwrap().ends_with(&format!("?id={task}")));
    assert!(!format!("{:?}", messages[0].lines).contains("下雨"));
    assert_eq!(app.wechat.balance(&li.name, CANCEL), 0);
    let row = &pushes(&app, "task.cancelled").await[0];
    assert_eq!((row.state, row.msg_id.is_some()), (PushState::Sent, true));
    app.settle().await;
    assert_eq!(app.wechat.messages_of(&li.name).len(), 1, "once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_did_not_agree_has_the_inbox_and_stands_on_the_call_list() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let li = app.member("李建国").await;
    let task = app.open_task(&office, 2).await;
    id(&li.claims(&task).await.ok());
    app.clock.advance(Duration::from_secs(60));
    cancel(&app, &office, &task).await;
    assert!(app.wechat.messages_of(&li.name).is_empty());
    let list = format!("/orgs/{}/call-list", app.org_id(WENHUA).await);
    let page = office.get(&list).await.ok();
    let call = &page["items"][0];
    assert_eq!((&call["name"], &call["why"]), (&json!("李建国"), &json!("no_grant")));
    let done = format!("/call-list/{}/done", id(call));
    assert_eq!(office.post(&done, json!({"outcome": "reached"})).await.status, 204);
    assert_eq!(office.get(&list).await.ok()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_wechat_refuses_empties_the_grant_and_is_no_fault() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, task) = held(&app, &office, "李建国").await;
    agrees(&app, &li, "task_cancel", CANCEL).await;
    app.wechat.switch(&li.name, false);
    cancel(&app, &office, &task).await;
    let row = &pushes(&app, "task.cancelled").await[0];
    assert_eq!((row.state, row.last_class.as_deref()), (PushState::Refused, Some("refused")));
    let held = linli::notify::grants::live(app.state.db.read(), &app.state, li.id).await;
    assert!(held.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_night_only_what_begins_soon_rings() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, task) = held(&app, &office, "李建国").await;
    // 22:00 of the same day; the task is on another.
    app.clock.advance(Duration::from_secs(12 * 3600));
    let office = app.office().await;
    cancel(&app, &office, &task).await;
    assert!(app.wechat.messages_of(&li.name).is_empty());
    app.clock.advance(Duration::from_secs(9 * 3600));
    app.settle().await;
    assert!(app.wechat.messages_of(&li.name).is_empty(), "07:00");
    app.clock.advance(Duration::from_secs(31 * 60));
    app.settle().await;
    assert_eq!(app.wechat.messages_of(&li.name).len(), 1, "07:31");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_that_dies_leaves_an_unknown_and_a_cancellation_goes_again() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, task) = held(&app, &office, "李建国").await;
    agrees(&app, &li, "task_change", CHANGE).await;
    cancel(&app, &office, &task).await;
    for resend in [false, true] {
        let now = app.state.clock.now();
        let tx = app.state.db.write().await.unwrap();
        Entity::update_many()
            .col_expr(Column::State, Expr::value(PushState::Sending))
            .col_expr(Column::Resend, Expr::value(resend))
            .col_expr(Column::LeaseUntil, Expr::value(Some(now.plus(Duration::from_secs(1)))))
            .filter(Column::Kind.eq("task.cancelled"))
            .exec(&*tx)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        deliver(&app.state).await.unwrap();
        let row = &pushes(&app, "task.cancelled").await[0];
        assert_eq!(row.state, PushState::Sending, "its lease is not over");
        let fence = row.fence;
        app.clock.advance(Duration::from_secs(2));
        deliver(&app.state).await.unwrap();
        let row = &pushes(&app, "task.cancelled").await[0];
        assert!(row.fence > fence, "whoever had it can say nothing any more");
        assert_eq!(row.state == PushState::Unknown, !resend, "{row:?}");
        app.clock.advance(Duration::from_secs(600));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_try_that_failed_for_sure_costs_no_grant_and_comes_again() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, task) = held(&app, &office, "李建国").await;
    app.wechat.fault("/cgi-bin/message/subscribe/send", 1, fake_wechat::Fault::Errcode(-1));
    cancel(&app, &office, &task).await;
    let row = &pushes(&app, "task.cancelled").await[0];
    assert_eq!((row.state, row.paid), (PushState::Retry, false), "{row:?}");
    app.clock.advance(Duration::from_secs(600));
    app.settle().await;
    assert_eq!(app.wechat.messages_of(&li.name).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_late_changes_nothing() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    agrees(&app, &li, "task_change", CHANGE).await;
    tells_of(&app, Subject::TaskChanged, "a", WENHUA, &[li.id]).await;
    app.wechat.fault("/cgi-bin/message/subscribe/send", 1, fake_wechat::Fault::SlowMs(400));
    let state = app.state.clone();
    let late = tokio::spawn(async move { deliver(&state).await });
    let sending = async || pushes(&app, "task.changed").await[0].state == PushState::Sending;
    eventually("it is on its way", sending).await;
    app.clock.advance(Duration::from_secs(91));
    deliver(&app.state).await.unwrap();
    assert_eq!(pushes(&app, "task.changed").await[0].state, PushState::Unknown);
    late.await.unwrap().unwrap();
    assert_eq!(pushes(&app, "task.changed").await[0].state, PushState::Unknown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_sent_two_messages_at_once_however_many_send() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    for occasion in ["a", "b", "c"] {
        agrees(&app, &li, "task_change", CHANGE).await;
        tells_of(&app, Subject::TaskChanged, occasion, WENHUA, &[li.id]).await;
    }
    app.wechat.sends_take(Duration::from_millis(60));
    eventually("all are sent", async || {
        let round = || deliver(&app.state);
        let done = tokio::join!(round(), round(), round(), round());
        assert!(done.0.is_ok() && done.1.is_ok() && done.2.is_ok() && done.3.is_ok());
        pushes(&app, "task.changed").await.iter().all(|row| row.state == PushState::Sent)
    })
    .await;
    let tries: Vec<_> = pushes(&app, "task.changed").await.iter().map(|row| row.attempts).collect();
    assert_eq!(tries, [1, 1, 1], "WeChat never had to say 43108");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_community_does_not_keep_a_small_one_waiting() {
    let app = TestApp::spawn().await;
    let names: Vec<_> = (0..24).map(|n| format!("党员{n}")).collect();
    let people: Vec<_> = app.members(&names).await.iter().map(|one| one.id).collect();
    tells_of(&app, Subject::TaskChanged, "large", WENHUA, &people[..20]).await;
    tells_of(&app, Subject::TaskChanged, "small", OTHER_COMMUNITY, &people[20..]).await;
    tells_of(&app, Subject::TaskReminder, "later", WENHUA, &people).await;
    deliver(&app.state).await.unwrap();
    let waits = |row: &&Model| row.state == PushState::Pending;
    let changed = pushes(&app, "task.changed").await;
    let small = changed.iter().filter(|row| row.dedup_key.starts_with("small"));
    assert_eq!(small.filter(waits).count(), 0, "each had its turn");
    assert_eq!(changed.iter().filter(waits).count(), 8);
    let reminded = pushes(&app, "task.reminder").await;
    assert_eq!(reminded.iter().filter(waits).count(), 24, "changes come first");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_told_of_a_change_comes_before_who_is_reminded() {
    let app = TestApp::spawn().await;
    let names: Vec<_> = (0..30).map(|n| format!("党员{n}")).collect();
    let people: Vec<_> = app.members(&names).await.iter().map(|one| one.id).collect();
    tells_of(&app, Subject::TaskReminder, "first", WENHUA, &people[..20]).await;
    tells_of(&app, Subject::TaskChanged, "then", WENHUA, &people[20..]).await;
    deliver(&app.state).await.unwrap();
    let waits =
        |rows: Vec<Model>| rows.iter().filter(|row| row.state == PushState::Pending).count();
    assert_eq!(waits(pushes(&app, "task.changed").await), 0);
    assert_eq!(waits(pushes(&app, "task.reminder").await), 14);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_late_changes_nothing_of_what_another_has_taken() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    agrees(&app, &li, "task_cancel", CANCEL).await;
    tells_of(&app, Subject::TaskCancelled, "a", WENHUA, &[li.id]).await;
    app.wechat.fault("/cgi-bin/message/subscribe/send", 1, fake_wechat::Fault::SlowMs(400));
    let state = app.state.clone();
    let late = tokio::spawn(async move { deliver(&state).await });
    let sending = async || pushes(&app, "task.cancelled").await[0].state == PushState::Sending;
    eventually("it is on its way", sending).await;
    // Its lease is over, and another takes it.
    let fence = pushes(&app, "task.cancelled").await[0].fence + 2;
    let over = Some(app.state.clock.now().plus(Duration::from_secs(90)));
    let tx = app.state.db.write().await.unwrap();
    let taken = Entity::update_many()
        .col_expr(Column::Fence, Expr::value(fence))
        .col_expr(Column::LeaseUntil, Expr::value(over));
    taken.filter(Column::Kind.eq("task.cancelled")).exec(&*tx).await.unwrap();
    tx.commit().await.unwrap();
    late.await.unwrap().unwrap();
    let row = &pushes(&app, "task.cancelled").await[0];
    assert_eq!((row.state, row.fence), (PushState::Sending, fence), "it is the other's");
}
