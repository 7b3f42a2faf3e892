//! What staff, operators and whoever sits at the machine see of it.

use serde_json::json;

use super::{day, keys};
use crate::{
    helpers::{Expect, OTHER_COMMUNITY, Stack, TestApp, WENHUA, process::Site},
    request::asks,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_org_sees_what_ran_for_it_and_operators_see_all() {
    let app = TestApp::spawn().await;
    app.ring_all().await.unwrap();
    asks(&app, &app.resident("王阿姨").await).await;
    app.settle().await;
    for n in [24, 25, 26] {
        app.clock.set(day(&format!("2026-11-{n}")).time(9, 45));
        app.ring_all().await.unwrap();
    }
    let path = format!("/orgs/{}/jobs", app.org_id(WENHUA).await);
    let office = app.office().await;
    let first = office.get(&format!("{path}?limit=2&job=request.overdue")).await.ok();
    let items = first["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["told"]), (2, &json!(2)), "{first}");
    assert_eq!((&items[0]["state"], &items[0]["job"]), (&json!("done"), &json!("request.overdue")));
    assert!(items[0]["words"].as_str().unwrap().contains("承诺时限"));
    let cursor = first["next_cursor"].as_str().unwrap();
    let rest = office.get(&format!("{path}?job=request.overdue&cursor={cursor}")).await.ok();
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);

    let elsewhere = format!("/orgs/{}/jobs", app.org_id(OTHER_COMMUNITY).await);
    office.get(&elsewhere).await.refused(404, "not_found");
    office.get("/jobs").await.refused(403, "auth.forbidden");
    app.resident("王阿姨").await.get(&path).await.refused(403, "auth.forbidden");
    let all = app.staff("operator").await.get("/jobs?limit=100").await.ok();
    let jobs: Vec<_> = all["items"].as_array().unwrap().iter().map(|i| i["job"].clone()).collect();
    assert!(jobs.contains(&json!("upkeep.check")) && jobs.contains(&json!("request.overdue")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_line_lists_rehearses_and_catches_up() {
    let url = Stack::from_env().database().await;
    let app = TestApp::over(Stack::from_env(), url.clone(), &[]).await;
    let site = Site::over(url);
    let (code, said) = site.run(&["jobs", "list"]).await;
    assert_eq!(code, Some(0), "{said}");
    for words in ["figures.week", "每周一 8:30", "下一次", "（周一）08:30", "birthday.day"]
    {
        assert!(said.contains(words), "{words} is missing in:\n{said}");
    }
    let monday = ["jobs", "run", "figures.week", "--date", "2026-11-16"];
    let (code, said) = site.run(&[&monday[..], &["--dry-run"]].concat()).await;
    assert!(
        code == Some(0) && said.contains("会告诉 1 人") && said.contains("什么都没有改"),
        "{said}"
    );
    assert!(keys(&app, "figures.week").await.is_empty());
    for _ in 0..2 {
        let (code, said) = site.run(&monday).await;
        assert!(code == Some(0) && said.contains("完成，告诉 1 人"), "{said}");
    }
    assert_eq!(keys(&app, "figures.week").await.len(), 1, "a second time changes nothing");
    let (code, said) = site.run(&["jobs", "history", "--job", "figures.week"]).await;
    assert!(code == Some(0) && said.contains("✓ 11月16日（周一）08:30 figures.week"), "{said}");
    let (code, said) = site.run(&["jobs", "run", "no.such"]).await;
    assert!(code == Some(1) && said.contains("没有叫 no.such 的任务"), "{said}");
}
