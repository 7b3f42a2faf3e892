//! 留名额: seats for first-timers and for somebody experienced, until a time.

use std::time::Duration;

use ::entity::{
    claim::{self, ClaimState},
    event,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Expect, Person, TestApp, WENHUA, fresh_key, id};

const HOUR: Duration = Duration::from_secs(3600);

impl TestApp {
    /// An open task next Saturday that keeps seats.
    async fn keeping(&self, office: &Person, slots: i32, keep: Value) -> String {
        let task = json!({
            "org_id": self.org_id(WENHUA).await, "title": "消防安全巡查", "slots": slots,
            "starts_at": self.saturday(9), "ends_at": self.saturday(11), "publish": true, "keep": keep,
        });
        id(&office.post("/tasks", task).await.ok())
    }

    /// They have served so many tasks, in other weeks.
    async fn served(&self, office: &Person, who: &Person, n: usize) {
        for week in 1..=n as u64 {
            let starts_at = self.saturday(9).plus(HOUR * 24 * 7 * u32::try_from(week).unwrap());
            let task = json!({
                "org_id": self.org_id(WENHUA).await, "title": "从前的一次", "slots": 5,
                "starts_at": starts_at, "ends_at": starts_at.plus(HOUR), "publish": true,
            });
            let task = id(&office.post("/tasks", task).await.ok());
            let claim: Uuid = id(&who.claims(&task).await.ok()).parse().unwrap();
            claim::Entity::update_many()
                .col_expr(claim::Column::State, Expr::value(ClaimState::Confirmed))
                .filter(claim::Column::Id.eq(claim))
                .exec(self.state.db.read())
                .await
                .unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_for_the_first_time_has_a_seat_where_others_find_none() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (old, other, new, newer) = (
        app.member("李建国").await,
        app.member("赵敏").await,
        app.member("孙立").await,
        app.member("周燕").await,
    );
    app.served(&office, &old, 1).await;
    app.served(&office, &other, 1).await;
    let task = app.keeping(&office, 2, json!({"first_timers": 1})).await;
    app.settle().await;
    old.claims(&task).await.ok();
    let page = other.page(&task).await;
    assert_eq!((&page["can_claim"], &page["keep_new"]), (&json!(false), &json!(1)));
    assert_eq!(page["refusal"]["code"], "seats_kept", "said before the tap");
    let refused = other.claims(&task).await.refused(409, "seats_kept");
    assert_eq!(refused["until"], page["keep_until"]);
    assert!(refused["detail"].as_str().unwrap().contains("1 个留给第一次参加的人"), "{refused}");
    assert_eq!(new.page(&task).await["can_claim"], true);
    new.claims(&task).await.ok();
    newer.claims(&task).await.refused(409, "task_full");
    assert_eq!(app.seats(&task).await, (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_who_has_served_often_has_the_seat_for_the_experienced() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (often, twice) = (app.member("李建国").await, app.member("赵敏").await);
    app.served(&office, &often, 5).await;
    app.served(&office, &twice, 2).await;
    let task = app.keeping(&office, 1, json!({"lead": true})).await;
    twice.claims(&task).await.refused(409, "seats_kept");
    often.claims(&task).await.ok();
    assert_eq!(app.seats(&task).await, (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_is_for_all_when_its_time_comes_and_first_for_who_waits() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (old, other) = (app.member("李建国").await, app.member("赵敏").await);
    for who in [&old, &other] {
        app.served(&office, who, 1).await;
    }
    let until = app.saturday(9).minus(HOUR * 12);
    let task = app.keeping(&office, 2, json!({"first_timers": 2, "until": until})).await;
    old.claims(&task).await.refused(409, "seats_kept");
    old.waits(&task).await;
    app.sweep().await;
    assert_eq!(app.seats(&task).await, (0, 0), "not yet");
    app.clock.set(until);
    app.sweep().await;
    assert_eq!(app.seats(&task).await, (0, 1), "one is offered to who waits");
    app.sweep().await;
    app.settle().await;
    let other = app.sign_in("赵敏").await;
    other.claims(&task).await.ok();
    let opened = event::Entity::find().filter(event::Column::Kind.eq("task.seats_opened"));
    let opened = opened.count(app.state.db.read()).await.unwrap();
    assert_eq!(opened, 1, "told once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_may_give_a_kept_seat_with_a_reason_and_takes_none_of_them_away() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let old = app.member("李建国").await;
    app.served(&office, &old, 1).await;
    let task = app.keeping(&office, 2, json!({"first_timers": 2})).await;
    let fewer = office.post(&format!("/tasks/{task}/resize"), json!({"slots": 1})).await;
    fewer.refused(409, "task.below_taken");
    let ask = json!({"user_id": old.id});
    office.post(&format!("/tasks/{task}/assign"), ask).await.refused(409, "seats_kept");
    let forced = json!({"user_id": old.id, "override": true, "reason": "只有他会修水泵"});
    office.post(&format!("/tasks/{task}/assign"), forced).await.ok();
    assert_eq!(app.seats(&task).await, (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_that_keeps_what_cannot_be_kept_is_told_which_field() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let form = async |keep: Value| {
        let task = json!({
            "org_id": app.org_id(WENHUA).await, "title": "消防安全巡查", "slots": 2,
            "starts_at": app.saturday(9), "ends_at": app.saturday(11), "keep": keep,
        });
        office.post("/tasks", task).await
    };
    form(json!({"first_timers": 2, "lead": true}))
        .await
        .refused_field("keep.first_timers", "range");
    form(json!({"first_timers": -1})).await.refused_field("keep.first_timers", "range");
    let late = json!({"lead": true, "until": app.saturday(10)});
    form(late).await.refused_field("keep.until", "time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_takes_exactly_what_is_for_it() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names: Vec<_> = (1..=24).map(|i| format!("党员{i:03}")).collect();
    let people = app.members(&names).await;
    for who in &people[..12] {
        app.served(&office, who, 1).await;
    }
    let task = app.keeping(&office, 8, json!({"first_timers": 3})).await;
    let taps = people.iter().map(async |who| (who, who.taps(&task, &fresh_key()).await));
    let heard = futures_util::future::join_all(taps).await;
    let won = |some: &[Person]| {
        heard
            .iter()
            .filter(|(who, it)| it.status == 201 && some.iter().any(|one| one.id == who.id))
            .count()
    };
    let (old, new) = (won(&people[..12]), won(&people[12..]));
    assert!(old <= 5 && new >= 3, "{old} old, {new} new");
    // Whoever was asked to come again comes again.
    for who in &people {
        who.claims(&task).await;
    }
    assert_eq!(app.seats(&task).await.0, 8);
}
