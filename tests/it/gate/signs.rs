//! 满员牌: a crowd at a full task is answered from memory, truthfully, and for a moment only.

use linli::kernel::clock::Stopwatch;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::helpers::{Expect, TestApp, eventually, id};

use super::taps;

fn remembering() -> [(&'static str, String); 1] {
    [("auth.remember_seconds", "5".to_owned())]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_at_a_full_task_is_refused_without_asking_the_database() {
    let app = TestApp::with(&remembering()).await;
    let office = app.office().await;
    let names: Vec<_> = (1..=8).map(|i| format!("党员{i:03}")).collect();
    let people = app.members(&names).await;
    let task = app.open_task(&office, 1).await;
    app.settle().await;
    for who in &people {
        who.get("/home").await.ok();
    }
    taps(&people[0], &task).await.ok();
    let watch = Stopwatch::start();
    taps(&people[1], &task).await.refused(409, "task_full");
    // From here on the database can say nothing of tasks and sessions.
    rename(&app, &[("session", "session_away"), ("task", "task_away")]).await;
    let mut refused = Vec::new();
    for who in &people[2..] {
        refused.push(taps(who, &task).await);
    }
    // On a machine that took longer than a sign hangs nothing was shown.
    if watch.elapsed().as_millis() < 900 {
        assert!(refused.iter().all(|reply| reply.code() == "task_full"), "{refused:?}");
        let retry = people[3].claims(&task).await;
        assert_eq!(retry.status, 500, "only first tries are answered by a sign: {retry:?}");
    }
    rename(&app, &[("session_away", "session"), ("task_away", "task")]).await;
}

async fn rename(app: &TestApp, tables: &[(&str, &str)]) {
    for (from, to) in tables {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        app.state.db.read().execute_unprepared(&sql).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_the_door_one_hears_the_words_of_the_house_and_is_counted_as_there() {
    let few = ("limits.claims_per_minute", "4".to_owned());
    let app = TestApp::with(&[remembering(), [few]].concat()).await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 1).await;
    app.settle().await;
    taps(&li, &task).await.ok();
    // Inside, then, while its sign hangs, at the door.
    let mut heard = Vec::new();
    for _ in 0..3 {
        let mut reply = taps(&zhao, &task).await;
        assert!(reply.body["request_id"].take().is_string(), "{reply:?}");
        for own in ["x-request-id", "date"] {
            reply.headers.remove(own);
        }
        heard.push((reply.status, reply.body, reply.headers));
    }
    assert_eq!((heard[0].0, &heard[1]), (409, &heard[0]));
    assert_eq!(heard[2], heard[0]);
    taps(&zhao, &task).await.refused(409, "task_full");
    taps(&zhao, &task).await.refused(429, "rate.limited");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_lets_by_who_has_a_seat_and_for_whom_one_is_kept_and_says_nothing_to_strangers() {
    let app = TestApp::with(&remembering()).await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let stranger = app.resident("王阿姨").await;
    let task = app.open_task(&office, 2).await;
    let by = app.state.clock.now().plus(std::time::Duration::from_secs(3600));
    let ask = json!({"user_ids": [zhao.id], "expires_at": by});
    office.post(&format!("/tasks/{task}/offers"), ask).await.ok();
    taps(&li, &task).await.ok();
    app.settle().await;
    taps(&sun, &task).await.refused(409, "task_full");
    taps(&stranger, &task).await.refused(404, "not_found");
    taps(&li, &task).await.refused(409, "already_claimed");
    taps(&zhao, &task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_that_comes_free_is_to_be_had_at_once() {
    let app = TestApp::with(&remembering()).await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 1).await;
    app.settle().await;
    let claim = id(&taps(&li, &task).await.ok());
    taps(&zhao, &task).await.refused(409, "task_full");
    li.releases(&claim).await;
    app.settle().await;
    taps(&zhao, &task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_comes_down_by_itself() {
    let app = TestApp::with(&remembering()).await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 1).await;
    app.settle().await;
    let claim = id(&taps(&li, &task).await.ok());
    taps(&zhao, &task).await.refused(409, "task_full");
    // Another replica frees the seat, and nobody tells this one: its gate is lost, its sign is not.
    li.releases(&claim).await;
    if let Some(mut gates) = super::Gates::of(&app).await {
        gates.lose(&task).await;
    }
    let free = async || taps(&zhao, &task).await.status == 201;
    eventually("the sign has come down", free).await;
}
