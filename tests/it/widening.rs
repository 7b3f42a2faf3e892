//! 扩大范围: who may see a task grows while it does not fill, by the clock and by hand; at last the office calls.

use std::time::Duration;

use futures_util::future::join_all;
use linli::asking::{Looked, widen_due};
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const HOUR: Duration = Duration::from_secs(3600);
/// 幸福社区, in the same street as 文化社区.
const NEXT_DOOR: &str = "520302014005";

/// A member of the community next door.
async fn neighbour(app: &TestApp, name: &str) -> Person {
    let branch = json!({
        "parent_id": app.org_id(NEXT_DOOR).await, "kind": "branch", "name": "幸福社区第一党支部",
    });
    app.staff("leader").await.post("/orgs", branch).await.ok();
    app.members_of(NEXT_DOOR, &[name.to_owned()]).await.remove(0)
}

/// An open task of 文化社区, as the office writes it, that anybody can claim for twelve hours from now.
async fn posted(app: &TestApp, office: &Person, slots: i32, audience: Value) -> String {
    let now = app.state.clock.now();
    let task = json!({
        "org_id": app.org_id(WENHUA).await, "title": "消防安全巡查", "slots": slots, "publish": true,
        "starts_at": now.plus(14 * HOUR), "ends_at": now.plus(16 * HOUR),
        "claim_until": now.plus(12 * HOUR), "audience": audience,
    });
    id(&office.post("/tasks", task).await.ok())
}

async fn look(app: &TestApp) -> usize {
    let Looked { handled, failed, .. } = widen_due(&app.state).await.expect("the round runs");
    assert_eq!(failed, 0);
    app.settle().await;
    handled
}

/// No phone is left in peace: the times of these tests do not depend on the hour of the day.
async fn wakeful(app: &TestApp, office: &Person) {
    let path = format!("/orgs/{}/settings", app.org_id(WENHUA).await);
    office.put(&path, json!({"quiet_from": 0, "quiet_until": 0})).await.ok();
}

async fn sees(who: &Person, task: &str) -> bool {
    let list = who.get("/tasks?scope=open").await.ok();
    list["items"].as_array().unwrap().iter().any(|card| card["id"] == task)
}

async fn far(office: &Person, task: &str) -> (String, i64) {
    let widening = &office.get(&format!("/tasks/{task}")).await.ok()["widening"];
    (widening["ring"].as_str().unwrap().to_owned(), widening["level"].as_i64().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_does_not_fill_is_put_to_the_next_ring_and_then_the_office_calls() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    wakeful(&app, &office).await;
    let li = app.member("李建国").await;
    let far_off = neighbour(&app, "邻居").await;
    let task = posted(&app, &office, 2, json!({"widens_to": "street"})).await;
    assert_eq!(look(&app).await, 0, "it has just opened");
    assert!(sees(&li, &task).await && !sees(&far_off, &task).await);
    app.advance(3 * HOUR);
    assert_eq!(look(&app).await, 0);
    app.advance(2 * HOUR);
    assert_eq!(look(&app).await, 1);
    assert_eq!(look(&app).await, 0, "one step at a time");
    let (office, far_off) = (app.office().await, app.sign_in("邻居").await);
    assert_eq!(far(&office, &task).await, ("street".to_owned(), 1));
    assert!(sees(&app.sign_in("李建国").await, &task).await && sees(&far_off, &task).await);
    far_off.claims(&task).await.ok();
    app.advance(4 * HOUR);
    assert_eq!(look(&app).await, 1);
    let office = app.office().await;
    let inbox = office.get("/inbox").await.ok();
    assert_eq!(inbox["items"][0]["title"], "人还不够，请打电话", "{inbox}");
    assert!(inbox["items"][0]["body"].as_str().unwrap().contains("还差 1 人"), "{inbox}");
    app.advance(HOUR);
    assert_eq!(look(&app).await, 0, "told once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_task_goes_no_further_until_a_seat_is_free_again() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    wakeful(&app, &office).await;
    let li = app.member("李建国").await;
    let task = posted(&app, &office, 1, json!({"widens_to": "street"})).await;
    let claim = id(&li.claims(&task).await.ok());
    app.advance(5 * HOUR);
    assert_eq!(look(&app).await, 0);
    assert_eq!(far(&app.office().await, &task).await, ("community".to_owned(), 0));
    app.sign_in("李建国").await.delete(&format!("/claims/{claim}")).await.ok();
    assert_eq!(look(&app).await, 1, "its time at home is over");
    assert_eq!(far(&app.office().await, &task).await.0, "street");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_whose_office_wrote_nothing_stays_where_it_is() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    wakeful(&app, &office).await;
    let task = posted(&app, &office, 1, Value::Null).await;
    app.advance(5 * HOUR);
    assert_eq!(look(&app).await, 0);
    app.advance(4 * HOUR);
    assert_eq!(look(&app).await, 1, "the office hears that it should call");
    assert_eq!(far(&app.office().await, &task).await, ("community".to_owned(), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_for_named_people_opens_to_its_community_when_they_do_not_come() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    wakeful(&app, &office).await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = posted(&app, &office, 1, json!({"people": [li.id], "widens_to": "community"})).await;
    look(&app).await;
    assert!(sees(&li, &task).await && !sees(&zhao, &task).await);
    app.advance(5 * HOUR);
    assert_eq!(look(&app).await, 1);
    assert_eq!(far(&app.office().await, &task).await, ("community".to_owned(), 1));
    app.sign_in("赵敏").await.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_may_put_it_further_by_hand_and_a_second_tap_does_nothing_more() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let task = posted(&app, &office, 1, Value::Null).await;
    let path = format!("/tasks/{task}/escalate");
    let first = office.post_keyed(&path, "one-tap-of-the-office", &Value::Null).await.ok();
    assert_eq!(
        (&first["widening"]["ring"], &first["widening"]["level"]),
        (&json!("street"), &json!(1))
    );
    let again = office.post_keyed(&path, "one-tap-of-the-office", &Value::Null).await.ok();
    assert_eq!(first, again);
    office.does(&path).await.ok();
    assert_eq!(far(&office, &task).await.0, "district");
    office.does(&path).await.refused(409, "state.conflict");
    let full = app.open_task(&office, 1).await;
    app.member("李建国").await.claims(&full).await.ok();
    office.does(&format!("/tasks/{full}/escalate")).await.refused(409, "task_full");
    app.staff("maocaopu").await.does(&path).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_replicas_that_look_at_once_put_it_one_step_further() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    wakeful(&app, &office).await;
    let task = posted(&app, &office, 1, json!({"widens_to": "district"})).await;
    look(&app).await;
    app.advance(3 * HOUR);
    let rounds = join_all((0..8).map(|_| widen_due(&app.state))).await;
    let moved: usize = rounds.into_iter().map(|round| round.unwrap().handled).sum();
    assert_eq!(moved, 1);
    assert_eq!(far(&app.office().await, &task).await, ("street".to_owned(), 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_upwards() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let task = json!({
        "org_id": app.org_id(WENHUA).await, "title": "消防安全巡查", "slots": 1,
        "starts_at": app.saturday(9), "ends_at": app.saturday(11),
        "audience": {"widens_to": "branch"},
    });
    office.post("/tasks", task).await.refused_field("audience.widens_to", "value");
}
