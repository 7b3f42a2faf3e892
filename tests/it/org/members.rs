//! Members as their org keeps them: classes, names, skills that run out, party records.

use serde_json::{Value, json};

use crate::helpers::{Expect, OTHER_COMMUNITY, TestApp, WENHUA, id};

const FIRST_AID: &str = "%E6%80%A5%E6%95%91";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_roster_is_searched_by_class_and_by_a_part_of_the_name() {
    let app = TestApp::spawn().await;
    let (secretary, branch) = (app.staff("secretary").await, app.branch_id(WENHUA).await);
    let members = format!("/orgs/{branch}/members");
    for (n, (name, class)) in
        [("李建国", "employed"), ("李卫国", "elder"), ("赵敏", "elder")].into_iter().enumerate()
    {
        let row = json!({"name": name, "phone": format!("1390000000{n}"), "class": class});
        assert_eq!(secretary.post(&members, row).await.ok()["class"], class);
    }
    // Lists show the first sign of a name; who is meant is told by the phone.
    let shown = async |query: &str| {
        let page = secretary.get(&format!("{members}?{query}")).await.ok();
        let line = |one: &Value| {
            let text = |key: &str| one[key].as_str().unwrap().to_owned();
            (text("name"), text("phone"))
        };
        let lines = page["items"].as_array().unwrap().iter().map(line);
        (lines.collect::<Vec<_>>(), page["next_cursor"].clone())
    };
    let masked = |name: &str, n: u8| (name.to_owned(), format!("139****000{n}"));
    assert_eq!(shown("class=elder").await.0, [masked("赵*", 2), masked("李*", 1)]);
    assert_eq!(shown("q=国&class=elder").await.0, [masked("李*", 1)], "the part nobody is shown");
    let (first, cursor) = shown("q=李&limit=1").await;
    assert_eq!(first, [masked("李*", 1)]);
    let next = format!("q=李&limit=1&cursor={}", cursor.as_str().unwrap());
    assert_eq!(shown(&next).await, (vec![masked("李*", 0)], Value::Null));

    let page = secretary.get(&members).await.ok();
    let (zhao, person) = (id(&page["items"][0]), page["items"][0]["person_id"].as_str().unwrap());
    let change = json!({"class": "mobile"});
    let changed = secretary.put(&format!("/memberships/{zhao}"), change).await.ok();
    assert_eq!(changed["class"], "mobile");
    assert_eq!(shown("class=mobile").await.0, [masked("赵*", 2)]);
    let told = page.to_string() + &changed.to_string();
    assert!(!told.contains("13900000") && !told.contains("敏"), "nobody in full: {told}");

    // The whole name is told one by one, with a reason.
    let why = json!({"field": "real_name", "reason": "核对党员花名册"});
    let whole = secretary.post(&format!("/people/{person}/reveal"), why).await.ok();
    assert_eq!(whole["value"], "赵敏");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_party_record_is_the_branchs_own_page_and_each_look_is_audited() {
    let app = TestApp::spawn().await;
    let (secretary, branch) = (app.staff("secretary").await, app.branch_id(WENHUA).await);
    let row = json!({"name": "李建国", "phone": "13900000001"});
    let entered = secretary.post(&format!("/orgs/{branch}/members"), row).await.ok();
    let person = entered["person_id"].as_str().unwrap();
    let page = format!("/orgs/{branch}/members/{person}/party");
    assert_eq!(secretary.get(&page).await.ok()["updated_at"], Value::Null);
    let record = json!({"gender": "male", "born_on": "1970-05-04", "joined_on": "1991-07-01",
        "note": "曾任支部委员", "consented": false});
    secretary.put(&page, record.clone()).await.ok();
    let kept = app.staff("leader").await.get(&page).await.ok();
    assert_eq!((&kept["joined_on"], &kept["consented_at"]), (&json!("1991-07-01"), &Value::Null));
    let mut agreed = record;
    agreed["consented"] = json!(true);
    assert_ne!(secretary.put(&page, agreed).await.ok()["consented_at"], Value::Null);

    app.office().await.get(&page).await.refused(403, "auth.forbidden");
    app.staff("operator").await.get(&page).await.refused(403, "auth.forbidden");
    let nobody = format!("/orgs/{branch}/members/{}/party", uuid::Uuid::nil());
    secretary.get(&nobody).await.refused(404, "not_found");
    let list = secretary.get(&format!("/orgs/{branch}/members")).await.ok().to_string();
    assert!(!list.contains("1991-07-01") && !list.contains("支部委员"), "never in lists");
    let dump = crate::helpers::dump::texts(
        app.state.db.read(),
        "SELECT action || ' ' FROM audit_entry ORDER BY seq",
    );
    let acts = dump.await.concat();
    assert!(
        acts.contains("party_record.read ") && acts.contains("party_record.changed "),
        "{acts}"
    );
    let kept = crate::helpers::dump::texts(app.state.db.read(), "SELECT facts FROM party_record");
    assert!(!kept.await.concat().contains("1991"), "sealed at rest");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_that_runs_out_before_the_task_ends_does_not_count() {
    let app = TestApp::spawn().await;
    let (office, secretary) = (app.office().await, app.staff("secretary").await);
    let (li, branch) = (app.member("李建国").await, app.branch_id(WENHUA).await);
    let form = json!({"org_id": app.org_id(WENHUA).await, "title": "急救演练", "slots": 2,
        "starts_at": app.saturday(9), "ends_at": app.saturday(11), "skills": ["急救"], "publish": true});
    let task = id(&office.post("/tasks", form).await.ok());
    app.settle().await;
    li.claims(&task).await.refused(403, "needs_skill");

    let skill = format!("/orgs/{branch}/members/{}/skills/{FIRST_AID}", li.id);
    // The task is on Saturday the 28th.
    let paper = json!({"number": "红救-0042", "issuer": "遵义市红十字会"});
    let friday = json!({"expires_on": "2026-11-27", "certificate": paper});
    secretary.put(&skill, friday).await.ok();
    li.claims(&task).await.refused(403, "needs_skill");
    let soon = secretary.get(&format!("/orgs/{branch}/skills/expiring")).await.ok();
    assert_eq!((&soon[0]["skill"], &soon[0]["expires_on"]), (&json!("急救"), &json!("2026-11-27")));

    let saturday = secretary.put(&skill, json!({"expires_on": "2026-11-28"})).await.ok();
    assert_eq!(saturday[0]["certificate"], Value::Null, "set whole");
    li.claims(&task).await.ok();
    secretary.put(&skill, json!({})).await.ok();
    assert_eq!(secretary.get(&format!("/orgs/{branch}/skills/expiring")).await.ok(), json!([]));
    secretary.delete(&skill).await.ok();
    secretary.delete(&skill).await.refused(404, "not_found");
    let far = format!("/orgs/{}/members/{}/skills", app.branch_id(OTHER_COMMUNITY).await, li.id);
    app.staff("maocaopu").await.get(&far).await.refused(404, "not_found");
    let long = format!("/orgs/{branch}/members/{}/skills/{}", li.id, "a".repeat(21));
    secretary.put(&long, json!({})).await.refused_field("skill", "length");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_office_finds_people_of_its_branches_by_name_and_sees_where_each_is() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let far = app.members_of(OTHER_COMMUNITY, &["李建业".to_owned()]).await;
    let community = app.org_id(WENHUA).await;
    let here = office.get(&format!("/orgs/{community}/members?q=李建")).await.ok();
    assert_eq!(here["items"], json!([]), "the community's own roster has nobody of that name");
    let found = office.get(&format!("/orgs/{community}/members?q=李建&below=true")).await.ok();
    let found = found["items"].as_array().unwrap();
    assert_eq!(found.len(), 1, "those of another community are not in reach: {found:?}");
    assert_eq!(found[0]["person_id"], json!(li.id));
    assert_eq!(found[0]["org_id"], json!(app.branch_id(WENHUA).await));
    assert!(found[0]["org_name"].as_str().is_some_and(|name| name.ends_with("支部")), "{found:?}");
    assert_ne!(far[0].id, li.id);
}
