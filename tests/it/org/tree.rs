//! 组织树 and 设置: anybody may look, keepers change, and what is set holds below.

use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, WENHUA, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tree_is_public() {
    let app = TestApp::spawn().await;
    let (street, wenhua) = (app.org_id("520302014").await, app.org_id(WENHUA).await);
    let below = app.get(&format!("/api/v1/orgs?parent_id={street}")).await.ok();
    let names: Vec<_> = below["items"].as_array().unwrap().iter().map(|o| &o["name"]).collect();
    assert_eq!(names, ["文化社区", "幸福社区"]);
    let found = app.get("/api/v1/orgs?q=茅草").await.ok();
    assert_eq!(found["items"][0]["code"], OTHER_COMMUNITY);
    let way = json!(["贵州省", "遵义市", "汇川区", "上海路街道"]);
    assert_eq!(found["items"][0]["within"], way, "names alone are not enough");
    let found = app.get(&format!("/api/v1/orgs?under={street}&q=支部")).await.ok();
    let names: Vec<_> = found["items"].as_array().unwrap().iter().map(|o| &o["name"]).collect();
    assert_eq!(names, ["文化社区第一党支部"], "of that street alone, however far below");
    let nothing = app.get("/api/v1/orgs?q=%25").await.ok();
    assert_eq!(nothing["items"], json!([]), "a sign of LIKE is a sign like others");

    let page = app.get(&format!("/api/v1/orgs/{wenhua}")).await.ok();
    let way: Vec<_> = page["ancestors"].as_array().unwrap().iter().map(|o| &o["name"]).collect();
    assert_eq!(way, ["贵州省", "遵义市", "红花岗区", "新中街道"]);
    let nobody = uuid::Uuid::nil();
    app.get(&format!("/api/v1/orgs/{nobody}")).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_the_tree_show_each_org_once() {
    let app = TestApp::spawn().await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("/api/v1/orgs?limit=4{cursor}")).await.ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(id));
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let all = app.get("/api/v1/orgs?limit=100").await.ok();
    let all: Vec<_> = all["items"].as_array().unwrap().iter().map(id).collect();
    assert_eq!((seen.len(), &seen), (11, &all));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_keeper_adds_a_branch_where_it_may_hang_and_renames_it() {
    let app = TestApp::spawn().await;
    let (leader, wenhua) = (app.staff("leader").await, app.org_id(WENHUA).await);
    let new = json!({"parent_id": wenhua, "kind": "branch", "name": "第二党支部"});
    let branch = id(&leader.post("/orgs", new.clone()).await.ok());
    let group = json!({"parent_id": branch, "kind": "group", "name": "第一党小组"});
    leader.post("/orgs", group).await.ok();
    leader.put(&format!("/orgs/{branch}"), json!({"name": "先锋党支部"})).await.ok();
    let page = app.get(&format!("/api/v1/orgs/{branch}")).await.ok();
    assert_eq!((&page["name"], &page["kind"]), (&json!("先锋党支部"), &json!("branch")));

    let upside = json!({"parent_id": branch, "kind": "street", "name": "街道"});
    let refused = leader.post("/orgs", upside).await.refused_field("kind", "value");
    assert_eq!(refused["detail"], "街道不能设在党支部下面");
    let taken = json!({"parent_id": app.org_id("520302014").await, "kind": "community",
        "name": "另一个文化社区", "code": WENHUA});
    leader.post("/orgs", taken).await.refused(409, "org.code_taken");
    app.office().await.post("/orgs", new).await.refused(403, "auth.forbidden");
    let beyond =
        json!({"parent_id": app.org_id(OTHER_COMMUNITY).await, "kind": "branch", "name": "支部"});
    leader.post("/orgs", beyond).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn settings_hold_below_the_nearest_that_set_them_and_say_where_they_come_from() {
    let app = TestApp::spawn().await;
    let (leader, office) = (app.staff("leader").await, app.office().await);
    let (district, wenhua) = (app.org_id("520302").await, app.org_id(WENHUA).await);
    let (above, here) = (format!("/orgs/{district}/settings"), format!("/orgs/{wenhua}/settings"));

    let fresh = office.get(&here).await.ok();
    assert_eq!(fresh["values"]["open_claims_max"], 5);
    assert_eq!(fresh["set_at"]["open_claims_max"], Value::Null);
    leader.put(&above, json!({"open_claims_max": 9, "daily_claims_max": 7})).await.ok();
    let set = office.put(&here, json!({"open_claims_max": 2})).await.ok();
    assert_eq!(set["values"]["open_claims_max"], 2);
    assert_eq!(set["set_at"]["open_claims_max"], json!(wenhua));
    assert_eq!(set["values"]["daily_claims_max"], 7);
    assert_eq!(set["set_at"]["daily_claims_max"], json!(district));
    let branch = app.branch_id(WENHUA).await;
    let below = office.get(&format!("/orgs/{branch}/settings")).await.ok();
    assert_eq!(below, set);
    let back = office.put(&here, json!({"open_claims_max": null})).await.ok();
    assert_eq!(back["values"]["open_claims_max"], 9);
    assert_eq!(back["set_at"]["open_claims_max"], json!(district));

    office.put(&here, json!({"open_claims_max": 0})).await.refused(422, "validation");
    office.put(&here, json!({"no_such": 1})).await.refused_field("no_such", "unknown");
    office.put(&above, json!({"open_claims_max": 1})).await.refused(404, "not_found");
    office.get(&above).await.refused(404, "not_found");
    let other = app.staff("maocaopu").await;
    other.put(&here, json!({"open_claims_max": 1})).await.refused(404, "not_found");
    app.resident("王阿姨").await.get(&here).await.refused(403, "auth.forbidden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_district_forbids_no_community_can_switch_on() {
    let app = TestApp::spawn().await;
    let (leader, office) = (app.staff("leader").await, app.office().await);
    let (district, wenhua) = (app.org_id("520302").await, app.org_id(WENHUA).await);
    let (above, here) = (format!("/orgs/{district}/settings"), format!("/orgs/{wenhua}/settings"));
    let points = async || office.get(&here).await.ok()["settings"]["points_enabled"].clone();

    let fresh = points().await;
    assert_eq!((&fresh["value"], &fresh["default"]), (&json!(false), &json!(false)));
    assert!(fresh["rule"].as_str().unwrap().contains("2023"), "{fresh}");
    office.put(&here, json!({"points_enabled": true})).await.ok();
    assert_eq!(points().await["value"], true);

    let switch = json!({"setting": "points_enabled"});
    leader.post(&format!("{above}/forbid"), switch.clone()).await.ok();
    let forbidden = points().await;
    assert_eq!((&forbidden["value"], &forbidden["locked_at"]), (&json!(false), &json!(district)));
    let told =
        office.put(&here, json!({"points_enabled": true})).await.refused(409, "setting.locked");
    assert_eq!(told["setting"], "points_enabled");
    leader.put(&above, json!({"points_enabled": true})).await.refused(409, "setting.locked");
    leader.post(&format!("{here}/allow"), switch.clone()).await.refused(409, "setting.locked");
    office.post(&format!("{here}/forbid"), switch.clone()).await.refused(403, "auth.forbidden");
    office.put(&here, json!({"open_claims_max": 2})).await.ok();

    leader.post(&format!("{above}/allow"), switch).await.ok();
    assert_eq!(points().await["value"], true, "what the community had set holds again");
}
