//! 转交与再次确认: a seat from hand to hand, and whether one still comes when the times have changed.

use std::time::Duration;

use ::entity::{At, claim};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, Person, Reply, TestApp, id};

const HOUR: Duration = Duration::from_secs(3600);

async fn hands(who: &Person, claim: &str, to: &Person) -> Reply {
    who.post(&format!("/claims/{claim}/hand-over"), json!({"user_id": to.id})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_goes_from_hand_to_hand_and_is_never_empty_in_between() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let (task, claim) = app.full(&office, &li).await;
    let sun = app.member("孙立").await;
    sun.waits(&task).await;
    let offer = hands(&li, &claim, &zhao).await.ok();
    assert_eq!((&offer["kind"], &offer["from"]), (&json!("hand_over"), &json!("李建国")));
    assert_eq!(app.seats(&task).await, (1, 0), "the giver keeps it until then");
    hands(&li, &claim, &sun).await.refused(409, "offer.pending");
    let page = zhao.page(&task).await;
    assert_eq!(page["my_offer"]["id"], offer["id"]);
    let accept = format!("/offers/{}/accept", id(&offer));
    sun.does(&accept).await.refused(404, "not_found");
    let theirs = zhao.does(&accept).await.ok();
    assert_eq!(theirs["person_id"], json!(zhao.id));
    assert_eq!(app.seats(&task).await, (1, 0));
    assert_eq!(li.get(&format!("/claims/{claim}")).await.ok()["state"], "released");
    assert_eq!(sun.page(&task).await["my_place"]["position"], 1, "the queue did not move");
    app.settle().await;
    let claims = claim::Entity::find().all(app.state.db.read()).await.unwrap();
    assert_eq!(claims.len(), 2);
}

/// Names that a look for a colleague finds.
async fn finds(who: &Person, claim: &str, part: &str) -> Vec<String> {
    let found = who.get(&format!("/claims/{claim}/colleagues?q={part}")).await.ok();
    let name = |row: &Value| row["name"].as_str().unwrap().to_owned();
    found["items"].as_array().unwrap().iter().map(name).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_colleague_is_found_by_name_among_ones_own_and_nobody_else_is() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let stranger = app.members_of(OTHER_COMMUNITY, &["赵远".to_owned()]).await.remove(0);
    let resident = app.resident("赵姨").await;
    let task = app.open_task(&office, 2).await;
    let claim = id(&li.claims(&task).await.ok());
    assert_eq!(finds(&li, &claim, "赵").await, ["赵敏"]);
    assert_eq!(finds(&li, &claim, "李").await, [""; 0], "not oneself");
    assert_eq!(finds(&li, &claim, "%").await, [""; 0], "a name, no pattern");
    for other in [&zhao, &stranger, &resident] {
        other.get(&format!("/claims/{claim}/colleagues?q=赵")).await.refused(404, "not_found");
    }
    let _wei = app.member("赵伟").await;
    assert_eq!(finds(&li, &claim, "赵").await.len(), 2);
    zhao.claims(&task).await.ok();
    assert_eq!(finds(&li, &claim, "赵").await, ["赵伟"], "who has a seat needs none");
    li.get(&format!("/claims/{claim}/colleagues?q=")).await.refused_field("q", "length");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_stays_with_the_giver_when_the_colleague_does_not_take_it() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let (task, claim) = app.full(&office, &li).await;
    let offer = id(&hands(&li, &claim, &zhao).await.ok());
    zhao.does(&format!("/offers/{offer}/decline")).await.ok();
    assert_eq!(li.page(&task).await["claim_state"], "active");
    let offer = id(&hands(&li, &claim, &zhao).await.ok());
    app.advance(12 * HOUR);
    assert_eq!(app.sweep().await, 0, "no time runs out at night");
    app.advance(10 * HOUR);
    let (li, zhao) = (app.sign_in("李建国").await, app.sign_in("赵敏").await);
    zhao.does(&format!("/offers/{offer}/accept")).await.refused(409, "offer.over");
    assert_eq!(app.sweep().await, 1);
    assert_eq!(li.page(&task).await["claim_state"], "active");
    // With the claim the offer ends too, and the seat is not the colleague's.
    let offer = id(&hands(&li, &claim, &zhao).await.ok());
    li.releases(&claim).await;
    let over = zhao.does(&format!("/offers/{offer}/accept")).await;
    assert_eq!(over.refused(409, "offer.over")["state"], "cancelled");
    assert_eq!(app.seats(&task).await, (0, 0));
    zhao.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_and_says_no_to_a_colleagues_seat_is_asked_for_the_free_one_at_once() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let task = app.open_task(&office, 2).await;
    let claim = id(&li.claims(&task).await.ok());
    let other = id(&zhao.claims(&task).await.ok());
    sun.waits(&task).await;
    let offer = id(&hands(&li, &claim, &sun).await.ok());
    zhao.releases(&other).await;
    assert_eq!(app.seats(&task).await, (1, 0), "nobody is asked twice at once");
    sun.does(&format!("/offers/{offer}/decline")).await.ok();
    assert_eq!(app.seats(&task).await, (1, 1), "no round is needed");
    let accept = format!("/offers/{}/accept", sun.offer(&task).await);
    sun.does(&accept).await.ok();
    assert_eq!(app.seats(&task).await, (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_is_handed_to_a_free_colleague_of_the_ring_by_its_holder_alone() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 2).await;
    let claim = id(&li.claims(&task).await.ok());
    hands(&zhao, &claim, &li).await.refused(404, "not_found");
    hands(&li, &claim, &li).await.refused_field("user_id", "value");
    let stranger = app.resident("过路人").await;
    let far = app.members_of(crate::helpers::OTHER_COMMUNITY, &["周敏".to_owned()]).await.remove(0);
    hands(&li, &claim, &stranger).await.refused_field("user_id", "value");
    hands(&li, &claim, &far).await.refused_field("user_id", "value");
    let clashing = app.open_task_at(&office, 1, (10, 12)).await;
    zhao.claims(&clashing).await.ok();
    let offer = id(&hands(&li, &claim, &zhao).await.ok());
    let refused = zhao.does(&format!("/offers/{offer}/accept")).await;
    refused.refused(409, "time_clash");
    assert_eq!(li.page(&task).await["claim_state"], "active", "nothing happened to the giver");
    let sun = app.member("孙立").await;
    sun.claims(&task).await.ok();
    zhao.does(&format!("/offers/{offer}/decline")).await.ok();
    hands(&li, &claim, &sun).await.refused(409, "hand_over.has_seat");
    li.releases(&claim).await;
    hands(&li, &claim, &zhao).await.refused(409, "state.conflict");
}

/// The reaction to new times, as the roof calls it.
async fn asks_again(app: &TestApp, task: &str, by: At) {
    let tx = app.state.db.write().await.unwrap();
    let now = app.state.clock.now();
    linli::claim::ask_again(&tx, &app.state, task.parse().unwrap(), by, now).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_say_again_that_they_come_makes_room() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names = ["李建国", "赵敏", "孙立"].map(ToOwned::to_owned);
    let people = app.members(&names).await;
    let task = app.open_task(&office, 2).await;
    let claim = id(&people[0].claims(&task).await.ok());
    let silent = id(&people[1].claims(&task).await.ok());
    people[2].waits(&task).await;
    let by = app.state.clock.now().plus(6 * HOUR);
    asks_again(&app, &task, by).await;
    let path = format!("/claims/{claim}");
    assert_eq!(people[0].get(&path).await.ok()["reconfirm_by"], json!(by));
    people[1].does(&format!("{path}/reconfirm")).await.refused(404, "not_found");
    let said = people[0].does(&format!("{path}/reconfirm")).await.ok();
    assert_eq!((&said["state"], &said["reconfirm_by"]), (&json!("active"), &Value::Null));
    people[0].does(&format!("{path}/reconfirm")).await.ok();
    asks_again(&app, &task, by).await;
    assert_eq!(people[0].get(&path).await.ok()["reconfirm_by"], Value::Null, "asked once");

    app.advance(6 * HOUR - Duration::from_millis(1));
    assert_eq!(app.sweep().await, 0);
    app.advance(Duration::from_millis(1));
    assert_eq!((app.sweep().await, app.sweep().await), (1, 0));
    assert_eq!(app.seats(&task).await, (1, 1));
    let zhao = app.sign_in("赵敏").await;
    assert_eq!(zhao.get(&format!("/claims/{silent}")).await.ok()["state"], "released");
    let late = zhao.does(&format!("/claims/{silent}/reconfirm")).await;
    assert_eq!(late.refused(409, "state.conflict")["state"], "released");
    app.sign_in("孙立").await.offer(&task).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_moves_asks_everybody_and_the_seat_of_the_silent_goes_to_who_waits() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names = ["李建国", "赵敏", "孙立"].map(ToOwned::to_owned);
    let people = app.members(&names).await;
    let task = app.open_task(&office, 2).await;
    let claim = id(&people[0].claims(&task).await.ok());
    let silent = id(&people[1].claims(&task).await.ok());
    people[2].waits(&task).await;
    let by = app.state.clock.now().plus(6 * HOUR);
    let day = |hour| app.saturday(hour).plus(24 * HOUR);
    let to = json!({"starts_at": day(14), "ends_at": day(16), "reconfirm_by": by});
    office.post(&format!("/tasks/{task}/reschedule"), to).await.ok();
    app.settle().await;
    for (who, claim) in people.iter().zip([&claim, &silent]) {
        let page = who.get(&format!("/claims/{claim}")).await.ok();
        assert_eq!(page["reconfirm_by"], json!(by), "{}", who.name);
    }
    people[0].does(&format!("/claims/{claim}/reconfirm")).await.ok();
    app.advance(6 * HOUR);
    assert_eq!(app.sweep().await, 1);
    app.settle().await;
    assert_eq!(app.seats(&task).await, (1, 1));
    let sun = app.sign_in("孙立").await;
    let offer = sun.offer(&task).await;
    sun.does(&format!("/offers/{offer}/accept")).await.ok();
    assert_eq!(app.seats(&task).await, (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accepted_excuse_ends_a_hand_over_and_asks_the_next_in_line() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let (task, claim) = app.full(&office, &li).await;
    sun.waits(&task).await;
    let offer = id(&hands(&li, &claim, &zhao).await.ok());
    let path = format!("/claims/{claim}/excuse");
    li.post(&path, json!({"reason": "孩子发烧"})).await.ok();
    office.post(&format!("{path}/accept"), json!({"reason": "照顾好孩子"})).await.ok();
    assert_eq!(app.seats(&task).await, (0, 1), "kept for the one who waits");
    sun.offer(&task).await;
    zhao.does(&format!("/offers/{offer}/accept")).await.refused(409, "offer.over");
}
