//! 内容核对: what may not be said is refused, what nobody can judge waits for people and is never unheard.

use std::time::Duration;

use fake_wechat::{Fault, PushTarget};
use linli::{
    content::{self, photo},
    platform::wechat::Scene,
    privacy::retention,
};
use serde_json::{Value, json};

use crate::helpers::{
    Expect, Person, Reply, TestApp, WENHUA, dump, eventually, id, photo as pixels,
};

const CHECK: &str = "/wxa/msg_sec_check";

async fn ask(app: &TestApp, who: &Person, detail: &str) -> Reply {
    let form = json!({"org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪同复查",
        "detail": detail, "urgent": true});
    who.post("/requests", form).await
}

async fn dispatch(app: &TestApp, office: &Person, request: &str) -> Reply {
    let form = json!({"slots": 1, "starts_at": app.saturday(9), "ends_at": app.saturday(10), "publish": true});
    office.post(&format!("/requests/{request}/dispatch"), form).await
}

/// What waits for the office to look at it.
async fn waiting(app: &TestApp, office: &Person) -> Vec<Value> {
    let list = office.get(&format!("/orgs/{}/content", app.org_id(WENHUA).await)).await.ok();
    list["items"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_pass_go_their_way_and_risky_ones_are_never_stored() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let good = ask(&app, &wang, "母亲要复查").await.ok();
    assert_eq!(good["content"], Value::Null);
    dispatch(&app, &office, &id(&good)).await.ok();

    let refused = ask(&app, &wang, "有空来赌博").await.refused(422, "content.rejected");
    assert!(!refused.to_string().contains("赌博"), "nobody learns which word it was");
    let amend = json!({"detail": "来赌博"});
    let open = id(&ask(&app, &wang, "还有一次").await.ok());
    wang.put(&format!("/requests/{open}"), amend).await.refused(422, "content.rejected");
    wang.put("/me", json!({"name": "赌博"})).await.refused(422, "content.rejected");
    assert_eq!(wang.get("/me").await.ok()["name"], "王阿姨");
    assert_eq!(office.get("/requests").await.ok()["items"].as_array().unwrap().len(), 2);
    assert!(waiting(&app, &office).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_urgent_request_is_heard_at_once_when_wechat_cannot_be_asked() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    app.wechat.fault(CHECK, 10, Fault::Errcode(48001));
    let asked = ask(&app, &wang, "母亲在家摔倒了").await.ok();
    assert_eq!((&asked["content"], &asked["state"]), (&json!("pending"), &json!("submitted")));
    app.settle().await;

    let seen = office.get("/requests?order=pressing").await.ok();
    assert_eq!(
        (&seen["items"][0]["detail"], &seen["items"][0]["content"]),
        (&json!("母亲在家摔倒了"), &json!("pending"))
    );
    let inbox = office.get("/inbox").await.ok();
    assert!(inbox.to_string().contains("（待人工审核）陪同复查"), "{inbox}");

    let request = id(&asked);
    dispatch(&app, &office, &request).await.refused(409, "content.pending");
    let waits = waiting(&app, &office).await;
    assert_eq!(
        (&waits[0]["subject_id"], &waits[0]["suggest"], &waits[0]["kind"]),
        (&json!(request), &Value::Null, &json!("request"))
    );
    assert!(waits[0]["words"].as_str().unwrap().contains("摔倒"));
    office.does(&format!("/content/{}/pass", id(&waits[0]))).await.ok();
    assert_eq!(wang.get(&format!("/requests/{request}")).await.ok()["content"], Value::Null);
    dispatch(&app, &office, &request).await.ok();
    office.does(&format!("/content/{}/pass", id(&waits[0]))).await.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_wechat_doubts_or_will_not_judge_waits_for_people() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let doubted = ask(&app, &wang, "有存疑词").await.ok();
    assert_eq!(doubted["content"], "pending");
    assert_eq!(waiting(&app, &office).await[0]["suggest"], "review");
    // Nobody was seen within two hours.
    app.wechat.advance(Duration::from_secs(3 * 3600));
    let stale = ask(&app, &wang, "灯坏了").await.ok();
    assert_eq!(stale["content"], "pending");
    // Somebody of the office has no WeChat account, and their own words are another's to look at.
    let own = ask(&app, &office, "替李奶奶记下").await.ok();
    assert_eq!(own["content"], "pending");
    let waits = waiting(&app, &office).await;
    assert_eq!(waits.len(), 3);
    office.does(&format!("/content/{}/pass", id(&waits[0]))).await.refused(403, "content.own");
    let second = app.staff("wenhua2").await;
    second.does(&format!("/content/{}/pass", id(&waits[0]))).await.ok();
    dispatch(&app, &office, &id(&own)).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_long_words_one_part_that_passed_does_not_speak_for_one_that_was_not_heard() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let long = "走廊的灯坏了。".repeat(500);
    let check = async || {
        let checked = content::check(&app.state, wang.id, Scene::Forum, &long).await.unwrap();
        format!("{:?}", checked.unwrap())
    };
    assert!(check().await.contains("verdict: Some"));
    app.wechat.fault(CHECK, 1, Fault::Errcode(61010));
    let half = check().await;
    assert!(half.contains("verdict: None"), "{half}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_verdict_is_about_the_words_it_was_made_of() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let request = id(&ask(&app, &wang, "有存疑词").await.ok());
    let first = waiting(&app, &office).await.remove(0);
    let path = format!("/requests/{request}");
    // A harmless title does not wash the detail.
    wang.put(&path, json!({"title": "陪同去医院"})).await.ok();
    let second = waiting(&app, &office).await;
    assert_eq!(second.len(), 1, "one version waits, not two");
    assert_ne!(second[0]["id"], first["id"]);
    office.does(&format!("/content/{}/pass", id(&first))).await.refused(409, "state.conflict");
    dispatch(&app, &office, &request).await.refused(409, "content.pending");

    let why = json!({"reason": "请不要写别人的名字"});
    office.post(&format!("/content/{}/refuse", id(&second[0])), why).await.ok();
    assert_eq!(wang.get(&path).await.ok()["content"], "refused");
    dispatch(&app, &office, &request).await.refused(422, "content.rejected");
    // Mended, it goes its way.
    let mended = wang.put(&path, json!({"detail": "母亲要复查"})).await.ok();
    assert_eq!(mended["content"], Value::Null);
    dispatch(&app, &office, &request).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn decisions_are_audited_and_words_rest_sealed() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    ask(&app, &wang, "有存疑词").await.ok();
    let waits = waiting(&app, &office).await;
    let stored = dump::everything(app.state.db.read()).await;
    assert!(!stored.contains("存疑词"), "words wait sealed");
    let why = json!({"reason": "理由写清楚"});
    office.post(&format!("/content/{}/refuse", id(&waits[0])), why).await.ok();
    let audit = app.staff("operator").await.get("/audit").await.ok();
    assert!(audit.to_string().contains("content.refused"), "{audit}");
    // A second look may come to another end.
    office.does(&format!("/content/{}/pass", id(&waits[0]))).await.ok();
}

/// A request with a photo.
async fn asked_with_photo(app: &TestApp, who: &Person) -> Value {
    let photo = who.uploads(&pixels()).await;
    let form = json!({"org_id": app.org_id(WENHUA).await, "category": "助老", "title": "换灯泡",
        "detail": "楼道灯坏了", "photo_ids": [photo]});
    who.post("/requests", form).await.ok()
}

/// How many photos of its request a task shows to somebody.
async fn photos_on(who: &Person, task: &str) -> usize {
    let page = who.get(&format!("/tasks/{task}")).await.ok();
    page["request_photos"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_of_a_request_is_its_authors_and_the_offices_until_wechat_said_so_by_push() {
    let app = TestApp::with(&[("http.public_url", "http://127.0.0.1:0".into())]).await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let request = asked_with_photo(&app, &wang).await;
    let task = dispatch(&app, &office, &id(&request)).await.ok();
    let task = id(&task);
    let li = app.member("李建国").await;
    li.claims(&task).await.ok();
    for who in [&wang, &office] {
        let seen = who.get(&format!("/requests/{}", id(&request))).await.ok();
        assert_eq!(seen["photos"].as_array().unwrap().len(), 1);
    }
    assert_eq!(photos_on(&li, &task).await, 0);
    app.wechat.push_to(Some(PushTarget {
        url: format!("{}/wechat/push", app.url),
        token: "example-push-token".into(),
        aes_key: Some("exampleExampleexampleExampleexampleExample1".into()),
        wording: fake_wechat::Wording::default(),
    }));
    photo::ask(&app.state).await.unwrap();
    assert_eq!(photos_on(&li, &task).await, 0);
    eventually("WeChat has looked and said so", async || {
        app.settle().await;
        photos_on(&li, &task).await == 1
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_wechat_is_not_asked_whoever_dispatches_has_seen_the_photo() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let request = asked_with_photo(&app, &wang).await;
    photo::ask(&app.state).await.unwrap();
    let waits = waiting(&app, &office).await;
    assert_eq!(waits[0]["kind"], "photo");
    assert_eq!(waits[0]["photo"]["id"], request["photos"][0]["id"]);
    let task = id(&dispatch(&app, &office, &id(&request)).await.ok());
    assert!(waiting(&app, &office).await.is_empty());
    let li = app.member("李建国").await;
    li.claims(&task).await.ok();
    assert_eq!(photos_on(&li, &task).await, 1);
    assert!(!app.wechat.calls().contains_key("/wxa/media_check_async"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_looked_at_is_kept_no_longer_than_needed() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    ask(&app, &wang, "母亲要复查").await.ok();
    let doubted = id(&ask(&app, &wang, "有存疑词").await.ok());
    let photographed = asked_with_photo(&app, &wang).await;
    photo::ask(&app.state).await.unwrap();
    let seen = waiting(&app, &office).await.remove(0);
    let why = json!({"reason": "照片里有路人"});
    office.post(&format!("/content/{}/refuse", id(&seen)), why).await.ok();
    let rows = async |sql: &str| dump::texts(app.state.db.read(), sql).await.len();
    let day = Duration::from_secs(24 * 3600);

    app.clock.advance(day * 179);
    retention::run(&app.state, false).await.unwrap();
    assert_eq!(rows("SELECT version FROM content_check").await, 3);
    app.clock.advance(day * 2);
    retention::run(&app.state, false).await.unwrap();
    assert_eq!(rows("SELECT version FROM content_check WHERE state = 'passed'").await, 0);
    assert_eq!(rows("SELECT version FROM content_check WHERE words IS NOT NULL").await, 1);
    assert_eq!(rows("SELECT state FROM media_check WHERE reason IS NOT NULL").await, 1);

    // Words nobody passed go, and still are not passed.
    app.clock.advance(day * 30 * 24);
    retention::run(&app.state, false).await.unwrap();
    assert_eq!(rows("SELECT version FROM content_check WHERE words IS NOT NULL").await, 0);
    assert_eq!(rows("SELECT state FROM media_check WHERE reason IS NOT NULL").await, 0);
    let wang = app.sign_in("王阿姨").await;
    assert_eq!(wang.get(&format!("/requests/{doubted}")).await.ok()["content"], "pending");
    assert_eq!(
        rows("SELECT state FROM media_check").await,
        1,
        "a photo that is there keeps its mark"
    );
    let other = json!({"photo_ids": []});
    wang.put(&format!("/requests/{}", id(&photographed)), other).await.ok();
    linli::file::tidy(&app.state).await.unwrap();
    retention::run(&app.state, false).await.unwrap();
    assert_eq!(rows("SELECT state FROM media_check").await, 0);
}
