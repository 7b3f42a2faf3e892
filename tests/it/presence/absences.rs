//! Who did not come: marked, explained, ruled, appealed; and what it means for the next claim.

use linli::kernel::Day;
use serde_json::{Value, json};

use super::{Saturday, check_in};
use crate::helpers::{Expect, Person, TestApp, dump::texts, id};

const WHY: &str = "半夜孩子发烧去了医院";

/// Misses a task a day, so many times, from next Saturday on; the claims, the last first.
async fn misses(app: &TestApp, who: &str, times: i64) -> Vec<String> {
    let mut claims = Vec::new();
    for day in 0..times {
        let start = Day::of(app.saturday(9)).plus(day);
        app.clock.set(start.time(8, 0));
        let (office, member) = (app.office().await, app.sign_in(who).await);
        let form = json!({"org_id": app.org_id(crate::helpers::WENHUA).await, "title": "夜间巡逻", "slots": 3,
            "starts_at": start.time(23, 0), "ends_at": start.plus(1).time(1, 0), "publish": true});
        let task = id(&office.post("/tasks", form).await.ok());
        claims.insert(0, id(&member.claims(&task).await.ok()));
        app.clock.set(start.time(23, 30));
        let mark = format!("/claims/{}/no-show", claims[0]);
        app.office().await.does(&mark).await.ok();
    }
    claims
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_unexcused_absences_pause_claiming_and_an_accepted_excuse_lifts_it_at_once() {
    let app = TestApp::spawn().await;
    app.member("李建国").await;
    let claims = misses(&app, "李建国", 3).await;
    app.clock.set(Day::of(app.saturday(9)).plus(3).time(0, 5));
    let (office, li) = (app.office().await, app.sign_in("李建国").await);
    let form = json!({"org_id": app.org_id(crate::helpers::WENHUA).await, "title": "大扫除", "slots": 3,
        "starts_at": Day::of(app.saturday(9)).plus(4).time(9, 0), "publish": true,
        "ends_at": Day::of(app.saturday(9)).plus(4).time(11, 0)});
    let task = id(&office.post("/tasks", form).await.ok());
    app.settle().await;
    let page = li.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(page["refusal"]["code"], "suspended_until", "said before the tap");
    let refused = li.claims(&task).await.refused(403, "suspended_until");
    let until = Day::of(app.saturday(9)).plus(2 + 14).time(23, 0);
    assert_eq!(refused["until"], json!(until), "a fortnight from the last");

    let path = format!("/claims/{}", claims[1]);
    li.post(&format!("{path}/excuse"), json!({"reason": WHY})).await.ok();
    li.claims(&task).await.refused(403, "suspended_until");
    let accept = json!({"reason": "情况属实，注意身体"});
    office.post(&format!("{path}/excuse/accept"), accept).await.ok();
    li.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_excuse_is_between_the_member_and_the_office() {
    let mut saturday = Saturday::planned(5).await.at(8, 50).await;
    let (path, task) = (format!("/claims/{}", saturday.li_claim), saturday.task.clone());
    let why = json!({"reason": WHY});
    saturday.li.delete(&path).await.refused(409, "leave_closed");
    for other in [&saturday.lead, &saturday.zhao] {
        other.post(&format!("{path}/excuse"), why.clone()).await.refused(404, "not_found");
    }
    saturday.li.post(&format!("{path}/excuse"), json!({"reason": "先写一句"})).await.ok();
    let sent = saturday.li.post(&format!("{path}/excuse"), why).await.ok();
    assert_eq!((&sent["standing"], &sent["excuse"]), (&json!("asked"), &json!(WHY)));
    saturday.lead.get(&format!("{path}/absence")).await.refused(404, "not_found");
    let roster = saturday.lead.get(&format!("/tasks/{task}/roster")).await.ok();
    assert!(!roster.to_string().contains(WHY));
    let waiting = saturday.office.get("/absences").await.ok();
    assert_eq!(waiting["items"][0]["excuse"], WHY);
    assert_eq!(
        saturday.app.staff("maocaopu").await.get("/absences").await.ok()["items"],
        json!([])
    );
    assert_eq!(saturday.li.get("/absences").await.ok()["items"], json!([]));
    let rest = texts(saturday.app.state.db.read(), "SELECT excuse FROM absence").await;
    assert!(!rest[0].contains("孩子"), "it rests sealed: {rest:?}");

    let accept = json!({"reason": "好的，照顾好孩子"});
    for answer in ["accept", "refuse"] {
        let by_lead = saturday.lead.post(&format!("{path}/excuse/{answer}"), accept.clone()).await;
        by_lead.refused(403, "auth.forbidden");
    }
    let accepted =
        saturday.office.post(&format!("{path}/excuse/accept"), accept.clone()).await.ok();
    assert_eq!((&accepted["standing"], &accepted["missed_at"]), (&json!("excused"), &Value::Null));
    assert_eq!(saturday.claim(&saturday.li, &saturday.li_claim).await["state"], "released");
    let page = saturday.zhao.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(page["filled"], 1, "the seat is free for another");
    let again = saturday.office.post(&format!("{path}/excuse/accept"), accept).await;
    assert_eq!(again.refused(409, "state.conflict")["state"], "excused");
    assert_eq!(saturday.office.get("/absences").await.ok()["items"], json!([]));
    saturday.go_to(9, 0).await;
    let code = json!({"code": saturday.code});
    let gone = saturday.li.post(&check_in(&saturday.li_claim), code).await;
    assert_eq!(gone.refused(409, "state.conflict")["state"], "released");
}

async fn rules(who: &Person, path: &str, what: &str) -> crate::helpers::Reply {
    who.post(&format!("{path}/{what}"), json!({"reason": "说明理由"})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_refused_does_not_decide_the_appeal() {
    let saturday = Saturday::planned(5).await.at(9, 30).await;
    let Saturday { app, office, li, li_claim, .. } = &saturday;
    let path = format!("/claims/{li_claim}");
    office.does(&format!("{path}/no-show")).await.ok();
    rules(office, &path, "excuse/accept").await.refused(409, "state.conflict");
    rules(li, &path, "appeal").await.refused(409, "state.conflict");
    li.post(&format!("{path}/excuse"), json!({"reason": WHY})).await.ok();
    rules(office, &path, "appeal/accept").await.refused(409, "state.conflict");
    let refused = rules(office, &path, "excuse/refuse").await.ok();
    assert_eq!((&refused["standing"], &refused["answer"]), (&json!("refused"), &json!("说明理由")));
    let again = li.post(&format!("{path}/excuse"), json!({"reason": WHY})).await;
    assert_eq!(again.refused(409, "state.conflict")["state"], "refused");
    rules(li, &path, "appeal").await.ok();
    rules(office, &path, "appeal/accept").await.refused(403, "absence.same_person");
    let stranger = app.staff("maocaopu").await;
    rules(&stranger, &path, "appeal/accept").await.refused(404, "not_found");
    let second = app.staff("wenhua2").await;
    assert_eq!(rules(&second, &path, "appeal/accept").await.ok()["standing"], "excused");
    assert_eq!(
        saturday.line(li_claim).await["state"],
        "no_show",
        "they were not there all the same"
    );
    rules(&second, &path, "appeal/refuse").await.refused(409, "state.conflict");
    let acts = texts(app.state.db.read(), "SELECT action FROM audit_entry").await;
    assert_eq!(acts.iter().filter(|act| *act == "absence.ruled").count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_works_there_too_rules_on_nothing_of_their_own() {
    let saturday = Saturday::planned(5).await.at(9, 30).await;
    let Saturday { app, office, li, li_claim, .. } = &saturday;
    let roles = format!("/orgs/{}/roles", app.org_id(crate::helpers::WENHUA).await);
    let role = json!({"user_id": li.id, "role": "dispatcher"});
    app.staff("leader").await.post(&roles, role).await.ok();
    let (li, path) = (app.sign_in("李建国").await, format!("/claims/{li_claim}"));
    office.does(&format!("{path}/no-show")).await.ok();
    li.post(&format!("{path}/excuse"), json!({"reason": WHY})).await.ok();
    for ruling in ["excuse/accept", "excuse/refuse"] {
        rules(&li, &path, ruling).await.refused(403, "absence.same_person");
    }
    rules(office, &path, "excuse/refuse").await.ok();
    rules(&li, &path, "appeal").await.ok();
    for ruling in ["appeal/accept", "appeal/refuse"] {
        rules(&li, &path, ruling).await.refused(403, "absence.same_person");
    }
}
