//! Who sees a photo.

use std::time::Duration;

use ::entity::file;
use sea_orm::EntityTrait;
use serde_json::Value;

use crate::helpers::{Expect, TestApp, id, photo};

use super::behind;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_shown_to_its_owner_and_to_whoever_was_given_the_link() {
    let app = TestApp::spawn().await;
    let (wang, office) = (app.resident("王阿姨").await, app.office().await);
    let taken = wang.uploads_as("file", "/files", &photo()).await.ok();
    let path = format!("/files/{}", id(&taken));
    assert_eq!(wang.get(&path).await.status, 200);
    office.get(&path).await.refused(404, "not_found");
    app.get(&format!("/api/v1{path}")).await.refused(404, "not_found");
    let shown = behind(&app, &taken["thumb_url"]).await;
    assert_eq!(shown.status, 200);
    for (header, value) in [
        ("content-type", "image/jpeg"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("content-disposition", "inline"),
        ("cache-control", "private, max-age=300"),
    ] {
        assert_eq!(shown.headers[header], value, "{header}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_is_for_one_photo_one_size_and_some_minutes() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let one = wang.uploads_as("file", "/files", &photo()).await.ok();
    let two = wang.uploads_as("file", "/files", &photo()).await.ok();
    let link = one["thumb_url"].as_str().unwrap().to_owned();
    let refused = async |link: String| {
        app.get(&link).await.refused(404, "not_found");
    };
    refused(link.replace("size=thumb", "size=full")).await;
    refused(link.replace(&id(&one), &id(&two))).await;
    let (bare, sig) = link.split_once("&sig=").unwrap();
    refused(bare.to_owned()).await;
    refused(format!("{bare}&sig=")).await;
    refused(format!("{bare}&sig={}A", &sig[..sig.len() - 1])).await;
    let until = bare.split("until=").nth(1).unwrap();
    refused(link.replace(until, "9999999999999")).await;
    assert_eq!(app.get(&link).await.status, 200);

    app.advance(Duration::from_secs(299));
    assert_eq!(app.get(&link).await.status, 200);
    app.advance(Duration::from_secs(302));
    refused(link).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_phone_that_has_the_picture_is_not_sent_it_again() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let link = wang.uploads_as("file", "/files", &photo()).await.ok()["url"].clone();
    let tag = behind(&app, &link).await.headers["etag"].clone();
    let url = format!("{}{}", app.url, link.as_str().unwrap());
    let again = app.http.get(url).header("If-None-Match", tag).send().await.unwrap();
    assert_eq!(again.status().as_u16(), 304);
    assert_eq!(again.bytes().await.unwrap().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_shown_of_a_photo_whose_pictures_are_not_there_yet() {
    let app = TestApp::with(&[
        ("files.store", "s3://nowhere".into()),
        ("files.endpoint", "http://127.0.0.1:9".into()),
        ("files.key_id", "k".into()),
        ("files.secret", "s".into()),
    ])
    .await;
    let wang = app.resident("王阿姨").await;
    wang.uploads_as("file", "/files", &photo()).await.refused(503, "overloaded");
    let file = file::Entity::find().one(app.state.db.read()).await.unwrap().unwrap();
    assert!(!file.ready);
    wang.get(&format!("/files/{}", file.id)).await.refused(404, "not_found");
    assert_eq!(wang.get("/me").await.ok()["name"], Value::from("王阿姨"), "all else goes on");
}
