//! 定向派单: the office asks people by name; their seats are kept, for them alone and for a time.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, Reply, TestApp, id};

const HOUR: Duration = Duration::from_secs(3600);

async fn asks(app: &TestApp, office: &Person, task: &str, people: &[&Person]) -> Reply {
    let by = app.state.clock.now().plus(2 * HOUR);
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    office.post(&format!("/tasks/{task}/offers"), json!({"user_ids": ids, "expires_at": by})).await
}

async fn asked(office: &Person, task: &str) -> Vec<(String, String)> {
    let list = office.get(&format!("/tasks/{task}/offers")).await.ok();
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let rows = list["items"].as_array().unwrap().iter();
    rows.map(|row| (word(&row["user"]["name"]), word(&row["state"]))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_is_kept_for_each_who_was_asked_and_for_nobody_else() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let task = app.open_task(&office, 2).await;
    asks(&app, &office, &task, &[&li, &zhao]).await.ok();
    assert_eq!(app.seats(&task).await, (0, 2));
    sun.claims(&task).await.refused(409, "task_full");
    app.settle().await;
    let inbox = li.get("/inbox").await.ok();
    assert_eq!(inbox["items"][0]["title"], "有名额留给您", "{inbox}");
    let offer = id(&li.page(&task).await["my_offer"]);
    li.does(&format!("/offers/{offer}/accept")).await.ok();
    let offer = id(&zhao.page(&task).await["my_offer"]);
    zhao.does(&format!("/offers/{offer}/decline")).await.ok();
    assert_eq!(app.seats(&task).await, (1, 0));
    let told = asked(&office, &task).await;
    let expected = [("赵敏", "declined"), ("李建国", "accepted")];
    for (name, state) in expected {
        assert!(told.contains(&(name.to_owned(), state.to_owned())), "{told:?}");
    }
    sun.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_answer_in_time_lets_the_seat_go() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 1).await;
    asks(&app, &office, &task, &[&li]).await.ok();
    asks(&app, &office, &task, &[&li]).await.refused(409, "offer.pending");
    app.advance(3 * HOUR);
    assert_eq!(app.sweep().await, 1);
    assert_eq!(app.seats(&task).await, (0, 0));
    let office = app.office().await;
    assert_eq!(asked(&office, &task).await, [("李建国".to_owned(), "expired".to_owned())]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_asked_where_one_of_them_cannot_come_and_who_it_is_is_said() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let other = app.open_task(&office, 1).await;
    zhao.claims(&other).await.ok();
    let task = app.open_task(&office, 2).await;
    let refused =
        asks(&app, &office, &task, &[&li, &zhao]).await.refused_field("user_ids", "value");
    assert_eq!(refused["errors"][0]["message"], "不能请赵敏：对方这段时间另有任务");
    assert_eq!((app.seats(&task).await, asked(&office, &task).await.len()), ((0, 0), 0));
    let small = app.open_task_at(&office, 1, (15, 16)).await;
    asks(&app, &office, &small, &[&li, &zhao]).await.refused(409, "task_full");
    assert_eq!(app.seats(&small).await, (0, 0), "both or nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn offers_and_taps_at_once_never_give_a_seat_twice() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names: Vec<_> = (1..=12).map(|i| format!("党员{i:03}")).collect();
    let people = app.members(&names).await;
    let task = app.open_task(&office, 4).await;
    let taps = join_all(people[..8].iter().map(|who| who.claims_patiently(&task)));
    let asking =
        join_all(people[8..].iter().map(|who| async { asks(&app, &office, &task, &[who]).await }));
    let (taps, offers) = tokio::join!(taps, asking);
    let won = taps.iter().filter(|reply| reply.status == 201).count();
    let kept = offers.iter().filter(|reply| reply.status == 201).count();
    let (used, held) = app.seats(&task).await;
    assert_eq!((won, kept), (usize::try_from(used).unwrap(), usize::try_from(held).unwrap()));
    assert_eq!(won + kept, 4, "{taps:?} {offers:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_sees_who_waits_and_in_which_order() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let (task, _) = app.full(&office, &li).await;
    zhao.waits(&task).await;
    sun.waits_at_once(&task).await;
    let path = format!("/tasks/{task}/waitlist");
    let line = office.get(&path).await.ok();
    let row = |n: usize| {
        let row = &line["items"][n];
        json!([row["position"], row["user"]["name"], row["at_once"]])
    };
    assert_eq!((row(0), row(1)), (json!([1, "赵敏", false]), json!([2, "孙立", true])));
    zhao.get(&path).await.refused(403, "auth.forbidden");
    app.staff("maocaopu").await.get(&path).await.refused(404, "not_found");
}
