//! One key per tap: a creating POST that is repeated is answered as its first success was, and nothing is there twice.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    helpers::{Expect, TestApp, WENHUA, fresh_key, id},
    tenancy::{
        operations,
        table::rightful,
        world::{ADDRESS, DETAIL, NOTES, Ours, PHONE},
    },
};

/// A field and another value of it.
type Other = Option<(&'static str, &'static str)>;

/// Every creating route: the table that grows, and what would make it another wish. A claim has no body.
const CREATING: &[(&str, &str, Other)] = &[
    ("POST /api/v1/requests", "request", Some(("title", "别的事情"))),
    ("POST /api/v1/requests/{id}/dispatch", "task", Some(("title", "别的任务"))),
    ("POST /api/v1/tasks", "task", Some(("title", "别的任务"))),
    ("POST /api/v1/tasks/{id}/claims", "claim", None),
    ("POST /api/v1/tasks/{id}/waitlist", "waitlist", None),
    ("POST /api/v1/tasks/{id}/draw", "draw_entry", None),
    ("POST /api/v1/claims/{id}/hand-over", "offer", None),
    ("POST /api/v1/tasks/{id}/offers", "offer", Some(("expires_at", "2026-11-22T12:00:00+08:00"))),
    ("POST /api/v1/tasks/{id}/assign", "claim", Some(("reason", "别的理由"))),
    ("POST /api/v1/offers/{id}/accept", "claim", None),
    ("POST /api/v1/tasks/{id}/walk-ins", "claim", Some(("reason", "人手实在不够"))),
    ("POST /api/v1/stars/{id}/appeal", "star_appeal", Some(("reason", "别的理由"))),
    ("POST /api/v1/tasks/{id}/story", "story", Some(("title", "别的晒单"))),
    ("POST /api/v1/orgs", "org", Some(("name", "第三党支部"))),
    ("POST /api/v1/orgs/{id}/members", "membership", Some(("name", "吴强"))),
    ("POST /api/v1/me/memberships", "membership", Some(("kind", "home_branch"))),
    ("POST /api/v1/orgs/{id}/roles", "role_grant", Some(("role", "secretary"))),
    ("POST /api/v1/requests/{id}/answer", "answer", Some(("words", "还可以"))),
    ("POST /api/v1/orgs/{id}/task-templates", "task_template", Some(("name", "别的模板"))),
    ("POST /api/v1/task-templates/{id}/tasks", "task", Some(("title", "别的任务"))),
    ("POST /api/v1/orgs/{id}/task-series", "task_series", Some(("rule", "FREQ=DAILY"))),
    ("POST /api/v1/tasks/{id}/copy", "task", Some(("ends_at", "2026-11-28T22:00:00+08:00"))),
    ("POST /api/v1/tasks/{id}/borrow", "task_loan", Some(("note", "还差三个人"))),
    ("POST /api/v1/me/consents", "consent", Some(("purpose", "ranking"))),
    ("POST /api/v1/claims/{id}/correct", "hours_correction", Some(("reason", "另一个理由"))),
    ("POST /api/v1/complaints", "complaint", Some(("words", "另一件事情"))),
    ("POST /api/v1/me/certificate", "service_certificate", None),
    ("POST /api/v1/memberships/{id}/move", "membership", Some(("reason", "另一个理由"))),
    ("POST /api/v1/orgs/{id}/categories", "category", Some(("name", "别的类别"))),
    ("POST /api/v1/orgs/{id}/theme-days", "theme_day", Some(("theme", "别的主题"))),
    ("POST /api/v1/orgs/{id}/calendar", "calendar_feed", None),
    ("POST /api/v1/me/calendar", "calendar_feed", None),
    (
        "POST /api/v1/orgs/{id}/birthdays/{person_id}/wishes",
        "birthday_wish",
        Some(("words", "祝您生日快乐")),
    ),
    ("POST /api/v1/birthdays/{id}/wishes", "birthday_wish", Some(("words", "祝您天天快乐"))),
    ("POST /api/v1/orgs/{id}/wish-templates", "wish_template", Some(("words", "祝您健康"))),
    ("POST /api/v1/orgs/{id}/points", "points_proposal", Some(("reason", "另一个理由"))),
];

/// `/api/v1/tasks` → `/tasks`
fn below(path: &str) -> &str {
    path.trim_start_matches("/api/v1")
}

fn ask(org: &str) -> Value {
    json!({"org_id": org, "category": "维修", "title": "楼道灯坏了", "detail": "三单元二楼的灯不亮"})
}

#[test]
fn every_creating_route_is_in_the_list() {
    // A photo sent twice is two photos, and the one that nothing uses goes within a day.
    let creates = |entry: &Value| {
        let form = entry["requestBody"]["content"]["multipart/form-data"].is_object();
        entry["responses"]["201"].is_object() && !form
    };
    let served = operations().into_iter().filter(|(_, entry)| creates(entry)).map(|(name, _)| name);
    let listed: BTreeSet<_> = CREATING.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(served.collect::<BTreeSet<_>>(), listed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeated_wish_is_answered_as_its_first_success_was() {
    let ours = Ours::live().await;
    let report = format!("/tasks/{}/report", ours.row("tasks", "running"));
    for (operation, table, other) in CREATING {
        if operation.ends_with("/story") {
            ours.who("office").post(&report, json!({"words": "已巡查"})).await.ok();
        }
        if operation.ends_with("/correct") {
            // The one that waits there is decided first.
            let (who, path, body) = rightful(&ours, "POST /api/v1/hours/{id}/approve");
            who.post(below(&path), body).await.ok();
        }
        let (who, path, body) = rightful(&ours, operation);
        let (path, key) = (below(&path), fresh_key());
        let before = ours.app.fingerprint(&[]).await.count(table);
        let first = who.post_keyed(path, &key, &body).await;
        assert!(first.status == 201 && !first.is_replay(), "{operation}: {first:?}");
        let after = ours.app.fingerprint(&[]).await;
        assert_eq!(after.count(table), before + 1, "{operation}");
        for _ in 0..2 {
            let again = who.post_keyed(path, &key, &body).await;
            assert!(again.status == 201 && again.is_replay(), "{operation}: {again:?}");
            assert_eq!(again.text, first.text, "{operation}");
        }
        if let Some((field, value)) = other {
            let mut other = body.clone();
            other[*field] = json!(value);
            who.post_keyed(path, &key, &other).await.refused(422, "idempotency.mismatch");
        }
        after.assert_same(&ours.app.fingerprint(&[]).await, operation);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_belongs_to_one_person_and_one_address() {
    let app = TestApp::spawn().await;
    let (wang, qian) = (app.resident("王阿姨").await, app.resident("钱大爷").await);
    let (org, key) = (app.org_id(WENHUA).await, fresh_key());
    let first = wang.post_keyed("/requests", &key, &ask(&org)).await;
    let other = qian.post_keyed("/requests", &key, &ask(&org)).await;
    assert!(first.status == 201 && other.status == 201 && !other.is_replay());
    assert_ne!(id(&first.body), id(&other.body));

    let (office, li) = (app.office().await, app.member("李建国").await);
    let (one, two) =
        (app.open_task_at(&office, 2, (9, 10)).await, app.open_task_at(&office, 2, (15, 16)).await);
    let claims = [li.claims_with(&one, &key).await, li.claims_with(&two, &key).await];
    assert!(claims.iter().all(|claim| claim.status == 201 && !claim.is_replay()), "{claims:?}");
    let without =
        [wang.post("/requests", ask(&org)).await, wang.post("/requests", ask(&org)).await];
    assert_ne!(id(&without[0].body), id(&without[1].body), "without a key every wish is a new one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_is_not_kept_and_the_same_key_succeeds_later() {
    let app = TestApp::spawn().await;
    let (office, li, zhao) =
        (app.office().await, app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 1).await;
    let claim = id(&li.claims(&task).await.ok());
    let key = fresh_key();
    for _ in 0..2 {
        zhao.claims_with(&task, &key).await.refused(409, "task_full");
    }
    li.releases(&claim).await.ok();
    assert!(!zhao.claims_with(&task, &key).await.is_replay());
    let again = zhao.claims_with(&task, &key).await;
    assert!(again.status == 201 && again.is_replay(), "{again:?}");

    let org = app.org_id(WENHUA).await;
    let wrong = ask(&app.org_id("5203").await);
    li.post_keyed("/requests", &key, &wrong).await.refused_field("org_id", "value");
    let right = li.post_keyed("/requests", &key, &ask(&org)).await;
    assert!(
        right.status == 201 && !right.is_replay(),
        "a refused body is no other body: {right:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_answer_rests_sealed() {
    let ours = Ours::live().await;
    let wang = ours.who("王阿姨");
    let mut ask = ask(ours.row("orgs", "community"));
    ask["detail"] = json!(DETAIL);
    ask["place"] = json!({"name": "文化小区", "address": ADDRESS});
    let key = fresh_key();
    let answer = wang.post_keyed("/requests", &key, &ask).await;
    assert!(answer.status == 201 && answer.text.contains(ADDRESS), "{answer:?}");
    let dispatch = format!("/requests/{}/dispatch", id(&answer.body));
    let task = ours.who("office").post_keyed(&dispatch, &key, &ours.form(None)).await;
    assert!(task.status == 201 && task.text.contains(ADDRESS), "{task:?}");

    let rest = ours.app.fingerprint(&[]).await;
    assert!(rest.count("idempotency_key") > 2);
    assert!(
        rest.contains("文化小区") && rest.contains(NOTES),
        "what is not personal is plain text"
    );
    for secret in [ADDRESS, DETAIL, PHONE] {
        assert!(!rest.contains(secret), "{secret} rests in the open");
    }
    let again = wang.post_keyed("/requests", &key, &ask).await;
    assert!(again.is_replay() && again.text == answer.text, "and is opened for its owner");
}
