//! 同意: given to words that were read, shown, and taken back.

use linli::identity::consents::{Purpose, holds};
use serde_json::{Value, json};

use crate::helpers::{Expect, TestApp};

fn of<'a>(all: &'a Value, purpose: &str) -> &'a Value {
    all.as_array().unwrap().iter().find(|one| one["purpose"] == purpose).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_consent_is_given_once_taken_back_and_given_again() {
    let app = TestApp::spawn().await;
    let wang = app.resident("王阿姨").await;
    let db = app.state.db.read();
    let held = async || holds(db, wang.id, Purpose::Ranking).await.unwrap();
    let first = wang.get("/me/consents").await.ok();
    assert_eq!(first.as_array().unwrap().len(), Purpose::ALL.len());
    let ranking = of(&first, "ranking");
    assert!(ranking["words"].as_str().unwrap().contains("同意") && ranking["holds"] == false);
    assert!(!held().await, "nobody agrees by saying nothing");

    let old = json!({"purpose": "ranking", "version": "2019-01"});
    let told = wang.post("/me/consents", old).await.refused(409, "consent.outdated");
    assert_eq!(told["version"], ranking["version"]);
    let agrees = json!({"purpose": "ranking", "version": ranking["version"]});
    let given = wang.post("/me/consents", agrees.clone()).await.ok();
    assert_eq!((&given["holds"], &given["given_version"]), (&json!(true), &ranking["version"]));
    let again = wang.post("/me/consents", agrees.clone()).await.ok();
    assert_eq!(again["given_at"], given["given_at"], "the same again changes nothing");
    assert!(
        held().await
            && !holds(db, app.resident("李大爷").await.id, Purpose::Ranking).await.unwrap()
    );

    for _ in 0..2 {
        assert_eq!(wang.delete("/me/consents/ranking").await.status, 204);
        assert!(!held().await);
    }
    let back = wang.get("/me/consents").await.ok();
    assert!(!of(&back, "ranking")["withdrawn_at"].is_null(), "{back}");
    wang.delete("/me/consents/everything").await.refused(404, "not_found");
    wang.post("/me/consents", agrees).await.ok();
    assert!(held().await);
    let lines = crate::helpers::dump::rows(db, "consent").await;
    assert_eq!(lines.len(), 2, "what was agreed to before can still be shown");
}
