//! 排名: only where it is switched on, only those who said yes, never a group too small, and never the neighbours'.

use linli::kernel::Day;
use reqwest::{Method, header::IF_NONE_MATCH};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    helpers::{Expect, OTHER_COMMUNITY, Person, TestApp, WENHUA},
    ledger::{entered, switch},
};

async fn crowd(app: &TestApp, n: usize) -> Vec<Person> {
    let names: Vec<_> = (0..n).map(|i| format!("党员{i}号")).collect();
    app.members(&names).await
}

async fn named(people: &[Person]) {
    for person in people {
        assert_eq!(person.put("/me", json!({"ranked": true})).await.ok()["ranked"], true);
    }
}

async fn look(app: &TestApp, who: &Person, more: &str) -> Value {
    let path = format!("/rankings?org_id={}&period=2026-11{more}", app.org_id(WENHUA).await);
    who.get(&path).await.ok()
}

/// Place, name and figure of each line.
fn lines(ranking: &Value) -> Vec<(i64, String, i64)> {
    let items = ranking["items"].as_array().unwrap().iter();
    let number = |item: &Value, name: &str| item[name].as_i64().unwrap();
    let line = |item: &Value| {
        (number(item, "place"), item["name"].as_str().unwrap().to_owned(), number(item, "amount"))
    };
    items.map(line).collect()
}

fn today(app: &TestApp) -> Day {
    Day::of(app.state.clock.now())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_ranking_is_off_until_it_is_switched_on_and_points_need_their_own_switch() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    let path = format!("/rankings?org_id={}", app.org_id(WENHUA).await);
    li.get(&path).await.refused(404, "ranking.off");
    switch(&app, json!({"ranking_enabled": true})).await;
    li.get(&path).await.ok();
    li.get("/rankings").await.ok();
    li.get(&format!("{path}&by=points")).await.refused(404, "ranking.off");
    switch(&app, json!({"points_enabled": true})).await;
    li.get(&format!("{path}&by=points")).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_who_said_yes_are_named_and_equals_share_a_place() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"ranking_enabled": true, "ranking_min_group": 3})).await;
    let people = crowd(&app, 5).await;
    let minutes = [120, 90, 90, 60, 30];
    let served: Vec<(Uuid, i32)> = people.iter().map(|p| p.id).zip(minutes).collect();
    entered(&app, &served, today(&app)).await;
    let ranking = look(&app, &people[3], "").await;
    assert_eq!(ranking["items"], json!([]), "nobody is named unasked");
    assert_eq!((&ranking["people"], &ranking["total"]), (&json!(5), &json!(390)));
    assert_eq!((&ranking["mine"]["place"], &ranking["mine"]["amount"]), (&json!(4), &json!(60)));
    assert!(!ranking.to_string().contains(&people[0].id.to_string()));

    named(&people[1..4]).await;
    let ranking = look(&app, &people[1], "").await;
    let mut shown = lines(&ranking);
    shown.sort();
    let line = |place, i: usize, amount| (place, format!("党员{i}号"), amount);
    assert_eq!(shown, [line(2, 1, 90), line(2, 2, 90), line(4, 3, 60)]);
    people[2].put("/me", json!({"ranked": false})).await.ok();
    let ranking = look(&app, &people[1], "").await;
    assert_eq!(lines(&ranking), [line(2, 1, 90), line(4, 3, 60)]);
    assert_eq!(ranking["total"], 390, "who is not named still counts");
    assert_eq!(lines(&look(&app, &people[1], "&by=claims").await), [line(1, 1, 1), line(1, 3, 1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_too_small_shows_no_figures() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"ranking_enabled": true})).await;
    let people = crowd(&app, 5).await;
    named(&people).await;
    let served: Vec<(Uuid, i32)> = people.iter().map(|p| (p.id, 60)).collect();
    entered(&app, &served[..4], today(&app)).await;
    for level in ["&level=person", "&level=team"] {
        let ranking = look(&app, &people[0], level).await;
        assert_eq!(ranking["items"], json!([]), "{level}");
        assert_eq!((&ranking["total"], &ranking["people"]), (&json!(null), &json!(null)));
    }
    assert_eq!(look(&app, &people[0], "").await["too_few"], true);
    entered(&app, &served[4..], today(&app)).await;
    assert_eq!(lines(&look(&app, &people[0], "").await).len(), 5);
    let teams = look(&app, &people[0], "&level=team").await;
    assert_eq!(lines(&teams), [(1, "文化社区第一党支部".to_owned(), 300)]);
    assert_eq!(teams["items"][0]["people"], 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_begins_at_midnight_in_shanghai() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"ranking_enabled": true, "ranking_min_group": 2})).await;
    let people = crowd(&app, 2).await;
    named(&people).await;
    let midnight = "2026-12-01".parse::<Day>().unwrap().start();
    for (before, minutes) in [(1, 30), (0, 50)] {
        let served: Vec<(Uuid, i32)> = people.iter().map(|p| (p.id, minutes)).collect();
        entered(&app, &served, Day::of(::entity::At(midnight.ms() - before))).await;
    }
    let org = app.org_id(WENHUA).await;
    for (period, total) in [("2026-11", 60), ("2026-12", 100)] {
        let path = format!("/rankings?org_id={org}&period={period}");
        assert_eq!(people[0].get(&path).await.ok()["total"], total, "{period}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neighbours_neither_look_in_nor_stand_in_it_and_names_are_veiled_further_up() {
    let app = TestApp::spawn().await;
    let district = app.org_id("520302").await;
    let on = json!({"ranking_enabled": true, "ranking_min_group": 2});
    app.staff("leader").await.put(&format!("/orgs/{district}/settings"), on).await.ok();
    let ours = app.members(&["李建国".into(), "赵敏".into()]).await;
    let theirs = app.members_of(OTHER_COMMUNITY, &["钱进".into()]).await.remove(0);
    let resident = app.resident("王阿姨").await;
    let lives = json!({"org_id": app.org_id("520302014005").await, "kind": "residence"});
    let lives = crate::helpers::id(&resident.post("/me/memberships", lives).await.ok());
    app.staff("leader").await.does(&format!("/memberships/{lives}/confirm")).await.ok();
    named(&ours).await;
    theirs.put("/me", json!({"ranked": true})).await.ok();
    let served = [(ours[0].id, 60), (ours[1].id, 40), (theirs.id, 500)];
    entered(&app, &served, today(&app)).await;

    let wenhua = app.org_id(WENHUA).await;
    let strangers =
        [&theirs, &app.staff("maocaopu").await, &resident, &app.resident("过路人").await];
    for who in strangers {
        who.get(&format!("/rankings?org_id={wenhua}")).await.refused(404, "not_found");
    }
    let ranking = look(&app, &ours[0], "").await;
    assert_eq!(lines(&ranking), [(1, "李建国".to_owned(), 60), (2, "赵敏".to_owned(), 40)]);
    let above = format!("/rankings?org_id={district}&period=2026-11");
    let veiled = resident.get(&above).await.ok();
    assert_eq!(lines(&veiled), [(1, "李*".to_owned(), 60), (2, "赵*".to_owned(), 40)]);
    assert_eq!(veiled["total"], 100, "who belongs elsewhere is not counted here");
    let leader = app.staff("leader").await.get(&above).await.ok();
    assert_eq!(lines(&leader)[0].1, "李建国");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unchanged_ranking_is_not_sent_twice() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"ranking_enabled": true})).await;
    let li = app.member("李建国").await;
    let first = li.get("/rankings").await;
    let tag = first.headers["etag"].clone();
    let again = li.request(Method::GET, "/rankings").header(IF_NONE_MATCH, tag);
    assert_eq!(li.send(again).await.unwrap().status, 304);
}
