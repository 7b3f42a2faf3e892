//! Grants: one acceptance counts once, and pays for one message.

use std::time::Duration;

use ::entity::{subscribe_event, subscribe_grant};
use futures_util::future::join_all;
use linli::{
    notify::grants::{live, popup, spend},
    platform::AppState,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use crate::helpers::{Expect, Person, TestApp};

use super::{CANCEL, agrees, template};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What is left of somebody's grants of a kind.
pub async fn balance_of(app: &TestApp, who: &Person, kind: &str) -> i32 {
    let held = live(app.state.db.read(), &app.state, who.id).await.unwrap();
    held.get(&template(app, kind)).map_or(0, |grant| grant.balance)
}

async fn balance(app: &TestApp, who: &Person) -> i32 {
    balance_of(app, who, "task_cancel").await
}

async fn spends(app: &TestApp, who: &Person) -> bool {
    let tx = app.state.db.write().await.unwrap();
    let spent = spend(&tx, &app.state, who.id, &template(app, "task_cancel")).await.unwrap();
    tx.commit().await.unwrap();
    spent
}

/// Somebody has so many grants of a kind, as WeChat told at once.
pub async fn holds(state: &AppState, who: Uuid, kind: &str, count: i32) {
    let (id, at) = (state.settings.wechat.templates[kind].id.clone(), state.clock.now());
    let event = subscribe_event::ActiveModel {
        id: Set(state.rng.id(at)),
        person_id: Set(who),
        template_id: Set(id.clone()),
        source: Set(subscribe_event::Source::Popup),
        status: Set("accept".into()),
        at: Set(at),
        change: Set(count),
        event_key: Set(format!("{who}|{kind}")),
        pair_of: Set(None),
    };
    let grant = subscribe_grant::ActiveModel {
        person_id: Set(who),
        template_id: Set(id),
        balance: Set(count),
        permanent: Set(false),
        last_status: Set("accept".into()),
        last_event_at: Set(at),
        accepted_at: Set(Some(at)),
        version: Set(0),
    };
    let tx = state.db.write().await.unwrap();
    subscribe_event::Entity::insert(event).exec_without_returning(&*tx).await.unwrap();
    subscribe_grant::Entity::insert(grant).exec_without_returning(&*tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn pops_up(app: &TestApp, who: &Person, status: &str, key: &str) {
    let (tx, now) = (app.state.db.write().await.unwrap(), app.state.clock.now());
    let openid = app.wechat.openid(&who.name);
    let template = template(app, "task_cancel");
    popup(&tx, &app.state, &openid, &template, status, now, key).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_phone_and_wechat_both_tell_counts_once() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    agrees(&app, &li, "task_cancel", CANCEL).await;
    assert_eq!(balance(&app, &li).await, 1, "the phone told first");
    pops_up(&app, &li, "accept", "a").await;
    pops_up(&app, &li, "accept", "a").await;
    assert_eq!(balance(&app, &li).await, 1, "WeChat confirms it, twice");
    pops_up(&app, &li, "accept", "b").await;
    assert_eq!(balance(&app, &li).await, 2, "another prompt");
    agrees(&app, &li, "task_cancel", CANCEL).await;
    assert_eq!(balance(&app, &li).await, 2, "the phone tells of it late");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wechats_word_stands_over_the_phones() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    agrees(&app, &li, "task_cancel", CANCEL).await;
    pops_up(&app, &li, "reject", "a").await;
    assert_eq!(balance(&app, &li).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prompt_asks_for_what_is_short_and_for_three_at_most() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    let asked = li.get("/subscriptions/prompt?at=claim").await.ok();
    let kinds = ["task_change", "reminder", "task_cancel"].map(|kind| template(&app, kind));
    assert_eq!(asked["template_ids"], json!(kinds));
    for n in 0..3 {
        pops_up(&app, &li, "accept", &n.to_string()).await;
    }
    let asked = li.get("/subscriptions/prompt?at=claim").await.ok();
    let kinds = ["task_change", "reminder", "claim_result"].map(|kind| template(&app, kind));
    assert_eq!(asked["template_ids"], json!(kinds), "enough of one: the next comes up");
    let stranger = json!({"results": {"x": "accept"}});
    li.post("/subscriptions/report", stranger).await.refused_field("results", "value");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_once_spend_one_grant_once() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    pops_up(&app, &li, "accept", "a").await;
    let template = template(&app, "task_cancel");
    let one = async |_: i32| {
        let tx = app.state.db.write().await.unwrap();
        let spent = spend(&tx, &app.state, li.id, &template).await.unwrap();
        tx.commit().await.unwrap();
        spent
    };
    let spent = join_all((0..50).map(one)).await;
    assert_eq!(spent.into_iter().filter(|spent| *spent).count(), 1);
    assert_eq!(balance(&app, &li).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn grants_end_one_by_one_and_the_oldest_is_spent_first() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    for (n, days) in [0, 100, 60].into_iter().enumerate() {
        app.advance(DAY * days);
        pops_up(&app, &li, "accept", &n.to_string()).await;
    }
    assert_eq!(balance(&app, &li).await, 3, "day 160");
    app.advance(DAY * 20);
    assert_eq!(balance(&app, &li).await, 2, "day 180: the first has ended");
    assert!(spends(&app, &li).await);
    assert_eq!(balance(&app, &li).await, 1, "and the second was spent");
    app.advance(DAY * 100);
    assert_eq!(balance(&app, &li).await, 1, "day 280: so the third is left");
    app.advance(DAY * 60);
    assert_eq!((balance(&app, &li).await, spends(&app, &li).await), (0, false), "day 340");
    pops_up(&app, &li, "accept", "again").await;
    assert_eq!(balance(&app, &li).await, 1, "what has ended does not come back");

    let short = TestApp::with(&[("wechat.grant_days", "7".into())]).await;
    let li = short.member("李建国").await;
    pops_up(&short, &li, "accept", "a").await;
    short.advance(DAY * 7);
    assert!(!spends(&short, &li).await, "how long is a setting");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_holds_more_than_twenty_of_a_kind() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    for n in 0..23 {
        pops_up(&app, &li, "accept", &n.to_string()).await;
    }
    assert_eq!(balance(&app, &li).await, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_minutes_apart_it_is_the_same_prompt_and_later_another() {
    for (seconds, wanted) in [(600, 1), (601, 2)] {
        for phone_first in [true, false] {
            let app = TestApp::spawn().await;
            let li = app.member("李建国").await;
            let report = async || agrees(&app, &li, "task_cancel", CANCEL).await;
            let popup = async || pops_up(&app, &li, "accept", "a").await;
            if phone_first {
                report().await
            } else {
                popup().await
            }
            app.advance(Duration::from_secs(seconds));
            if phone_first {
                popup().await
            } else {
                report().await
            }
            assert_eq!(balance(&app, &li).await, wanted, "{seconds} s, phone first: {phone_first}");
        }
    }
}
