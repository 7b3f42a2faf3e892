//! What is not done, and what people are told instead.

use serde_json::json;

use crate::helpers::{Expect, WENHUA, photo};

use super::{Scene, on, the_25th};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_has_one_day_and_a_plan_fits_into_it() {
    let scene = Scene::set().await;
    let plans = format!("/orgs/{}/theme-days", scene.branch);
    let theme = json!({"theme": "学身边榜样"});
    let none = scene.secretary.post(&plans, theme.clone()).await;
    none.refused_field("starts_at", "required");
    scene.rules(the_25th()).await;
    scene.secretary.post(&plans, json!({})).await.refused_field("theme", "required");
    for (field, form) in [
        ("starts_at", json!({"starts_at": "2026-11-21T15:00:00+08:00"})),
        ("starts_at", json!({"month": "2026-12", "starts_at": "2026-11-28T15:00:00+08:00"})),
        ("ends_at", json!({"ends_at": "2026-11-25T15:00:00+08:00"})),
        ("ends_at", json!({"ends_at": "2026-11-26T15:00:00+08:00"})),
    ] {
        let mut form = form;
        form["theme"] = json!("学身边榜样");
        scene.secretary.post(&plans, form).await.refused_field(field, "value");
    }
    let chosen = json!({"theme": "学身边榜样", "steps": [{"title": "走访"}]});
    scene.secretary.post(&plans, chosen).await.refused_field("steps", "value");
    let day = scene.plans(theme.clone()).await;
    scene.secretary.post(&plans, theme.clone()).await.refused(409, "theme_day.exists");
    let why = json!({"reason": "会议室停电"});
    scene.secretary.post(&format!("/theme-days/{day}/cancel"), why).await.ok();
    scene.plans(theme).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_members_answer_and_only_in_time() {
    let mut scene = Scene::set().await;
    scene.rules(the_25th()).await;
    let day = format!("/theme-days/{}", scene.plans(json!({"theme": "学身边榜样"})).await);
    let (answer, yes) = (format!("{day}/attendance"), json!({"answer": "yes"}));
    let wang = scene.app.resident("王阿姨").await;
    let lives = json!({"org_id": scene.app.org_id(WENHUA).await, "kind": "residence"});
    let lives = crate::helpers::id(&wang.post("/me/memberships", lives).await.ok());
    scene.app.office().await.does(&format!("/memberships/{lives}/confirm")).await.ok();
    wang.get(&day).await.refused(404, "not_found");
    wang.post(&answer, yes.clone()).await.refused(404, "not_found");
    let silent = scene.members[0].post(&answer, json!({"answer": "leave"})).await;
    silent.refused_field("reason", "required");
    let both = json!({"code": "X", "person_ids": [wang.id]});
    let come = format!("{day}/check-in");
    scene.members[0].post(&come, both).await.refused_field("code", "required");
    let others = json!({"person_ids": [scene.members[1].id]});
    scene.members[0].post(&come, others).await.refused(403, "auth.forbidden");

    let early = scene.secretary.post(&format!("{day}/record"), json!({"words": "已开展"})).await;
    early.refused(409, "state.conflict");
    let code = scene.secretary.get(&day).await.ok()["desk"]["check_in_code"].clone();
    let code = json!({"code": code});
    scene.members[0].post(&come, code.clone()).await.refused(409, "state.conflict");
    scene.at(on("2026-11-25", 19, 1)).await;
    scene.members[0].post(&answer, yes).await.refused(409, "state.conflict");
    scene.members[0].post(&come, code).await.refused(409, "state.conflict");
    let stranger = json!({"person_ids": [wang.id]});
    scene.secretary.post(&come, stranger).await.refused_field("person_ids", "value");
    let late = scene.secretary.put(&day, json!({"theme": "别的主题"})).await;
    late.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_are_asked_for_only_where_the_org_says_so() {
    let mut scene = Scene::set().await;
    scene.rules(the_25th()).await;
    let day = format!("/theme-days/{}", scene.plans(json!({"theme": "学身边榜样"})).await);
    let settings = format!("/orgs/{}/settings", scene.branch);
    scene.app.office().await.put(&settings, json!({"photos_required": true})).await.ok();
    scene.at(on("2026-11-25", 17, 0)).await;
    let (record, words) = (format!("{day}/record"), json!({"words": "已开展"}));
    let bare = scene.secretary.post(&record, words.clone()).await;
    bare.refused_field("photo_ids", "required");
    let theirs = scene.members[0].uploads(&photo()).await;
    let theirs = json!({"words": "已开展", "photo_ids": [theirs]});
    scene.secretary.post(&record, theirs).await.refused_field("photo_ids", "value");
    scene.app.office().await.put(&settings, json!({"photos_required": null})).await.ok();
    scene.secretary.post(&record, words).await.ok();
    let own = scene.above.post(&format!("{day}/review"), json!({"verdict": "approve"})).await.ok();
    assert_eq!(own["state"], "approved");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_reviews_their_own_record() {
    let mut scene = Scene::set().await;
    scene.rules(the_25th()).await;
    let day = format!("/theme-days/{}", scene.plans(json!({"theme": "学身边榜样"})).await);
    scene.at(on("2026-11-25", 17, 0)).await;
    // The community's secretary helps out with the record.
    scene.above.post(&format!("{day}/record"), json!({"words": "已开展"})).await.ok();
    let (review, yes) = (format!("{day}/review"), json!({"verdict": "approve"}));
    let level = scene.secretary.post(&review, yes.clone()).await;
    level.refused(403, "theme_day.from_above");
    scene.above.post(&review, yes.clone()).await.refused(403, "theme_day.own_record");
    scene.app.staff("leader").await.post(&review, yes).await.ok();
}
