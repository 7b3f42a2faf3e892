//! The API document: committed, served and generated are one, and it keeps the habits a mini program needs.

use std::{fs, path::Path};

use linli::{app::routes_and_document, document, identity::guard::Rules};
use serde_json::Value;

use crate::helpers::TestApp;

fn generated() -> Value {
    serde_json::to_value(routes_and_document()).unwrap()
}

/// Method, path and body of every operation.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap();
        item.iter()
            .map(|(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
    });
    all.collect()
}

#[test]
fn the_committed_document_is_the_generated_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let committed = fs::read_to_string(file).unwrap();
    let generated = document::text(&routes_and_document()).unwrap();
    let first = committed.lines().zip(generated.lines()).position(|(a, b)| a != b);
    assert!(
        committed == generated,
        "openapi.json is not what the code says (first difference in line {}): run `linli openapi --out openapi.json`",
        first.map_or_else(|| committed.lines().count(), |line| line + 1)
    );
}

#[test]
fn every_operation_keeps_the_habits() {
    for (method, path, operation) in operations(&generated()) {
        let name = format!("{method} {path}");
        assert!(["GET", "POST", "PUT", "DELETE"].contains(&method.as_str()), "{name}");
        assert!(operation["security"].is_array(), "{name} does not say who may call it");
        let body = &operation["requestBody"];
        assert!(body.is_null() || method == "POST" || method == "PUT", "{name} has a body");
        assert!(operation["summary"].is_string() || operation["description"].is_string(), "{name}");
        // Probes are asked by machines that read the status alone.
        if path.starts_with("/api/v1/") {
            let problem = &operation["responses"]["default"]["content"]["application/problem+json"];
            assert_eq!(problem["schema"]["$ref"], "#/components/schemas/Problem", "{name}");
        }
    }
}

#[test]
fn a_route_that_does_not_say_who_may_call_it_keeps_the_house_closed() {
    let document = generated();
    assert!(Rules::from_document(&document).is_ok());
    for (method, path, _) in operations(&document) {
        let mut silent = document.clone();
        silent["paths"][&path][method.to_lowercase()]["security"].take();
        let faults = Rules::from_document(&silent).unwrap_err();
        assert!(faults[0].starts_with(&format!("{method} {path}:")), "{faults:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_served_document_is_the_generated_one_and_the_page_loads_nothing_from_outside() {
    let app = TestApp::spawn().await;
    let served = app.get("/openapi.json").await;
    assert_eq!(served.status, 200);
    assert_eq!(served.text, document::text(&routes_and_document()).unwrap());
    let page = app.get("/docs/").await;
    assert!(page.is_success() && page.text.contains("swagger-ui"), "{page:?}");
    let loaded = page
        .text
        .split(['<', '>'])
        .flat_map(|tag| ["src=", "href="].into_iter().filter_map(move |name| tag.split_once(name)));
    let loaded: Vec<_> = loaded.map(|(_, value)| value.trim_start_matches(['"', '\''])).collect();
    assert!(!loaded.is_empty(), "{}", page.text);
    for address in loaded {
        let outside = address.starts_with("//")
            || address.split(['"', '\'']).next().is_some_and(|a| a.contains("://"));
        assert!(!outside, "the page loads {address}");
    }
    let set_up = app.get("/docs/swagger-initializer.js").await;
    assert!(set_up.text.contains("/openapi.json"), "{set_up:?}");
    assert!(!set_up.text.contains("://"), "{set_up:?}");
}
