//! 附近 comes from each replica's own memory, which hears of what changes anywhere.

use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::helpers::{Expect, Stack, TestApp, eventually};

const HERE: &str = "/tasks?near=27.70,106.94";

fn remembering() -> [(&'static str, String); 1] {
    [("auth.remember_seconds", "5".to_owned())]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_nearest_are_found_without_asking_anybody() {
    // Where there is no Redis there is no news, and the database is asked.
    if !Stack::from_env().redis {
        return;
    }
    let app = TestApp::with(&remembering()).await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let place = json!({"name": "文化广场", "lat": 27.7012, "lng": 106.9387});
    app.posts(&office, json!({"place": place})).await;
    let rename = async |from: &str, to: &str| {
        let sql = format!("ALTER TABLE {from} RENAME TO {to}");
        app.state.db.read().execute_unprepared(&sql).await.unwrap();
    };
    let from_memory = async || {
        // Who looks and by which rules is read while the tables are there.
        li.get(HERE).await.ok();
        rename("task", "task_away").await;
        let reply = li.get(HERE).await;
        rename("task_away", "task").await;
        reply.status == 200 && reply.body["items"][0]["distance_m"].as_i64().is_some()
    };
    eventually("it is answered though the database has no tasks", from_memory).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_is_seen_near_and_what_one_did_oneself_at_once() {
    let app = TestApp::with(&remembering()).await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    li.get(HERE).await.ok();
    let place = json!({"name": "文化广场", "lat": 27.7012, "lng": 106.9387});
    let task = app.posts(&office, json!({"place": place, "slots": 2})).await;
    let first = async || li.get(HERE).await.ok()["items"][0].clone();
    eventually("a new task is seen", async || first().await["id"] == task.as_str()).await;
    assert_eq!(first().await["can_claim"], true);
    li.claims(&task).await.ok();
    assert_eq!(first().await["refusal"]["code"], "already_claimed", "they know what they did");
    app.settle().await;
    eventually("the seat is counted", async || first().await["filled"] == 1).await;
    let said = json!({"reason": "下雨改期"});
    office.post(&format!("/tasks/{task}/cancel"), said).await.ok();
    app.settle().await;
    eventually("what is called off is gone", async || first().await.is_null()).await;
}
