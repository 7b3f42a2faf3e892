//! Templates and copies: a task written once, posted again.

use serde_json::{Value, json};

use super::ids;
use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, WENHUA, id};

const ADDRESS: &str = "文化路 8 号 3 单元 502";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_of_the_street_is_used_by_its_communities_and_changed_by_the_street_alone() {
    let app = TestApp::spawn().await;
    let (office, operator) = (app.office().await, app.staff("operator").await);
    let street = app.org_id("520302014").await;
    let account =
        json!({"username": "xinzhong", "name": "新中街道", "password": "linli-test-2026"});
    let grant = json!({"account": account, "role": "dispatcher"});
    operator.post(&format!("/orgs/{street}/roles"), grant).await.ok();
    let above = app.staff("xinzhong").await;

    let task = json!({"title": "消防安全巡查", "slots": 20, "minutes": 120, "notes": "带手电筒",
        "place": {"name": "文化广场"}, "skills": ["急救"], "points": 2});
    let form = json!({"name": "周六巡查", "task": task});
    let path = format!("/orgs/{street}/task-templates");
    let template = id(&above.post(&path, form.clone()).await.ok());
    let own = app.org_id(WENHUA).await;
    let list = office.get(&format!("/orgs/{own}/task-templates")).await.ok();
    assert_eq!((ids(&list), &list["items"][0]["org_id"]), (vec![template.clone()], &json!(street)));
    assert_eq!(list["items"][0]["task"]["notes"], "带手电筒");
    let path = format!("/task-templates/{template}");
    office.put(&path, form.clone()).await.refused(404, "not_found");
    office.delete(&path).await.refused(404, "not_found");

    let starts = json!({"org_id": own, "starts_at": app.saturday(9), "slots": 3, "publish": true});
    let made = office.post(&format!("{path}/tasks"), starts).await.ok();
    assert_eq!(
        (&made["title"], &made["slots"], &made["org_id"], &made["state"], &made["notes"]),
        (&json!("消防安全巡查"), &json!(3), &json!(own), &json!("open"), &json!("带手电筒"))
    );
    assert_eq!(made["ends_at"], json!(app.saturday(11)), "as long as the template says");
    let other = json!({"starts_at": app.saturday(9)});
    office.post(&format!("{path}/tasks"), other.clone()).await.refused(404, "not_found");
    let far = app.staff("maocaopu").await;
    let theirs = app.org_id(OTHER_COMMUNITY).await;
    let mut elsewhere = other;
    elsewhere["org_id"] = json!(theirs);
    far.post(&format!("{path}/tasks"), elsewhere).await.refused(404, "not_found");
    let seen = far.get(&format!("/orgs/{theirs}/task-templates")).await.ok();
    assert_eq!(ids(&seen), [""; 0]);

    assert_eq!(above.delete(&path).await.status, 204);
    let left = office.get(&format!("/orgs/{own}/task-templates")).await.ok();
    assert_eq!(ids(&left), [""; 0]);
    office.get(&format!("/tasks/{}", id(&made))).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_template_of_a_branch_does_not_serve_the_community_above_it() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (branch, own) = (app.branch_id(WENHUA).await, app.org_id(WENHUA).await);
    let task = json!({"title": "支部志愿日", "slots": 5, "minutes": 60});
    let form = json!({"name": "志愿日", "task": task});
    let template = office.post(&format!("/orgs/{branch}/task-templates"), form).await;
    let path = format!("/task-templates/{}/tasks", id(&template.ok()));
    let upward = json!({"org_id": own, "starts_at": app.saturday(9)});
    office.post(&path, upward).await.refused(404, "not_found");
    let made = office.post(&path, json!({"starts_at": app.saturday(9)})).await.ok();
    assert_eq!(made["org_id"], json!(branch));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_is_a_draft_of_the_same_and_leaves_a_residents_home_behind() {
    let app = TestApp::spawn().await;
    let (office, wang, li) =
        (app.office().await, app.resident("王阿姨").await, app.member("李建国").await);
    let plan = json!({"skills": ["急救"], "notes": "九点集合", "lead_id": li.id, "points": 2,
        "place": {"name": "文化广场", "address": "广场东门"}, "audience": {"ring": "street", "volunteers": true},
        "claim_until": app.saturday(7), "publish": true});
    let plan = office.post("/tasks", app.task_form(plan).await).await.ok();
    let again = json!({"starts_at": app.saturday(14)});
    let copy = office.post(&format!("/tasks/{}/copy", id(&plan)), again).await.ok();
    assert_ne!(copy["id"], plan["id"]);
    assert_eq!((&copy["state"], &copy["filled"]), (&json!("draft"), &json!(0)));
    for same in [
        "title",
        "slots",
        "skills",
        "notes",
        "lead",
        "points",
        "address",
        "ring_org_id",
        "volunteers",
    ] {
        assert_eq!(copy[same], plan[same], "{same}");
    }
    assert_eq!(
        (&copy["ends_at"], &copy["claim_until"]),
        (&json!(app.saturday(16)), &json!(app.saturday(12)))
    );

    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪同复查",
        "detail": "膝盖手术后行走不便", "place": {"name": "文化小区", "lat": 27.7, "lng": 106.9, "address": ADDRESS}});
    let request = id(&wang.post("/requests", ask).await.ok());
    let form = json!({"slots": 1, "starts_at": app.saturday(9), "ends_at": app.saturday(10), "notes": "找王阿姨"});
    let task = office.post(&format!("/requests/{request}/dispatch"), form).await.ok();
    assert_eq!(task["address"], ADDRESS);
    let again = json!({"starts_at": app.saturday(14)});
    let copy = office.post(&format!("/tasks/{}/copy", id(&task)), again).await.ok();
    for gone in ["request_id", "address", "place", "place_name", "notes", "contact"] {
        assert_eq!(copy[gone], Value::Null, "{gone}");
    }
}
