//! 点单 → 派单 → 接单 → 晒单, as the people in it live it; then each turn the story can take.

use std::time::Duration;

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

const HOUR: Duration = Duration::from_secs(3600);

pub async fn asks(app: &TestApp, who: &Person) -> String {
    let request = json!({
        "org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪母亲去医院复查",
        "detail": "母亲八十二岁，腿脚不便，周六上午要去市医院复查", "urgent": false,
        "place": {"name": "文化小区", "lat": 27.70123, "lng": 106.93871, "address": "文化路 8 号 3 单元 502"},
    });
    id(&who.post("/requests", request).await.ok())
}

fn saturday_task(app: &TestApp, lead: Option<&Person>, slots: i32) -> Value {
    json!({
        "slots": slots, "starts_at": app.saturday(9), "ends_at": app.saturday(11),
        "lead_id": lead.map(|lead| lead.id), "notes": "九点在小区东门集合", "publish": true,
    })
}

pub async fn dispatches(app: &TestApp, office: &Person, request: &str, lead: &Person) -> String {
    let task = saturday_task(app, Some(lead), 2);
    id(&office.post(&format!("/requests/{request}/dispatch"), task).await.ok())
}

/// Saturday morning: they come, check in, serve, and leave.
pub async fn serves(app: &TestApp, task: &str, claims: &[(&Person, String)]) {
    app.clock.set(app.saturday(9));
    let page = app.office().await.get(&format!("/tasks/{task}")).await.ok();
    let code = page["check_in_code"].as_str().unwrap().to_owned();
    for (who, claim) in claims {
        let who = renewed(app, who).await;
        let body = json!({"code": code.to_lowercase()});
        who.post(&format!("/claims/{claim}/check-in"), body).await.ok();
    }
    app.clock.set(app.saturday(11));
    for (who, claim) in claims {
        renewed(app, who).await.does(&format!("/claims/{claim}/check-out")).await.ok();
    }
}

/// Days have passed: the app signs in again.
async fn renewed(app: &TestApp, who: &Person) -> Person {
    app.sign_in(&who.name).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_becomes_a_task_a_deed_an_answer_and_a_story() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);

    // 点单
    let request = asks(&app, &wang).await;
    let inbox = office.get("/requests?state=submitted").await.ok();
    assert_eq!(inbox["items"][0]["id"], request);
    assert_eq!(inbox["items"][0]["requester"]["name"], "王阿姨");
    assert_eq!(inbox["items"][0]["overdue"], false);

    // 派单
    let task = dispatches(&app, &office, &request, &li).await;
    app.settle().await;
    let list = zhao.get("/tasks?scope=open").await.ok();
    let card = &list["items"][0];
    assert_eq!((card["id"].as_str(), &card["can_claim"]), (Some(task.as_str()), &json!(true)));
    assert_eq!(card["place"], json!({"name": "文化社区", "lat": 27.701, "lng": 106.939}));
    assert!(!list.to_string().contains("文化路"), "the address waits for the claim");

    // 接单
    let li_claim = id(&li.claims(&task).await.ok());
    let zhao_claim = id(&zhao.claims(&task).await.ok());
    let page = zhao.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(page["address"], "文化路 8 号 3 单元 502");
    assert_eq!(page["contact"]["name"], "王阿姨");
    assert_eq!(page["check_in_code"], Value::Null, "the code is shown at the place");
    app.settle().await;
    let claims = [(&li, li_claim), (&zhao, zhao_claim.clone())];
    serves(&app, &task, &claims).await;

    // 上报、确认、评价
    let (li, zhao, wang) =
        (renewed(&app, &li).await, renewed(&app, &zhao).await, renewed(&app, &wang).await);
    let office = app.office().await;
    let words = json!({"words": "已陪同复查并送回家中"});
    li.post(&format!("/tasks/{task}/report"), words).await.ok();
    office.does(&format!("/tasks/{task}/confirm")).await.ok();
    let hours = zhao.get("/me/hours").await.ok();
    assert_eq!(hours["total_minutes"], 120);
    assert_eq!(hours["items"][0]["claim_id"], zhao_claim);
    let page = zhao.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(page["address"], Value::Null, "after the confirmation the address is gone again");
    let verdict = json!({"verdict": "done", "stars": 5, "words": "多亏你们"});
    let answer = wang.post(&format!("/requests/{request}/answer"), verdict).await.ok();
    assert_eq!(answer["request"]["state"], "closed");

    // 晒单
    let draft = json!({"title": "周六陪诊", "words": "两名党员陪老人复查，来回平安。"});
    let story = id(&li.post(&format!("/tasks/{task}/story"), draft).await.ok());
    li.does(&format!("/stories/{story}/submit")).await.ok();
    office.does(&format!("/stories/{story}/approve")).await.ok();
    let feed = app.get("/api/v1/stories").await.ok();
    assert_eq!(feed["items"][0]["title"], "周六陪诊");
    assert_eq!(
        (&feed["items"][0]["people"], &feed["items"][0]["minutes"]),
        (&json!(2), &json!(240))
    );

    // One timeline for the whole, readable by the one who asked.
    app.settle().await;
    let timeline = wang.get(&format!("/requests/{request}/timeline")).await.ok();
    let kinds: Vec<_> =
        timeline["items"].as_array().unwrap().iter().map(|e| e["kind"].as_str().unwrap()).collect();
    let told = [
        "request.submitted",
        "request.dispatched",
        "task.opened",
        "claim.granted",
        "claim.checked_in",
        "claim.checked_out",
        "task.reported",
        "request.fulfilled",
        "task.confirmed",
        "request.closed",
        "story.published",
    ];
    let mut rest = kinds.iter();
    for kind in told {
        assert!(rest.any(|told| *told == kind), "{kind} is missing or out of order in {kinds:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partly_and_not_done_bring_the_request_back_and_earned_hours_stay() {
    let app = TestApp::spawn().await;
    let (wang, li) = (app.resident("王阿姨").await, app.member("李建国").await);
    let request = asks(&app, &wang).await;
    for verdict in ["partly", "not_done"] {
        let (office, now_li) = (app.office().await, renewed(&app, &li).await);
        let mut form = saturday_task(&app, Some(&li), 1);
        let start = app.state.clock.now().plus(HOUR);
        form["starts_at"] = json!(start);
        form["ends_at"] = json!(start.plus(HOUR));
        let task = id(&office.post(&format!("/requests/{request}/dispatch"), form).await.ok());
        let claim = id(&now_li.claims(&task).await.ok());
        app.advance(HOUR);
        let (office, now_li) = (app.office().await, renewed(&app, &li).await);
        let code = office.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone();
        now_li.post(&format!("/claims/{claim}/check-in"), json!({"code": code})).await.ok();
        app.advance(HOUR);
        let (office, now_li) = (app.office().await, renewed(&app, &li).await);
        now_li.post(&format!("/tasks/{task}/report"), json!({"words": "做了一些"})).await.ok();
        office.does(&format!("/tasks/{task}/confirm")).await.ok();
        let wang = renewed(&app, &wang).await;
        let body = json!({"verdict": verdict, "words": "还差一半"});
        let answer = wang.post(&format!("/requests/{request}/answer"), body).await.ok();
        assert_eq!(answer["request"]["state"], "reopened", "{verdict}");
        let again =
            wang.post(&format!("/requests/{request}/answer"), json!({"verdict": "done"})).await;
        assert_eq!(again.refused(409, "state.conflict")["state"], "reopened");
        app.settle().await;
    }
    let hours = renewed(&app, &li).await.get("/me/hours").await.ok();
    assert_eq!((&hours["total_minutes"], &hours["total_claims"]), (&json!(120), &json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn withdrawing_before_the_work_starts_calls_everything_off() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let request = asks(&app, &wang).await;
    let task = dispatches(&app, &office, &request, &li).await;
    let claim = id(&zhao.claims(&task).await.ok());
    wang.does(&format!("/requests/{request}/withdraw")).await.ok();
    app.settle().await;
    let page = office.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!((&page["state"], &page["filled"]), (&json!("cancelled"), &json!(0)));
    assert_eq!(zhao.get(&format!("/claims/{claim}")).await.ok()["state"], "cancelled");
    assert_eq!(zhao.claims(&task).await.code(), "task_closed");
    let request = wang.get(&format!("/requests/{request}")).await.ok();
    assert_eq!(request["state"], "withdrawn");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_somebody_has_come_nobody_withdraws() {
    let app = TestApp::spawn().await;
    let (wang, office, li) =
        (app.resident("王阿姨").await, app.office().await, app.member("李建国").await);
    let request = asks(&app, &wang).await;
    let task = dispatches(&app, &office, &request, &li).await;
    let claim = id(&li.claims(&task).await.ok());
    serves(&app, &task, &[(&li, claim)]).await;
    let wang = renewed(&app, &wang).await;
    let refused = wang.does(&format!("/requests/{request}/withdraw")).await;
    assert_eq!(refused.refused(409, "state.conflict")["state"], "dispatched");
}

/// The office on Saturday morning.
async fn office_then(app: &TestApp) -> Person {
    app.clock.set(app.saturday(8));
    app.office().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_task_returns_its_request_to_the_inbox_and_can_be_dispatched_anew() {
    let app = TestApp::spawn().await;
    let (wang, office, li) =
        (app.resident("王阿姨").await, app.office().await, app.member("李建国").await);
    let request = asks(&app, &wang).await;
    let task = dispatches(&app, &office, &request, &li).await;
    let cancel = json!({"reason": "周六有暴雨"});
    office.post(&format!("/tasks/{task}/cancel"), cancel).await.ok();
    app.settle().await;
    let back = office.get("/requests?state=submitted,returned,reopened").await.ok();
    assert_eq!(back["items"][0]["state"], "returned");
    assert_eq!(back["items"][0]["reason"], "周六有暴雨");
    dispatches(&app, &office, &request, &li).await;
    app.settle().await;
    assert_eq!(wang.get(&format!("/requests/{request}")).await.ok()["state"], "dispatched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_asks_back_declines_and_returns_with_words_the_resident_reads() {
    let app = TestApp::spawn().await;
    let (wang, office, li) =
        (app.resident("王阿姨").await, app.office().await, app.member("李建国").await);
    let request = asks(&app, &wang).await;
    let path = format!("/requests/{request}");
    office.post(&format!("{path}/ask"), json!({"question": "请问几点到医院？"})).await.ok();
    let mine = wang.get(&path).await.ok();
    assert_eq!(
        (&mine["state"], &mine["reason"]),
        (&json!("needs_info"), &json!("请问几点到医院？"))
    );
    let amended = wang.put(&path, json!({"detail": "九点半到医院"})).await.ok();
    assert_eq!(
        (&amended["state"], &amended["detail"]),
        (&json!("submitted"), &json!("九点半到医院"))
    );

    let task = dispatches(&app, &office, &request, &li).await;
    office.post(&format!("{path}/return"), json!({"reason": "人手不够，重新安排"})).await.ok();
    app.settle().await;
    assert_eq!(office.get(&format!("/tasks/{task}")).await.ok()["state"], "cancelled");
    let declined =
        office.post(&format!("{path}/decline"), json!({"reason": "家属已能陪同"})).await.ok();
    assert_eq!(declined["state"], "declined");
    let again = office.post(&format!("{path}/decline"), json!({"reason": "再来一次"})).await;
    assert_eq!(again.refused(409, "state.conflict")["state"], "declined");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_check_out_ends_with_the_window_and_is_flagged() {
    let app = TestApp::spawn().await;
    let (office, li, zhao) =
        (app.office().await, app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 5).await;
    let claim = id(&li.claims(&task).await.ok());
    let missed = id(&zhao.claims(&task).await.ok());
    let office = office_then(&app).await;
    let page = office.get(&format!("/tasks/{task}")).await.ok();
    let (early, right) = (renewed(&app, &li).await, page["check_in_code"].clone());
    let body = json!({"code": right});
    early
        .post(&format!("/claims/{claim}/check-in"), body.clone())
        .await
        .refused(409, "check_in.not_now");
    app.clock.set(app.saturday(9).minus(HOUR / 2));
    let li = renewed(&app, &li).await;
    li.post(&format!("/claims/{claim}/check-in"), json!({"code": "WRONG"}))
        .await
        .refused(422, "check_in.wrong_code");
    li.post(&format!("/claims/{claim}/check-in"), body.clone()).await.ok();
    li.post(&format!("/claims/{claim}/check-in"), body).await.ok();

    app.clock.set(app.saturday(20));
    let (office, second) = (app.office().await, app.staff("wenhua2").await);
    let words = json!({"words": "巡查完成"});
    office.post(&format!("/tasks/{task}/report"), words).await.ok();
    office.does(&format!("/tasks/{task}/confirm")).await.refused(403, "confirm.own_work");
    second.does(&format!("/tasks/{task}/confirm")).await.ok();
    let claim = renewed(&app, &li).await.get(&format!("/claims/{claim}")).await.ok();
    assert_eq!((&claim["flagged"], &claim["minutes"]), (&json!(true), &json!(120)));
    let zhao = renewed(&app, &zhao).await;
    assert_eq!(zhao.get(&format!("/claims/{missed}")).await.ok()["state"], "no_show");
    assert_eq!(zhao.get("/me/hours").await.ok()["total_minutes"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_waits_for_the_closed_request_and_a_second_person() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 2).await;
    let claim = id(&li.claims(&task).await.ok());
    serves(&app, &task, &[(&li, claim)]).await;
    let (office, second) = (app.office().await, app.staff("wenhua2").await);
    office.post(&format!("/tasks/{task}/report"), json!({"words": "完成"})).await.ok();
    let draft = json!({"title": "平安巡查", "words": "社区消防巡查顺利完成。"});
    let story = id(&office.post(&format!("/tasks/{task}/story"), draft.clone()).await.ok());
    office.post(&format!("/tasks/{task}/story"), draft).await.refused(409, "story.exists");
    office.does(&format!("/stories/{story}/submit")).await.ok();
    office.does(&format!("/stories/{story}/approve")).await.refused(403, "story.own_work");
    second.does(&format!("/stories/{story}/approve")).await.refused(409, "story.waits");
    second.does(&format!("/tasks/{task}/confirm")).await.ok();
    app.get(&format!("/api/v1/stories/{story}")).await.refused(404, "not_found");
    second.does(&format!("/stories/{story}/approve")).await.ok();
    assert_eq!(app.get(&format!("/api/v1/stories/{story}")).await.ok()["minutes"], 120);
    second.does(&format!("/stories/{story}/withdraw")).await.ok();
    app.get(&format!("/api/v1/stories/{story}")).await.refused(404, "not_found");
}
