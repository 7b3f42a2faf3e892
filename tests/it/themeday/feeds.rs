//! 日历订阅: what a phone's calendar reads, by a link that can be taken back; and the circular as a file.

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use serde_json::json;

use crate::helpers::{Expect, Person, Reply, TestApp};

use super::{Scene, on, the_25th};

/// The path of a link.
async fn opens(who: &Person, path: &str) -> String {
    let link = who.does(path).await.ok()["url"].as_str().unwrap().to_owned();
    link[link.find("/api/v1/").unwrap()..].to_owned()
}

async fn read(app: &TestApp, path: &str) -> Reply {
    app.get(path).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calendar_is_read_by_its_link_until_it_is_taken_back() {
    let scene = Scene::set().await;
    scene.rules(the_25th()).await;
    scene.plans(json!({"theme": "学习, 交流; 走访"})).await;
    let (app, li) = (&scene.app, &scene.members[0]);
    let mine = opens(li, "/me/calendar").await;
    let file = read(app, &mine).await;
    assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8");
    let text = file.text.replace("\r\n ", "");
    assert!(text.contains("SUMMARY:组织活动 · 学习\\, 交流\\; 走访\r\n"), "{text}");
    assert!(text.contains("DTSTART:20261125T070000Z\r\n"), "{text}");
    let secrets = [li.id.to_string(), scene.branch.clone(), li.name.clone()];
    for secret in secrets.iter().map(String::as_str).chain(["党", "支部"]) {
        assert!(!text.contains(secret) && !mine.contains(secret), "{secret}: {text}");
    }
    let again = opens(li, "/me/calendar").await;
    read(app, &mine).await.refused(404, "not_found");
    li.delete("/me/calendar").await.ok();
    read(app, &again).await.refused(404, "not_found");

    let path = format!("/orgs/{}/calendar", scene.branch);
    li.does(&path).await.refused(403, "auth.forbidden");
    let ours = opens(&scene.secretary, &path).await;
    assert!(read(app, &ours).await.text.contains("BEGIN:VEVENT"));
    scene.secretary.delete(&path).await.ok();
    read(app, &ours).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_the_branch_reads_nothing_of_it_any_more() {
    let scene = Scene::set().await;
    scene.rules(the_25th()).await;
    scene.plans(json!({"theme": "学身边榜样"})).await;
    let li = &scene.members[0];
    let mine = opens(li, "/me/calendar").await;
    assert!(read(&scene.app, &mine).await.text.contains("BEGIN:VEVENT"));
    let end = format!("/memberships/{}/end", scene.place("李建国").await);
    scene.above.post(&end, json!({"reason": "转到外地"})).await.ok();
    let text = read(&scene.app, &mine).await.text;
    assert!(text.contains("BEGIN:VCALENDAR") && !text.contains("VEVENT"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_circular_is_a_file_without_formulas_and_leaves_a_line_in_the_audit() {
    let mut scene = Scene::set().await;
    scene.rules(the_25th()).await;
    scene.plans(json!({"theme": "=1+1"})).await;
    scene.at(on("2026-12-01", 9, 0)).await;
    let path = format!("/orgs/{}/theme-days/circular.xlsx?month=2026-11", scene.branch);
    let sent = scene.above.request(reqwest::Method::GET, &path).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    let bytes = sent.bytes().await.unwrap();
    let mut book: Xlsx<_> = open_workbook_from_rs(std::io::Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("通报").unwrap();
    let cells: Vec<String> = sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(sheet.used_cells().all(|(_, _, cell)| matches!(cell, Data::String(_))), "{cells:?}");
    assert!(cells.contains(&"'=1+1".to_owned()), "{cells:?}");
    assert!(cells.contains(&"逾期未交记录".to_owned()), "{cells:?}");
    let audit = scene.app.staff("leader").await.get("/audit").await.ok();
    assert_eq!(audit["items"][0]["action"], "circular.exported");
}
