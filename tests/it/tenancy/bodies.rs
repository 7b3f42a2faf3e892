//! Ids in bodies: what a foreign one does in each field that takes an id.

use std::collections::BTreeSet;

use linli::app::routes_and_document;
use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, id};

use super::{call, operations, told, world::Ours};

/// Every field of a body that holds an id, as the document tells: operation and name.
fn ids_in_bodies() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(routes_and_document()).unwrap();
    fn gather(document: &Value, shape: &Value, name: &str, found: &mut BTreeSet<String>) {
        if let Some(known) = shape["$ref"].as_str() {
            let known = known.rsplit('/').next().unwrap();
            gather(document, &document["components"]["schemas"][known], name, found);
        }
        if shape["format"] == "uuid" {
            found.insert(name.to_owned());
        }
        for (name, inner) in shape["properties"].as_object().into_iter().flatten() {
            gather(document, inner, name, found);
        }
        for inner in
            ["oneOf", "anyOf", "allOf"].into_iter().filter_map(|of| shape[of].as_array()).flatten()
        {
            gather(document, inner, name, found);
        }
        if shape["items"].is_object() {
            gather(document, &shape["items"], name, found);
        }
    }
    let all = operations().into_iter().flat_map(|(operation, entry)| {
        let mut found = BTreeSet::new();
        gather(
            &document,
            &entry["requestBody"]["content"]["application/json"]["schema"],
            "",
            &mut found,
        );
        found.into_iter().map(move |field| (operation.clone(), field))
    });
    all.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_id_in_a_body_reaches_nothing() {
    let ours = Ours::live().await;
    let (community, li) = (ours.row("orgs", "community"), ours.who("李建国").id);
    let own_org = ours.app.org_id(OTHER_COMMUNITY).await;
    let ask = json!({"org_id": own_org, "category": "维修", "title": "路灯不亮", "detail": "北门的路灯不亮"});
    let asker = ours.other("a resident of the other community");
    let request = id(&asker.post("/requests", ask).await.ok());
    let with = |mut form: Value, name: &str, id: &str| {
        form[name] = json!(id);
        form
    };
    let (office, leader) = ("the other office", "the other district's leader");
    let dispatch = format!("/api/v1/requests/{request}/dispatch");
    let draft = ours.other(office).post("/tasks", ours.form(Some(&own_org))).await;
    let draft = format!("/api/v1/tasks/{}", id(&draft.ok()));
    let cases = [
        (
            "POST /api/v1/orgs/{id}/roles",
            "user_id",
            leader,
            format!("/api/v1/orgs/{own_org}/roles"),
            json!({"user_id": li, "role": "dispatcher"}),
            404,
        ),
        (
            "POST /api/v1/orgs",
            "parent_id",
            leader,
            "/api/v1/orgs".to_owned(),
            json!({"parent_id": community, "kind": "branch", "name": "外来支部"}),
            404,
        ),
        (
            "POST /api/v1/tasks",
            "org_id",
            office,
            "/api/v1/tasks".to_owned(),
            ours.form(Some(community)),
            404,
        ),
        (
            "POST /api/v1/tasks",
            "lead_id",
            office,
            "/api/v1/tasks".to_owned(),
            with(ours.form(Some(&own_org)), "lead_id", &li.to_string()),
            422,
        ),
        (
            "POST /api/v1/requests/{id}/dispatch",
            "org_id",
            office,
            dispatch.clone(),
            ours.form(Some(community)),
            422,
        ),
        (
            "POST /api/v1/requests/{id}/dispatch",
            "lead_id",
            office,
            dispatch,
            with(ours.form(None), "lead_id", &li.to_string()),
            422,
        ),
        (
            "PUT /api/v1/tasks/{id}",
            "org_id",
            office,
            draft.clone(),
            ours.form(Some(community)),
            422,
        ),
        (
            "PUT /api/v1/tasks/{id}",
            "lead_id",
            office,
            draft,
            with(ours.form(None), "lead_id", &li.to_string()),
            422,
        ),
    ];
    // Open on purpose: any resident may ask any community for help and any org for a place.
    // Anybody may be complained about, and a member may move to any branch: that branch confirms.
    let open = [
        ("POST /api/v1/requests", "org_id"),
        ("POST /api/v1/me/memberships", "org_id"),
        ("POST /api/v1/complaints", "org_id"),
        ("POST /api/v1/memberships/{id}/move", "org_id"),
    ];
    let tried = cases.iter().map(|(operation, field, ..)| (*operation, *field)).chain(open);
    let tried: BTreeSet<_> = tried.map(|(op, field)| (op.to_owned(), field.to_owned())).collect();
    assert_eq!(tried, ids_in_bodies(), "say what a foreign id does in this field");
    ours.app.settle().await;
    let before = ours.app.fingerprint(&[]).await;
    for (operation, field, who, path, body, status) in cases {
        let reply = call(&ours.app, Some(ours.other(who)), operation, &path, &body).await;
        assert_eq!(reply.status, status, "{operation} {field}: {reply:?}");
        let text = told(&reply);
        assert!(!text.contains("文化社区") && !text.contains("李建国"), "{reply:?}");
        before.assert_same(&ours.app.fingerprint(&[]).await, operation);
    }
}
