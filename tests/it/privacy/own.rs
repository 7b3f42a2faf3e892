//! 导出: everything of one's own, and nobody else's.

use serde_json::json;

use super::{Liu, NAME, PHONE};
use crate::helpers::{Expect, TestApp};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_holds_all_of_ones_own_and_nothing_of_others() {
    let liu = Liu::lives(TestApp::spawn().await).await;
    liu.is_content().await;
    let her = liu.herself().await;
    let reply = her.get("/me/export").await;
    assert_eq!(reply.headers["cache-control"], "no-store");
    let text = reply.text.clone();
    let all = reply.ok();
    assert_eq!(all["person"][0]["phone"], PHONE);
    assert_eq!(all["person"][0]["real_name"], NAME);
    assert_eq!(all["request"][0]["detail"], "母亲患有帕金森，住三楼");
    assert_eq!(all["request"][0]["address"], "桃溪路 8 号");
    assert_eq!(all["answer"][0]["words"], "柳青青很满意");
    assert_eq!(all["answer"].as_array().unwrap().len(), 1, "found in two ways, listed once");
    assert_eq!(all["hours_entry"][0]["minutes"], 120);
    assert_eq!(all["claim"].as_array().unwrap().len(), 1);
    assert_eq!(all["consent"][0]["purpose"], "photo");
    assert_eq!(all["person_skill"][0]["skill"], "急救");
    assert_eq!(all["claim"][0]["claimed_at"], json!("2026-11-22T10:00:00+08:00"));
    let said = all["event"].as_array().unwrap().iter().map(|event| event["words"].clone());
    assert!(said.into_iter().any(|words| words == "柳青青家住几楼"), "what was said to her");
    for secret in ["赵敏", "password", "token_hash", "phone_index", "v1|"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    let mine = liu.app.state.db.read();
    let act = linli::audit::Act::OwnDataExported.name();
    let lines = crate::helpers::dump::rows(mine, "audit_entry").await;
    assert_eq!(lines.iter().filter(|line| line.contains(act)).count(), 1, "{lines:?}");
}
