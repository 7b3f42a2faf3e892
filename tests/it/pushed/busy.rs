//! While the house is busy WeChat is answered all the same; what fails is tried again, and in the end a person hears.

use std::time::{Duration, Instant};

use ::entity::{At, wechat_push};
use linli::{identity::people, letterbox};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::{Letter, called, event, shelf, told};
use crate::helpers::{Expect, TestApp};

/// WeChat waits no longer.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wechat_has_its_answer_within_five_seconds_whatever_is_stuck() {
    let app = TestApp::spawn().await;
    let her = app.resident("王阿姨").await;
    let openid = app.wechat.openid("王阿姨");
    let first = event("user_authorization_revoke", &openid, json!({"RevokeInfo": "6"}));
    assert_eq!(Letter::safe(&app, &first, 1).post(&app).await.text, "success");

    // Somebody else holds her row: on SQLite the whole file.
    let holds = app.state.db.write().await.unwrap();
    people::lock(&holds, her.id).await.unwrap();
    let state = app.state.clone();
    let round = tokio::spawn(async move { letterbox::look(&state).await });
    let began = Instant::now();
    let reply = Letter::safe(&app, &event("of_tomorrow", "o1", json!({})), 1).post(&app).await;
    assert!(began.elapsed() < PATIENCE, "answered after {:?}", began.elapsed());
    let wanted = if app.state.db.is_sqlite() { (503, "") } else { (200, "success") };
    assert_eq!((reply.status, reply.text.as_str()), wanted, "what cannot be kept comes again");
    drop(holds);
    round.await.unwrap().unwrap();
    // A round that met the lock is put off.
    app.advance(Duration::from_secs(60));
    app.settle().await;
    assert_ne!(called(&her).await, "王阿姨", "nothing was lost");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_is_put_off_for_twice_as_long_each_time_until_a_person_looks() {
    let app = TestApp::spawn().await;
    let message = event("user_info_modified", "o1", json!({}));
    assert_eq!(Letter::safe(&app, &message, 1).post(&app).await.text, "success");
    // Sealed by a key that is gone.
    let row = shelf(&app).await.remove(0);
    let good = row.body.clone();
    let spoil = async |body: Option<entity::Sealed>, attempts: i32| {
        let mut row = shelf(&app).await.remove(0).into_active_model();
        (row.body, row.attempts, row.due_at) = (Set(body), Set(attempts), Set(At(0)));
        row.update(app.state.db.read()).await.unwrap();
    };
    spoil(Some(entity::Sealed("v1|gone|AAAA|AAAA".into())), 0).await;
    for seconds in [1, 2, 4, 8] {
        let round = letterbox::look(&app.state).await.unwrap();
        assert_eq!((round.handled, round.failed), (0, 1));
        assert_eq!(letterbox::look(&app.state).await.unwrap().failed, 0, "not at once again");
        let due = app.state.clock.now().plus(Duration::from_secs(seconds));
        assert_eq!(shelf(&app).await[0].due_at, due);
        app.advance(Duration::from_secs(seconds));
    }
    assert_eq!(letterbox::stuck(&app.state.db).await.unwrap(), 0);
    spoil(Some(entity::Sealed("v1|gone|AAAA|AAAA".into())), 11).await;
    assert_eq!(letterbox::look(&app.state).await.unwrap().failed, 1);
    app.advance(Duration::from_secs(24 * 3600));
    assert_eq!(letterbox::look(&app.state).await.unwrap().failed, 0, "it waits for a person");
    assert_eq!(letterbox::stuck(&app.state.db).await.unwrap(), 1, "who can see that it does");
    // Mended, it happens after all.
    spoil(good, 0).await;
    app.settle().await;
    let row: wechat_push::Model = shelf(&app).await.remove(0);
    assert!(row.handled_at.is_some() && row.body.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_penalty_every_operator_hears_once() {
    let app = TestApp::spawn().await;
    for _ in 0..2 {
        told(&app, &event("wxa_punish_event", "", json!({"punishType": "block"}))).await;
    }
    let inbox = app.staff("operator").await.get("/inbox").await.ok();
    let titles: Vec<_> =
        inbox["items"].as_array().unwrap().iter().map(|one| &one["title"]).collect();
    assert_eq!(titles, ["微信平台的处罚通知"]);
    let others = app.office().await.get("/inbox").await.ok();
    assert_eq!(others["items"], json!([]));
}
