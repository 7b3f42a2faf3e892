//! 类别: what an org offers, what it asks, what it promises; inherited down the tree.

use serde_json::json;

use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, WENHUA, fresh_key, id};

use super::ask;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_categories_are_set_a_request_names_one_of_them() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let org = app.org_id(WENHUA).await;
    let free = wang.post("/requests", ask(&app).await).await.ok();
    assert_eq!((&free["category"], &free["safety"]), (&json!("维修"), &json!(null)));

    let care = json!({"name": "助老", "promise_first_hours": 2, "promise_done_days": 1,
        "two_people": true, "insurance_note": "社区已投志愿者意外险",
        "questions": [{"text": "住几楼，有没有电梯？", "required": true}, {"text": "家里养狗吗？"}]});
    let key = fresh_key();
    let path = format!("/orgs/{org}/categories");
    let set = office.post_keyed(&path, &key, &care).await.ok();
    assert!(office.post_keyed(&path, &key, &care).await.is_replay(), "a retry sets nothing twice");
    let listed = app.get(&format!("/api/v1{path}")).await.ok();
    assert_eq!(listed["items"], json!([set]), "everybody sees what can be asked for");

    let mut form = ask(&app).await;
    let refused = wang.post("/requests", form.clone()).await.refused_field("category", "value");
    assert_eq!(refused["errors"][0]["message"], "请从这些类别里选：助老");
    form["category"] = json!("助老");
    let refused = wang.post("/requests", form.clone()).await.refused_field("answers", "required");
    assert_eq!(refused["errors"][0]["message"], "请回答：住几楼，有没有电梯？");
    form["answers"] = json!([{"question": "几点？", "answer": "九点"}]);
    wang.post("/requests", form.clone()).await.refused_field("answers", "value");
    form["answers"] = json!([{"question": "住几楼，有没有电梯？", "answer": "六楼，没有"}]);
    let asked = wang.post("/requests", form).await.ok();
    assert_eq!(asked["answers"][0]["answer"], "六楼，没有");
    assert_eq!(asked["safety"]["two_people"], true);
    assert_eq!(
        asked["first_answer_due"],
        json!(app.state.clock.now().plus(std::time::Duration::from_secs(2 * 3600))),
        "the category's own promise"
    );
    assert!(!app.fingerprint(&[]).await.contains("六楼"), "answers rest sealed");

    let request = id(&asked);
    wang.put(&format!("/requests/{request}"), json!({"answers": []}))
        .await
        .refused_field("answers", "required");
    let other = json!({"answers": [{"question": "住几楼，有没有电梯？", "answer": "七楼"}]});
    let amended = wang.put(&format!("/requests/{request}"), other).await.ok();
    assert_eq!(amended["answers"][0]["answer"], "七楼");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn categories_come_down_the_tree_and_the_nearest_has_the_last_word() {
    let app = TestApp::spawn().await;
    let (office, leader) = (app.office().await, app.staff("leader").await);
    let (district, org) = (app.org_id("520302").await, app.org_id(WENHUA).await);
    for name in ["助老", "维修"] {
        leader.post(&format!("/orgs/{district}/categories"), json!({"name": name})).await.ok();
    }
    let inherited = app.get(&format!("/api/v1/orgs/{org}/categories")).await.ok();
    assert_eq!(inherited["items"].as_array().unwrap().len(), 2);
    let above = id(&inherited["items"][0]);
    office
        .put(&format!("/categories/{above}"), json!({"name": "乱改"}))
        .await
        .refused(404, "not_found");

    // The community leaves 维修 to others.
    let path = format!("/orgs/{org}/categories");
    let none = office.post(&path, json!({"name": "维修", "active": false})).await.ok();
    office.post(&path, json!({"name": "维修"})).await.refused(409, "category.exists");
    let wang = app.resident("王阿姨").await;
    wang.post("/requests", ask(&app).await).await.refused_field("category", "value");
    let again = json!({"name": "维修"});
    office.put(&format!("/categories/{}", id(&none)), again).await.ok();
    wang.post("/requests", ask(&app).await).await.ok();

    // Another district has set nothing, so every word will do there.
    let mut elsewhere = ask(&app).await;
    elsewhere["org_id"] = json!(app.org_id(OTHER_COMMUNITY).await);
    elsewhere["category"] = json!("什么都行");
    wang.post("/requests", elsewhere).await.ok();
    let stranger = app.staff("maocaopu").await;
    stranger.post(&path, json!({"name": "外来"})).await.refused(404, "not_found");
}
