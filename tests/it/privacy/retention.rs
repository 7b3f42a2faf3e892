//! 到期清除: what is due goes, what is not stays, and counting changes nothing.

use std::time::Duration;

use linli::privacy::retention::{self, Swept};
use serde_json::json;

use super::{Liu, opened};
use crate::helpers::{Expect, TestApp};

const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

fn rows(swept: &[Swept], part: &str) -> u64 {
    swept.iter().find(|one| one.what.contains(part)).unwrap().rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_of_old_requests_go_and_what_was_done_stays() {
    let liu = Liu::lives(TestApp::spawn().await).await;
    liu.is_content().await;
    let app = &liu.app;
    let early = retention::run(&app.state, true).await.unwrap();
    assert_eq!(rows(&early, "办结已久的需求"), 0, "{early:?}");

    app.clock.advance(MONTH * 25);
    let before = app.fingerprint(&[]).await;
    let due = retention::run(&app.state, true).await.unwrap();
    before.assert_same(&app.fingerprint(&[]).await, "counting");
    assert_eq!(rows(&due, "办结已久的需求"), 1);
    assert!(rows(&due, "过期的登录") > 3 && rows(&due, "重试回答") >= 2, "{due:?}");

    let done = retention::run(&app.state, false).await.unwrap();
    assert_eq!(rows(&done, "办结已久的需求"), 1);
    assert_eq!((rows(&done, "评价留言"), rows(&done, "任务地址")), (1, 1), "{done:?}");
    assert!(rows(&done, "时间线上的话") >= 1, "{done:?}");
    let again = retention::run(&app.state, false).await.unwrap();
    assert!(again.iter().all(|one| one.rows == 0), "{again:?}");

    let kept = opened(&app.state).await.join("\n");
    for word in ["帕金森", "桃溪", "很满意", "几楼"] {
        assert!(!kept.contains(word), "{word} is kept");
    }
    let office = app.office().await;
    let request = office.get(&format!("/requests/{}", liu.request)).await.ok();
    assert_eq!((&request["state"], &request["detail"]), (&json!("closed"), &json!("")));
    let hours = liu.herself().await.get("/me/hours").await.ok();
    assert!(hours.to_string().contains("120"), "hours are not words: {hours}");
}
