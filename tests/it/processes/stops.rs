//! Stopping: what is under way is finished, and then it is over.

use fake_wechat::Fault;
use serde_json::json;

use super::site;
use crate::helpers::{Expect, eventually};

const LOGIN: &str = "/sns/jscode2session";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_under_way_is_answered_before_the_end() {
    let site = site().await;
    let mut linli = site.serve(&[]).await;
    site.wechat.fault(LOGIN, 1, Fault::SlowMs(1500));
    let slow = linli.post("/auth/wechat", "", json!({"code": "dev:王阿姨"}));
    let stop = async {
        let asked = || site.wechat.calls().get(LOGIN).copied() == Some(1);
        eventually("the request is under way", async || asked()).await;
        linli.signal("TERM");
        eventually("it says it is stopping", async || {
            let ready = linli.http.get(format!("{}/ready", linli.admin_url)).send().await.unwrap();
            ready.status() == 503
        })
        .await;
    };
    let (answer, ()) = tokio::join!(slow, stop);
    assert!(answer.ok()["access_token"].is_string());
    let status = linli.ended().await;
    assert_eq!(status.code(), Some(0), "{}", linli.log());
    assert!(linli.log().contains("stopped"), "{}", linli.log());
    assert!(linli.http.get(&linli.url).send().await.is_err(), "nobody listens there any more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_signal_means_now() {
    let site = site().await;
    let mut linli = site.serve(&[]).await;
    site.wechat.fault(LOGIN, 1, Fault::SlowMs(7000));
    let slow = linli.request(reqwest::Method::POST, "/auth/wechat", "");
    let slow = tokio::spawn(slow.json(&json!({"code": "dev:王阿姨"})).send());
    eventually("the request is under way", async || {
        site.wechat.calls().get(LOGIN).copied() == Some(1)
    })
    .await;
    linli.signal("TERM");
    eventually("it is stopping", async || linli.log().contains("stopping, at most")).await;
    linli.signal("INT");
    let watch = linli::kernel::clock::Stopwatch::start();
    assert_eq!(linli.ended().await.code(), Some(1));
    assert!(watch.elapsed().as_secs() < 4, "{watch:?}");
    assert!(linli.log().contains("stopping hard"), "{}", linli.log());
    let slow = slow.await.unwrap();
    // The call to WeChat dies with the process: whoever still hears of it hears that it failed.
    let failed = slow.as_ref().map_or(true, |answer| answer.status() == 503);
    assert!(failed, "what was under way is dropped: {slow:?}");
}
