//! The two clients in the program: what a browser is told about them. What people see in them is tested in a browser
//! (`clients/app/tests`, `clients/console/e2e`). They have to be built first: `make clients`.

use reqwest::{
    Response,
    header::{
        ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
        ETAG, HeaderName, IF_NONE_MATCH,
    },
};

use crate::helpers::TestApp;

async fn get(app: &TestApp, path: &str, headers: &[(HeaderName, &str)]) -> Response {
    let mut request = app.http.get(format!("{}{path}", app.url));
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request.send().await.unwrap()
}

fn said(answer: &Response, name: &HeaderName) -> String {
    answer.headers().get(name).map_or(String::new(), |value| value.to_str().unwrap().to_owned())
}

/// The first script a page loads.
fn script(page: &str) -> String {
    let from = page.find("src=\"/").expect("a script: build the clients with `make clients`") + 5;
    page[from..].split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_clients_are_handed_out_under_a_policy_that_runs_nothing_else() {
    let app = TestApp::spawn().await;
    for client in ["app", "console"] {
        let page = get(&app, &format!("/{client}/"), &[]).await;
        assert_eq!(page.status(), 200);
        assert_eq!(said(&page, &CONTENT_TYPE), "text/html; charset=utf-8");
        assert_eq!(said(&page, &CACHE_CONTROL), "no-cache");
        let policy = said(&page, &CONTENT_SECURITY_POLICY);
        assert!(policy.starts_with("default-src 'self';"), "{policy}");
        assert!(!policy.contains("script-src") && !policy.contains("http"), "{policy}");
        let html = page.text().await.unwrap();
        let elsewhere = ["<script>", "src=\"http", "href=\"http", "=\"//", "url("];
        assert!(elsewhere.iter().all(|sign| !html.contains(sign)), "{html}");

        let bare = get(&app, &format!("/{client}"), &[]).await;
        assert!(bare.url().path().ends_with(&format!("/{client}/")));
    }
    assert!(get(&app, "/", &[]).await.url().path().ends_with("/app/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_loads_a_script_once_and_small() {
    let app = TestApp::spawn().await;
    for client in ["app", "console"] {
        let html = get(&app, &format!("/{client}/"), &[]).await.text().await.unwrap();
        let path = script(&html);
        let plain = get(&app, &path, &[(ACCEPT_ENCODING, "identity")]).await;
        assert_eq!(said(&plain, &CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert_eq!(said(&plain, &CACHE_CONTROL), "public, max-age=31536000, immutable");
        let tag = said(&plain, &ETAG);
        let whole = plain.bytes().await.unwrap().len();

        let small = get(&app, &path, &[(ACCEPT_ENCODING, "br, gzip;q=0.8")]).await;
        assert_eq!(said(&small, &CONTENT_ENCODING), "gzip");
        assert!(small.bytes().await.unwrap().len() * 2 < whole);

        let again = get(&app, &path, &[(IF_NONE_MATCH, &tag)]).await;
        assert_eq!(again.status(), 304);
        assert!(again.bytes().await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_a_client_is_not_found_in_words() {
    let app = TestApp::spawn().await;
    for path in [
        "/app/nothing.js",
        "/app/assets/",
        "/console/../Cargo.toml",
        "/app/.gitignore",
        "/app.built",
    ] {
        let reply = app.get(path).await;
        assert_eq!((reply.status, reply.code()), (404, "not_found"), "{path}");
    }
}
