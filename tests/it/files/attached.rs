//! Attaching: one's own photos, to one thing, in order; and what becomes of those that belong to nothing.

use std::time::Duration;

use ::entity::file_use::Attached;
use linli::{
    file::{self, AttachError, Owner},
    platform::http::Problem,
};
use uuid::Uuid;

use crate::helpers::{Expect, Person, TestApp, WENHUA, id, photo};

use super::behind;

async fn taken(who: &Person) -> Uuid {
    who.uploads(&photo()).await.parse().unwrap()
}

async fn owner(app: &TestApp, kind: Attached, n: u128) -> Owner {
    let org_id = app.org_id(WENHUA).await.parse().unwrap();
    Owner { kind, id: Uuid::from_u128(n), org_id }
}

async fn attach(app: &TestApp, by: &Person, to: Owner, ids: &[Uuid]) -> Result<(), AttachError> {
    let tx = app.state.db.write().await.unwrap();
    file::attach(&tx, &app.state, by.id, to, ids).await?;
    tx.commit().await.unwrap();
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_ones_own_photos_are_attached_in_their_order_and_to_one_thing() {
    let app = TestApp::spawn().await;
    let (wang, qian) = (app.resident("王阿姨").await, app.resident("钱大爷").await);
    let (one, two, theirs) = (taken(&wang).await, taken(&wang).await, taken(&qian).await);
    let first = owner(&app, Attached::Request, 1).await;
    attach(&app, &wang, first, &[two, one]).await.unwrap();
    let db = app.state.db.read();
    assert_eq!(file::ids_of(db, Attached::Request, first.id).await.unwrap(), [two, one]);
    let views = file::views(db, &app.state, Attached::Request, &[first.id]).await.unwrap();
    assert_eq!(views[&first.id].iter().map(|view| view.id).collect::<Vec<_>>(), [two, one]);

    let second = owner(&app, Attached::Report, 2).await;
    let refused = async |ids: &[Uuid]| attach(&app, &wang, second, ids).await.unwrap_err();
    assert!(matches!(refused(&[theirs]).await, AttachError::NotThere(id) if id == theirs));
    assert!(matches!(refused(&[Uuid::from_u128(9)]).await, AttachError::NotThere(_)));
    assert!(matches!(refused(&[one]).await, AttachError::Elsewhere(id) if id == one));
    assert!(matches!(refused(&[theirs, theirs]).await, AttachError::Twice));
    assert!(matches!(refused(&[one; 10]).await, AttachError::TooMany));
    assert!(file::ids_of(db, Attached::Report, second.id).await.unwrap().is_empty());
    let told = Problem::from(refused(&[one]).await).render(false, Some("/x"), "1");
    assert_eq!(told.status(), 422);

    // What a row has it may keep, in another order or without some.
    attach(&app, &wang, first, &[one]).await.unwrap();
    assert_eq!(file::ids_of(db, Attached::Request, first.id).await.unwrap(), [one]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_everybody_sees_until_it_is_taken_back() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let story = owner(&app, Attached::Story, 3).await;
    let photo = taken(&wang).await;
    attach(&app, &wang, story, &[photo]).await.unwrap();
    let path = format!("/api/v1/files/{photo}?size=thumb");
    app.get(&path).await.refused(404, "not_found");
    for published in [true, false] {
        let tx = app.state.db.write().await.unwrap();
        match published {
            true => file::publish(&tx, story.kind, story.id).await.unwrap(),
            false => file::unpublish(&tx, story.kind, story.id).await.unwrap(),
        }
        tx.commit().await.unwrap();
        let shown = app.get(&path).await;
        if published {
            assert_eq!(shown.headers["cache-control"], "public, max-age=300");
            let (db, ids) = (app.state.db.read(), [story.id]);
            let views = file::views(db, &app.state, story.kind, &ids).await.unwrap();
            let link = views[&story.id][0].thumb_url.clone();
            assert_eq!(link, path, "a public link is the same for everybody");
        } else {
            shown.refused(404, "not_found");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_that_nothing_uses_within_a_day_goes_with_its_pictures() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let (kept, loose) =
        (taken(&wang).await, wang.uploads_as("file", "/files", &photo()).await.ok());
    attach(&app, &wang, owner(&app, Attached::Request, 1).await, &[kept]).await.unwrap();
    app.advance(Duration::from_secs(24 * 3600 - 1));
    let late = taken(&app.sign_in("王阿姨").await).await;
    assert_eq!(file::tidy(&app.state).await.unwrap(), 0);
    app.advance(Duration::from_secs(2));
    let before = pictures(&app);
    assert_eq!(file::tidy(&app.state).await.unwrap(), 1);
    assert_eq!(file::tidy(&app.state).await.unwrap(), 0);
    assert_eq!(before - pictures(&app), 2, "both sizes are gone");
    behind(&app, &loose["url"]).await.refused(404, "not_found");
    let wang = app.sign_in("王阿姨").await;
    for id in [kept, late] {
        assert_eq!(wang.get(&format!("/files/{id}")).await.status, 200);
    }
    wang.get(&format!("/files/{}", id(&loose))).await.refused(404, "not_found");
}

/// How many pictures lie in this service's folder.
fn pictures(app: &TestApp) -> usize {
    let folder = app.state.settings.files.store.trim_start_matches("file://");
    let folders = std::fs::read_dir(folder).unwrap().map(|one| one.unwrap().path());
    folders.flat_map(|one| std::fs::read_dir(one).unwrap()).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_takes_their_own_photos_along_and_leaves_those_of_work_done() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let (asked, reported, loose) = (taken(&wang).await, taken(&wang).await, taken(&wang).await);
    attach(&app, &wang, owner(&app, Attached::Request, 1).await, &[asked]).await.unwrap();
    attach(&app, &wang, owner(&app, Attached::Report, 2).await, &[reported]).await.unwrap();
    let tx = app.state.db.write().await.unwrap();
    file::forget(&tx, &app.state, wang.id).await.unwrap();
    tx.commit().await.unwrap();
    for gone in [asked, loose] {
        wang.get(&format!("/files/{gone}")).await.refused(404, "not_found");
    }
    assert_eq!(wang.get(&format!("/files/{reported}")).await.status, 200);
    assert_eq!(file::tidy(&app.state).await.unwrap(), 2);
}
