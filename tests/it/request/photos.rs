//! Photos of a request: for the one who asked, the office, and whoever comes.

use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp, id, photo};

use super::{ask, is_done};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_are_shown_to_those_concerned_from_claim_to_confirmation() {
    let app = TestApp::spawn().await;
    let (wang, zhao) = (app.resident("王阿姨").await, app.member("赵敏").await);
    app.member("李建国").await;
    let mut form = ask(&app).await;
    let (one, two) = (wang.uploads(&photo()).await, wang.uploads(&photo()).await);
    form["photo_ids"] = json!([one]);
    zhao.post("/requests", form.clone()).await.refused_field("photo_ids", "value");
    let asked = wang.post("/requests", form).await.ok();
    let request = id(&asked);
    assert_eq!(id(&asked["photos"][0]), one);
    let path = format!("/requests/{request}");
    let amended = wang.put(&path, json!({"photo_ids": [two, one]})).await.ok();
    assert_eq!((id(&amended["photos"][0]), id(&amended["photos"][1])), (two.clone(), one));
    let kept = wang.put(&path, json!({"title": "三单元楼道的灯坏了"})).await.ok();
    assert_eq!(kept["photos"].as_array().unwrap().len(), 2, "absent: they stay");
    wang.put(&path, json!({"photo_ids": vec![two.clone(); 10]}))
        .await
        .refused_field("photo_ids", "length");
    assert_eq!(id(&app.office().await.get(&path).await.ok()["photos"][0]), two);

    let task = is_done(&app, &request, "李建国").await;
    let photos = async |who: &str| {
        app.sign_in(who).await.get(&format!("/tasks/{task}")).await.ok()["request_photos"].clone()
    };
    assert_eq!(id(&photos("李建国").await[0]), two);
    assert_eq!(photos("赵敏").await, json!([]), "nothing for those who do not come");
    let confirmed = app.staff("wenhua2").await.does(&format!("/tasks/{task}/confirm")).await.ok();
    assert_ne!(confirmed["state"], Value::Null);
    assert_eq!(photos("李建国").await, json!([]), "nor after it was confirmed");
}
