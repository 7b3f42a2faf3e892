//! 递补: how long a seat is kept, and what ends an offer.

use std::time::Duration;

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const MINUTE: Duration = Duration::from_secs(60);

/// A full task with people waiting; the holder's claim.
async fn queue(app: &TestApp, office: &Person, names: &[&str]) -> (String, String, Vec<Person>) {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let people = app.members(&names).await;
    let (task, claim) = app.full(office, &people[0]).await;
    for who in &people[1..] {
        who.waits(&task).await;
    }
    (task, claim, people)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_nobody_answers_goes_to_the_next_and_at_last_to_anybody() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let path = format!("/orgs/{}/settings", app.org_id(WENHUA).await);
    office.put(&path, json!({"waitlist_offer_minutes": 5})).await.ok();
    let (task, claim, people) = queue(&app, &office, &["李建国", "赵敏", "孙立"]).await;
    let (li, zhao, sun) = (&people[0], &people[1], &people[2]);
    li.releases(&claim).await;
    let offer = zhao.offer(&task).await;
    app.advance(5 * MINUTE - Duration::from_millis(1));
    assert_eq!(app.sweep().await, 0);
    app.advance(Duration::from_millis(1));
    let late = zhao.does(&format!("/offers/{offer}/accept")).await;
    assert_eq!(late.refused(409, "offer.over")["state"], "expired");
    zhao.claims(&task).await.refused(409, "task_full");
    assert_eq!((app.sweep().await, app.sweep().await), (1, 0), "a second round finds nothing");
    assert_eq!(zhao.page(&task).await["my_place"], Value::Null, "passed");
    assert_eq!(app.seats(&task).await, (0, 1));
    sun.offer(&task).await;
    app.advance(5 * MINUTE);
    assert_eq!(app.sweep().await, 1);
    assert_eq!(app.seats(&task).await, (0, 0));
    zhao.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn close_to_the_end_of_claiming_an_offer_is_short_and_none_is_made_after() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let until = app.state.clock.now().plus(40 * MINUTE);
    let form = json!({"org_id": app.org_id(WENHUA).await, "title": "消防安全巡查", "slots": 1,
        "starts_at": app.saturday(9), "ends_at": app.saturday(11), "claim_until": until,
        "publish": true});
    let task = id(&office.post("/tasks", form).await.ok());
    let names = ["李建国", "赵敏", "孙立"].map(ToOwned::to_owned);
    let people = app.members(&names).await;
    let claim = id(&people[0].claims(&task).await.ok());
    people[1].waits(&task).await;
    people[2].waits(&task).await;
    people[0].releases(&claim).await;
    let offered = people[1].page(&task).await["my_offer"]["expires_at"].clone();
    assert_eq!(offered, json!(app.state.clock.now().plus(10 * MINUTE)), "a quarter of the time");
    app.advance(10 * MINUTE);
    app.sweep().await;
    people[2].offer(&task).await;
    for who in &people[..2] {
        assert_eq!(who.page(&task).await["refusal"]["code"], "task_full");
    }
    people[0].waits(&task).await;
    app.clock.set(until);
    app.sweep().await;
    assert_eq!(app.seats(&task).await, (0, 0), "no more offers after that");
    let li = app.sign_in("李建国").await;
    assert_eq!(li.page(&task).await["my_place"], Value::Null);
    assert_eq!(app.sweep().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_task_keeps_no_seats_and_nobody_waits_for_it() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (task, claim, people) = queue(&app, &office, &["李建国", "赵敏", "孙立"]).await;
    people[0].releases(&claim).await;
    let offer = people[1].offer(&task).await;
    office.post(&format!("/tasks/{task}/cancel"), json!({"reason": "下雨"})).await.ok();
    people[1].does(&format!("/offers/{offer}/accept")).await.refused(409, "task_closed");
    app.settle().await;
    assert_eq!(app.seats(&task).await, (0, 0));
    let over = people[1].does(&format!("/offers/{offer}/accept")).await;
    assert_eq!(over.refused(409, "offer.over")["state"], "cancelled");
    for who in &people[1..] {
        assert_eq!(who.get("/me/waitlist").await.ok()["items"], json!([]));
    }
    assert_eq!(app.sweep().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_seats_are_offered_to_those_who_wait_in_the_transaction_that_makes_them() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (task, _, people) = queue(&app, &office, &["李建国", "赵敏", "孙立", "周敏"]).await;
    let resize = async |slots: i32| {
        office.post(&format!("/tasks/{task}/resize"), json!({"slots": slots})).await
    };
    let seen = resize(3).await.ok();
    assert_eq!((&seen["filled"], &seen["held"]), (&json!(1), &json!(2)), "told in the answer");
    assert_eq!(app.seats(&task).await, (1, 2));
    people[1].offer(&task).await;
    people[2].offer(&task).await;
    assert_eq!(people[3].page(&task).await["my_place"]["position"], 1);
    assert_eq!(resize(2).await.refused(409, "task.below_taken")["taken"], 3);
    resize(8).await.ok();
    assert_eq!(app.seats(&task).await, (1, 3), "as many offers as people who wait");
    app.member("吴芳").await.claims(&task).await.ok();
    for who in &people[1..] {
        who.claims(&task).await.ok();
    }
    assert_eq!(app.seats(&task).await, (5, 0));
}
