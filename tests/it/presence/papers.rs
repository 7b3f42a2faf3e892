//! What the office prints and takes along.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use serde_json::json;

use super::Saturday;
use crate::helpers::{Expect, TestApp, WENHUA, dump::texts, id};

async fn bytes(who: &crate::helpers::Person, path: &str) -> (reqwest::header::HeaderMap, Vec<u8>) {
    let sent = who.request(reqwest::Method::GET, path).send().await.unwrap();
    assert_eq!(sent.status(), 200, "{path}");
    (sent.headers().clone(), sent.bytes().await.unwrap().to_vec())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_poster_is_a_picture_for_the_office_and_the_lead_alone() {
    let saturday = Saturday::planned(5).await;
    let path = format!("/tasks/{}/poster", saturday.task);
    for who in [&saturday.office, &saturday.lead] {
        let (headers, png) = bytes(who, &path).await;
        assert_eq!(headers["content-type"], "image/png");
        assert_eq!(headers["cache-control"], "private, no-store");
        let picture = image::load_from_memory(&png).unwrap().into_luma8();
        assert_eq!(picture.dimensions(), (1240, 1754));
        let dark = picture.pixels().filter(|pixel| pixel.0[0] < 128).count();
        assert!((100_000..900_000).contains(&dark), "{dark} dark dots");
    }
    for path in [path.clone(), format!("{path}/print")] {
        saturday.li.get(&path).await.refused(404, "not_found");
        saturday.app.staff("maocaopu").await.get(&path).await.refused(404, "not_found");
    }
    let (headers, page) = bytes(&saturday.office, &format!("{path}/print")).await;
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("<h1>消防安全巡查</h1>") && page.contains("文化广场"));
    assert!(headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sheet_to_sign_escapes_every_name_and_masks_every_phone() {
    let saturday = Saturday::planned(5).await;
    saturday.li.put("/me", json!({"name": "<b>李&\"建国"})).await.ok();
    saturday.zhao.post("/me/phone", json!({"code": "dev:13900001111"})).await.ok();
    let path = format!("/tasks/{}/roster/print", saturday.task);
    let (headers, page) = bytes(&saturday.lead, &path).await;
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("&lt;b&gt;李&amp;&quot;建国") && !page.contains("<b>李"), "{page}");
    assert!(page.contains("139****1111") && !page.contains("13900001111"));
    assert!(page.contains("break-after:page") && !page.contains("<script"));
    assert_eq!(page.matches("<td class=\"no\">").count(), 2 + 5, "two people and five spare lines");
    saturday.zhao.get(&path).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exported_roster_holds_no_formula_and_leaves_a_line_in_the_audit() {
    let saturday = Saturday::planned(5).await;
    saturday.li.put("/me", json!({"name": "=HYPERLINK(1)"})).await.ok();
    let path = format!("/tasks/{}/roster.xlsx", saturday.task);
    saturday.lead.get(&path).await.refused(403, "auth.forbidden");
    saturday.app.staff("maocaopu").await.get(&path).await.refused(404, "not_found");
    let (headers, file) = bytes(&saturday.office, &path).await;
    assert!(headers["content-disposition"].to_str().unwrap().contains("roster.xlsx"));
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let sheet = book.worksheet_range("名单").unwrap();
    let names: Vec<_> = sheet.rows().skip(3).map(|row| row[0].clone()).collect();
    assert_eq!(names, ["'=HYPERLINK(1)", "赵敏"].map(|name| Data::String(name.into())));
    assert!(book.worksheet_formula("名单").unwrap().is_empty());
    let lines = "SELECT action FROM audit_entry WHERE action = 'roster.exported'";
    assert_eq!(texts(saturday.app.state.db.read(), lines).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_title_is_text_on_every_paper() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let form = json!({"org_id": app.org_id(WENHUA).await, "title": "=<i>巡查</i>", "slots": 2,
        "starts_at": app.saturday(9), "ends_at": app.saturday(11), "publish": true});
    let task = id(&office.post("/tasks", form).await.ok());
    for paper in ["poster/print", "roster/print"] {
        let (_, page) = bytes(&office, &format!("/tasks/{task}/{paper}")).await;
        let page = String::from_utf8(page).unwrap();
        assert!(
            page.contains("=&lt;i&gt;巡查&lt;/i&gt;") && !page.contains("<i>"),
            "{paper}: {page}"
        );
    }
    let (_, file) = bytes(&office, &format!("/tasks/{task}/roster.xlsx")).await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let sheet = book.worksheet_range("名单").unwrap();
    assert_eq!(sheet.get((0, 0)), Some(&Data::String("'=<i>巡查</i>".into())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poster_may_carry_the_mini_programs_code_which_is_fetched_once_and_again_when_renewed() {
    const CODE: &str = "/wxa/getwxacodeunlimit";
    let on = [("wechat.poster_page", "pages/check-in/check-in".to_owned())];
    let app = TestApp::with(&on).await;
    let office = app.office().await;
    let task = app.open_task(&office, 2).await;
    let path = format!("/tasks/{task}/poster");
    let asked = || app.wechat.calls().get(CODE).copied().unwrap_or_default();
    app.wechat.fault(CODE, 1, fake_wechat::Fault::Errcode(45009));
    let (_, plain) = bytes(&office, &path).await;
    assert_eq!(asked(), 1, "refused: an ordinary code is printed");
    app.advance(std::time::Duration::from_secs(24 * 3600));
    let office = app.office().await;
    let (_, mini) = bytes(&office, &path).await;
    let (_, again) = bytes(&office, &path).await;
    assert!(mini != plain && mini == again);
    assert_eq!(asked(), 2, "kept, not fetched again");
    image::load_from_memory(&mini).unwrap();
    office.does(&format!("{path}/renew")).await.ok();
    let (_, renewed) = bytes(&office, &path).await;
    assert!(renewed != mini && asked() == 3, "a renewed code is another picture");
}
