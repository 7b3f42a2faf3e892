//! A foreign id reaches nothing: every operation of the API document × people from elsewhere × rows of 文化社区, in
//! path, query, cursor and body. Nothing of it is shown, and the database is the same before and after.

mod bodies;
mod people;
mod stars;
pub mod table;
pub mod world;

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use linli::app::routes_and_document;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use uuid::Uuid;

use crate::helpers::{OTHER_COMMUNITY, Person, Reply, TestApp, form, fresh_key, photo};

use table::{For, RIGHTFUL, TABLE, asking, entry, folder, rightful};
use world::Ours;

/// Operation → its entry in the document.
pub fn operations() -> BTreeMap<String, Value> {
    let document = serde_json::to_value(routes_and_document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().unwrap();
        item.iter().map(move |(method, entry)| {
            (format!("{} {path}", method.to_uppercase()), entry.clone())
        })
    });
    all.collect()
}

pub async fn call(
    app: &TestApp,
    who: Option<&Person>,
    operation: &str,
    path: &str,
    body: &Value,
) -> Reply {
    let method = operation.split(' ').next().unwrap();
    let method: Method = method.parse().unwrap();
    let mut request: RequestBuilder = app.http.request(method, format!("{}{path}", app.url));
    if let Some(who) = who {
        request = request.bearer_auth(&who.token);
    }
    if operation.ends_with("/claims") {
        request = request.header("Idempotency-Key", fresh_key()).header("Attempt", "1");
    }
    if operation == "PUT /api/v1/tasks/{id}" {
        request = request.header("If-Match", "1");
    }
    if operation == "POST /api/v1/files" {
        request = form(request, "file", &photo());
    }
    if operation.ends_with("/imports") && method_posts(operation) {
        let file = body["file"].as_str().unwrap_or_default();
        request = form::onto(request, form::of("花名册.csv", file.as_bytes()));
    } else if operation == "DELETE /api/v1/me" {
        request = request.header("Confirm-Leaving", "yes");
    } else if !body.is_null() {
        request = request.json(body);
    }
    Reply::read(request.send().await.unwrap()).await.unwrap()
}

fn method_posts(operation: &str) -> bool {
    operation.starts_with("POST ")
}

/// Every path an operation has with rows of 文化社区; `role_id` is tried below their own org as well.
fn paths(ours: &Ours, operation: &str, own_org: &str) -> Vec<String> {
    let pattern = &ours.inner(operation.split(' ').nth(1).unwrap());
    if !pattern.contains("{id}") {
        return vec![asking(ours, operation, pattern.to_owned())];
    }
    let ids = ours.all(folder(operation));
    assert!(!ids.is_empty(), "{operation}: 文化社区 has no such rows");
    if !pattern.contains("{role_id}") {
        let paths = ids.into_iter().map(|id| pattern.replace("{id}", id));
        return paths.map(|path| asking(ours, operation, path)).collect();
    }
    let orgs = ids.into_iter().chain([own_org]);
    let one =
        |org: &str| pattern.replace("{id}", org).replace("{role_id}", ours.row("roles", "third"));
    orgs.map(one).collect()
}

/// The path alone, and with each query parameter the document knows, as a stranger would fill it.
fn with_queries(ours: &Ours, operation: &str, document: &Value, path: &str) -> Vec<String> {
    let community = ours.row("orgs", "community");
    let cursor = |id: &str| B64.encode(id.parse::<Uuid>().unwrap().as_bytes());
    let mut all = vec![path.to_owned()];
    for parameter in document["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        if ["?", "&"].iter().any(|sign| path.contains(&format!("{sign}{name}="))) {
            continue;
        }
        let values = match (name, folder(operation)) {
            (
                "id" | "role_id" | "user_id" | "person_id" | "code" | "Idempotency-Key" | "Attempt"
                | "If-Match",
                _,
            )
            | ("skill", "orgs") => continue,
            ("purpose" | "Confirm-Leaving", _) => continue,
            ("subject_id", _) => vec![ours.row("people", "asker").to_owned()],
            ("actor_id", _) => vec![ours.row("people", "asker").to_owned()],
            ("action", _) => vec!["role.granted".into()],
            ("org_id" | "parent_id" | "under", _) => vec![community.to_owned()],
            ("cursor", "tasks") => vec![B64.encode([0; 24])],
            ("cursor", _) => {
                vec![cursor(ours.row("requests", "done")), cursor(ours.row("stories", "waiting"))]
            }
            ("state", "hours") => vec!["pending".into(), "approved".into()],
            ("state", "orgs") if operation.ends_with("/points") => {
                vec!["pending".into(), "approved".into()]
            }
            ("state", "orgs") if operation.ends_with("/jobs") => vec!["done".into()],
            ("state", "jobs") => vec!["done".into(), "skipped".into()],
            ("job", _) => vec!["request.overdue".into()],
            ("owned", _) => vec!["true".into(), "false".into()],
            ("month" | "since", _) | ("until", "orgs") => vec!["2026-11".into()],
            ("order", _) => vec!["pressing".into()],
            ("level", "requests") => vec!["overdue".into()],
            ("period", "orgs") => vec!["2026-H1".into()],
            ("period", _) => vec![format!("2026-11&org_id={community}")],
            ("by", _) => vec![format!("points&org_id={community}")],
            ("level", _) => vec![format!("team&org_id={community}")],
            ("state", "requests") => vec!["submitted,dispatched,fulfilled".into()],
            ("state", "tasks") => vec!["draft,open,reported".into()],
            ("state", "stories") => {
                vec!["draft".into(), "pending_review".into(), "published".into()]
            }
            ("state", _) if operation.ends_with("/content") => {
                vec!["pending".into(), "passed".into()]
            }
            ("state", "orgs") if operation.ends_with("/pushes") => vec!["dead".into()],
            ("state", "orgs") => vec!["pending".into(), "confirmed".into()],
            ("scope", _) => vec![
                "open".into(),
                format!("office&org_id={community}"),
                "office&state=draft,open,reported".into(),
            ],
            ("limit", _) => vec!["100".into()],
            ("quarter", _) => vec!["2026-Q4".into()],
            ("size", _) => vec!["thumb".into(), "full".into()],
            ("until", _) => vec!["9999999999999&sig=AAAA".into()],
            ("sig", _) => vec!["AAAA".into()],
            ("dry_run", _) => vec!["true".into()],
            ("class", _) => vec!["ordinary".into()],
            ("within_days", _) => vec!["366".into()],
            ("at", _) => vec!["claim".into()],
            ("template", _) => vec!["task_change".into()],
            ("state", "complaints") => vec!["open".into(), "answered".into()],
            ("near", _) => vec!["27.70,106.94&radius_m=100000".into()],
            ("from", _) => vec!["2026-01-01T00:00:00%2B08:00".into()],
            ("mine" | "unread" | "below", _) => vec!["true".into(), "false".into()],
            ("q", _) => vec!["社区".into()],
            ("radius_m", _) => vec!["100000".into()],
            ("skill", _) => vec!["急救".into()],
            _ => panic!("{operation}: say what a stranger would write into {name}"),
        };
        all.extend(values.into_iter().map(|value| format!("{path}?{name}={value}")));
    }
    all
}

/// The text of an answer without the path that was asked for.
fn told(reply: &Reply) -> String {
    let mut body = reply.body.clone();
    if let Some(problem) = body.as_object_mut() {
        problem.remove("instance");
    }
    body.to_string()
}

#[test]
fn the_table_knows_every_operation_that_is_served() {
    let served: BTreeSet<_> = operations().into_keys().collect();
    let known: BTreeSet<_> = TABLE.iter().map(|(operation, ..)| (*operation).to_owned()).collect();
    assert_eq!(known.len(), TABLE.len(), "an operation stands twice in the table");
    assert_eq!(served, known, "tests/it/tenancy/table.rs: say what strangers may do with it");
    let doings = |whose| matches!(whose, For::Insiders | For::OwnDoing);
    let doings =
        TABLE.iter().filter(|(_, whose, _)| doings(*whose)).map(|(operation, ..)| *operation);
    let rightful: BTreeSet<_> = RIGHTFUL.iter().map(|(operation, ..)| *operation).collect();
    assert_eq!(rightful, doings.collect(), "RIGHTFUL: say who may");
}

#[test]
fn what_the_table_opens_is_open_by_declaration() {
    for (operation, document) in operations() {
        let open = document["security"][0].as_object().is_some_and(serde_json::Map::is_empty);
        let for_all = matches!(entry(&operation).1, For::Everybody | For::Entry);
        assert_eq!(open, for_all, "{operation}: {}", document["security"]);
        let names_rows = operation.contains("{id}");
        let own = matches!(entry(&operation).1, For::Oneself | For::OwnDoing | For::Entry);
        assert!(!(names_rows && own), "{operation} names a row: it is the insiders'");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_from_elsewhere_reaches_or_sees_anything() {
    let ours = Ours::live().await;
    let app = &ours.app;
    let own_org = app.org_id(OTHER_COMMUNITY).await;
    let secrets = ours.secrets();
    for (operation, document) in operations() {
        let (_, whose, body) = entry(&operation);
        let body = body(&ours);
        let before = app.fingerprint(&[]).await;
        for path in paths(&ours, &operation, &own_org) {
            for path in with_queries(&ours, &operation, &document, &path) {
                if *whose != For::Entry {
                    let reply = call(app, None, &operation, &path, &body).await;
                    check(&secrets, "nobody", &operation, &path, &reply, *whose);
                }
                for (name, who) in ours.others() {
                    if matches!(whose, For::Entry | For::OwnDoing) {
                        continue;
                    }
                    let reply = call(app, Some(who), &operation, &path, &body).await;
                    check(&secrets, name, &operation, &path, &reply, *whose);
                }
            }
        }
        before.assert_same(&app.fingerprint(&[]).await, &operation);
    }
}

fn check(secrets: &[String], who: &str, operation: &str, path: &str, reply: &Reply, whose: For) {
    let what = format!("{who}: {operation} as {path}: {reply:?}");
    let fits: &[u16] = match (who, whose) {
        // A story is public once it was published, and not there before.
        (_, For::Everybody) => &[200, 404],
        ("nobody", _) => &[401],
        (_, For::Oneself) => &[200],
        // A socket that is not asked for shows nothing.
        (_, For::Reach) => &[200, 403, 426],
        _ => &[403, 404],
    };
    assert!(fits.contains(&reply.status), "{what}");
    let text = told(reply);
    let shown = secrets.iter().find(|secret| text.contains(secret.as_str()));
    assert_eq!(shown, None, "{what}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_row_reads_like_one_that_never_was() {
    let ours = Ours::live().await;
    let own_org = ours.app.org_id(OTHER_COMMUNITY).await;
    for (operation, whose, body) in TABLE {
        if *whose != For::Insiders || !operation.contains("{id}") {
            continue;
        }
        let body = body(&ours);
        for path in paths(&ours, operation, &own_org) {
            let parts = path.split('/').map(|part| match part.parse::<Uuid>() {
                Ok(id) if id.to_string() != own_org => Uuid::from_u128(7).to_string(),
                _ => part.to_owned(),
            });
            let nothing = parts.collect::<Vec<_>>().join("/");
            for (name, who) in ours.others() {
                let theirs = call(&ours.app, Some(who), operation, &path, &body).await;
                let never = call(&ours.app, Some(who), operation, &nothing, &body).await;
                let same = |reply: &Reply| {
                    (reply.status, reply.code().to_owned(), reply.body["detail"].clone())
                };
                assert_eq!(same(&theirs), same(&never), "{name}: {operation} as {path}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_may_get_through_with_the_very_same_calls() {
    let ours = Ours::live().await;
    for (operation, ..) in RIGHTFUL {
        let (who, path, body) = rightful(&ours, operation);
        let reply = call(&ours.app, Some(who), operation, &path, &body).await;
        assert!(reply.is_success(), "{}: {operation} as {path}: {reply:?}", who.name);
    }
}
