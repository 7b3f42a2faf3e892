//! The real binary as an operator meets it.

mod canary;
mod clocks;
mod crash;
mod logs;
mod messages;
mod refuses;
mod stops;

use linli::kernel::clock::{SystemClock, Tells};
use serde_json::{Value, json};

use crate::helpers::{Stack, TestApp, WENHUA, process::Site};

/// A database with the world and members of 文化社区 in it, and the id of that community.
async fn site_with(members: &[String]) -> (Site, String) {
    let on = Stack::from_env();
    let url = on.database().await;
    let app = TestApp::over(on, url.clone(), &[]).await;
    app.members(members).await;
    (Site::over(url), app.org_id(WENHUA).await)
}

async fn site() -> Site {
    site_with(&[]).await.0
}

/// A task of tomorrow by the machine's clock.
fn tomorrow(org: &str, slots: usize) -> Value {
    let hours = |n: u64| SystemClock.now().plus(std::time::Duration::from_secs(n * 3600));
    json!({"org_id": org, "title": "消防安全巡查", "slots": slots, "publish": true,
        "starts_at": hours(24), "ends_at": hours(26)})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_serves_and_says_how_it_is() {
    let site = site().await;
    let linli = site.serve(&[]).await;
    let live = linli.get("/live").await;
    assert_eq!((live.status, &live.body["status"]), (200, &json!("ok")));
    let ready = linli.get("/ready").await;
    let redis = if Stack::from_env().redis { "ok" } else { "absent" };
    let clock = if Stack::from_env().postgres { "ok" } else { "absent" };
    let well = json!({"status": "ok", "database": "ok", "redis": redis, "clock": clock,
        "words": null, "stopping": false});
    assert_eq!((ready.status, &ready.body), (200, &well));
    for path in ["/live", "/ready", "/metrics"] {
        let answer = linli.http.get(format!("{}{path}", linli.admin_url)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path} on the admin port");
    }
    assert_eq!(linli.get("/metrics").await.status, 404, "figures are not for everybody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_help_speaks_chinese() {
    let site = site().await;
    let (code, said) = site.run(&["--help"]).await;
    assert_eq!(code, Some(0));
    for words in ["邻里", "用法", "启动服务", "更新数据库表结构", "config/default.toml"]
    {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }
    let (code, said) = site.run(&["serve", "--help"]).await;
    assert!(code == Some(0) && said.contains("启动前先更新表结构"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_finds_a_sound_installation_sound() {
    let site = site().await;
    let (code, said) = site.run(&["doctor"]).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("可以启动：linli serve") && !said.contains('✗'), "{said}");
    assert!(said.contains("表结构是最新的") && said.contains("微信认得这个小程序"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_names_what_to_mend() {
    let mut site = Site::over(Stack::from_env().empty_database().await);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    site.set("HTTP__LISTEN", taken.local_addr().unwrap().to_string());
    site.set("AUTH__REFRESH_DAYS", "0");
    let (code, said) = site.run(&["doctor"]).await;
    assert_eq!(code, Some(1), "{said}");
    for words in
        ["auth.refresh_days", "→ linli migrate", "http.listen", "不能监听", "有 ✗ 的要先修好"]
    {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_doctor_holds_the_templates_against_what_wechat_lists() {
    let mut site = site().await;
    let (_, said) = site.run(&["doctor"]).await;
    assert!(said.contains("8 种消息模板和微信一致"), "{said}");
    site.set("WECHAT__TEMPLATES__REMINDER__ID", "of-another-program");
    site.set("WECHAT__TEMPLATES__TASK_CANCEL__FIELDS", "thing1=task, time3=start");
    site.set("WECHAT__TEMPLATES__GREETING__FIELDS", "thing1=wish, date2=date, thing3=age");
    let (code, said) = site.run(&["doctor"]).await;
    assert_eq!(code, Some(1), "{said}");
    for words in [
        "wechat.templates.reminder: WeChat does not list this template",
        "wechat.templates.task_cancel: fields: thing2 of the template is not filled",
        "wechat.templates.greeting: fields: \"age\" is none of wish, date, from",
    ] {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }
}
