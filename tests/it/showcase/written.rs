//! Writing: a first text, photos, a second person, and what is audited.

use ::entity::{audit_entry, file_use::Attached};
use linli::file::{self, Owner};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp, WENHUA, id, photo};

use super::Served;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_page_is_filled_with_what_the_house_knows() {
    let served = Served::live().await;
    let story = served.draft(json!({})).await;
    assert_eq!(story["title"], "消防安全巡查");
    assert_eq!(
        story["words"],
        "11月28日上午，1 名志愿者在文化广场完成了「消防安全巡查」，服务时长合计 2 小时。"
    );
    assert_eq!(story["blocks"][0]["list"], false);
    assert_eq!((&story["shown"], &story["resident_consents"]), (&json!([]), &json!(false)));
    assert_eq!(story["share"], Value::Null, "a draft is not shared");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_come_from_the_report_or_from_the_author_and_from_nobody_else() {
    let served = Served::live().await;
    let app = &served.app;
    let (li, office) = (served.li().await, app.office().await);
    let (reported, stolen, own) =
        (li.uploads(&photo()).await, li.uploads(&photo()).await, office.uploads(&photo()).await);
    let report = Owner {
        kind: Attached::Report,
        id: served.task.parse().unwrap(),
        org_id: app.org_id(WENHUA).await.parse().unwrap(),
    };
    let tx = app.state.db.write().await.unwrap();
    let photos = [reported.parse().unwrap()];
    file::attach(&tx, &app.state, li.id, report, &photos).await.unwrap();
    tx.commit().await.unwrap();

    let path = format!("/tasks/{}/story", served.task);
    let before = app.fingerprint(&[]).await;
    let form = json!({"photo_ids": [own, stolen]});
    office.post(&path, form).await.refused_field("photo_ids", "value");
    before.assert_same(&app.fingerprint(&[]).await, "a story with another's photo");
    let story = served.draft(json!({"photo_ids": [reported, own]})).await;
    let ids =
        |story: &Value| story["photos"].as_array().unwrap().iter().map(id).collect::<Vec<_>>();
    assert_eq!(ids(&story), [reported.clone(), own.clone()]);
    let mended = json!({"photo_ids": [own], "resident_consents": true});
    let mended = office.put(&format!("/stories/{}", id(&story)), mended).await.ok();
    assert_eq!(ids(&mended), std::slice::from_ref(&own));
    assert_eq!(mended["resident_consents"], true);
    let others = json!({"photo_ids": [own, reported]});
    let others = office.put(&format!("/stories/{}", id(&story)), others).await.ok();
    assert_eq!(others["resident_consents"], false, "said of other photos");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_with_photos_needs_the_word_that_the_residents_agreed() {
    let served = Served::live().await;
    let office = served.app.office().await;
    let own = office.uploads(&photo()).await;
    let story = id(&served.draft(json!({"photo_ids": [own]})).await);
    let before = served.app.fingerprint(&[]).await;
    let submit = format!("/stories/{story}/submit");
    office.does(&submit).await.refused_field("resident_consents", "required");
    before.assert_same(&served.app.fingerprint(&[]).await, "a submission without the word");
    office.put(&format!("/stories/{story}"), json!({"resident_consents": true})).await.ok();
    office.does(&submit).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_published_and_taken_down_is_audited_and_its_photos_go_with_it() {
    let served = Served::live().await;
    let app = &served.app;
    let own = app.office().await.uploads(&photo()).await;
    let form = json!({"photo_ids": [own], "resident_consents": true});
    let story = id(&served.draft(form).await);
    let picture = format!("/api/v1/files/{own}");
    app.get(&picture).await.refused(404, "not_found");
    served.publish(&story).await;
    assert_eq!(app.get(&picture).await.status, 200);
    let feed = app.get("/api/v1/stories").await.ok();
    let shown = &feed["items"][0];
    assert_eq!(shown["photos"][0]["thumb_url"], format!("{picture}?size=thumb"));
    assert_eq!(shown["share"]["image"], format!("{picture}?size=full"));
    assert_eq!(shown["share"]["path"], format!("pages/story/story?id={story}"));
    for inside in ["author", "shown", "resident_consents"] {
        assert_eq!(shown[inside], Value::Null, "{inside}");
    }

    let second = served.second().await;
    let withdraw = format!("/stories/{story}/withdraw");
    second.post(&withdraw, json!({"reason": " "})).await.refused(422, "validation");
    second.post(&withdraw, json!({"because": "x"})).await.refused_field("because", "unknown");
    let gone = second.post(&withdraw, json!({"reason": "照片里有路人"})).await.ok();
    assert_eq!((&gone["state"], &gone["reason"]), (&json!("withdrawn"), &json!("照片里有路人")));
    app.get(&picture).await.refused(404, "not_found");
    let audited = audit_entry::Entity::find()
        .filter(audit_entry::Column::SubjectId.eq(story.parse::<uuid::Uuid>().unwrap()))
        .all(app.state.db.read())
        .await
        .unwrap();
    let acts: Vec<_> = audited.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(acts, ["story.published", "story.withdrawn"]);
    assert!(audited.iter().all(|line| line.actor_id == Some(second.id)));
    // Without a word is fine too, and another story may follow.
    let next = id(&served.draft(json!({})).await);
    served.second().await.does(&format!("/stories/{next}/withdraw")).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_whose_words_are_in_doubt_is_not_published_before_people_looked() {
    let served = Served::led_by_li(true).await;
    let (li, second) = (served.li().await, served.second().await);
    let path = format!("/tasks/{}/story", served.task);
    let risky = json!({"title": "巡查", "words": "大家来赌博"});
    li.post(&path, risky).await.refused(422, "content.rejected");
    let doubted = json!({"title": "巡查", "words": "有存疑词"});
    let story = li.post(&path, doubted).await.ok();
    assert_eq!(story["content"], "pending");
    let story = format!("/stories/{}", id(&story));
    li.does(&format!("{story}/submit")).await.ok();
    second.does(&format!("{story}/approve")).await.refused(409, "content.pending");

    let community = served.app.org_id(WENHUA).await;
    let waits = second.get(&format!("/orgs/{community}/content")).await.ok();
    assert_eq!(waits["items"][0]["kind"], "story");
    second.does(&format!("/content/{}/pass", id(&waits["items"][0]))).await.ok();
    let shown = second.does(&format!("{story}/approve")).await.ok();
    assert_eq!((&shown["state"], &shown["content"]), (&json!("published"), &Value::Null));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_in_doubt_is_the_staffs_until_somebody_looked() {
    let app = TestApp::spawn().await;
    let (wang, office, li) =
        (app.resident("王阿姨").await, app.office().await, app.member("李建国").await);
    let zhao = app.member("赵敏").await;
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "助老", "title": "换灯泡", "detail": "灯坏了"});
    let request = id(&wang.post("/requests", ask).await.ok());
    let form = json!({"slots": 2, "starts_at": app.saturday(9), "ends_at": app.saturday(11), "publish": true});
    let task = id(&office.post(&format!("/requests/{request}/dispatch"), form).await.ok());
    li.claims(&task).await.ok();
    zhao.claims(&task).await.ok();
    office.post(&format!("/tasks/{task}/lead"), json!({"user_id": li.id})).await.ok();
    app.clock.set(app.saturday(9));
    let (office, li) = (app.office().await, app.sign_in("李建国").await);
    let code = office.get(&format!("/tasks/{task}")).await.ok()["check_in_code"].clone();
    let claim = li.get(&format!("/tasks/{task}")).await.ok()["claim_id"].clone();
    let check_in = format!("/claims/{}/check-in", claim.as_str().unwrap());
    li.post(&check_in, json!({"code": code})).await.ok();
    let report = format!("/tasks/{task}/report");
    li.post(&report, json!({"words": "大家来赌博"})).await.refused(422, "content.rejected");
    li.post(&report, json!({"words": "有存疑词"})).await.ok();

    let read = async |name: &str| {
        let page = app.sign_in(name).await.get(&format!("/tasks/{task}")).await.ok();
        page["report"].clone()
    };
    let heard = async || {
        let wang = app.sign_in("王阿姨").await;
        wang.get(&format!("/requests/{request}/timeline")).await.ok().to_string()
    };
    assert_eq!((read("李建国").await, read("赵敏").await), (json!("有存疑词"), Value::Null));
    assert!(!heard().await.contains("存疑词"));
    let community = app.org_id(WENHUA).await;
    let waits = office.get(&format!("/orgs/{community}/content")).await.ok();
    assert_eq!(
        (&waits["items"][0]["kind"], &waits["items"][0]["subject_id"]),
        (&json!("report"), &json!(task))
    );
    office.does(&format!("/content/{}/pass", id(&waits["items"][0]))).await.ok();
    assert_eq!(read("赵敏").await, "有存疑词");
    assert!(heard().await.contains("存疑词"));
}
