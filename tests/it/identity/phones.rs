//! 绑定手机号: to a fresh account, to a row of the roster, and when it must not be.

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, TestApp, WENHUA, dump, fresh_key};

const PHONE: &str = "13987654321";

impl Person {
    async fn binds(&self, phone: &str) -> crate::helpers::Reply {
        self.post("/me/phone", json!({"code": format!("dev:{phone}")})).await
    }
}

/// The branch's secretary writes somebody into the roster.
async fn enters(app: &TestApp, name: &str, phone: &str) -> Value {
    let (secretary, branch) = (app.staff("secretary").await, app.branch_id(WENHUA).await);
    let row = json!({"name": name, "phone": phone, "skills": ["急救"]});
    secretary.post_keyed(&format!("/orgs/{branch}/members"), &fresh_key(), &row).await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_account_takes_its_number_and_shows_its_ends_alone() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let code = app.wechat.phone_code("86", PHONE);
    let bound = wang.post("/me/phone", json!({"code": code})).await.ok();
    assert_eq!(
        (&bound["relogin"], &bound["user"]["phone"]),
        (&json!(false), &json!("139****4321"))
    );
    assert_eq!(wang.get("/me").await.ok()["phone"], "139****4321");
    let used = wang.post("/me/phone", json!({"code": code})).await;
    used.refused(422, "auth.phone_code_expired");
    wang.binds(PHONE).await.ok();
    wang.binds("13700001111").await.ok();
    assert_eq!(wang.get("/me").await.ok()["phone"], "137****1111");
    let other = app.resident("李大爷").await;
    other.binds(PHONE).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_of_the_roster_becomes_the_account() {
    let app = TestApp::spawn().await;
    let row = enters(&app, "李建国", PHONE).await;
    let newcomer = app.sign_in("小李的微信").await;
    let bound = newcomer.binds(PHONE).await.ok();
    assert_eq!((&bound["relogin"], &bound["user"]["id"]), (&json!(true), &row["person_id"]));
    newcomer.get("/me").await.refused(401, "auth.relogin");

    let li = app.sign_in("小李的微信").await;
    let me = li.get("/me").await.ok();
    assert_eq!((&me["id"], &me["name"]), (&row["person_id"], &json!("李*")));
    assert_eq!(me["memberships"][0]["org_id"], app.branch_id(WENHUA).await);
    let again = li.binds(PHONE).await.ok();
    assert_eq!(again["relogin"], false);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_of_an_account_in_use_stays_there() {
    let app = TestApp::spawn().await;
    let (wang, other) = (app.resident("王阿姨").await, app.resident("李大爷").await);
    wang.binds(PHONE).await.ok();
    other.binds(PHONE).await.refused(409, "phone.taken");
    assert_eq!(other.get("/me").await.ok()["phone"], Value::Null);
    assert_eq!(app.sign_in("王阿姨").await.id, wang.id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_bind_the_same_number_at_once_one_gets_it() {
    let app = TestApp::spawn().await;
    let (wang, other) = (app.resident("王阿姨").await, app.resident("李大爷").await);
    let (a, b) = tokio::join!(wang.binds(PHONE), other.binds(PHONE));
    let (won, lost) = if a.is_success() { (a, b) } else { (b, a) };
    won.ok();
    lost.refused(409, "phone.taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_with_a_history_is_not_merged_into_the_roster() {
    let app = TestApp::spawn().await;
    enters(&app, "李建国", PHONE).await;
    let community = app.org_id(WENHUA).await;

    let asks = app.resident("求助的人").await;
    let ask = json!({"org_id": community, "category": "维修", "title": "楼道灯坏了", "detail": "二楼不亮"});
    asks.post("/requests", ask).await.ok();
    let reports = app.resident("报到的人").await;
    let place = json!({"org_id": community, "kind": "residence"});
    reports.post("/me/memberships", place).await.ok();
    let works = app.resident("社区的人").await;
    let post = json!({"user_id": works.id, "role": "secretary"});
    app.staff("operator").await.post(&format!("/orgs/{community}/roles"), post).await.ok();

    for who in [asks, reports, works] {
        who.binds(PHONE).await.refused(409, "phone.taken");
        assert_eq!(app.sign_in(&who.name).await.id, who.id, "{} stays who they are", who.name);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_names_and_addresses_rest_sealed() {
    let app = TestApp::spawn().await;
    let row = enters(&app, "欧阳建国", PHONE).await;
    assert_eq!((&row["name"], &row["phone"]), (&json!("欧*"), &json!("139****4321")));
    let member = app.sign_in("小欧的微信").await;
    member.binds(PHONE).await.ok();
    let wang = app.resident("王阿姨").await;
    wang.binds("13700001111").await.ok();
    let ask = json!({
        "org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪同复查",
        "detail": "母亲患有帕金森", "place": {"name": "文化小区", "address": "文化路 8 号 3 单元 502"},
    });
    let request = wang.post_keyed("/requests", &fresh_key(), &ask).await.ok();
    let office = app.office().await;
    let path = format!("/requests/{}/dispatch", request["id"].as_str().unwrap());
    let form = json!({"slots": 1, "starts_at": app.saturday(9), "ends_at": app.saturday(10), "publish": true});
    office.post_keyed(&path, &fresh_key(), &form).await.ok();
    app.settle().await;

    let stored = dump::everything(app.state.db.read()).await;
    assert!(stored.contains("王阿姨"), "the dump shows what is stored");
    for canary in [PHONE, "87654321", "13700001111", "欧阳", "单元", "帕金森"] {
        let line = stored.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{canary} lies open in {line:?}");
    }
    let kept = stored.lines().filter(|line| line.starts_with("idempotency_key")).count();
    assert_eq!(kept, 3, "answers kept for retries were looked at too");
}
