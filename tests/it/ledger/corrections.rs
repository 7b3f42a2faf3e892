//! 更正时长: two people, never those who served, and what was entered stays.

use futures_util::future::join_all;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::{HOUR, served, sums_agree, switch};
use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

/// 文化社区小陈 asks.
async fn asked(app: &TestApp, claim: &str, minutes: i32) -> String {
    let body = json!({"minutes": minutes, "reason": "签退晚了，实际早走"});
    id(&app.office().await.post(&format!("/claims/{claim}/correct"), body).await.ok())
}

async fn hours(app: &TestApp, who: &Person) -> Value {
    app.sign_in(&who.name).await.get("/me/hours").await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_takes_two_people_and_stays_marked() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    let (task, claims) = served(&app, &[&li], &[]).await;
    let correction = asked(&app, &claims[0], 40).await;
    let before = hours(&app, &li).await;
    assert_eq!(
        (&before["total_minutes"], &before["waiting"][0]["minutes_to"]),
        (&json!(60), &json!(40))
    );
    assert_eq!(before["waiting"][0]["reason"], "签退晚了，实际早走");

    let approve = format!("/hours/{correction}/approve");
    app.office().await.does(&approve).await.refused(403, "second_person");
    let second = app.staff("wenhua2").await;
    assert_eq!(second.does(&approve).await.ok()["state"], "approved");
    assert_eq!(second.does(&approve).await.refused(409, "state.conflict")["state"], "approved");
    let after = hours(&app, &li).await;
    assert_eq!((&after["total_minutes"], &after["total_claims"]), (&json!(40), &json!(1)));
    assert_eq!(
        (&after["items"][0]["kind"], &after["items"][0]["minutes"]),
        (&json!("correction"), &json!(-20))
    );
    assert_eq!(
        (&after["items"][1]["kind"], &after["items"][1]["minutes"]),
        (&json!("service"), &json!(60))
    );
    assert_eq!(after["waiting"], json!([]));
    let roster = second.get(&format!("/tasks/{task}/roster")).await.ok();
    assert_eq!(roster["items"][0]["minutes"], 40);
    sums_agree(&app).await;

    let again = asked(&app, &claims[0], 0).await;
    second.does(&format!("/hours/{again}/approve")).await.ok();
    assert_eq!(hours(&app, &li).await["total_minutes"], 0);
    sums_agree(&app).await;
    let told = app.fingerprint(&[]).await;
    for act in ["hours.correction_proposed", "hours.corrected", "claim.corrected"] {
        assert!(told.contains(act), "{act}");
    }
    assert!(!told.contains("实际早走"), "the reason rests sealed");
}

/// What a refusal writes.
const APART: &[&str] = &["hours_correction", "audit_entry", "audit_head", "audit_words", "event"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_correction_changes_nothing_and_says_why() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    let (_, claims) = served(&app, &[&li], &[]).await;
    let (correction, second) = (asked(&app, &claims[0], 10).await, app.staff("secretary").await);
    let before = app.fingerprint(APART).await;
    let reason = json!({"reason": "签到记录没有问题"});
    let refused = second.post(&format!("/hours/{correction}/refuse"), reason).await.ok();
    assert_eq!(
        (&refused["state"], &refused["answer"]),
        (&json!("refused"), &json!("签到记录没有问题"))
    );
    let after = app.fingerprint(APART).await;
    before.assert_same(&after, "a refusal");
    let list = app.sign_in("李建国").await.get("/hours/corrections").await.ok();
    assert_eq!(list["items"][0]["answer"], "签到记录没有问题", "the member reads it too");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_corrects_their_own_hours_nor_those_they_served_with() {
    let app = TestApp::spawn().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let (_, claims) = served(&app, &[&li, &zhao], &[]).await;
    let roles = format!("/orgs/{}/roles", app.org_id(WENHUA).await);
    let grant = json!({"user_id": li.id, "role": "secretary"});
    app.staff("operator").await.post(&roles, grant).await.ok();
    let li = app.sign_in("李建国").await;
    let body = json!({"minutes": 30, "reason": "给自己改一改"});
    li.post(&format!("/claims/{}/correct", claims[0]), body).await.refused(403, "second_person");
    for claim in claims {
        let correction = asked(&app, &claim, 30).await;
        li.does(&format!("/hours/{correction}/approve")).await.refused(403, "second_person");
    }
    sums_agree(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_waits_for_the_confirmation_fits_the_task_and_comes_alone() {
    let app = TestApp::spawn().await;
    let (li, office) = (app.member("李建国").await, app.office().await);
    let task = app.open_task(&office, 2).await;
    let claim = id(&li.claims(&task).await.ok());
    let path = format!("/claims/{claim}/correct");
    let body = json!({"minutes": 30, "reason": "还没有服务"});
    assert_eq!(office.post(&path, body).await.refused(409, "state.conflict")["state"], "active");

    let (_, claims) = served(&app, &[&li], &[]).await;
    let path = format!("/claims/{}/correct", claims[0]);
    let ask = async |minutes: i32| {
        let body = json!({"minutes": minutes, "reason": "人到了忘记签到"});
        app.office().await.post(&path, body).await
    };
    ask(61).await.refused_field("minutes", "range");
    ask(60).await.refused_field("minutes", "value");
    ask(59).await.ok();
    ask(58).await.refused(409, "correction.pending");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_approvals_at_once_one_is_entered() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    let (_, claims) = served(&app, &[&li], &[]).await;
    let correction = asked(&app, &claims[0], 15).await;
    let path = format!("/hours/{correction}/approve");
    let (second, third) = (app.staff("wenhua2").await, app.staff("secretary").await);
    let tries = (0..12).map(|i| if i % 2 == 0 { second.does(&path) } else { third.does(&path) });
    let said = join_all(tries).await;
    assert_eq!(said.iter().filter(|reply| reply.status == 200).count(), 1, "{said:?}");
    let hours = hours(&app, &li).await;
    assert_eq!(hours["items"].as_array().unwrap().len(), 2, "{hours}");
    assert_eq!(hours["total_minutes"], 15);
    sums_agree(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_marked_as_missed_was_served_after_all_and_the_deduction_is_taken_back() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"points_enabled": true})).await;
    super::rules(&app, json!([{"kind": "deduction", "trigger": "no_show", "amount": 5}])).await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let (_, claims) = served(&app, &[&li], &[&zhao]).await;
    let points = async || app.sign_in("赵敏").await.get("/me/points").await.ok();
    assert_eq!(points().await["total"], -5);
    let correction = asked(&app, &claims[1], 60).await;
    app.staff("wenhua2").await.does(&format!("/hours/{correction}/approve")).await.ok();
    let claim = app.sign_in("赵敏").await.get(&format!("/claims/{}", claims[1])).await.ok();
    assert_eq!((&claim["state"], &claim["minutes"]), (&json!("confirmed"), &json!(60)));
    let after = points().await;
    assert_eq!((&after["total"], &after["items"][0]["trigger"]), (&json!(0), &json!("reversal")));
    assert_eq!(after["items"].as_array().unwrap().len(), 2, "both stay to be read");
    sums_agree(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_itself_lets_nobody_edit_the_ledgers() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"points_enabled": true})).await;
    super::rules(&app, json!([{"kind": "base", "trigger": "lead", "amount": 2}])).await;
    let li = app.member("李建国").await;
    served(&app, &[&li], &[]).await;
    let before = app.fingerprint(&[]).await;
    assert_eq!((before.count("hours_entry"), before.count("points_entry")), (1, 1));
    let db = app.state.db.read();
    for table in ["hours_entry", "points_entry"] {
        let column = if table == "hours_entry" { "minutes" } else { "amount" };
        for sql in [format!("UPDATE {table} SET {column} = 600"), format!("DELETE FROM {table}")] {
            let refused = db.execute_unprepared(&sql).await.unwrap_err().to_string();
            assert!(refused.contains("ledger entries stay as they are"), "{sql}: {refused}");
        }
    }
    before.assert_same(&app.fingerprint(&[]).await, "a hand in the ledger");
    app.advance(HOUR);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asked_for_a_correction_hears_what_became_of_it() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    let (_, claims) = served(&app, &[&li], &[]).await;
    let second = app.staff("wenhua2").await;
    let told = async |who: &Person| {
        app.settle().await;
        let inbox = who.get("/inbox?limit=100").await.ok();
        let kinds = inbox["items"].as_array().unwrap().iter().map(|line| line["kind"].clone());
        kinds
            .filter(|kind| {
                kind.as_str().unwrap().starts_with("hours.c")
                    || kind.as_str().unwrap().starts_with("correction.r")
            })
            .collect::<Vec<_>>()
    };
    let no = asked(&app, &claims[0], 10).await;
    let reason = json!({"reason": "签到记录没有问题"});
    second.post(&format!("/hours/{no}/refuse"), reason).await.ok();
    assert_eq!(told(&app.office().await).await, [json!("correction.refused")]);
    let yes = asked(&app, &claims[0], 40).await;
    second.does(&format!("/hours/{yes}/approve")).await.ok();
    let both = [json!("hours.corrected"), json!("correction.refused")];
    assert_eq!(told(&app.office().await).await, both);
    assert_eq!(told(&second).await, Vec::<Value>::new(), "whoever decided knows it");
}
