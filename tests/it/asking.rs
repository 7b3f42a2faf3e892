//! 请谁来: who suits a task, why, and why not the others.

use linli::kernel::Day;
use serde_json::{Value, json};

use crate::{
    helpers::{Expect, OTHER_COMMUNITY, Person, TestApp, WENHUA, id},
    ledger::entered,
};

async fn suggested(office: &Person, task: &str) -> Value {
    office.get(&format!("/tasks/{task}/suggestions")).await.ok()
}

fn names(list: &Value) -> Vec<&str> {
    let rows = list.as_array().unwrap().iter();
    rows.map(|row| row["user"]["name"].as_str().unwrap()).collect()
}

fn reason<'a>(list: &'a Value, name: &str) -> &'a str {
    let row = list.as_array().unwrap().iter().find(|row| row["user"]["name"] == name);
    row.unwrap()["reason"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_not_served_for_long_comes_first_and_who_has_a_seat_is_not_asked() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    app.member("李建国").await;
    let (zhao, qian) = (app.member("赵敏").await, app.member("钱进").await);
    app.members_of(OTHER_COMMUNITY, &["外来的".to_owned()]).await;
    entered(&app, &[(zhao.id, 120)], Day::of(app.state.clock.now())).await;
    let task = app.open_task(&office, 3).await;
    let list = suggested(&office, &task).await;
    assert_eq!(list["open"], 3);
    let found = names(&list["items"]);
    assert_eq!((found.len(), found.last()), (3, Some(&"赵敏")), "{list}");
    assert!(reason(&list["items"], "李建国").contains("好久没轮到"), "{list}");
    assert!(reason(&list["items"], "赵敏").contains("最近刚参加过"), "{list}");
    assert!(reason(&list["items"], "赵敏").contains("来的可能"), "{list}");
    qian.claims(&task).await.ok();
    let list = suggested(&office, &task).await;
    assert_eq!((list["open"].clone(), names(&list["items"]).len()), (json!(2), 2));
    assert!(!list.to_string().contains("钱进") && !list.to_string().contains("外来的"), "{list}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_stands_against_somebody_is_said_to_the_office_in_words() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, _zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let other = app.open_task(&office, 2).await;
    li.claims(&other).await.ok();
    let task = app.open_task(&office, 1).await;
    let list = suggested(&office, &task).await;
    assert_eq!(names(&list["items"]), ["赵敏"]);
    let why = reason(&list["others"], "李建国");
    assert_eq!(why, "对方这段时间另有任务", "what it is, is not the office's to know");
    // A seat that is missing just now is nobody's fault.
    app.member("钱进").await.claims(&task).await.ok();
    let full = suggested(&office, &task).await;
    assert_eq!((full["open"].clone(), names(&full["items"])), (json!(0), vec!["赵敏"]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_a_request_is_dispatched_the_office_sees_who_would_suit_that_time() {
    let app = TestApp::spawn().await;
    let (office, wang) = (app.office().await, app.resident("王阿姨").await);
    let (li, _zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let org = app.org_id(WENHUA).await;
    let ask =
        json!({"org_id": org, "category": "助老", "title": "陪母亲取药", "detail": "腿脚不便"});
    let request = id(&wang.post("/requests", ask).await.ok());
    let task = app.open_task(&office, 1).await;
    li.claims(&task).await.ok();
    let time = |hours: (u32, u32)| {
        let at = |hour| app.saturday(hour).utc().format("%Y-%m-%dT%H:%M:%SZ").to_string();
        format!(
            "/requests/{request}/suggestions?starts_at={}&ends_at={}&slots=1",
            at(hours.0),
            at(hours.1)
        )
    };
    let busy = office.get(&time((9, 11))).await.ok();
    assert_eq!((names(&busy["items"]), names(&busy["others"])), (vec!["赵敏"], vec!["李建国"]));
    let later = office.get(&time((19, 20))).await.ok();
    assert_eq!(names(&later["items"]).len(), 2, "{later}");
    office.get(&format!("/requests/{request}/suggestions")).await.refused(422, "validation");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_are_the_offices_own() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 1).await;
    let path = format!("/tasks/{task}/suggestions");
    li.get(&path).await.refused(403, "auth.forbidden");
    app.staff("maocaopu").await.get(&path).await.refused(404, "not_found");
}
