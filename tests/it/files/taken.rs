//! Taking photos in: within limits, upright, without what their camera knew.

use futures_util::future::join_all;
use image::{GenericImageView, ImageFormat, Pixel};
use linli::kernel::Day;
use serde_json::json;

use crate::helpers::{Expect, TestApp, photo, picture};

const CANARY: &str = "GPS-27.7012-106.9387";

/// A JPEG that was taken with the phone held sideways, and says so and where in its EXIF.
fn sideways() -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    // One entry: orientation, a short, one of it, 6: turn right by 90 degrees to look at it.
    tiff.extend(b"\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0");
    let exif = [b"Exif\0\0".as_slice(), &tiff, CANARY.as_bytes()].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let plain = picture(640, 480, ImageFormat::Jpeg);
    [&plain[..2], b"\xff\xe1", &length, &exif, &plain[2..]].concat()
}

async fn bytes(app: &TestApp, link: &serde_json::Value) -> Vec<u8> {
    let url = format!("{}{}", app.url, link.as_str().unwrap());
    app.http.get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_turned_upright_and_tells_nothing_but_its_pixels() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let sent = sideways();
    assert!(String::from_utf8_lossy(&sent).contains(CANARY));
    let taken = wang.uploads_as("file", "/files", &sent).await;
    assert_eq!(taken.status, 201);
    let taken = taken.ok();
    assert_eq!((&taken["width"], &taken["height"]), (&json!(480), &json!(640)));
    for (link, longest) in [(&taken["url"], 640), (&taken["thumb_url"], 400)] {
        let kept = bytes(&app, link).await;
        assert!(!String::from_utf8_lossy(&kept).contains("Exif"));
        assert!(!String::from_utf8_lossy(&kept).contains(CANARY));
        let image = image::load_from_memory_with_format(&kept, ImageFormat::Jpeg).unwrap();
        assert_eq!(image.height(), longest);
        // The left half lies on top now.
        let [top, bottom] = [10, longest - 10].map(|y| image.get_pixel(10, y).to_rgb());
        assert!(top[0] > 150 && top[2] < 100 && bottom[2] > 150 && bottom[0] < 100);
    }
    let whole = bytes(&app, &taken["url"]).await;
    assert_eq!(taken["bytes"], whole.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn png_and_webp_come_out_as_jpeg_and_nothing_is_kept_of_what_is_no_photo() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let taken = wang.uploads_as("file", "/files", &picture(30, 20, format)).await.ok();
        let kept = bytes(&app, &taken["url"]).await;
        assert!(kept.starts_with(b"\xff\xd8\xff"), "{format:?}");
    }
    let before = app.fingerprint(&[]).await;
    let good = picture(300, 200, ImageFormat::Png);
    let mut bomb = good.clone();
    // The header promises 60000 × 60000 pixels.
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    for odd in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"[..],
        b"GIF89a\x01\0\x01\0",
        b"<html><script>alert(1)</script></html>",
        b"\xff\xd8\xff\xe0 not really",
        b"",
        &good[..good.len() / 3],
        &bomb,
    ] {
        let refused = wang.uploads_as("file", "/files", odd).await;
        refused.refused(422, "file.not_a_photo");
    }
    wang.uploads_as("picture", "/files", &good).await.refused_field("file", "required");
    wang.post("/files", json!({"file": "x"})).await.refused_field("body", "type");
    before.assert_same(&app.fingerprint(&[]).await, "an upload that was no photo");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_may_be_larger_than_other_bodies_but_not_than_its_own_limit() {
    let most = 300_000;
    let app = TestApp::with(&[("files.max_bytes", most.to_string())]).await;
    let wang = app.resident("王阿姨").await;
    let mut large = photo();
    // What comes after the picture's end is not looked at.
    large.resize(most, 0);
    assert!(large.len() > app.state.settings.http.body_limit_bytes);
    wang.uploads(&large).await;
    let before = app.fingerprint(&[]).await;
    large.push(0);
    let refused = wang.uploads_as("file", "/files", &large).await;
    assert_eq!(refused.refused(413, "file.too_large")["detail"], "照片太大了，请压缩后再传");
    before.assert_same(&app.fingerprint(&[]).await, "an upload that was too large");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_has_a_limit_and_the_next_begins_at_midnight_in_shanghai() {
    let app = TestApp::with(&[("files.per_day", "2".to_owned())]).await;
    let (wang, qian) = (app.resident("王阿姨").await, app.resident("钱大爷").await);
    let small = photo();
    let tries = (0..6).map(|_| wang.uploads_as("file", "/files", &small));
    let both = join_all(tries).await;
    assert_eq!(both.iter().filter(|reply| reply.status == 201).count(), 2, "{both:?}");
    wang.uploads_as("file", "/files", &photo()).await.refused(429, "file.daily_limit");
    qian.uploads(&photo()).await;
    app.clock.set(Day::of(app.state.clock.now()).end());
    app.sign_in("王阿姨").await.uploads(&photo()).await;
}
