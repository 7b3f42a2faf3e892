//! Somebody stands there who has not claimed.

use linli::stage::fresh_key;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Saturday;
use crate::helpers::{Expect, OTHER_COMMUNITY, Person, dump::texts};

async fn walks_in(by: &Person, task: &str, body: &Value) -> crate::helpers::Reply {
    by.post_keyed(&format!("/tasks/{task}/walk-ins"), &fresh_key(), body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_neighbour_who_just_came_gets_the_free_seat_and_is_checked_in() {
    let mut saturday = Saturday::planned(3).await;
    let sun = saturday.app.member("孙立").await;
    sun.post("/me/phone", json!({"code": "dev:13900001111"})).await.ok();
    let early = walks_in(&saturday.lead, &saturday.task, &json!({"user_id": sun.id})).await;
    early.refused(409, "check_in.not_now");
    saturday.go_to(9, 20).await;
    let Saturday { app, lead, li, task, .. } = &saturday;
    let path = format!("/tasks/{task}/walk-ins");
    li.post(&path, json!({"user_id": sun.id})).await.refused(404, "not_found");
    let (key, body) = (fresh_key(), json!({"phone": "13900001111"}));
    let line = lead.post_keyed(&path, &key, &body).await.ok();
    assert_eq!((&line["walk_in"], &line["state"]), (&json!(true), &json!("checked_in")));
    assert_eq!((&line["person"]["name"], &line["phone"]), (&json!("孙立"), &json!("139****1111")));
    let again = lead.post_keyed(&path, &key, &body).await.ok();
    assert_eq!(again, line, "the same tap, the same answer");
    let twice = walks_in(lead, task, &body).await;
    twice.refused(409, "already_claimed");
    let sun = app.sign_in("孙立").await;
    assert_eq!(sun.get("/me/claims").await.ok()["items"][0]["walk_in"], true);
    assert_eq!(sun.get(&format!("/tasks/{task}")).await.ok()["filled"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_task_takes_nobody_in_unless_the_office_says_why() {
    let mut saturday = Saturday::planned(2).await;
    let sun = saturday.app.member("孙立").await;
    saturday.go_to(9, 20).await;
    let Saturday { app, lead, office, task, .. } = &saturday;
    let plain = json!({"user_id": sun.id});
    walks_in(lead, task, &plain).await.refused(409, "task_full");
    let reason = json!({"user_id": sun.id, "reason": "人手实在不够"});
    walks_in(lead, task, &reason).await.refused(409, "task_full");
    let before = office.get(&format!("/tasks/{task}/roster")).await.ok();
    assert_eq!(before["items"].as_array().unwrap().len(), 2, "nothing of it happened");
    walks_in(office, task, &reason).await.ok();
    let after = office.get(&format!("/tasks/{task}/roster")).await.ok();
    assert_eq!((&after["slots"], &after["filled"]), (&json!(3), &json!(3)));
    let acts = texts(app.state.db.read(), "SELECT action FROM audit_entry").await;
    assert_eq!(acts.iter().filter(|act| *act == "claim.walk_in_override").count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_the_house_knows_elsewhere_reads_like_nobody() {
    let mut saturday = Saturday::planned(5).await;
    let stranger = ["茅草铺党员".to_owned()];
    let stranger = saturday.app.members_of(OTHER_COMMUNITY, &stranger).await.remove(0);
    stranger.post("/me/phone", json!({"code": "dev:13900002222"})).await.ok();
    saturday.go_to(9, 20).await;
    let (office, task) = (&saturday.office, &saturday.task);
    let known = walks_in(office, task, &json!({"user_id": stranger.id})).await;
    let known = known.refused_field("user_id", "value");
    let unknown = walks_in(office, task, &json!({"user_id": Uuid::now_v7()})).await;
    assert_eq!(unknown.refused_field("user_id", "value")["errors"], known["errors"]);
    let known = walks_in(office, task, &json!({"phone": "13900002222"})).await;
    let known = known.refused_field("phone", "value");
    let unknown = walks_in(office, task, &json!({"phone": "13900003333"})).await;
    assert_eq!(unknown.refused_field("phone", "value")["errors"], known["errors"]);
    walks_in(office, task, &json!({})).await.refused_field("user_id", "required");
    walks_in(office, task, &json!({"phone": "23900003333"})).await.refused_field("phone", "value");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_offered_a_seat_and_simply_comes_takes_that_one() {
    let mut saturday = Saturday::planned(2).await;
    let sun = saturday.app.member("孙立").await;
    sun.post(&format!("/tasks/{}/waitlist", saturday.task), json!({})).await.ok();
    saturday.go_to(8, 40).await;
    saturday.zhao.releases(&saturday.zhao_claim).await;
    let Saturday { app, lead, task, .. } = &saturday;
    walks_in(lead, task, &json!({"user_id": sun.id})).await.ok();
    let counted = "SELECT used || ' ' || held FROM task";
    assert_eq!(texts(app.state.db.read(), counted).await, ["2 0"]);
    let offers = "SELECT state FROM offer UNION ALL SELECT state FROM waitlist";
    assert_eq!(texts(app.state.db.read(), offers).await, ["accepted", "promoted"]);
}
