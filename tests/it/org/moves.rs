//! 组织关系转接 and 双报到: where people belong changes, their hours stay and are seen by both.

use linli::kernel::Day;
use serde_json::json;

use crate::helpers::{Expect, OTHER_COMMUNITY, Person, TestApp, WENHUA, id};

/// The membership of the branch's only member.
async fn only_place(keeper: &Person, branch: &str) -> String {
    id(&keeper.get(&format!("/orgs/{branch}/members")).await.ok()["items"][0])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_moves_away_belongs_there_once_the_other_branch_says_so() {
    let app = TestApp::spawn().await;
    let (secretary, far_office) = (app.staff("secretary").await, app.staff("maocaopu").await);
    let li = app.member("李建国").await;
    let there = app.branch_id(OTHER_COMMUNITY).await;
    let here = app.branch_id(WENHUA).await;
    let old = only_place(&secretary, &here).await;
    let go = json!({"org_id": there, "reason": "调到茅草铺工作"});
    let moved = secretary.post(&format!("/memberships/{old}/move"), go.clone()).await.ok();
    assert_eq!((&moved["state"], &moved["org_id"]), (&json!("pending"), &json!(there)));
    secretary
        .post(&format!("/memberships/{old}/move"), go.clone())
        .await
        .refused(409, "state.conflict");

    // Refused: back where they were.
    let refuse = format!("/memberships/{}/refuse", id(&moved));
    far_office.post(&refuse, json!({"reason": "没有收到介绍信"})).await.ok();
    let me = li.get("/me").await.ok();
    assert_eq!(me["memberships"][0]["org_id"], json!(here));
    assert_eq!(me["memberships"][0]["state"], "confirmed");

    let again = secretary.post(&format!("/memberships/{old}/move"), go).await.ok();
    far_office.does(&format!("/memberships/{}/confirm", id(&again))).await.ok();
    let me = li.get("/me").await.ok();
    assert_eq!(me["memberships"].as_array().unwrap().len(), 1);
    assert_eq!(me["memberships"][0]["org_id"], json!(there));
    let end = format!("/memberships/{}/end", id(&again));
    secretary.post(&end, json!({"reason": "不归我们"})).await.refused(404, "not_found");
    let far = app.staff("maocaopu").await;
    far.post(&format!("/memberships/{}/end", id(&again)), json!({"reason": "迁往外省"})).await.ok();
    assert_eq!(li.get("/me").await.ok()["memberships"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_reaches_both_branches_moves_people_at_once() {
    let app = TestApp::spawn().await;
    let leader = app.staff("leader").await;
    app.member("李建国").await;
    let old = only_place(&leader, &app.branch_id(WENHUA).await).await;
    let new =
        json!({"parent_id": app.org_id(WENHUA).await, "kind": "branch", "name": "第二党支部"});
    let second = id(&leader.post("/orgs", new).await.ok());
    leader.put(&format!("/memberships/{old}"), json!({"class": "mobile"})).await.ok();
    let go = json!({"org_id": second, "reason": "支部重新划分"});
    let moved = leader.post(&format!("/memberships/{old}/move"), go).await.ok();
    assert_eq!((&moved["state"], &moved["class"]), (&json!("confirmed"), &json!("mobile")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_home_branch_and_the_community_one_lives_in_both_see_the_hours() {
    let app = TestApp::spawn().await;
    let (office, zhou) =
        (app.office().await, app.members_of(OTHER_COMMUNITY, &["周敏".to_owned()]).await.remove(0));
    let (wenhua, home) = (app.org_id(WENHUA).await, app.branch_id(OTHER_COMMUNITY).await);
    let lives = json!({"org_id": wenhua, "kind": "residence"});
    let lives = id(&zhou.post("/me/memberships", lives).await.ok());
    let here = format!("/orgs/{wenhua}/members/{}/hours", zhou.id);
    office.get(&here).await.refused(404, "not_found");
    office.does(&format!("/memberships/{lives}/confirm")).await.ok();

    let task = app.open_task(&office, 2).await;
    let claim = id(&zhou.claims(&task).await.ok());
    app.clock.set(Day::of(app.state.clock.now()).next_saturday().time(9, 0));
    let (office, zhou) = (app.office().await, app.sign_in("周敏").await);
    let page = office.get(&format!("/tasks/{task}")).await.ok();
    let code = json!({"code": page["check_in_code"]});
    zhou.post(&format!("/claims/{claim}/check-in"), code).await.ok();
    app.clock.set(Day::of(app.state.clock.now()).time(10, 30));
    let (office, zhou) = (app.office().await, app.sign_in("周敏").await);
    zhou.does(&format!("/claims/{claim}/check-out")).await.ok();
    office.post(&format!("/tasks/{task}/report"), json!({"words": "顺利"})).await.ok();
    app.staff("wenhua2").await.does(&format!("/tasks/{task}/confirm")).await.ok();

    assert_eq!(office.get(&here).await.ok()["total_minutes"], 90);
    let far_office = app.staff("maocaopu").await;
    let there = format!("/orgs/{home}/members/{}/hours", zhou.id);
    let seen = far_office.get(&there).await.ok();
    assert_eq!((&seen["total_minutes"], &seen["items"][0]["minutes"]), (&json!(90), &json!(90)));
    far_office.get(&here).await.refused(404, "not_found");
}
