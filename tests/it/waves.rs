//! 一批一批地请: the fewest who are likely to fill a task are asked, each once, and when their time is over the next.

use std::{collections::BTreeSet, time::Duration};

use ::entity::{notice, push::PushState};
use futures_util::future::join_all;
use linli::asking::{Looked, ask_due, widen_due};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::{
    helpers::{Expect, Person, TestApp, WENHUA, id},
    notify::{agrees, pushes},
};

const HOUR: Duration = Duration::from_secs(3600);

/// No phone is left in peace: the times of these tests do not depend on the hour of the day.
async fn wakeful(app: &TestApp) -> Person {
    let office = app.office().await;
    sets(app, &office, json!({"quiet_from": 0, "quiet_until": 0})).await;
    office
}

async fn sets(app: &TestApp, office: &Person, values: Value) {
    let path = format!("/orgs/{}/settings", app.org_id(WENHUA).await);
    office.put(&path, values).await.ok();
}

/// Forty members of 文化社区.
async fn forty(app: &TestApp) -> Vec<Person> {
    let names: Vec<_> = (0..40).map(|at| format!("党员{at:02}")).collect();
    app.members(&names).await
}

/// An open task that begins after so many hours and can be claimed until two hours before.
async fn posted(
    app: &TestApp,
    office: &Person,
    slots: i32,
    (from, audience): (u32, Value),
) -> String {
    let now = app.state.clock.now();
    let task = json!({
        "org_id": app.org_id(WENHUA).await, "title": "消防安全巡查", "slots": slots, "publish": true,
        "starts_at": now.plus(from * HOUR), "ends_at": now.plus((from + 2) * HOUR),
        "claim_until": now.plus((from - 2) * HOUR), "audience": audience,
    });
    id(&office.post("/tasks", task).await.ok())
}

/// Runs the round; answers how many waves went out.
async fn look(app: &TestApp) -> usize {
    let Looked { handled, failed, .. } = ask_due(&app.state).await.expect("the round runs");
    assert_eq!(failed, 0);
    app.settle().await;
    handled
}

/// Who was asked, wave by wave, as the office reads it.
async fn asked(office: &Person, task: &str) -> Vec<Value> {
    let list = office.get(&format!("/tasks/{task}/asked")).await.ok();
    list["items"].as_array().unwrap().clone()
}

fn people(asked: &[Value]) -> BTreeSet<String> {
    asked.iter().map(|one| one["user"]["id"].as_str().unwrap().to_owned()).collect()
}

fn one_of<'a>(asked: &'a [Value], who: &Person) -> &'a Value {
    let found = asked.iter().find(|one| one["user"]["id"] == json!(who.id));
    found.unwrap_or_else(|| panic!("{} was asked: {asked:?}", who.name))
}

async fn told(app: &TestApp) -> u64 {
    let asked = notice::Entity::find().filter(notice::Column::Kind.eq("task.asked"));
    asked.count(app.state.db.read()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fewest_are_asked_and_each_hears_it_once_with_the_reason() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    let all = forty(&app).await;
    let task = posted(&app, &office, 1, (14, Value::Null)).await;
    assert_eq!(look(&app).await, 1);
    let first = asked(&office, &task).await;
    assert!((1..all.len()).contains(&first.len()), "{}", first.len());
    assert_eq!(told(&app).await, first.len() as u64);
    assert_eq!(first[0]["wave"], 1);
    assert_eq!(first[0]["answer_text"], "还没有回应");
    assert!(first[0]["reason"].as_str().unwrap().contains("来的可能"), "{first:?}");
    let chosen = people(&first);
    let page = format!("/tasks/{task}");
    let is_chosen = |who: &&Person| chosen.contains(&who.id.to_string());
    let (lucky, other) = (all.iter().find(is_chosen), all.iter().find(|who| !is_chosen(who)));
    let (lucky, other) = (lucky.unwrap(), other.unwrap());
    let why = lucky.get(&page).await.ok()["why_you"].clone();
    assert!(why.as_str().unwrap().contains("您还没参加过"), "{why}");
    assert_eq!(lucky.get("/inbox").await.ok()["items"][0]["title"], "有件事想请您帮忙");
    assert_eq!(other.get(&page).await.ok()["why_you"], Value::Null);
    assert_eq!(look(&app).await, 0, "they have time to answer");
    assert_eq!(told(&app).await, first.len() as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_their_time_is_over_others_are_asked_and_nobody_twice() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    forty(&app).await;
    let task = posted(&app, &office, 1, (14, Value::Null)).await;
    assert_eq!(look(&app).await, 1);
    let first = asked(&office, &task).await;
    app.advance(HOUR);
    assert_eq!(look(&app).await, 0);
    app.advance(2 * HOUR);
    assert_eq!(look(&app).await, 1);
    let both = asked(&app.office().await, &task).await;
    let second: Vec<_> = both.iter().filter(|one| one["wave"] == 2).cloned().collect();
    assert!(!second.is_empty() && both.len() == first.len() + second.len());
    assert!(people(&first).is_disjoint(&people(&second)));
    assert_eq!(told(&app).await, both.len() as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_task_asks_nobody_until_a_seat_is_free_again() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    let (li, _zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = posted(&app, &office, 1, (14, Value::Null)).await;
    let claim = id(&li.claims(&task).await.ok());
    assert_eq!(look(&app).await, 0);
    li.delete(&format!("/claims/{claim}")).await.ok();
    assert_eq!(look(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_is_a_yes_and_who_cannot_come_says_so() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    let (li, zhao, qian) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("钱进").await);
    let task = posted(&app, &office, 3, (14, Value::Null)).await;
    assert_eq!(look(&app).await, 1);
    li.claims(&task).await.ok();
    let no = format!("/tasks/{task}/not-this-time");
    assert_eq!(zhao.does(&no).await.status, 204);
    app.settle().await;
    let list = asked(&office, &task).await;
    let said = [&li, &zhao, &qian].map(|who| one_of(&list, who)["answer"].clone());
    assert_eq!(said, [json!("yes"), json!("no"), json!("waiting")]);
    assert!(one_of(&list, &li)["answered_at"].is_string());
    let others = office.get(&format!("/tasks/{task}/suggestions")).await.ok()["others"].clone();
    let why = |who: &Person| {
        let row = others.as_array().unwrap().iter().find(|row| row["user"]["id"] == json!(who.id));
        row.unwrap()["reason"].as_str().unwrap().to_owned()
    };
    assert_eq!(why(&zhao), "对方已经谢绝了这个任务");
    assert!(why(&qian).contains("已经问过对方"), "{}", why(&qian));
    zhao.claims(&task).await.ok();
    app.settle().await;
    assert_eq!(
        one_of(&asked(&office, &task).await, &zhao)["answer"],
        "yes",
        "they may think again"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_asked_today_is_left_in_peace_by_the_next_task() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    app.member("李建国").await;
    posted(&app, &office, 1, (14, Value::Null)).await;
    assert_eq!(look(&app).await, 1);
    let second = posted(&app, &office, 1, (72, Value::Null)).await;
    assert_eq!(look(&app).await, 0);
    app.advance(48 * HOUR);
    assert_eq!(look(&app).await, 1, "they have rested");
    assert_eq!(asked(&app.office().await, &second).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_org_may_switch_waves_off() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    app.member("李建国").await;
    sets(&app, &office, json!({"waves_enabled": false})).await;
    let task = posted(&app, &office, 1, (14, Value::Null)).await;
    assert_eq!(look(&app).await, 0);
    assert!(asked(&office, &task).await.is_empty());
    sets(&app, &office, json!({"waves_enabled": true})).await;
    app.advance(3 * HOUR);
    assert_eq!(look(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_for_named_people_asks_nobody_else_and_them_not_again() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let audience = json!({"people": [li.id], "widens_to": "community"});
    let task = posted(&app, &office, 1, (14, audience)).await;
    assert_eq!(look(&app).await, 0);
    app.advance(5 * HOUR);
    widen_due(&app.state).await.unwrap();
    app.advance(5 * HOUR);
    widen_due(&app.state).await.unwrap();
    assert_eq!(look(&app).await, 1);
    let list = asked(&app.office().await, &task).await;
    assert_eq!(people(&list), BTreeSet::from([zhao.id.to_string()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_replicas_that_look_at_once_send_one_wave() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    forty(&app).await;
    let task = posted(&app, &office, 2, (14, Value::Null)).await;
    let rounds = join_all((0..8).map(|_| ask_due(&app.state))).await;
    let rounds = rounds.into_iter().map(|round| round.map(|round| (round.handled, round.failed)));
    let (sent, failed) = rounds.fold((0, 0), |sum, round| {
        let (sent, failed) = round.unwrap();
        (sum.0 + sent, sum.1 + failed)
    });
    assert_eq!((sent, failed), (1, 0));
    app.settle().await;
    let list = asked(&office, &task).await;
    assert!(list.iter().all(|one| one["wave"] == 1));
    assert_eq!((told(&app).await, people(&list).len()), (list.len() as u64, list.len()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_agreed_to_a_message_is_rung_and_the_inbox_tells_the_others() {
    let app = TestApp::spawn().await;
    let office = wakeful(&app).await;
    let li = app.member("李建国").await;
    app.member("赵敏").await;
    agrees(&app, &li, "claim_result", "接单结果通知").await;
    posted(&app, &office, 2, (14, Value::Null)).await;
    assert_eq!(look(&app).await, 1);
    assert_eq!(told(&app).await, 2);
    let rung = pushes(&app, "task.asked").await;
    let ringing = rung.iter().filter(|push| push.state != PushState::Refused);
    assert_eq!(ringing.map(|push| push.person_id).collect::<Vec<_>>(), [li.id], "{rung:?}");
}
