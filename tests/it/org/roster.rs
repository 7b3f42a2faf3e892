//! 花名册 and 双报到: people are entered by their org, or ask for a place themselves.

use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, WENHUA, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_is_entered_once_however_many_offices_know_the_phone() {
    let app = TestApp::spawn().await;
    let (secretary, office) = (app.staff("secretary").await, app.office().await);
    let (branch, community) = (app.branch_id(WENHUA).await, app.org_id(WENHUA).await);
    let members = format!("/orgs/{branch}/members");
    let row = json!({"name": "李建国", "phone": "13987654321", "skills": ["急救", "电工", "急救"]});
    let entered = secretary.post(&members, row.clone()).await.ok();
    assert_eq!(entered["phone"], "139****4321");
    assert_eq!(entered["skills"], json!(["急救", "电工"]), "each once, in order");
    assert_eq!((&entered["kind"], &entered["state"]), (&json!("home_branch"), &json!("confirmed")));
    secretary.post(&members, row).await.refused(409, "membership.exists");

    let lives_here = json!({"name": "李建国", "phone": "13987654321", "kind": "residence"});
    let same = office.post(&format!("/orgs/{community}/members"), lives_here).await.ok();
    assert_eq!(same["person_id"], entered["person_id"]);

    let landline = json!({"name": "赵敏", "phone": "08512345678"});
    secretary.post(&members, landline).await.refused_field("phone", "value");
    let misplaced = json!({"name": "赵敏", "kind": "residence"});
    secretary.post(&members, misplaced).await.refused_field("kind", "value");
    let listed = secretary.get(&members).await.ok();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0]["name"], "李*", "a list names nobody in full");
    app.staff("maocaopu").await.get(&members).await.refused(404, "not_found");
    app.staff("operator").await.get(&members).await.refused(403, "auth.forbidden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reports_to_the_community_they_live_in_claims_there_too() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let task = app.open_task(&office, 3).await;
    app.settle().await;
    let elsewhere = app.members_of(OTHER_COMMUNITY, &["周敏".to_owned()]).await.remove(0);
    let shown = async || elsewhere.get("/tasks").await.ok()["items"].clone();
    assert_eq!(shown().await, json!([]), "the home branch lies in another district");
    elsewhere.claims(&task).await.refused(404, "not_found");

    let place = json!({"org_id": app.org_id(WENHUA).await, "kind": "residence"});
    let asked = elsewhere.post("/me/memberships", place.clone()).await.ok();
    assert_eq!(asked["state"], "pending");
    elsewhere.post("/me/memberships", place).await.refused(409, "membership.exists");
    assert_eq!(
        shown().await,
        json!([]),
        "anybody may ask; only the community's word opens its pool"
    );
    elsewhere.claims(&task).await.refused(404, "not_found");

    let confirm = format!("/memberships/{}/confirm", id(&asked));
    app.staff("maocaopu").await.does(&confirm).await.refused(404, "not_found");
    elsewhere.does(&confirm).await.refused(403, "auth.forbidden");
    office.does(&confirm).await.ok();
    assert_eq!(office.does(&confirm).await.refused(409, "state.conflict")["state"], "confirmed");
    assert_eq!(shown().await[0]["can_claim"], json!(true));
    elsewhere.claims(&task).await.ok();
    let me = elsewhere.get("/me").await.ok();
    assert_eq!(me["memberships"].as_array().unwrap().len(), 2, "the home branch stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_says_why_and_one_may_ask_again() {
    let app = TestApp::spawn().await;
    let (office, wang) = (app.office().await, app.resident("王阿姨").await);
    let place = json!({"org_id": app.org_id(WENHUA).await, "kind": "residence"});
    let asked = id(&wang.post("/me/memberships", place.clone()).await.ok());
    let refuse = format!("/memberships/{asked}/refuse");
    office.post(&refuse, json!({})).await.refused_field("reason", "required");
    let refused = office.post(&refuse, json!({"reason": "不在本社区居住"})).await.ok();
    assert_eq!(
        (&refused["state"], &refused["reason"]),
        (&json!("refused"), &json!("不在本社区居住"))
    );
    assert_eq!(wang.get("/me").await.ok()["memberships"], json!([]));
    let again = wang.post("/me/memberships", place).await.ok();
    assert_ne!(id(&again), asked);
    let wrong = json!({"org_id": app.branch_id(WENHUA).await, "kind": "residence"});
    app.resident("李大爷")
        .await
        .post("/me/memberships", wrong)
        .await
        .refused_field("kind", "value");
    let nowhere = json!({"org_id": uuid::Uuid::nil(), "kind": "residence"});
    wang.post("/me/memberships", nowhere).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_see_a_veiled_name_until_the_member_says_another() {
    let app = TestApp::spawn().await;
    let (secretary, branch) = (app.staff("secretary").await, app.branch_id(WENHUA).await);
    let row = json!({"name": "欧阳建国", "phone": "13987654321"});
    secretary.post(&format!("/orgs/{branch}/members"), row).await.ok();
    app.sign_in("小欧").await.post("/me/phone", json!({"code": "dev:13987654321"})).await.ok();
    let member = app.sign_in("小欧").await;
    let office = app.office().await;
    let task = app.open_task(&office, 3).await;
    member.claims(&task).await.ok();
    let roster = office.get(&format!("/tasks/{task}/roster")).await.ok();
    assert_eq!(roster["items"][0]["person"]["name"], json!("欧*"));
    assert_eq!(roster["items"][0]["phone"], json!("139****4321"));
    let text = roster.to_string();
    assert!(!text.contains("阳建国") && !text.contains("8765"), "{text}");
    assert_eq!(member.get("/me").await.ok()["phone"], json!("139****4321"));
    assert_ne!(roster["items"], Value::Null);
}
