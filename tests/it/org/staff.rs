//! 授权: a role reaches its subtree and no further, and some roles never meet in one account.

use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, Person, TestApp, WENHUA, id};

fn account(username: &str, role: &str) -> Value {
    json!({"account": {"username": username, "name": "新同事", "password": "linli-test-2026"}, "role": role})
}

async fn appoints(app: &TestApp, by: &Person, code: &str, body: Value) -> crate::helpers::Reply {
    by.post(&format!("/orgs/{}/roles", app.org_id(code).await), body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_reaches_its_subtree_and_no_further() {
    let app = TestApp::spawn().await;
    let leader = app.staff("leader").await;
    appoints(&app, &leader, "520302014", account("street", "dispatcher")).await.ok();
    let street = app.staff("street").await;
    let wang = app.resident("王阿姨").await;
    let mut asked = Vec::new();
    for code in [WENHUA, "520302014", OTHER_COMMUNITY] {
        let ask = json!({"org_id": app.org_id(code).await, "category": "维修", "title": "楼道灯坏了", "detail": "二楼不亮"});
        asked.push(id(&wang.post("/requests", ask).await.ok()));
    }
    let inbox = |who: Person| async move {
        let items = who.get("/requests?state=submitted").await.ok()["items"].clone();
        let mut ids: Vec<_> = items.as_array().unwrap().iter().map(id).collect();
        ids.sort_unstable();
        ids
    };
    asked.sort_unstable();
    assert_eq!(inbox(street.clone()).await, asked[..2]);
    assert_eq!(
        inbox(app.office().await).await,
        asked[..1],
        "a community does not see its street's"
    );
    assert_eq!(inbox(app.staff("maocaopu").await).await, asked[2..]);
    let foreign = format!("/requests/{}/decline", asked[2]);
    street.post(&foreign, json!({"reason": "不归我们"})).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_given_can_be_taken_back_and_ends_with_the_next_request() {
    let app = TestApp::spawn().await;
    let leader = app.staff("leader").await;
    let given = appoints(&app, &leader, WENHUA, account("new", "dispatcher")).await.ok();
    let new = app.staff("new").await;
    new.get("/requests").await.ok();
    let roles = format!("/orgs/{}/roles", app.org_id(WENHUA).await);
    let listed = leader.get(&roles).await.ok();
    let mut listed = listed["items"].as_array().unwrap().iter();
    assert!(listed.any(|one| one["id"] == given["id"] && one["name"] == "新同事"));
    let same = json!({"user_id": given["user_id"], "role": "dispatcher"});
    assert_eq!(
        leader.post(&roles, same).await.ok()["id"],
        given["id"],
        "the same again is the same"
    );
    assert_eq!(leader.delete(&format!("{roles}/{}", id(&given))).await.status, 204);
    leader.delete(&format!("{roles}/{}", id(&given))).await.refused(404, "not_found");
    assert_eq!(new.get("/me").await.ok()["roles"], json!([]));
    let task = json!({"org_id": app.org_id(WENHUA).await, "title": "巡查", "slots": 1,
        "starts_at": app.saturday(9), "ends_at": app.saturday(10)});
    new.post("/tasks", task).await.refused(403, "auth.forbidden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn operator_auditor_and_business_never_meet_in_one_account() {
    let app = TestApp::spawn().await;
    let operator = app.staff("operator").await;
    let (wang, zhao) = (app.resident("王阿姨").await, app.resident("赵敏").await);
    let give = async |who: &Person, role: &str| {
        appoints(&app, &operator, WENHUA, json!({"user_id": who.id, "role": role})).await
    };
    give(&wang, "dispatcher").await.ok();
    give(&wang, "secretary").await.ok();
    give(&wang, "operator").await.refused(409, "role.conflict");
    give(&wang, "auditor").await.refused(409, "role.conflict");
    give(&zhao, "auditor").await.ok();
    give(&zhao, "dispatcher").await.refused(409, "role.conflict");
    give(&zhao, "operator").await.refused(409, "role.conflict");
    let own = json!({"user_id": operator.id, "role": "leader"});
    appoints(&app, &operator, WENHUA, own).await.refused(409, "role.conflict");
    operator.get("/requests").await.ok();
    assert_eq!(operator.get("/requests").await.ok()["items"], json!([]), "no business of theirs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_leader_appoints_for_the_daily_work_of_the_own_district_alone() {
    let app = TestApp::spawn().await;
    let leader = app.staff("leader").await;
    for role in ["operator", "auditor"] {
        let refused = appoints(&app, &leader, WENHUA, account("another", role)).await;
        let told = refused.refused(403, "auth.forbidden");
        assert!(told["detail"].as_str().unwrap().contains("领导只能"), "{told}");
    }
    appoints(&app, &leader, WENHUA, account("wenhua", "dispatcher"))
        .await
        .refused(409, "username.taken");
    let beyond = appoints(&app, &leader, OTHER_COMMUNITY, account("another", "dispatcher")).await;
    beyond.refused(404, "not_found");
    let above = appoints(&app, &leader, "5203", account("another", "dispatcher")).await;
    above.refused(404, "not_found");
    let office = app.office().await;
    appoints(&app, &office, WENHUA, account("another", "dispatcher"))
        .await
        .refused(403, "auth.forbidden");
    let nobody = json!({"user_id": uuid::Uuid::nil(), "role": "dispatcher"});
    appoints(&app, &leader, WENHUA, nobody).await.refused(404, "not_found");
    let both = json!({"role": "dispatcher"});
    appoints(&app, &leader, WENHUA, both).await.refused_field("user_id", "required");
    let short = json!({"account": {"username": "another", "name": "新", "password": "short"}, "role": "dispatcher"});
    appoints(&app, &leader, WENHUA, short).await.refused(422, "validation");
}
