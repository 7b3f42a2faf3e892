//! What comes in wrong is refused, naming the field in Chinese, and changes nothing. The first tests try what the
//! API document itself tells: missing, unknown and mistyped fields. `lines.rs` is the list of all else.

mod lines;

use std::collections::BTreeMap;

use linli::app::routes_and_document;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    helpers::{Expect, Person, Reply, fresh_key},
    tenancy::{
        call, operations,
        table::{RIGHTFUL, TABLE, entry, rightful},
        world::Ours,
    },
};

use lines::{Change, LINES, QUERIES, TEXTS, Told};

/// A call that would be answered well: who, the path, the body.
fn good<'a>(ours: &'a Ours, operation: &str) -> (Option<&'a Person>, String, Value) {
    if RIGHTFUL.iter().any(|(name, ..)| *name == operation) {
        let (who, path, body) = rightful(ours, operation);
        return (Some(who), path, body);
    }
    (None, operation.split(' ').nth(1).unwrap().to_owned(), entry(operation).2(ours))
}

/// Sets what a dotted path names, making what is on the way; without a value it is taken out.
fn change(body: &mut Value, path: &str, value: Option<Value>) {
    match path.split_once('.') {
        Some((outer, inner)) => {
            let outer = &mut body[outer];
            if outer.is_null() {
                *outer = if inner == "name" { json!({}) } else { json!({"name": "文化广场"}) };
            }
            change(outer, inner, value);
        }
        None => match value {
            Some(value) => body[path] = value,
            None => drop(body.as_object_mut().unwrap().remove(path)),
        },
    }
}

/// A validation problem that names the field, in words for people.
fn check(what: &str, reply: &Reply, field: &str, code: &str) {
    assert_eq!((reply.status, reply.code()), (422, "validation"), "{what}: {reply:?}");
    let fault = &reply.body["errors"][0];
    assert_eq!(
        (&fault["field"], &fault["code"]),
        (&json!(field), &json!(code)),
        "{what}: {reply:?}"
    );
    let message = fault["message"].as_str().unwrap();
    assert!(message.chars().any(|sign| ('一'..='龥').contains(&sign)), "{what}: {message}");
    for inner in ["expected", "invalid", "`", "column"] {
        assert!(!message.contains(inner), "{what}: {message} shows what is inside");
    }
}

/// The fields of a body as the document has them, and those that must be there.
fn fields(entry: &Value, document: &Value) -> (BTreeMap<String, Value>, Vec<String>) {
    let shape = &entry["requestBody"]["content"]["application/json"]["schema"]["$ref"];
    let Some(name) = shape.as_str().and_then(|shape| shape.rsplit('/').next()) else {
        return Default::default();
    };
    let shape = &document["components"]["schemas"][name];
    let required = shape["required"].as_array().into_iter().flatten();
    let fields = shape["properties"].as_object().unwrap().clone();
    (fields.into_iter().collect(), required.map(|name| name.as_str().unwrap().to_owned()).collect())
}

/// Whether the document lets a field be of that kind.
fn is_a(shape: &Value, kind: &str) -> bool {
    shape["type"] == kind || shape["type"].as_array().is_some_and(|all| all.contains(&json!(kind)))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn missing_unknown_and_mistyped_fields_are_named_on_every_route() {
    let ours = Ours::live().await;
    let document = serde_json::to_value(routes_and_document()).unwrap();
    let before = ours.app.fingerprint(&[]).await;
    let mut tried = 0;
    for (operation, entry) in operations() {
        let (fields, required) = fields(&entry, &document);
        if fields.is_empty() {
            continue;
        }
        let (who, path, body) = good(&ours, &operation);
        let try_with = async |name: &str, value: Option<Value>, code: &str| {
            let (mut body, what) = (body.clone(), format!("{operation} {name}: {value:?}"));
            change(&mut body, name, value);
            let reply = call(&ours.app, who, &operation, &path, &body).await;
            check(&what, &reply, name, code);
            before.assert_same(&ours.app.fingerprint(&[]).await, &what);
        };
        try_with("bogus", Some(json!("x")), "unknown").await;
        for name in required {
            try_with(&name, None, "required").await;
            tried += 1;
        }
        for (name, shape) in fields {
            for odd in [json!(-0.5), json!([])] {
                let fits = is_a(&shape, if odd.is_array() { "array" } else { "number" });
                if !fits {
                    try_with(&name, Some(odd), "type").await;
                }
            }
            tried += 1;
        }
    }
    assert!(tried > 80, "only {tried} fields: the document was not read");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_text_is_bounded_and_readable() {
    let ours = Ours::live().await;
    let before = ours.app.fingerprint(&[]).await;
    for (operation, field, most) in TEXTS {
        let (who, path, body) = good(&ours, operation);
        for (text, code) in [
            (String::new(), "length"),
            ("字".repeat(most + 1), "length"),
            (" 　\n ".to_owned(), "value"),
            ("\u{200b}\u{feff}\u{2060}".to_owned(), "value"),
            ("铃\u{7}声".to_owned(), "value"),
            ("空\u{0}字".to_owned(), "value"),
            ("逃\u{1b}[31m".to_owned(), "value"),
        ] {
            let (mut body, what) = (body.clone(), format!("{operation} {field}: {text:?}"));
            change(&mut body, field, Some(json!(text)));
            let reply = call(&ours.app, who, operation, &path, &body).await;
            check(&what, &reply, field, code);
            before.assert_same(&ours.app.fingerprint(&[]).await, &what);
        }
    }
}

#[test]
fn every_free_text_of_the_document_is_in_the_list() {
    // Not for reading: a code, a token, a name to sign in with. Ids, times and words of a list are not free.
    let other = ["code", "refresh_token", "username", "password", "phone", "proof", "version"];
    let document = serde_json::to_value(routes_and_document()).unwrap();
    for (operation, entry) in operations() {
        for (name, shape) in fields(&entry, &document).0 {
            let free =
                is_a(&shape, "string") && shape["format"].is_null() && shape["enum"].is_null();
            let listed = TEXTS.iter().any(|(op, field, _)| *op == operation && *field == name);
            assert!(!free || other.contains(&name.as_str()) || listed, "{operation} {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let ours = Ours::live().await;
    // A wrong password counts, on purpose: that name waits longer each time.
    let before = ours.app.fingerprint(&["sign_in_try"]).await;
    for (operation, how, told) in LINES {
        let (who, path, mut body) = good(&ours, operation);
        let what = match how {
            Change::Set(field, value) => {
                let value = value(&ours);
                let what = format!("{operation} {field}: {value}");
                change(&mut body, field, Some(value));
                what
            }
            Change::Whole(whole) => {
                body = whole(&ours);
                format!("{operation}: {body}")
            }
        };
        let reply = call(&ours.app, who, operation, &path, &body).await;
        match told {
            Told::Field(field, code) => check(&what, &reply, field, code),
            Told::Code(status, code) => {
                assert_eq!((reply.status, reply.code()), (*status, *code), "{what}: {reply:?}");
            }
        }
        before.assert_same(&ours.app.fingerprint(&["sign_in_try"]).await, &what);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_with_something_that_is_no_id_leads_nowhere() {
    let ours = Ours::live().await;
    for (operation, ..) in TABLE.iter().filter(|(operation, ..)| operation.contains("{id}")) {
        for odd in ["x", "0", "%00", "..%2Fme", "00000000-0000-7000-8000-00000000000g"] {
            let path = operation.split(' ').nth(1).unwrap().replace("{id}", odd);
            let path = ours.inner(&path).replace("{role_id}", odd);
            let (who, _, body) = good(&ours, operation);
            let reply = call(&ours.app, who, operation, &path, &body).await;
            let public = who.is_none();
            // A live screen is asked who it is before anything else.
            let nobody = public && reply.code() == "auth.relogin";
            assert!(
                nobody || reply.status == 404 && (public || reply.code() == "not_found"),
                "{path}: {reply:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_needs_a_key_that_is_one() {
    let ours = Ours::live().await;
    let (who, path, _) = rightful(&ours, "POST /api/v1/tasks/{id}/claims");
    let path = path.trim_start_matches("/api/v1");
    let before = ours.app.fingerprint(&[]).await;
    check("no key", &who.does(path).await, "Idempotency-Key", "required");
    let long = "k".repeat(101);
    for bad in ["", "short", "with blank", "with\ttab..", "钥匙钥匙", long.as_str()] {
        let request = who.request(Method::POST, path).header("Idempotency-Key", bad.as_bytes());
        let reply = who.send(request).await.unwrap();
        check(bad, &reply, "Idempotency-Key", "length");
    }
    before.assert_same(&ours.app.fingerprint(&[]).await, "a claim without a good key");
    assert_eq!(who.claims_with(path.split('/').nth(2).unwrap(), &fresh_key()).await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queries_are_read_strictly() {
    let ours = Ours::live().await;
    let office = ours.who("office");
    for (path, field, code) in QUERIES {
        let path = path.replace("{org}", ours.row("orgs", "community"));
        check(&path, &office.get(&path).await, field, code);
    }
    let page = office.get("/requests?limit=1").await.ok();
    let cursor = page["next_cursor"].as_str().unwrap();
    office.get(&format!("/requests?limit=1&cursor={cursor}")).await.ok();
    let shorter = &cursor[..cursor.len() - 2];
    office.get(&format!("/requests?cursor={shorter}")).await.refused_field("cursor", "value");
}
