//! Whoever is shown is asked, and has the last word.

use serde_json::{Value, json};

use crate::helpers::{Expect, Person, Reply, id, photo};

use super::Served;

async fn says(who: &Person, story: &str, answer: &str) -> Reply {
    who.post(&format!("/stories/{story}/consent"), json!({"answer": answer})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_published_before_everybody_shown_agreed_and_a_no_takes_it_back() {
    let served = Served::live().await;
    let app = &served.app;
    let (li, office) = (served.li().await, app.office().await);
    let own = office.uploads(&photo()).await;
    let form = json!({"photo_ids": [own], "shown": [li.id], "resident_consents": true});
    let story = id(&served.draft(form).await);
    let (path, approve) = (format!("/stories/{story}"), format!("/stories/{story}/approve"));
    says(&li, &story, "yes").await.refused(404, "not_found");
    assert_eq!(li.get("/me/story-consents").await.ok()["items"], json!([]));

    // Submitted: 李建国 is asked, sees what it is about, and the approval waits.
    office.does(&format!("{path}/submit")).await.ok();
    app.settle().await;
    let inbox = li.get("/inbox").await.ok();
    assert!(inbox.to_string().contains("晒单里有您，请确认"), "{inbox}");
    let asked = li.get("/me/story-consents").await.ok();
    assert_eq!(
        (&asked["items"][0]["story"]["id"], &asked["items"][0]["consent"]),
        (&json!(story), &json!("asked"))
    );
    let seen = li.get(&path).await.ok();
    assert_eq!((&seen["author"], &seen["shown"]), (&Value::Null, &Value::Null));
    assert_eq!(app.get(seen["photos"][0]["url"].as_str().unwrap()).await.status, 200);
    let second = served.second().await;
    assert_eq!(second.does(&approve).await.refused(409, "story.waits")["consents_open"], 1);
    let zhao = app.member("赵敏").await;
    says(&zhao, &story, "yes").await.refused(404, "not_found");
    zhao.get(&path).await.refused(404, "not_found");

    says(&li, &story, "yes").await.ok();
    second.does(&approve).await.ok();
    let picture = format!("/api/v1/files/{own}");
    assert_eq!(app.get(&picture).await.status, 200);

    // Weeks later he thinks better of it.
    let back = says(&li, &story, "no").await.ok();
    assert_eq!(back["state"], "pending_review");
    app.get(&format!("/api/v1{path}")).await.refused(404, "not_found");
    app.get(&picture).await.refused(404, "not_found");
    assert_eq!(second.does(&approve).await.refused(409, "story.waits")["consents_refused"], 1);
    app.settle().await;
    let told = office.get("/inbox").await.ok().to_string();
    assert!(told.contains("晒单要重新审核") && told.contains("有人不同意出镜"), "{told}");

    // Without him it is shown again; naming him once more does not ask him once more.
    let reason = json!({"reason": "请去掉李建国的照片"});
    second.post(&format!("{path}/reject"), reason).await.ok();
    office.put(&path, json!({"shown": [li.id]})).await.ok();
    let shown = office.get(&path).await.ok()["shown"].clone();
    assert_eq!(shown[0]["consent"], "refused");
    office.put(&path, json!({"shown": [], "photo_ids": []})).await.ok();
    served.publish(&story).await;
    assert_eq!(app.get(&format!("/api/v1{path}")).await.ok()["photos"], json!([]));
    says(&li, &story, "no").await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_people_who_had_to_do_with_the_task_are_named() {
    let served = Served::live().await;
    let (office, zhao) = (served.app.office().await, served.app.member("赵敏").await);
    let path = format!("/tasks/{}/story", served.task);
    let before = served.app.fingerprint(&[]).await;
    for stranger in [zhao.id, office.id, uuid::Uuid::from_u128(7)] {
        let form = json!({"shown": [stranger]});
        office.post(&path, form).await.refused_field("shown", "value");
    }
    before.assert_same(&served.app.fingerprint(&[]).await, "naming a stranger");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_and_a_no_at_the_same_time_never_leave_it_public() {
    let served = Served::live().await;
    let (li, office, second) =
        (served.li().await, served.app.office().await, served.second().await);
    let story = id(&served.draft(json!({"shown": [li.id]})).await);
    office.does(&format!("/stories/{story}/submit")).await.ok();
    let approve = format!("/stories/{story}/approve");
    for round in 0..10 {
        says(&li, &story, "yes").await.ok();
        let (approved, said) = tokio::join!(second.does(&approve), says(&li, &story, "no"));
        assert!(said.is_success(), "{said:?}");
        assert!(approved.is_success() || approved.code() == "story.waits", "{approved:?}");
        let now = office.get(&format!("/stories/{story}")).await.ok();
        assert_eq!(now["state"], "pending_review", "round {round}");
    }
}
