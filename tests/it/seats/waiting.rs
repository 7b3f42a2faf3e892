//! 候补: waiting for a seat of a full task, and the turn that comes.

use std::time::Duration;

use linli::dispatch::board;
use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp, WENHUA, fresh_key, id};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_freed_seat_is_kept_for_the_first_in_line_and_for_nobody_else() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let [li, zhao, sun] = ["李建国", "赵敏", "孙立"].map(async |name| app.member(name).await);
    let (li, zhao, sun) = (li.await, zhao.await, sun.await);
    let (task, claim) = app.full(&office, &li).await;
    assert_eq!(zhao.page(&task).await["can_wait"], true);
    assert_eq!(zhao.waits(&task).await["position"], 1);
    assert_eq!(sun.waits(&task).await["position"], 2);
    let page = sun.page(&task).await;
    assert_eq!((&page["waiting"], &page["my_place"]["position"]), (&json!(2), &json!(2)));
    assert_eq!((&page["can_wait"], &page["my_offer"]), (&json!(false), &Value::Null));

    assert_eq!(li.releases(&claim).await.status, 204);
    assert_eq!(app.seats(&task).await, (0, 1), "kept in the transaction that freed it");
    let page = zhao.page(&task).await;
    assert_eq!(page["my_offer"]["expires_at"], json!(app.state.clock.now().plus(30 * MINUTE)));
    assert_eq!((&page["can_claim"], &page["my_place"]["state"]), (&json!(true), &json!("offered")));
    assert_eq!(sun.page(&task).await["my_place"]["position"], 1);
    sun.claims(&task).await.refused(409, "task_full");
    assert_eq!(li.page(&task).await["refusal"]["code"], "task_full");
    let mine = &zhao.get("/me/waitlist").await.ok()["items"][0];
    assert_eq!((&mine["task_id"], &mine["state"]), (&json!(task), &json!("offered")));

    let offer = &zhao.get("/me/offers").await.ok()["items"][0];
    assert_eq!((&offer["kind"], &offer["task"]["held"]), (&json!("waitlist"), &json!(1)));
    let accept = format!("/offers/{}/accept", id(offer));
    sun.does(&accept).await.refused(404, "not_found");
    let key = fresh_key();
    let claim = zhao.post_keyed(&accept, &key, &Value::Null).await.ok();
    assert_eq!((&claim["state"], &claim["task"]["filled"]), (&json!("active"), &json!(1)));
    let again = zhao.post_keyed(&accept, &key, &Value::Null).await;
    assert!(again.is_replay() && again.body == claim, "{again:?}");
    assert_eq!(zhao.does(&accept).await.refused(409, "offer.over")["state"], "accepted");
    assert_eq!(app.seats(&task).await, (1, 0));
    assert_eq!(zhao.get("/me/waitlist").await.ok()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_and_the_board_show_the_kept_seat_alike() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let (task, claim) = app.full(&office, &li).await;
    zhao.waits(&task).await;
    li.releases(&claim).await;
    app.settle().await;
    board::settle(&app.state).await.unwrap();
    for (who, may) in [(&zhao, true), (&sun, false)] {
        let (card, page) =
            (who.get("/tasks").await.ok()["items"][0].clone(), who.page(&task).await);
        for seen in [&card, &page] {
            assert_eq!((&seen["filled"], &seen["held"]), (&json!(0), &json!(1)), "{}", who.name);
            assert_eq!(seen["can_claim"], may, "{}", who.name);
        }
    }
    // The tap itself takes the kept seat.
    zhao.claims(&task).await.ok();
    assert_eq!(app.seats(&task).await, (1, 0));
    assert_eq!(zhao.get("/me/offers").await.ok()["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_waits_for_a_full_task_once_and_only_for_want_of_a_seat() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let free = app.open_task_at(&office, 1, (14, 15)).await;
    let wait = async |task: &str| zhao.post(&format!("/tasks/{task}/waitlist"), json!({})).await;
    wait(&free).await.refused(409, "waitlist.not_full");
    let (task, _) = app.full(&office, &li).await;
    zhao.waits(&task).await;
    wait(&task).await.refused(409, "waitlist.waiting");
    li.post(&format!("/tasks/{task}/waitlist"), json!({})).await.refused(409, "already_claimed");
    // Another task at the same time is in the way, full or not.
    let other = app.open_task_at(&office, 1, (10, 12)).await;
    app.member("孙立").await.claims(&other).await.ok();
    zhao.claims(&free).await.ok();
    let set = json!({"open_claims_max": 1});
    office.put(&format!("/orgs/{}/settings", app.org_id(WENHUA).await), set).await.ok();
    wait(&other).await.refused(409, "too_many_open_claims");
    assert_eq!(zhao.page(&other).await["can_wait"], false);
    let far = app.resident("过路人").await;
    far.post(&format!("/tasks/{task}/waitlist"), json!({})).await.refused(404, "not_found");
    far.delete(&format!("/tasks/{task}/waitlist")).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_leaves_the_queue_or_says_no_lets_the_next_one_in() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let (sun, zhou) = (app.member("孙立").await, app.member("周敏").await);
    let (task, claim) = app.full(&office, &li).await;
    for who in [&zhao, &sun, &zhou] {
        who.waits(&task).await;
    }
    li.releases(&claim).await;
    let leave = format!("/tasks/{task}/waitlist");
    assert_eq!(zhao.delete(&leave).await.status, 204, "with the offer in hand");
    assert_eq!(zhao.delete(&leave).await.status, 204, "once more changes nothing");
    let declined = format!("/offers/{}/decline", sun.offer(&task).await);
    assert_eq!(sun.does(&declined).await.ok()["state"], "declined");
    assert_eq!(sun.does(&declined).await.ok()["state"], "declined");
    assert_eq!(app.seats(&task).await, (0, 1));
    let declined = format!("/offers/{}/decline", zhou.offer(&task).await);
    zhou.does(&declined).await.ok();
    assert_eq!(app.seats(&task).await, (0, 0), "nobody is left: the seat is anybody's");
    sun.claims(&task).await.ok();
    zhao.waits(&task).await;
    assert_eq!(zhao.delete(&leave).await.status, 204);
    assert_eq!(zhou.page(&task).await["waiting"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asked_for_it_is_promoted_at_once_unless_something_came_in_between() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let (task, claim) = app.full(&office, &li).await;
    zhao.waits_at_once(&task).await;
    li.releases(&claim).await;
    app.settle().await;
    let page = zhao.page(&task).await;
    assert_eq!((&page["claim_state"], &page["my_offer"]), (&json!("active"), &Value::Null));
    assert_eq!(app.seats(&task).await, (1, 0));

    let sun = app.member("孙立").await;
    let claim = id(&json!({"id": page["claim_id"]}));
    sun.waits_at_once(&task).await;
    let clashing = app.open_task_at(&office, 1, (10, 12)).await;
    sun.claims(&clashing).await.ok();
    zhao.releases(&claim).await;
    app.settle().await;
    let page = sun.page(&task).await;
    assert_eq!((&page["claim_id"], &page["my_offer"]["state"]), (&Value::Null, &json!("live")));
    assert_eq!(page["refusal"]["code"], "time_clash", "they see why");
    let accept = format!("/offers/{}/accept", sun.offer(&task).await);
    sun.does(&accept).await.refused(409, "time_clash");
    assert_eq!(app.seats(&task).await, (0, 1));
}
