//! Who is left in peace, and what nobody reads anywhere.

use linli::org;
use sea_orm::ConnectionTrait;
use serde_json::json;

use super::Branch;
use crate::helpers::{Expect, Person, dump};

/// Greets on the day, and looks that not a word went anywhere.
async fn silent(branch: &Branch, day: &str, why: &str) {
    branch.at(day, 8).await;
    assert!(branch.greeted("李建国").await.is_empty(), "{why}");
    assert!(branch.heard("secretary", "birthday.today").await.is_empty(), "{why}");
    assert!(branch.heard("赵敏", "birthday.shared").await.is_empty(), "{why}");
    let list = format!("/orgs/{}/birthdays?month={}", branch.id, &day[..7]);
    let list = branch.secretary().await.get(&list).await.ok();
    assert_eq!(list["items"], json!([]), "{why}");
}

async fn with_li() -> (Branch, Person) {
    let branch = Branch::new().await;
    branch.app.member("赵敏").await;
    let li = branch.member("李建国", "2001-12-01").await;
    li.put("/me/birthday", json!({"greet": true, "tell_branch": true})).await.ok();
    (branch, li)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_consent_nobody_is_greeted_or_listed() {
    let branch = Branch::new().await;
    branch.app.member("赵敏").await;
    let li = branch.app.member("李建国").await;
    branch.keeps(&li, json!({"joined_on": "2001-12-01", "consented": false})).await;
    silent(&branch, "2026-12-01", "no consent").await;
    let list = branch.secretary().await.get(&format!("/orgs/{}/birthdays", branch.id)).await.ok();
    assert_eq!(list["not_agreed"], 1, "how many, not who");
    let li = branch.app.sign_in("李建国").await;
    assert_eq!(li.get("/me/birthday").await.ok()["agreed"], false);
    let said = li.put("/me/birthday", json!({"greet": true, "tell_branch": false})).await.ok();
    assert_eq!((&said["agreed"], &said["next_on"]), (&json!(true), &json!("2026-12-01")));
    branch.at("2027-12-01", 8).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1, "one's own yes is a consent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_opted_out_is_not_greeted_whatever_the_branch_notes_later() {
    let (branch, li) = with_li().await;
    li.put("/me/birthday", json!({"greet": false, "tell_branch": true})).await.ok();
    branch.keeps(&li, json!({"joined_on": "2001-12-01", "consented": true})).await;
    silent(&branch, "2026-12-01", "opted out").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_took_the_consent_to_party_data_back_is_not_greeted() {
    let (branch, li) = with_li().await;
    let yes = json!({"purpose": "party_data", "version": "2026-11"});
    li.post("/me/consents", yes.clone()).await.ok();
    li.delete("/me/consents/party_data").await.ok();
    silent(&branch, "2026-12-01", "taken back").await;
    branch.app.sign_in("李建国").await.post("/me/consents", yes).await.ok();
    branch.at("2027-12-01", 8).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1, "given again it counts again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_cheerful_is_said_to_or_of_who_died_and_the_keepers_word_is_audited() {
    let (branch, li) = with_li().await;
    let page = format!("/orgs/{}/members/{}/quiet", branch.id, li.id);
    let died = json!({"quiet": true, "reason": "家属来报：已去世"});
    branch.app.office().await.put(&page, died.clone()).await.refused(403, "auth.forbidden");
    branch
        .app
        .staff("maocaopu")
        .await
        .put(&page, died.clone())
        .await
        .refused(403, "auth.forbidden");
    let kept = branch.secretary().await.put(&page, died).await.ok();
    assert_ne!(kept["quiet_at"], serde_json::Value::Null);
    assert_eq!(kept["joined_on"], "2001-12-01", "the record stays");
    // Whatever is noted in the record later, an import included, leaves it as it is.
    branch.keeps(&li, json!({"joined_on": "2001-12-01", "consented": true})).await;
    silent(&branch, "2026-12-01", "quiet").await;
    let zhao = branch.app.sign_in("赵敏").await;
    branch.keeps(&zhao, json!({"joined_on": "2001-12-05", "consented": true})).await;
    zhao.put("/me/birthday", json!({"greet": true, "tell_branch": true})).await.ok();
    branch.at("2026-12-05", 8).await;
    assert!(branch.heard("李建国", "birthday.shared").await.is_empty(), "nor of others' days");
    let acts = dump::texts(branch.app.state.db.read(), "SELECT action FROM audit_entry").await;
    assert!(acts.contains(&"member.quieted".to_owned()));
    let words = dump::texts(branch.app.state.db.read(), "SELECT why FROM audit_words").await;
    assert!(!words.concat().contains("去世"), "sealed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_left_the_branch_is_not_greeted_and_leaving_for_good_takes_the_notices_that_name_them()
{
    let (branch, li) = with_li().await;
    branch.at("2026-12-01", 8).await;
    assert_eq!(branch.heard("secretary", "birthday.today").await.len(), 1);
    assert!(branch.heard("赵敏", "birthday.shared").await[0].contains("李建国"));
    let member = li.id;
    let li = branch.app.sign_in("李建国").await;
    let leaves = li.request(reqwest::Method::DELETE, "/me").header("Confirm-Leaving", "yes");
    assert_eq!(li.send(leaves).await.unwrap().status, 204);
    assert!(branch.heard("secretary", "birthday.today").await.is_empty());
    assert!(branch.heard("赵敏", "birthday.shared").await.is_empty());
    for table in ["party_record", "birthday_choice", "birthday_greeting", "birthday_named"] {
        let rows = format!("SELECT 'x' FROM {table}");
        let left = dump::texts(branch.app.state.db.read(), &rows).await;
        assert!(left.is_empty(), "{table} of {member}");
    }

    branch.member("孙立", "2001-12-05").await;
    let place = branch.place("孙立").await;
    let end = json!({"reason": "转出本市"});
    branch.secretary().await.post(&format!("/memberships/{place}/end"), end).await.ok();
    branch.at("2026-12-05", 8).await;
    assert!(branch.greeted("孙立").await.is_empty(), "no branch, no greeting");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_date_stands_readable_in_the_database_and_equal_days_of_the_two_fields_look_different() {
    let branch = Branch::new().await;
    let li = branch.app.member("李建国").await;
    let record = json!({"joined_on": "2001-12-01", "full_on": "2002-12-01", "consented": true});
    branch.keeps(&li, record).await;
    let kept = "SELECT facts || ' ' || joined_index || ' ' || full_index FROM party_record";
    let kept = dump::texts(branch.app.state.db.read(), kept).await.concat();
    assert!(!kept.contains("12-01") && !kept.contains("2001"), "{kept}");
    let prints: Vec<_> = kept.split(' ').skip(1).collect();
    assert_ne!(prints[0], prints[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_an_earlier_version_wrote_get_their_fingerprints_in_the_next_round() {
    let branch = Branch::new().await;
    branch.member("李建国", "2001-12-01").await;
    branch.member("赵敏", "2001-12-01").await;
    let db = branch.app.state.db.read();
    let never = "UPDATE party_record SET joined_index = NULL, indexed_at = NULL";
    db.execute_unprepared(never).await.unwrap();
    branch.at("2026-11-30", 8).await;
    assert_eq!(org::reindex(&branch.app.state).await.unwrap(), 2);
    let old = "UPDATE party_record SET joined_index = 'x', updated_at = updated_at + 1";
    branch.app.state.db.read().execute_unprepared(old).await.unwrap();
    assert_eq!(
        org::reindex(&branch.app.state).await.unwrap(),
        2,
        "written since by an older program"
    );
    assert_eq!(org::reindex(&branch.app.state).await.unwrap(), 0);
    branch.at("2026-12-01", 8).await;
    assert_eq!(branch.greeted("李建国").await.len() + branch.greeted("赵敏").await.len(), 2);
}
