//! 送寄语: in the branch's name, and from comrades where that is allowed.

use serde_json::json;

use super::Branch;
use crate::helpers::{Expect, dump, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_branchs_words_come_with_the_greeting_and_stay_a_surprise_until_then() {
    let branch = Branch::new().await;
    let li = branch.member("李建国", "2001-12-01").await;
    let page = format!("/orgs/{}/birthdays/{}/wishes", branch.id, li.id);
    let secretary = branch.secretary().await;
    secretary.post(&page, json!({"words": "写得匆忙"})).await.ok();
    let wish = secretary.post(&page, json!({"words": "二十五年，谢谢您。"})).await.ok();
    assert_eq!((&wish["year"], &wish["from"]), (&json!(2026), &json!("文化社区第一党支部")));
    let all = secretary.get(&page).await.ok();
    assert_eq!(all.as_array().unwrap().len(), 1, "written again it replaces the older words");
    assert_eq!(li.get("/me/birthday").await.ok()["wishes"], json!([]));
    branch.at("2026-12-01", 8).await;
    let told = branch.greeted("李建国").await;
    assert!(told[0].ends_with("支部寄语：二十五年，谢谢您。"), "{told:?}");
    let mine = branch.app.sign_in("李建国").await.get("/me/birthday").await.ok();
    assert_eq!(mine["wishes"][0]["words"], "二十五年，谢谢您。");
    let acts = dump::texts(branch.app.state.db.read(), "SELECT action FROM audit_entry").await;
    assert_eq!(acts.iter().filter(|act| *act == "birthday_wish.written").count(), 2);
    let kept = dump::texts(branch.app.state.db.read(), "SELECT words FROM birthday_wish").await;
    assert!(!kept.concat().contains("谢谢"), "sealed at rest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wishes_are_written_within_the_hundred_days_before() {
    let branch = Branch::new().await;
    let li = branch.member("李建国", "2001-07-01").await;
    let page = format!("/orgs/{}/birthdays/{}/wishes", branch.id, li.id);
    let words = json!({"words": "祝您健康"});
    branch.secretary().await.post(&page, words).await.refused(409, "birthday.not_near");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn comrades_write_where_the_branch_allows_it_and_the_person_lets_them_know() {
    let branch = Branch::new().await;
    let li = branch.member("李建国", "2001-12-01").await;
    let zhao = branch.app.member("赵敏").await;
    let far =
        branch.app.members_of(crate::helpers::OTHER_COMMUNITY, &["周远".into()]).await.remove(0);
    let (page, words) = (format!("/birthdays/{}/wishes", li.id), json!({"words": "向您学习"}));
    zhao.post(&page, words.clone()).await.refused(404, "not_found");
    assert_eq!(zhao.get("/birthdays").await.ok(), json!([]));
    li.put("/me/birthday", json!({"greet": true, "tell_branch": true})).await.ok();
    let known = zhao.get("/birthdays").await.ok();
    assert_eq!((&known[0]["name"], &known[0]["on"]), (&json!("李建国"), &json!("2026-12-01")));
    let mut bare = known.clone();
    bare[0]["person_id"] = json!(null);
    assert!(!bare.to_string().contains("2001") && !bare.to_string().contains("25"));
    assert_eq!(far.get("/birthdays").await.ok(), json!([]));
    zhao.post(&page, words.clone()).await.refused(403, "auth.forbidden");
    branch.set(json!({"birthday_wishes_by_members": true})).await;
    far.post(&page, words.clone()).await.refused(404, "not_found");
    li.post(&page, words.clone()).await.refused(404, "not_found");
    let wish = id(&zhao.post(&page, words.clone()).await.ok());

    far.delete(&format!("/birthday-wishes/{wish}")).await.refused(404, "not_found");
    branch.secretary().await.delete(&format!("/birthday-wishes/{wish}")).await.ok();
    let acts = dump::texts(branch.app.state.db.read(), "SELECT action FROM audit_entry").await;
    assert!(acts.contains(&"birthday_wish.removed".to_owned()));
    zhao.post(&page, words).await.ok();
    branch.at("2026-12-01", 8).await;
    let mine = branch.app.sign_in("李建国").await.get("/me/birthday").await.ok();
    assert_eq!(
        (&mine["wishes"][0]["from"], &mine["wishes"][0]["of_branch"]),
        (&json!("赵敏"), &json!(false))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn templates_are_the_houses_those_above_and_the_branchs_own() {
    let branch = Branch::new().await;
    let (secretary, leader) = (branch.secretary().await, branch.app.staff("leader").await);
    let (own, above) =
        (format!("/orgs/{}/wish-templates", branch.id), branch.app.org_id("520302").await);
    let above = format!("/orgs/{above}/wish-templates");
    let house = secretary.get(&own).await.ok().as_array().unwrap().clone();
    let fits = |kind: &str| house.iter().any(|one| one["fits"] == kind && one["id"].is_null());
    assert!(fits("ordinary") && fits("fifth") && fits("tenth"));
    secretary
        .post(&above, json!({"fits": "tenth", "words": "区里的话"}))
        .await
        .refused(404, "not_found");
    leader.post(&above, json!({"fits": "tenth", "words": "区里的话"})).await.ok();
    let mine = id(&secretary.post(&own, json!({"fits": "fifth", "words": "支部的话"})).await.ok());
    let all = secretary.get(&own).await.ok();
    assert_eq!(all.as_array().unwrap().len(), house.len() + 2);
    secretary.delete(&format!("/wish-templates/{mine}")).await.ok();
    assert_eq!(secretary.get(&own).await.ok().as_array().unwrap().len(), house.len() + 1);
    for n in 0..50 {
        secretary.post(&own, json!({"fits": "fifth", "words": format!("第 {n} 条")})).await.ok();
    }
    let one_more = secretary.post(&own, json!({"fits": "fifth", "words": "再来一条"})).await;
    assert_eq!(one_more.body["errors"][0]["code"], "count");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_wechat_doubts_of_a_wish_is_read_by_nobody_but_its_author_and_the_keeper_until_it_passed()
 {
    let branch = Branch::new().await;
    let li = branch.member("李建国", "2001-12-01").await;
    let zhao = branch.app.member("赵敏").await;
    li.put("/me/birthday", json!({"greet": true, "tell_branch": true})).await.ok();
    branch.set(json!({"birthday_wishes_by_members": true})).await;
    let page = format!("/birthdays/{}/wishes", li.id);
    zhao.post(&page, json!({"words": "大家来赌博"})).await.refused(422, "content.rejected");
    let secretary = branch.secretary().await;
    let kept = format!("/orgs/{}/birthdays/{}/wishes", branch.id, li.id);
    secretary.post(&kept, json!({"words": "有存疑词"})).await.ok();
    let wish = zhao.post(&page, json!({"words": "有存疑词，向您学习"})).await.ok();
    assert_eq!(
        (&wish["content"], &wish["words"]),
        (&json!("pending"), &json!("有存疑词，向您学习"))
    );
    let office = branch.app.office().await;
    let community = branch.app.org_id(crate::helpers::WENHUA).await;
    for org in [&branch.id, &community] {
        let queue = office.get(&format!("/orgs/{org}/content")).await;
        assert!(!queue.text.contains("向您学习"), "the office has no business with it: {queue:?}");
    }
    branch.at("2026-12-01", 8).await;
    let read = async || {
        let li = branch.app.sign_in("李建国").await;
        li.get("/me/birthday").await.ok()["wishes"].as_array().unwrap().len()
    };
    assert_eq!(read().await, 1, "the branch's own words are the branch's to answer for");
    let secretary = branch.secretary().await;
    let pass = format!("/birthday-wishes/{}/pass", id(&wish));
    branch.app.sign_in("赵敏").await.does(&pass).await.refused(403, "auth.forbidden");
    let passed = secretary.does(&pass).await.ok();
    assert_eq!(passed["content"], serde_json::Value::Null);
    secretary.does(&pass).await.ok();
    assert_eq!(read().await, 2);
    let acts = dump::texts(branch.app.state.db.read(), "SELECT action FROM audit_entry").await;
    assert_eq!(acts.iter().filter(|act| *act == "content.passed").count(), 1);
}
