//! The page of a story: for everybody with the link, and only while it is published.

use serde_json::json;

use crate::helpers::{Expect, WENHUA, id, photo};

use super::Served;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_published_story_is_a_page_that_shares_well_and_runs_nothing() {
    let served = Served::live().await;
    let app = &served.app;
    let own = app.office().await.uploads(&photo()).await;
    let form = json!({
        "title": "<script>alert(1)</script>", "photo_ids": [own], "resident_consents": true,
        "words": "**二十名党员**来了 <img src=x onerror=alert(1)>\n\n- \"一\"\n- 二",
    });
    let story = id(&served.draft(form).await);
    let path = format!("/s/{story}");
    let early = app.get(&path).await;
    assert_eq!(early.status, 404);
    assert!(early.text.contains("这篇晒单不在了") && !early.text.contains("alert"));
    served.publish(&story).await;
    let org = format!("/orgs/{}", app.org_id(WENHUA).await);
    app.staff("leader").await.put(&org, json!({"name": "<i>文化社区"})).await.ok();

    let page = app.get(&path).await;
    assert_eq!(
        (page.status, &page.headers["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; img-src 'self'"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
    for part in [
        "<meta property=\"og:title\" content=\"&lt;script&gt;alert(1)&lt;/script&gt;\">",
        "<strong>二十名党员</strong>来了 &lt;img src=x onerror=alert(1)&gt;",
        "<li>&quot;一&quot;</li><li>二</li>",
        &format!("<meta property=\"og:image\" content=\"/api/v1/files/{own}?size=full\">"),
        "<dd>1 人</dd>",
        "<dd>2 小时</dd>",
        "&lt;i&gt;文化社区",
        "lang=\"zh-Hans\"",
    ] {
        assert!(page.text.contains(part), "{part} is missing in:\n{}", page.text);
    }
    assert!(!page.text.contains("<script") && !page.text.contains("<img src=x"));
    assert!(!page.text.contains("<i>"), "an org's name is text too");
    assert!(!page.text.contains("李建国") && !page.text.contains("小陈"), "nobody is named");

    let tag = page.headers["etag"].clone();
    let url = format!("{}{path}", app.url);
    let again = app.http.get(url).header("If-None-Match", tag).send().await.unwrap();
    assert_eq!(again.status().as_u16(), 304);

    served.second().await.does(&format!("/stories/{story}/withdraw")).await;
    assert_eq!(app.get(&path).await.status, 404);
    for odd in ["/s/x", "/s/00000000-0000-7000-8000-000000000001"] {
        let gone = app.get(odd).await;
        assert_eq!(
            (gone.status, gone.headers["content-type"].to_str().unwrap()),
            (404, "text/html; charset=utf-8")
        );
    }
}
