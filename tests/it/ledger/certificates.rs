//! 服务证明: figures anybody can check by a code that says nothing by itself.

use serde_json::json;

use super::served;
use crate::helpers::{Expect, TestApp};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_checked_by_its_code_and_shows_a_masked_name() {
    let app = TestApp::spawn().await;
    let li = app.member("<b>李建国").await;
    served(&app, &[&li], &[]).await;
    let li = app.sign_in(&li.name).await;
    let before = li.get("/me/certificate").await.ok();
    assert_eq!((&before["total_minutes"], &before["issued"]), (&json!(60), &json!(null)));
    assert_eq!(before["org_name"], "文化社区第一党支部");
    let issued = li.does("/me/certificate").await.ok();
    let again = li.does("/me/certificate").await.ok();
    assert_eq!(issued["code"], again["code"], "the same figures are the same paper");
    let path = issued["path"].as_str().unwrap();
    assert_eq!(path, format!("/api/v1/certificates/{}", issued["code"].as_str().unwrap()));

    let page = app.get(path).await;
    assert!(page.is_success(), "{page:?}");
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(page.headers["cache-control"], "no-store");
    for shown in ["1 小时 0 分钟", "文化社区第一党支部", "2026-11-22", "&lt;*"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    for hidden in ["李建国", "<b>", "<script", &li.id.to_string()] {
        assert!(!page.text.contains(hidden), "{hidden}: {}", page.text);
    }
    app.get(&path.to_lowercase().replace("/API/", "/api/")).await.ok();
    let other = format!("{}A", &path[..path.len() - 1]);
    assert!(path == other || app.get(&other).await.status == 404);
    app.get("/api/v1/certificates/AAAAAAAAAAAAAAAA").await.refused(404, "not_found");

    served(&app, &[&li], &[]).await;
    let newer = app.sign_in(&li.name).await.does("/me/certificate").await.ok();
    assert_ne!(newer["code"], issued["code"]);
    assert!(app.get(path).await.text.contains("1 小时 0 分钟"), "what was issued stays");
}
