//! What very many hear, chunk by chunk: each once, whoever stops in between, and never what is not so any more.

use std::{collections::BTreeSet, time::Duration};

use ::entity::{
    notice,
    push::{self, PushState},
    telling,
};
use linli::{
    notify::crowd::{self, Outcome},
    platform::AppState,
    relay,
    telling::crowd::{chunk_size, go_on},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp};

use super::{
    Scene, inbox, kinds,
    reminders::{count, crowd},
    the_25th,
};

const PLANNED: &str = "theme_day.planned";
/// Many chunks and a little more; three of them by name.
const ALL: u64 = 433;

/// A branch of many, and the plan of its day, which nobody has heard of yet.
async fn planned() -> (Scene, String) {
    let scene = Scene::set().await;
    crowd(&scene.app, &scene.branch, 430).await;
    scene.rules(the_25th()).await;
    let day = format!("/theme-days/{}", scene.plans(json!({"theme": "学身边榜样"})).await);
    relay::relay(&scene.app.state).await.unwrap();
    (scene, day)
}

async fn tellings(app: &TestApp) -> Vec<telling::Model> {
    let mut rows = telling::Entity::find().all(app.state.db.read()).await.unwrap();
    rows.sort_by_key(|row| row.event_id);
    rows
}

/// How many different people hold a notice of that kind.
async fn people(app: &TestApp, kind: &str) -> usize {
    let rows = notice::Entity::find().filter(notice::Column::Kind.eq(kind));
    let rows = rows.all(app.state.db.read()).await.unwrap();
    rows.iter().map(|row| row.person_id).collect::<BTreeSet<_>>().len()
}

async fn desk(scene: &Scene, day: &str) -> Value {
    scene.secretary.get(day).await.ok()["desk"]["telling"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_telling_that_stops_between_chunks_or_within_one_goes_on_where_it_was() {
    let (scene, day) = planned().await;
    let app = &scene.app;
    let chunk = chunk_size(app.state.db.is_sqlite());
    assert_eq!(desk(&scene, &day).await, json!({"told": 0, "all": false}));
    assert!(go_on(&app.state).await.unwrap().more);
    assert_eq!(desk(&scene, &day).await, json!({"told": chunk, "all": false}));

    // Killed before the commit: nothing of the chunk happened, the cursor included.
    let tx = app.state.db.write().await.unwrap();
    let now = app.state.clock.now();
    let row = crowd::next(&app.state).await.unwrap().unwrap();
    assert!(crowd::take(&tx, &row, now).await.unwrap());
    crowd::keep(&tx, &row, &Outcome::Told(chunk, None), now).await.unwrap();
    drop(tx);

    app.settle().await;
    assert_eq!((count(app, PLANNED).await, people(app, PLANNED).await), (ALL, 433));
    assert_eq!(desk(&scene, &day).await, json!({"told": 433, "all": true}));
    assert_eq!(go_on(&app.state).await.unwrap().handled, 0, "and that was all");
}

/// Chunks until there is nothing left, as a replica's loop goes round.
async fn replica(state: AppState) -> usize {
    let mut chunks = 0;
    while crowd::next(&state).await.unwrap().is_some() {
        chunks += go_on(&state).await.unwrap().handled;
        tokio::task::yield_now().await;
    }
    chunks
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_replicas_tell_everybody_once_and_no_chunk_twice() {
    let (scene, _) = planned().await;
    let app = &scene.app;
    let chunk = chunk_size(app.state.db.is_sqlite());
    let replicas = (0..4).map(|_| tokio::spawn(replica(app.state.clone())));
    let mut chunks = 0;
    for replica in replicas.collect::<Vec<_>>() {
        chunks += replica.await.unwrap();
    }
    assert_eq!((count(app, PLANNED).await, people(app, PLANNED).await), (ALL, 433));
    assert_eq!(
        (tellings(app).await[0].told, chunks),
        (433, usize::try_from(ALL.div_ceil(chunk)).unwrap())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_called_off_half_way_is_announced_no_further_and_everybody_hears_it_is_off() {
    let (scene, day) = planned().await;
    let app = &scene.app;
    let chunk = chunk_size(app.state.db.is_sqlite());
    go_on(&app.state).await.unwrap();
    app.clock.advance(Duration::from_secs(1));
    scene.secretary.post(&format!("{day}/cancel"), json!({"reason": "突降暴雨"})).await.ok();
    // Before anybody has reacted to the cancellation.
    go_on(&app.state).await.unwrap();
    assert_eq!(count(app, PLANNED).await, chunk);
    app.settle().await;
    assert_eq!(count(app, PLANNED).await, chunk, "the rest never hear of a plan");
    assert_eq!(people(app, "theme_day.cancelled").await, 433);
    let ended: Vec<_> = tellings(app).await.iter().map(|row| (row.told, row.overtaken)).collect();
    assert_eq!(ended, [(chunk.cast_signed(), true), (433, false)]);
    assert_eq!(kinds(&scene.members[0]).await, ["theme_day.cancelled", PLANNED]);

    // A phone that had not rung for the plan rings for the cancellation alone.
    let pushes = push::Entity::find().filter(push::Column::PersonId.eq(scene.members[0].id));
    let pushes = pushes.all(app.state.db.read()).await.unwrap();
    let plan = pushes.iter().find(|row| row.kind == PLANNED).unwrap();
    assert_eq!((plan.state, plan.last_class.as_deref()), (PushState::Refused, Some("overtaken")));
    let off = pushes.iter().find(|row| row.kind == "theme_day.cancelled").unwrap();
    assert_ne!(off.last_class.as_deref(), Some("overtaken"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_moved_half_way_is_told_to_everybody_as_it_is_now() {
    let (scene, day) = planned().await;
    let app = &scene.app;
    let chunk = chunk_size(app.state.db.is_sqlite());
    go_on(&app.state).await.unwrap();
    app.clock.advance(Duration::from_secs(1));
    let later = json!({"starts_at": "2026-11-25T19:30:00+08:00"});
    scene.secretary.put(&day, later).await.ok();
    // Whoever is told between the change and its reaction hears the new time at once.
    go_on(&app.state).await.unwrap();
    assert_eq!(count(app, PLANNED).await, 2 * chunk);
    app.settle().await;
    assert_eq!(count(app, PLANNED).await, 2 * chunk);
    assert_eq!(people(app, "theme_day.changed").await, 433);
    assert!(inbox(&scene.members[0]).await[0].contains("19:30"));
    assert_eq!(desk(&scene, &day).await, json!({"told": 433, "all": true}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chunk_that_fails_comes_again_later_and_keeps_nobody_else_waiting() {
    let (scene, _) = planned().await;
    let app = &scene.app;
    let row = tellings(app).await.remove(0);
    let spoil = async |cursor: Option<String>| {
        let tx = app.state.db.write().await.unwrap();
        let mut row: telling::ActiveModel = row.clone().into();
        row.cursor = Set(cursor);
        row.update(&*tx).await.unwrap();
        tx.commit().await.unwrap();
    };
    spoil(Some("nowhere".into())).await;
    assert_eq!(go_on(&app.state).await.unwrap().failed, 1);
    assert!(crowd::next(&app.state).await.unwrap().is_none(), "not at once");
    app.clock.advance(Duration::from_secs(2));
    assert_eq!(go_on(&app.state).await.unwrap().failed, 1);
    app.clock.advance(Duration::from_secs(2));
    assert!(crowd::next(&app.state).await.unwrap().is_none(), "longer each time");
    spoil(None).await;
    app.clock.advance(Duration::from_secs(2));
    app.settle().await;
    assert_eq!(people(app, PLANNED).await, 433);
}
