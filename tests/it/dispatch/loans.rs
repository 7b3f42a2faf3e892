//! Borrowing people from the community next door: only with its consent, and then in every list alike.

use serde_json::{Value, json};

use super::{NEXT_DOOR, ids};
use crate::helpers::{Expect, TestApp, WENHUA, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_next_door_may_claim_once_their_office_agrees() {
    let app = TestApp::spawn().await;
    let (office, next_door, guo) =
        (app.office().await, app.next_door().await, app.neighbour("郭大姐").await);
    let form = json!({"audience": {"volunteers": true}, "publish": true});
    let task = id(&office.post("/tasks", app.task_form(form).await).await.ok());
    let happy = app.org_id(NEXT_DOOR).await;
    let ask = json!({"org_id": happy, "note": "还差两个人"});
    let borrow = format!("/tasks/{task}/borrow");
    let loan = office.post(&borrow, ask.clone()).await.ok();
    office.post(&borrow, ask.clone()).await.refused(409, "loan.asked");
    app.settle().await;
    let told = |inbox: Value| inbox["items"][0]["title"].clone();
    assert_eq!(told(next_door.get("/inbox").await.ok()), "邻近社区想借人");
    assert_eq!(ids(&guo.get("/tasks").await.ok()), [""; 0], "nobody is lent without being asked");
    guo.claims(&task).await.refused(404, "not_found");

    let path = format!("/loans/{}", id(&loan));
    office.does(&format!("{path}/accept")).await.refused(404, "not_found");
    let asked = next_door.get(&format!("/loans?org_id={happy}")).await.ok();
    assert_eq!(
        (&asked["items"][0]["note"], &asked["items"][0]["task"]["title"]),
        (&json!("还差两个人"), &json!("消防安全巡查"))
    );
    next_door.get(&format!("/tasks/{task}")).await.refused(404, "not_found");
    assert_eq!(next_door.does(&format!("{path}/accept")).await.ok()["state"], "accepted");
    let twice = next_door.post(&format!("{path}/refuse"), json!({"reason": "反悔了"})).await;
    twice.refused(409, "loan.decided");
    app.settle().await;

    assert_eq!(told(office.get("/inbox").await.ok()), "邻近社区同意借人");
    let list = guo.get("/tasks").await.ok();
    assert_eq!((ids(&list), &list["items"][0]["can_claim"]), (vec![task.clone()], &json!(true)));
    let page = guo.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!((&page["can_claim"], &page["lent_by"]), (&json!(true), &json!([happy])));
    guo.claims(&task).await.ok();
    let mine = office.get("/loans").await.ok();
    assert_eq!(mine["items"][0]["state"], "accepted");
    assert_eq!(app.words("task.loan_accepted").await, ["幸福社区"]);
    office.post(&format!("/tasks/{task}/cancel"), json!({"reason": "下雨"})).await.ok();
    app.settle().await;
    assert_eq!(ids(&guo.get("/tasks").await.ok()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_no_has_a_reason_and_may_be_asked_again() {
    let app = TestApp::spawn().await;
    let (office, next_door, guo) =
        (app.office().await, app.next_door().await, app.neighbour("郭大姐").await);
    let task = app.open_task(&office, 3).await;
    let (borrow, ask) =
        (format!("/tasks/{task}/borrow"), json!({"org_id": app.org_id(NEXT_DOOR).await}));
    let loan = id(&office.post(&borrow, ask.clone()).await.ok());
    let no = json!({"reason": "这周我们也忙不过来"});
    next_door.post(&format!("/loans/{loan}/refuse"), no).await.ok();
    app.settle().await;
    assert_eq!(office.get("/loans").await.ok()["items"][0]["reason"], "这周我们也忙不过来");
    assert_eq!(ids(&guo.get("/tasks").await.ok()), [""; 0], "a no opens no pool");
    guo.get(&format!("/tasks/{task}")).await.refused(404, "not_found");
    guo.claims(&task).await.refused(404, "not_found");
    let again = id(&office.post(&borrow, ask).await.ok());
    office.post(&format!("/tasks/{task}/cancel"), json!({"reason": "下雨"})).await.ok();
    let late = next_door.does(&format!("/loans/{again}/accept")).await;
    assert_eq!(late.refused(409, "state.conflict")["state"], "cancelled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_borrows_from_beside_not_from_oneself_and_not_for_named_people() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 3).await;
    for own in
        [app.org_id(WENHUA).await, app.org_id("520302014").await, app.branch_id(WENHUA).await]
    {
        let reply = office.post(&format!("/tasks/{task}/borrow"), json!({"org_id": own})).await;
        reply.refused_field("org_id", "value");
    }
    let form = json!({"audience": {"people": [li.id]}, "publish": true});
    let by_name = id(&office.post("/tasks", app.task_form(form).await).await.ok());
    let ask = json!({"org_id": app.org_id(NEXT_DOOR).await});
    office
        .post(&format!("/tasks/{by_name}/borrow"), ask.clone())
        .await
        .refused(409, "loan.by_name");
    let draft = id(&office.post("/tasks", app.task_form(Value::Null).await).await.ok());
    office.post(&format!("/tasks/{draft}/borrow"), ask).await.refused(409, "state.conflict");
}
