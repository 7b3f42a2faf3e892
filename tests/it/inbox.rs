//! The inbox: who hears of what, once, and nobody else.

use ::entity::event::{Column, Entity};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

/// Kind and body of each line, newest first.
async fn lines(who: &Person) -> Vec<(String, String)> {
    let page = who.get("/inbox?limit=100").await.ok();
    let line = |line: &Value| {
        (line["kind"].as_str().unwrap().to_owned(), line["body"].as_str().unwrap().to_owned())
    };
    page["items"].as_array().unwrap().iter().map(line).collect()
}

async fn kinds(who: &Person) -> Vec<String> {
    lines(who).await.into_iter().map(|(kind, _)| kind).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_hears_when_it_is_their_turn_and_what_became_of_it() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names = ["李建国", "赵敏", "孙立", "周敏"].map(ToOwned::to_owned);
    let people = app.members(&names).await;
    let task = app.open_task(&office, 1).await;
    let claim = id(&people[0].claims(&task).await.ok());
    let path = format!("/tasks/{task}/waitlist");
    for (who, at_once) in [(&people[1], false), (&people[2], true), (&people[3], false)] {
        who.post(&path, json!({"at_once": at_once})).await.ok();
    }
    people[0].releases(&claim).await;
    app.settle().await;
    let told = lines(&people[1]).await;
    assert_eq!(told[0].0, "offer.made");
    assert!(told[0].1.contains("11月22日 10:30 前有效"), "{told:?}");
    let offer = id(&people[1].get("/me/offers").await.ok()["items"][0]);
    people[1].does(&format!("/offers/{offer}/decline")).await.ok();
    app.settle().await;
    assert_eq!(kinds(&people[2]).await, ["offer.accepted"], "taken at once, not asked before");
    let taken = people[2].get(&format!("/tasks/{task}")).await.ok();
    let taken = taken["claim_id"].as_str().unwrap();
    let to = json!({"user_id": people[0].id});
    let offer = id(&people[2].post(&format!("/claims/{taken}/hand-over"), to).await.ok());
    app.settle().await;
    people[0].does(&format!("/offers/{offer}/accept")).await.ok();
    app.settle().await;
    assert_eq!(kinds(&people[0]).await, ["offer.made"]);
    assert_eq!(kinds(&people[2]).await, ["claim.handed_over", "offer.accepted"]);
    office.post(&format!("/tasks/{task}/cancel"), json!({"reason": "下雨"})).await.ok();
    app.settle().await;
    assert_eq!(kinds(&people[3]).await, ["waitlist.passed"]);
    assert_eq!(kinds(&people[1]).await, ["offer.made"], "nothing more");
}

async fn asked(app: &TestApp, who: &Person) -> String {
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "维修", "title": "楼道灯坏了",
        "detail": "三单元二楼的灯不亮"});
    id(&who.post("/requests", ask).await.ok())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_hears_of_what_concerns_them_and_not_of_their_own_doing() {
    let app = TestApp::spawn().await;
    let (wang, li, office) =
        (app.resident("王阿姨").await, app.member("李建国").await, app.office().await);
    let colleague = app.staff("wenhua2").await;
    let request = asked(&app, &wang).await;
    app.settle().await;
    assert_eq!(kinds(&office).await, ["request.new"]);
    assert_eq!(kinds(&colleague).await, ["request.new"], "whoever is on duty");
    assert!(kinds(&wang).await.is_empty(), "she knows that she asked");

    office.post(&format!("/requests/{request}/ask"), json!({"question": "哪一层？"})).await.ok();
    app.settle().await;
    let told = lines(&wang).await;
    assert_eq!(told[0].0, "request.asked");
    assert_eq!(told[0].1, "关于「楼道灯坏了」：哪一层？");
    assert!(kinds(&li).await.is_empty(), "it is none of his business");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_who_holds_a_seat_hears_that_the_task_is_off_and_why() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names = ["李建国".to_owned(), "赵敏".to_owned(), "孙立".to_owned()];
    let members = app.members(&names).await;
    let task = app.open_task_at(&office, 3, (9, 11)).await;
    for member in &members[..2] {
        member.claims(&task).await.ok();
    }
    office.post(&format!("/tasks/{task}/cancel"), json!({"reason": "大雨"})).await.ok();
    app.settle().await;
    for member in &members[..2] {
        let told = lines(member).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].1.contains("取消了") && told[0].1.ends_with("：大雨"), "{told:?}");
    }
    assert!(kinds(&members[2]).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fact_handled_twice_is_told_once() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    asked(&app, &wang).await;
    app.settle().await;
    let again = Entity::update_many()
        .col_expr(Column::HandledAt, Expr::value(Option::<i64>::None))
        .filter(Column::Kind.eq("request.submitted"))
        .exec(app.state.db.read())
        .await;
    assert_eq!(again.expect("forget the mark").rows_affected, 1);
    app.settle().await;
    assert_eq!(kinds(&office).await, ["request.new"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_read_is_no_longer_counted() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    asked(&app, &wang).await;
    asked(&app, &wang).await;
    app.settle().await;
    let count = async || office.get("/inbox/unread").await.ok()["count"].clone();
    assert_eq!(count().await, 2);
    assert_eq!(office.get("/home").await.ok()["unread"], 2);
    let first = id(&office.get("/inbox").await.ok()["items"][0]);
    for _ in 0..2 {
        office.post(&format!("/inbox/{first}/read"), json!(null)).await.ok();
        assert_eq!(count().await, 1, "reading twice changes nothing");
    }
    let unread = office.get("/inbox?unread=true").await.ok();
    assert_eq!(unread["items"].as_array().unwrap().len(), 1);
    office.post("/inbox/read-all", json!(null)).await.ok();
    assert_eq!(count().await, 0);
    let stranger = app.staff("maocaopu").await;
    let theirs = stranger.post(&format!("/inbox/{first}/read"), json!(null)).await;
    assert_eq!(theirs.status, 404);
}
