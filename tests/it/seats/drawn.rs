//! 抽签: nobody has a seat before it, whoever is drawn has one, and everybody can work it out again.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const HOUR: Duration = Duration::from_secs(3600);

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl TestApp {
    /// An open task next Saturday whose seats are drawn twelve hours before.
    async fn to_be_drawn(&self, office: &Person, slots: i32) -> String {
        let task = json!({
            "org_id": self.org_id(WENHUA).await, "title": "消防安全巡查", "slots": slots, "publish": true,
            "starts_at": self.saturday(9), "ends_at": self.saturday(11),
            "draw_at": self.saturday(9).minus(HOUR * 12),
        });
        id(&office.post("/tasks", task).await.ok())
    }

    async fn draws(&self) {
        self.clock.set(self.saturday(9).minus(HOUR * 12));
        self.sweep().await;
        self.settle().await;
    }
}

impl Person {
    async fn signs_up(&self, task: &str) -> Value {
        self.does(&format!("/tasks/{task}/draw")).await.ok()
    }

    async fn draw(&self, task: &str) -> Value {
        self.get(&format!("/tasks/{task}/draw")).await.ok()
    }
}

const NAMES: [&str; 5] = ["李建国", "赵敏", "孙立", "周燕", "吴刚"];

async fn five(app: &TestApp) -> Vec<Person> {
    let mut people = Vec::new();
    for name in NAMES {
        people.push(app.member(name).await);
    }
    people
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_has_a_seat_before_the_draw_and_who_is_drawn_has_one_after_it() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let people = five(&app).await;
    let task = app.to_be_drawn(&office, 2).await;
    let page = people[0].page(&task).await;
    assert_eq!((&page["can_claim"], &page["refusal"]["code"]), (&json!(false), &json!("by_draw")));
    let refused = people[0].claims(&task).await.refused(409, "by_draw");
    assert_eq!(refused["draw_at"], page["draw_at"]);
    let forced = json!({"user_id": people[0].id, "override": true, "reason": "他先来的"});
    office.post(&format!("/tasks/{task}/assign"), forced).await.refused(409, "by_draw");
    for (who, number) in people.iter().zip(1..) {
        assert_eq!(who.signs_up(&task).await["number"], number);
    }
    let again = people[1].signs_up(&task).await;
    assert_eq!(again["number"], 2, "who signs up twice keeps their number");
    assert_eq!(people[0].draw(&task).await["seed"], Value::Null);
    app.draws().await;
    assert_eq!(app.seats(&task).await, (2, 0), "who is drawn has the seat at once");
    let mut places = Vec::new();
    for name in NAMES {
        let who = app.sign_in(name).await;
        let place = who.draw(&task).await["mine"]["place"].as_i64().unwrap();
        let page = who.page(&task).await;
        assert_eq!(page["claim_id"].is_string(), place <= 2, "{page}");
        if place > 2 {
            assert_eq!(page["my_place"]["position"], place - 2, "the others wait in that order");
        }
        places.push(place);
    }
    places.sort_unstable();
    assert_eq!(places, [1, 2, 3, 4, 5]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_is_enough_to_work_the_draw_out_again() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let people = five(&app).await;
    let task = app.to_be_drawn(&office, 1).await;
    let promised = people[0].draw(&task).await["commitment"].clone();
    for who in &people {
        who.signs_up(&task).await;
    }
    app.draws().await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let draw = app.sign_in("李建国").await.draw(&task).await;
    let seed = text(&draw["seed"]);
    assert_eq!(hash(&seed), text(&promised), "the seed was fixed before anybody signed up");
    let entries = draw["order"].as_array().unwrap();
    let mut lines: Vec<_> = entries
        .iter()
        .map(|one| (one["number"].as_i64().unwrap(), text(&one["receipt"])))
        .collect();
    lines.sort_unstable();
    let all: String =
        lines.iter().map(|(number, receipt)| format!("{number} {receipt}\n")).collect();
    assert_eq!(hash(&all), text(&draw["digest"]));
    let mut order: Vec<_> = lines.iter().map(|(number, _)| *number).collect();
    order.sort_by_key(|number| hash(&format!("{seed} {} {number}", hash(&all))));
    let shown: Vec<_> = entries.iter().map(|one| one["number"].as_i64().unwrap()).collect();
    assert_eq!(order, shown);
    assert!(!draw.to_string().contains("赵敏"), "numbers, not names");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_took_their_name_back_is_not_drawn_and_nobody_signs_up_too_late() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = app.to_be_drawn(&office, 2).await;
    li.signs_up(&task).await;
    assert_eq!(li.delete(&format!("/tasks/{task}/draw")).await.status, 204);
    assert_eq!(zhao.signs_up(&task).await["number"], 1, "nobody has seen the first one");
    app.draws().await;
    assert_eq!(app.seats(&task).await, (1, 0));
    let li = app.sign_in("李建国").await;
    li.does(&format!("/tasks/{task}/draw")).await.refused(409, "draw.over");
    assert_eq!(li.draw(&task).await["mine"], Value::Null);
    li.claims(&task).await.ok();
    assert_eq!(app.seats(&task).await, (2, 0), "what is left is for whoever comes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_drawn_once_however_many_try_and_not_for_a_task_that_was_called_off() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let people = five(&app).await;
    let (task, off) = (app.to_be_drawn(&office, 2).await, app.to_be_drawn(&office, 2).await);
    for who in &people {
        who.signs_up(&task).await;
    }
    people[0].signs_up(&off).await;
    let why = json!({"reason": "下雨"});
    office.post(&format!("/tasks/{off}/cancel"), why).await.ok();
    app.clock.set(app.saturday(9).minus(HOUR * 12));
    let rounds = (0..4).map(|_| linli::claim::sweep(&app.state));
    for done in futures_util::future::join_all(rounds).await {
        assert_eq!(done.unwrap().failed, 0);
    }
    app.settle().await;
    assert_eq!(app.seats(&task).await, (2, 0));
    let li = app.sign_in("李建国").await;
    assert_eq!(li.draw(&task).await["order"].as_array().unwrap().len(), 5);
    assert_eq!(li.draw(&off).await["drawn_at"], Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_hear_of_no_draw_and_a_form_that_cannot_be_is_told_why() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, stranger) = (app.member("李建国").await, app.resident("外人").await);
    let task = app.to_be_drawn(&office, 2).await;
    let path = format!("/tasks/{task}/draw");
    stranger.does(&path).await.refused(404, "not_found");
    stranger.get(&path).await.refused(404, "not_found");
    let plain = app.open_task(&office, 1).await;
    li.does(&format!("/tasks/{plain}/draw")).await.refused(409, "draw.none");
    li.get(&format!("/tasks/{plain}/draw")).await.refused(404, "not_found");
    let late = json!({
        "org_id": app.org_id(WENHUA).await, "title": "消防安全巡查", "slots": 2,
        "starts_at": app.saturday(9), "ends_at": app.saturday(11), "draw_at": app.saturday(10),
    });
    office.post("/tasks", late).await.refused_field("draw_at", "time");
}
