//! What the secretary hears and reads, and the members of the branch.

use serde_json::{Value, json};

use super::Branch;
use crate::helpers::{Expect, dump, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secretary_hears_who_has_a_day_and_members_only_of_those_who_want_it() {
    let branch = Branch::new().await;
    let li = branch.member("李建国", "2001-12-01").await;
    branch.member("赵敏", "2016-12-01").await;
    branch.app.member("孙立").await;
    li.put("/me/birthday", json!({"greet": true, "tell_branch": true})).await.ok();
    branch.at("2026-12-01", 8).await;
    let told = branch.heard("secretary", "birthday.today").await;
    assert_eq!(told.len(), 1, "one notice for all of the day: {told:?}");
    assert!(
        told[0].contains("李建国（25 周年）") && told[0].contains("赵敏（10 周年）"),
        "{told:?}"
    );
    let told = branch.heard("孙立", "birthday.shared").await;
    assert!(told[0].contains("李建国") && !told[0].contains("赵敏"), "{told:?}");
    assert!(!told[0].contains("25"), "years would tell when somebody joined");
    assert!(branch.heard("李建国", "birthday.shared").await.is_empty(), "not of oneself");
    assert_eq!(branch.heard("赵敏", "birthday.shared").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_secretary_gets_the_list_on_the_first_of_the_month_and_of_the_quarter() {
    let branch = Branch::new().await;
    branch.member("李建国", "2001-12-09").await;
    branch.member("赵敏", "2016-12-31").await;
    branch.member("孙立", "1999-03-15").await;
    branch.at("2026-12-01", 8).await;
    assert!(branch.heard("secretary", "birthday.list").await.is_empty());
    branch.at("2026-12-01", 9).await;
    let told = branch.heard("secretary", "birthday.list").await;
    assert!(told[0].contains("李建国（12月9日，25 周年）、赵敏（12月31日，10 周年）"), "{told:?}");
    branch.at("2027-01-01", 9).await;
    let told = branch.heard("secretary", "birthday.list").await;
    assert!(told.len() == 2 && told[0].contains("孙立（3月15日，28 周年）"), "{told:?}");
    branch.at("2027-02-01", 9).await;
    assert_eq!(branch.heard("secretary", "birthday.list").await.len(), 2, "nobody, no notice");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_list_shows_a_month_or_a_quarter_and_each_look_is_audited() {
    let branch = Branch::new().await;
    for (name, joined) in [("李建国", "2001-12-01"), ("赵敏", "2006-11-25"), ("孙立", "2000-01-05")]
    {
        branch.member(name, joined).await;
    }
    let (secretary, page) = (branch.secretary().await, format!("/orgs/{}/birthdays", branch.id));
    let days = async |query: &str| {
        let list = secretary.get(&format!("{page}{query}")).await.ok();
        let items = list["items"].as_array().unwrap().clone();
        items.iter().map(|one| format!("{} {}", one["on"], one["years"])).collect::<Vec<_>>()
    };
    assert_eq!(days("").await, ["\"2026-11-25\" 20"], "the month it is now");
    assert_eq!(days("?month=2026-12").await, ["\"2026-12-01\" 25"]);
    assert_eq!(days("?quarter=2026-Q4").await, ["\"2026-11-25\" 20", "\"2026-12-01\" 25"]);
    assert_eq!(days("?quarter=2027-Q1").await, ["\"2027-01-05\" 27"]);
    for (query, field) in [
        ("?month=2026-13", "month"),
        ("?month=2026-11-01", "month"),
        ("?quarter=2026-Q5", "quarter"),
        ("?month=2026-11&quarter=2026-Q4", "quarter"),
    ] {
        let refused = secretary.get(&format!("{page}{query}")).await;
        assert_eq!(refused.body["errors"][0]["field"], field, "{query}");
    }
    let leader = branch.app.staff("leader").await;
    let whole = leader.get(&format!("/orgs/{}/birthdays", branch.app.org_id("520302").await)).await;
    assert_eq!(whole.ok()["items"].as_array().unwrap().len(), 1, "a leader sees all below");
    branch.app.office().await.get(&page).await.refused(403, "auth.forbidden");
    branch.app.sign_in("李建国").await.get(&page).await.refused(403, "auth.forbidden");
    let looks = "SELECT action FROM audit_entry WHERE action = 'birthdays.read'";
    assert_eq!(
        dump::texts(branch.app.state.db.read(), looks).await.len(),
        5,
        "refused ones show nothing"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_of_a_group_count_with_its_branch() {
    let branch = Branch::new().await;
    let operator = branch.app.staff("operator").await;
    let group = json!({"parent_id": branch.id, "kind": "group", "name": "第一党小组"});
    let group = id(&operator.post("/orgs", group).await.ok());
    let sun = branch.app.resident("孙立").await;
    let place = json!({"org_id": group, "kind": "home_branch"});
    let place = id(&sun.post("/me/memberships", place).await.ok());
    let secretary = branch.secretary().await;
    secretary.does(&format!("/memberships/{place}/confirm")).await.ok();
    let record = json!({"joined_on": "2001-12-01", "consented": true});
    secretary.put(&format!("/orgs/{group}/members/{}/party", sun.id), record).await.ok();
    let list = secretary.get(&format!("/orgs/{}/birthdays?month=2026-12", branch.id)).await.ok();
    assert_eq!(list["items"][0]["branch_id"], Value::from(branch.id.as_str()));
    branch.at("2026-12-01", 8).await;
    assert_eq!(branch.greeted("孙立").await.len(), 1);
    assert_eq!(branch.heard("secretary", "birthday.today").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_theme_day_celebrates_those_of_its_month_who_let_their_comrades_know() {
    let branch = Branch::new().await;
    let named = [("李建国", "2006-12-03"), ("赵敏", "2010-12-28"), ("孙立", "2011-11-30")];
    for (name, joined_on) in named {
        branch.member(name, joined_on).await;
    }
    for name in ["李建国", "孙立"] {
        let known = json!({"greet": true, "tell_branch": true});
        branch.app.sign_in(name).await.put("/me/birthday", known).await.ok();
    }
    let plan = json!({"theme": "学身边榜样", "starts_at": "2026-12-25T15:00:00+08:00"});
    let days = format!("/orgs/{}/theme-days", branch.id);
    let day = id(&branch.secretary().await.post(&days, plan).await.ok());
    let path = format!("/theme-days/{day}/celebrants");
    let seen = branch.app.sign_in("赵敏").await.get(&path).await.ok();
    let on: Vec<_> =
        seen.as_array().unwrap().iter().map(|one| (&one["name"], &one["on"])).collect();
    assert_eq!(on, [(&json!("李建国"), &json!("2026-12-03"))], "no years, nobody of another month");
    let stranger = branch.app.resident("王阿姨").await;
    stranger.get(&path).await.refused(404, "not_found");
}
