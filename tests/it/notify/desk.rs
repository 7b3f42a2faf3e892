//! What the office sees and does: messages that died, whom to phone, how many can be reached, which templates there are.

use std::time::Duration;

use ::entity::{
    message_template,
    push::{Model, PushState},
};
use fake_wechat::Fault;
use linli::notify::{Subject, push::refresh};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{CHANGE, agrees, grants::holds, pushes, tells};
use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const SEND: &str = "/cgi-bin/message/subscribe/send";
const MINUTE: Duration = Duration::from_secs(60);

/// A member whom WeChat was asked to tell of a change, and answered so.
async fn told(app: &TestApp, name: &str, fault: Fault) -> Person {
    let member = app.member(name).await;
    agrees(app, &member, "task_change", CHANGE).await;
    app.clock.advance(MINUTE);
    app.wechat.fault(SEND, 1, fault);
    tells(app, Subject::TaskChanged, Uuid::from_u128(1), &[member.id]).await;
    app.settle().await;
    member
}

async fn only(app: &TestApp) -> Model {
    pushes(app, "task.changed").await.remove(0)
}

async fn items(app: &TestApp, office: &Person, path: &str) -> Vec<Value> {
    let page = office.get(&format!("/orgs/{}/{path}", app.org_id(WENHUA).await)).await.ok();
    page["items"].as_array().expect("items").clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_message_is_sent_once_more_or_let_go() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let li = told(&app, "李建国", Fault::Errcode(47003)).await;
    let row = only(&app).await;
    assert_eq!(row.state, PushState::Dead);
    let dead = items(&app, &office, "pushes?state=dead").await;
    assert_eq!(
        (dead.len(), &dead[0]["why"], &dead[0]["person"]),
        (1, &json!("content"), &json!("李＊"))
    );
    assert!(items(&app, &office, "pushes?state=sent").await.is_empty());

    let path = format!("/pushes/{}", row.id);
    let again = office.post(&format!("{path}/retry"), json!({})).await.ok();
    assert_eq!((&again["state"], &again["attempts"]), (&json!("retry"), &json!(0)));
    office.post(&format!("{path}/retry"), json!({})).await.refused(409, "state.conflict");
    app.settle().await;
    assert_eq!(
        (only(&app).await.state, app.wechat.messages_of(&li.name).len()),
        (PushState::Sent, 1)
    );
    for act in ["retry", "drop"] {
        office.post(&format!("{path}/{act}"), json!({})).await.refused(409, "state.conflict");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_let_go_rings_no_phone_and_what_is_too_late_is_not_sent_again() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let li = told(&app, "李建国", Fault::Errcode(-1)).await;
    let path = format!("/pushes/{}", only(&app).await.id);
    let gone = office.post(&format!("{path}/drop"), json!({})).await.ok();
    assert_eq!((&gone["state"], &gone["why"]), (&json!("refused"), &json!("dropped")));
    app.advance(Duration::from_secs(3600));
    app.settle().await;
    assert!(app.wechat.messages_of(&li.name).is_empty());

    let late = TestApp::spawn().await;
    told(&late, "李建国", Fault::Errcode(47003)).await;
    late.advance(Duration::from_secs(48 * 3600));
    let path = format!("/pushes/{}/retry", only(&late).await.id);
    late.office().await.post(&path, json!({})).await.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_not_reached_is_phoned_until_told_or_seen() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let list = async || items(&app, &office, "call-list").await;
    told(&app, "李建国", Fault::Errcode(47003)).await;
    let call = list().await;
    assert_eq!(
        (call.len(), &call[0]["name"], &call[0]["why"]),
        (1, &json!("李建国"), &json!("content"))
    );
    let done = format!("/call-list/{}/done", id(&call[0]));
    assert_eq!(office.post(&done, json!({"outcome": "no_answer"})).await.status, 204);
    assert_eq!(list().await[0]["outcome"], json!("no_answer"), "they are still to be told");
    assert_eq!(office.post(&done, json!({"outcome": "reached"})).await.status, 204);
    assert!(list().await.is_empty(), "ticked off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_phoned_who_was_reached_came_by_read_it_or_for_whom_it_is_over() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let list = async || items(&app, &office, "call-list").await.len();
    told(&app, "李建国", Fault::SlowMs(0)).await;
    assert_eq!(list().await, 0, "the phone rang");

    let app = TestApp::spawn().await;
    let office = app.office().await;
    let list = async || items(&app, &office, "call-list").await.len();
    let li = told(&app, "李建国", Fault::Errcode(47003)).await;
    assert_eq!(list().await, 1);
    app.clock.advance(MINUTE);
    app.sign_in(&li.name).await;
    assert_eq!(list().await, 0, "they were here since");

    let app = TestApp::spawn().await;
    let office = app.office().await;
    let list = async || items(&app, &office, "call-list").await.len();
    let li = told(&app, "李建国", Fault::Errcode(47003)).await;
    let line = li.get("/inbox").await.ok()["items"][0].clone();
    li.post(&format!("/inbox/{}/read", id(&line)), json!({})).await;
    assert_eq!(list().await, 0, "they have read it");

    let app = TestApp::spawn().await;
    told(&app, "李建国", Fault::Errcode(47003)).await;
    app.advance(Duration::from_secs(48 * 3600));
    let office = app.office().await;
    assert!(items(&app, &office, "call-list").await.is_empty(), "it has begun");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_knows_how_many_of_its_people_a_message_would_reach() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names: Vec<_> = (0..25).map(|n| format!("党员{n}")).collect();
    let people = app.members(&names).await;
    for (n, one) in people.iter().enumerate() {
        holds(&app.state, one.id, "task_change", i32::from(n < 18)).await;
    }
    let path = format!("/orgs/{}/reach?template=task_change", app.org_id(WENHUA).await);
    let reach = office.get(&path).await.ok();
    assert_eq!((&reach["people"], &reach["reachable"]), (&json!(25), &json!(18)));
    app.advance(Duration::from_secs(180 * 24 * 3600));
    let reach = app.office().await.get(&path).await.ok();
    assert_eq!(reach["reachable"], json!(0), "half a year later all have ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_a_task_is_changed_the_office_knows_how_many_of_its_people_would_hear() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let task = app.open_task(&office, 5).await;
    let (li, zhou) = (app.member("李建国").await, app.member("周敏").await);
    for who in [&li, &zhou] {
        who.claims(&task).await.ok();
    }
    // Nobody asks for who has no seat; one permission is enough, and only of that kind.
    let passer_by = app.member("孙立").await;
    for (who, kind, left) in
        [(&li, "task_change", 2), (&zhou, "reminder", 1), (&passer_by, "task_cancel", 1)]
    {
        holds(&app.state, who.id, kind, left).await;
    }
    let path = format!("/tasks/{task}/reach");
    let reach = office.get(&path).await.ok();
    let told = |kind: &str| {
        let items = reach["items"].as_array().unwrap();
        let of_kind = items.iter().find(|item| item["template"] == kind).unwrap();
        (of_kind["reachable"].clone(), of_kind["people"].clone())
    };
    assert_eq!(told("task_change"), (json!(1), json!(2)));
    assert_eq!(told("reminder"), (json!(1), json!(2)));
    assert_eq!(told("task_cancel"), (json!(0), json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_of_templates_is_fetched_once_a_day() {
    let app = TestApp::spawn().await;
    let known = async || message_template::Entity::find().count(app.state.db.read()).await.unwrap();
    app.wechat.fault("/wxaapi/newtmpl/gettemplate", 1, Fault::Errcode(48001));
    assert_eq!(
        (refresh(&app.state).await.unwrap(), known().await),
        (0, 0),
        "WeChat has none today"
    );
    app.advance(Duration::from_secs(3600));
    let listed = refresh(&app.state).await.unwrap();
    assert!(listed >= 8 && known().await == listed as u64);
    assert_eq!(refresh(&app.state).await.unwrap(), 0, "it is believed for a day");
    app.advance(Duration::from_secs(24 * 3600));
    assert_eq!(refresh(&app.state).await.unwrap(), listed);
    let rows = message_template::Entity::find().all(app.state.db.read()).await.unwrap();
    assert!(rows.iter().all(|row| row.fault.is_empty()), "{rows:?}");
}
