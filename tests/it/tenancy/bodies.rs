//! Ids in bodies: what a foreign one does in each field that takes an id.

use std::collections::BTreeSet;

use linli::app::routes_and_document;
use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, id, photo};

use super::{call, operations, table::soon, told, world::Ours};

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
    let with_photo = |mut form: Value| {
        form["photo_ids"] = json!([ours.row("files", "wang")]);
        form
    };
    let asker = ours.other("a resident of the other community");
    let request = id(&asker.post("/requests", ask.clone()).await.ok());
    let with = |mut form: Value, name: &str, value: Value| {
        form[name] = value;
        form
    };
    let (office, leader) = ("the other office", "the other district's leader");
    let dispatch = format!("/api/v1/requests/{request}/dispatch");
    let open = with(ours.form(Some(&own_org)), "title", json!("开放的任务"));
    let open = with(open, "publish", json!(true));
    let open = id(&ours.other(office).post("/tasks", open).await.ok());
    let member = "a member of the other community";
    let claim = id(&ours.other(member).claims(&open).await.ok());
    let their_request = format!("/api/v1/requests/{request}");
    let draft = ours.other(office).post("/tasks", ours.form(Some(&own_org))).await;
    let draft = format!("/api/v1/tasks/{}", id(&draft.ok()));
    let own_task = draft.clone();
    // The other way round: 文化社区's office with a photo and a person of the other community.
    let photo = asker.uploads(&photo()).await;
    let theirs = asker.id.to_string();
    let (running, sketch) = (ours.row("tasks", "running"), ours.row("stories", "sketch"));
    let report = json!({"words": "已巡查"});
    ours.who("office").post(&format!("/tasks/{running}/report"), report).await.ok();
    let write = format!("/api/v1/tasks/{running}/story");
    let mend = format!("/api/v1/stories/{sketch}");
    let story = |field: &str, id: &str| json!({ field: [id] });
    let cases = [
        (
            "POST /api/v1/orgs/{id}/points",
            "user_id",
            office,
            format!("/api/v1/orgs/{own_org}/points"),
            json!({"user_id": li, "kind": "base", "amount": 1, "reason": "外来的分"}),
            404,
        ),
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
            with(ours.form(Some(&own_org)), "lead_id", json!(li)),
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
            dispatch.clone(),
            with(ours.form(None), "lead_id", json!(li)),
            422,
        ),
        (
            "POST /api/v1/tasks/{id}/offers",
            "user_ids",
            office,
            format!("/api/v1/tasks/{open}/offers"),
            json!({"user_ids": [li], "expires_at": soon(&ours)}),
            404,
        ),
        (
            "POST /api/v1/tasks/{id}/assign",
            "user_id",
            office,
            format!("/api/v1/tasks/{open}/assign"),
            json!({"user_id": li}),
            404,
        ),
        (
            "POST /api/v1/claims/{id}/hand-over",
            "user_id",
            member,
            format!("/api/v1/claims/{claim}/hand-over"),
            json!({"user_id": li}),
            422,
        ),
        (
            "POST /api/v1/requests",
            "photo_ids",
            "a resident of the other community",
            "/api/v1/requests".to_owned(),
            with_photo(ask.clone()),
            422,
        ),
        (
            "PUT /api/v1/requests/{id}",
            "photo_ids",
            "a resident of the other community",
            their_request.clone(),
            with_photo(json!({})),
            422,
        ),
        (
            "POST /api/v1/requests/{id}/assign",
            "user_id",
            office,
            format!("{their_request}/assign"),
            json!({"user_id": ours.who("office").id}),
            422,
        ),
        (
            "POST /api/v1/requests/{id}/merge",
            "into",
            office,
            format!("{their_request}/merge"),
            json!({"into": ours.row("requests", "given")}),
            404,
        ),
        (
            "PUT /api/v1/me/deputy",
            "user_id",
            office,
            "/api/v1/me/deputy".to_owned(),
            json!({"user_id": ours.who("office").id, "until": ours.app.saturday(18)}),
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
            draft.clone(),
            with(ours.form(None), "lead_id", json!(li)),
            422,
        ),
        (
            "POST /api/v1/tasks/{id}/confirm",
            "id",
            office,
            format!("{own_task}/confirm"),
            json!({"claims": [{"id": ours.row("claims", "inside"), "came": true}]}),
            422,
        ),
        (
            "POST /api/v1/tasks/{id}/roster/check-in",
            "claim_ids",
            office,
            format!("{own_task}/roster/check-in"),
            json!({"claim_ids": [ours.row("claims", "inside")]}),
            422,
        ),
        (
            "POST /api/v1/tasks/{id}/roster/check-out",
            "claim_ids",
            office,
            format!("{own_task}/roster/check-out"),
            json!({"claim_ids": [ours.row("claims", "inside")]}),
            422,
        ),
        // Nothing was done there yet: no photo is looked for. `presence::closing` tries it on one that is.
        (
            "POST /api/v1/tasks/{id}/report",
            "photo_ids",
            office,
            format!("{own_task}/report"),
            json!({"words": "已完成", "photo_ids": [ours.row("files", "wang")]}),
            409,
        ),
        // Not open yet: nobody is looked up. `presence::walk_ins` tries it on one that is.
        (
            "POST /api/v1/tasks/{id}/walk-ins",
            "user_id",
            office,
            format!("{own_task}/walk-ins"),
            json!({"user_id": li}),
            409,
        ),
        (
            "POST /api/v1/tasks/{id}/story",
            "photo_ids",
            "office",
            write.clone(),
            story("photo_ids", &photo),
            422,
        ),
        ("POST /api/v1/tasks/{id}/story", "shown", "office", write, story("shown", &theirs), 422),
        (
            "PUT /api/v1/stories/{id}",
            "photo_ids",
            "office",
            mend.clone(),
            story("photo_ids", &photo),
            422,
        ),
        ("PUT /api/v1/stories/{id}", "shown", "office", mend, story("shown", &theirs), 422),
    ];
    // Those of outlines and audiences, which stand in many bodies.
    let mut nested = Vec::new();
    let outline = json!({"title": "夜间巡查", "slots": 2, "minutes": 60});
    let own = async |kind: &str, form: Value| {
        id(&ours.other(office).post(&format!("/orgs/{own_org}/{kind}"), form).await.ok())
    };
    let template = |task: Value| json!({"name": "巡查", "task": task});
    let first = ours.app.saturday(9);
    let series = |task: Value| json!({"task": task, "rule": "FREQ=DAILY", "first": first});
    let made = own("task-templates", template(outline.clone())).await;
    let rewritten = own("task-series", series(outline.clone())).await;
    for (field, form) in [
        ("org_id", with(outline.clone(), "audience", json!({"org_id": community}))),
        ("people", with(outline.clone(), "audience", json!({"people": [li]}))),
        ("lead_id", with(outline.clone(), "lead_id", json!(li))),
    ] {
        for (operation, id, body) in [
            ("POST /api/v1/orgs/{id}/task-templates", &own_org, template(form.clone())),
            ("PUT /api/v1/task-templates/{id}", &made, template(form.clone())),
            ("POST /api/v1/orgs/{id}/task-series", &own_org, series(form.clone())),
            ("PUT /api/v1/task-series/{id}", &rewritten, series(form.clone())),
        ] {
            let path = operation.split(' ').nth(1).unwrap().replace("{id}", id);
            nested.push((operation, field, office, path, body, 422));
        }
    }
    let people = |form: Value| with(form, "audience", json!({"people": [li]}));
    let used = "POST /api/v1/task-templates/{id}/tasks";
    let use_it = format!("/api/v1/task-templates/{made}/tasks");
    let starts = json!({"starts_at": ours.app.saturday(20)});
    let theirs = ours.row("tasks", "free");
    nested.extend([
        (
            used,
            "org_id",
            office,
            use_it.clone(),
            with(starts.clone(), "org_id", json!(community)),
            404,
        ),
        (used, "lead_id", office, use_it, with(starts, "lead_id", json!(li)), 422),
        (
            "POST /api/v1/tasks",
            "people",
            office,
            "/api/v1/tasks".to_owned(),
            people(ours.form(Some(&own_org))),
            422,
        ),
        (
            "POST /api/v1/requests/{id}/dispatch",
            "people",
            office,
            dispatch.clone(),
            people(ours.form(None)),
            422,
        ),
        ("PUT /api/v1/tasks/{id}", "people", office, draft.clone(), people(ours.form(None)), 422),
        (
            "POST /api/v1/tasks/{id}/lead",
            "user_id",
            office,
            format!("{draft}/lead"),
            json!({"user_id": li}),
            422,
        ),
        (
            "POST /api/v1/tasks/bulk",
            "ids",
            office,
            "/api/v1/tasks/bulk".to_owned(),
            json!({"ids": [theirs], "action": "publish"}),
            404,
        ),
    ]);
    // Theme days: strangers' photos and people.
    let (keeper, secretary) = ("the other secretary", "secretary");
    let plans = format!("/api/v1/orgs/{own_org}/theme-days");
    let starts_at = json!("2026-12-23T15:00:00+08:00");
    let wang = ours.row("files", "wang");
    let theme = json!({"theme": "联合学习", "starts_at": starts_at,
        "materials": [{"title": "学习材料", "photo_id": wang}]});
    let [coming, held] = ["coming", "held"]
        .map(|name| format!("/api/v1/theme-days/{}", ours.row("theme-days", name)));
    let material = json!({"materials": [{"title": "学习材料", "photo_id": photo}]});
    let record = json!({"words": "已开展", "photo_ids": [photo]});
    nested.extend([
        ("POST /api/v1/orgs/{id}/theme-days", "photo_id", keeper, plans, theme, 422),
        ("PUT /api/v1/theme-days/{id}", "photo_id", secretary, coming, material, 422),
        (
            "POST /api/v1/theme-days/{id}/check-in",
            "person_ids",
            secretary,
            format!("{held}/check-in"),
            json!({"person_ids": [theirs]}),
            422,
        ),
        (
            "POST /api/v1/theme-days/{id}/record",
            "photo_ids",
            secretary,
            format!("{held}/record"),
            record,
            422,
        ),
    ]);
    // Open on purpose: any resident may ask any community for help and any org for a place, any office any other
    // for its people; and an office passes on to any other what is not its own. Anybody may be
    // complained about, and a member may move to any branch: that branch confirms.
    let open = [
        ("POST /api/v1/complaints", "org_id"),
        ("POST /api/v1/memberships/{id}/move", "org_id"),
        ("POST /api/v1/requests/{id}/pass", "org_id"),
        ("PUT /api/v1/me/request-draft", "org_id"),
        ("POST /api/v1/requests", "org_id"),
        ("POST /api/v1/me/memberships", "org_id"),
        ("POST /api/v1/tasks/{id}/borrow", "org_id"),
    ];
    let cases: Vec<_> = nested.into_iter().chain(cases).collect();
    let tried = cases.iter().map(|(operation, field, ..)| (*operation, *field)).chain(open);
    let tried: BTreeSet<_> = tried.map(|(op, field)| (op.to_owned(), field.to_owned())).collect();
    assert_eq!(tried, ids_in_bodies(), "say what a foreign id does in this field");
    ours.app.settle().await;
    let before = ours.app.fingerprint(&[]).await;
    for (operation, field, who, path, body, status) in cases {
        let reply = call(&ours.app, Some(ours.anyone(who)), operation, &path, &body).await;
        assert_eq!(reply.status, status, "{operation} {field}: {reply:?}");
        let text = told(&reply);
        assert!(!text.contains("文化社区") && !text.contains("李建国"), "{reply:?}");
        before.assert_same(&ours.app.fingerprint(&[]).await, operation);
    }
}
