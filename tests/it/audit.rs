//! 审计: who did what is written in the same breath, and nobody takes a line away unseen.

use linli::audit::{Fault, Verdict, verify};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::json;

use crate::helpers::{Expect, OTHER_COMMUNITY, Stack, TestApp, WENHUA, dump, id, process::Site};

/// Lines by number: the world's appointments are the first.
async fn lines(app: &TestApp) -> i64 {
    i64::try_from(dump::rows(app.state.db.read(), "audit_entry").await.len()).unwrap()
}

/// Takes the guard away, as only somebody with the database in hand can.
async fn unguard(app: &TestApp) {
    let db = app.state.db.read();
    let drops: &[&str] = match db.get_database_backend() {
        DbBackend::Postgres => &["DROP TRIGGER audit_entry_stays ON audit_entry"],
        _ => &["DROP TRIGGER audit_entry_stays", "DROP TRIGGER audit_entry_remains"],
    };
    for sql in drops {
        db.execute_unprepared(sql).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn giving_and_taking_a_role_leaves_lines_that_only_those_above_read() {
    let app = TestApp::spawn().await;
    let (leader, community) = (app.staff("leader").await, app.org_id(WENHUA).await);
    let roles = format!("/orgs/{community}/roles");
    let account = json!({"username": "xinren", "name": "新人", "password": "linli-test-2026"});
    let grant = leader.post(&roles, json!({"account": account, "role": "dispatcher"})).await.ok();
    leader.delete(&format!("{roles}/{}", id(&grant))).await;
    let subject = grant["user_id"].as_str().unwrap();
    let read = leader.get(&format!("/audit?subject_id={subject}")).await.ok();
    let items = read["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{read}");
    for (item, action) in items.iter().zip(["role.revoked", "role.granted"]) {
        assert_eq!((&item["action"], &item["why"]), (&json!(action), &json!("dispatcher")));
        assert_eq!((&item["actor_id"], &item["org_id"]), (&json!(leader.id), &json!(community)));
    }
    let first = leader.get("/audit?limit=1").await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    let next = leader.get(&format!("/audit?limit=1&cursor={cursor}")).await.ok();
    assert_eq!(next["items"][0]["seq"], json!(first["items"][0]["seq"].as_i64().unwrap() - 1));
    leader.get("/audit?action=role.eaten").await.refused_field("action", "value");

    let operator = app.staff("operator").await;
    let theirs = app.org_id(OTHER_COMMUNITY).await;
    let auditor = json!({"username": "shenji", "name": "审计", "password": "linli-test-2026"});
    let path = format!("/orgs/{theirs}/roles");
    operator.post(&path, json!({"account": auditor, "role": "auditor"})).await.ok();
    let auditor = app.staff("shenji").await;
    let own = auditor.get("/audit").await.ok();
    let orgs = own["items"].as_array().unwrap().iter().map(|item| item["org_id"].clone());
    assert!(orgs.into_iter().all(|org| org == json!(theirs)), "{own}");
    let none = auditor.get(&format!("/audit?subject_id={subject}")).await.ok();
    assert_eq!(none["items"], json!([]), "another community's lines are not there");
    app.office().await.get("/audit").await.refused(403, "auth.forbidden");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_itself_lets_no_line_be_changed() {
    let app = TestApp::spawn().await;
    let db = app.state.db.read();
    assert!(lines(&app).await >= 7, "the first appointments are in the chain too");
    for sql in ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"] {
        assert!(db.execute_unprepared(sql).await.is_err(), "{sql}");
    }
    assert!(
        matches!(verify(db).await.unwrap(), Verdict::Sound { seq, .. } if seq == lines(&app).await)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_done_to_the_chain_its_first_bad_line_is_named() {
    let broken = |seq, fault| Verdict::Broken { seq, fault };
    let swap = [
        "UPDATE audit_entry SET seq = -1 WHERE seq = 3",
        "UPDATE audit_entry SET seq = 3 WHERE seq = 4",
        "UPDATE audit_entry SET seq = 4 WHERE seq = -1",
    ];
    let cases: &[(&str, &[&str], Verdict)] = &[
        (
            "a word",
            &["UPDATE audit_entry SET action = 'role.revoked' WHERE seq = 3"],
            broken(3, Fault::Altered),
        ),
        (
            "who",
            &["UPDATE audit_entry SET actor_id = subject_id WHERE seq = 5"],
            broken(5, Fault::Altered),
        ),
        ("when", &["UPDATE audit_entry SET at = at + 1 WHERE seq = 1"], broken(1, Fault::Altered)),
        (
            "one in the middle",
            &["DELETE FROM audit_entry WHERE seq = 4"],
            broken(4, Fault::Missing),
        ),
        ("the first", &["DELETE FROM audit_entry WHERE seq = 1"], broken(1, Fault::Missing)),
        ("the order", &swap, broken(3, Fault::Altered)),
        ("the end", &["DELETE FROM audit_entry WHERE seq >= 6"], broken(6, Fault::Cut)),
        ("the head", &["UPDATE audit_head SET hash = 'x'"], broken(7, Fault::Cut)),
    ];
    for (what, deeds, verdict) in cases {
        let app = TestApp::spawn().await;
        unguard(&app).await;
        let db = app.state.db.read();
        for sql in *deeds {
            db.execute_unprepared(sql).await.unwrap();
        }
        assert_eq!(verify(db).await.unwrap(), *verdict, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_head_kept_elsewhere_notices_what_the_database_cannot() {
    let on = Stack::from_env();
    let url = on.database().await;
    let app = TestApp::over(on, url.clone(), &[]).await;
    let mut site = Site::over(url);
    let (code, head) = site.run(&["audit", "head"]).await;
    assert_eq!(code, Some(0), "{head}");
    let head = head.lines().find(|line| line.starts_with("linli-audit-1 7 ")).unwrap().to_owned();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("heads");
    let kept = file.to_str().unwrap().to_owned();
    std::fs::write(&file, format!("{head}\n")).unwrap();
    let verify = ["audit", "verify", "--heads", &kept];
    let (code, said) = site.run(&verify).await;
    assert!(code == Some(0) && said.contains("✓ 审计链完整：7 条，另核对了 1 个链头"), "{said}");

    // The last line is gone and the head was moved back: by itself the chain looks whole.
    unguard(&app).await;
    let db = app.state.db.read();
    for sql in [
        "DELETE FROM audit_entry WHERE seq = 7",
        "UPDATE audit_head SET seq = 6, hash = (SELECT hash FROM audit_entry WHERE seq = 6)",
    ] {
        db.execute_unprepared(sql).await.unwrap();
    }
    let (code, said) = site.run(&["audit", "verify"]).await;
    assert!(code == Some(0), "{said}");
    let (code, said) = site.run(&verify).await;
    assert!(code == Some(1) && said.contains("第 7 条"), "{said}");

    std::fs::write(&file, head.replace(" 7 ", " 6 ")).unwrap();
    let (code, said) = site.run(&verify).await;
    assert!(code == Some(1) && said.contains("签名不对"), "{said}");
    site.set("AUDIT__HEAD_KEYS", "");
    let (code, said) = site.run(&["audit", "head"]).await;
    assert!(code == Some(1) && said.contains("audit.head_keys"), "{said}");
}
