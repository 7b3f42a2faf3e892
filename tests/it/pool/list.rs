//! Which tasks the list shows: by ring, by nearness, by skill and time, page by page.

use std::time::Duration;

use reqwest::{Method, header::IF_NONE_MATCH};
use serde_json::{Value, json};

use super::ids;
use crate::helpers::{Expect, Person, TestApp, eventually, id};

const HOUR: Duration = Duration::from_secs(3600);

fn place(north: f64) -> Value {
    json!({"name": "文化广场", "lat": 27.7 + north, "lng": 106.94})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nearest_first_within_a_radius() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let far = app.posts(&office, json!({"place": place(0.03)})).await;
    let near = app.posts(&office, json!({"place": place(0.002)})).await;
    let nowhere = app.posts(&office, json!({})).await;
    let middle = app.posts(&office, json!({"place": place(0.009)})).await;
    let here = "/tasks?near=27.7,106.94";
    let all = async || ids(&li.get(here).await.ok()).len() == 4;
    eventually("this replica has heard of them", all).await;
    let list = li.get(here).await.ok();
    assert_eq!(ids(&list), [&near, &middle, &far, &nowhere].map(String::as_str));
    let metres = |i: usize| list["items"][i]["distance_m"].as_i64();
    assert!(
        (200..=250).contains(&metres(0).unwrap()) && (950..=1050).contains(&metres(1).unwrap())
    );
    assert_eq!(metres(3), None);
    let around = li.get(&format!("{here}&radius_m=1200")).await.ok();
    assert_eq!(ids(&around), [near, middle]);
    li.get("/tasks?near=here").await.refused_field("near", "value");
    li.get("/tasks?radius_m=1").await.refused(422, "validation");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn by_skill_by_time_and_by_office() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let (noon, one) = (app.saturday(12), app.saturday(13));
    let plain = app.posts(&office, json!({})).await;
    let skilled = json!({"skills": ["急救"], "starts_at": noon, "ends_at": one});
    let skilled = app.posts(&office, skilled).await;
    assert_eq!(ids(&li.get("/tasks").await.ok()), [plain.as_str(), &skilled], "the soonest first");
    assert_eq!(ids(&li.get("/tasks?skill=急救").await.ok()), [skilled.as_str()]);
    assert_eq!(ids(&li.get("/tasks?skill=驾驶").await.ok()), [""; 0]);
    let from = li.request(Method::GET, "/tasks").query(&[("from", noon.to_string())]);
    assert_eq!(ids(&li.send(from).await.unwrap().ok()), [skilled.as_str()]);
    let mine = app.org_id(crate::helpers::WENHUA).await;
    let both = li.get(&format!("/tasks?org_id={mine}")).await.ok();
    assert_eq!(ids(&both), [plain, skilled]);
    let other = app.org_id(crate::helpers::OTHER_COMMUNITY).await;
    assert_eq!(ids(&li.get(&format!("/tasks?org_id={other}")).await.ok()), [""; 0]);
}

async fn all_pages(who: &Person, path: &str) -> Vec<String> {
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = who.get(&format!("{path}&limit=3{cursor}")).await.ok();
        let shown = ids(&page);
        assert!(shown.len() <= 3);
        seen.extend(shown);
        let Some(next) = page["next_cursor"].as_str() else { return seen };
        cursor = format!("&cursor={next}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_neither_skip_nor_repeat_though_many_are_alike() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let mut posted = Vec::new();
    for _ in 0..6 {
        posted.push(app.posts(&office, json!({"place": place(0.002)})).await);
    }
    let later = json!({"starts_at": app.saturday(9).plus(HOUR), "place": place(0.001)});
    let later = app.posts(&office, later).await;
    posted.sort_unstable();
    let by_time: Vec<_> = posted.iter().chain([&later]).cloned().collect();
    assert_eq!(all_pages(&li, "/tasks?scope=open").await, by_time);
    let by_way: Vec<_> = [&later].into_iter().chain(&posted).cloned().collect();
    let near = async || all_pages(&li, "/tasks?near=27.7,106.94").await == by_way;
    eventually("the nearest first", near).await;
    li.get("/tasks?cursor=x").await.refused_field("cursor", "value");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_did_not_change_is_not_sent_again() {
    let app = TestApp::spawn().await;
    let (office, li, zhao) =
        (app.office().await, app.member("李建国").await, app.member("赵敏").await);
    let task = app.posts(&office, json!({})).await;
    for path in ["/tasks".to_owned(), format!("/tasks/{task}")] {
        let tag = li.get(&path).await.headers["etag"].clone();
        let again = async || {
            let ask = li.request(Method::GET, &path).header(IF_NONE_MATCH, &tag);
            li.send(ask).await.unwrap()
        };
        let same = again().await;
        assert_eq!((same.status, same.text.as_str()), (304, ""));
        let claim = id(&zhao.claims(&task).await.ok());
        app.settle().await;
        let changed = again().await;
        assert_eq!(changed.status, 200, "a seat was taken");
        assert_ne!(changed.headers["etag"], tag);
        zhao.releases(&claim).await;
        app.settle().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_shows_in_its_ring_and_nowhere_else() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let neighbour = app.resident("幸福社区的人").await;
    let place = json!({"org_id": app.org_id("520302014005").await, "kind": "residence"});
    let asked = id(&neighbour.post("/me/memberships", place).await.ok());
    let leader = app.staff("leader").await;
    leader.does(&format!("/memberships/{asked}/confirm")).await.ok();
    neighbour.put("/me", json!({"volunteer": true})).await.ok();
    let far = app.members_of(crate::helpers::OTHER_COMMUNITY, &["周敏".to_owned()]).await.remove(0);

    let own = app.posts(&office, json!({"audience": {"volunteers": true}})).await;
    let wide =
        json!({"audience": {"ring": "street", "volunteers": true}, "starts_at": app.saturday(10)});
    let wide = app.posts(&office, wide).await;
    assert_eq!(ids(&li.get("/tasks").await.ok()), [own.as_str(), &wide]);
    assert_eq!(ids(&neighbour.get("/tasks").await.ok()), [wide.as_str()]);
    assert_eq!(ids(&far.get("/tasks").await.ok()), [""; 0]);
    neighbour.claims(&own).await.refused(404, "not_found");
    neighbour.get(&format!("/tasks/{own}")).await.refused(404, "not_found");
    neighbour.claims(&wide).await.ok();
    far.claims(&wide).await.refused(404, "not_found");
    let city = json!({"audience": {"ring": "city"}, "starts_at": app.saturday(10)});
    let city = app.posts(&office, city).await;
    assert_eq!(ids(&far.get("/tasks").await.ok()), [city]);
    let odd = json!({"org_id": app.org_id(crate::helpers::WENHUA).await, "title": "巡查", "slots": 1,
        "starts_at": app.saturday(9), "ends_at": app.saturday(10), "audience": {"ring": "unit"}});
    office.post("/tasks", odd).await.refused_field("audience.ring", "value");
}
