//! 月结和星级: closed months stand, what comes later names them, and stars follow from them.

use ::entity::{points_entry, points_freeze, points_frozen, points_rule::PointsTrigger};
use futures_util::future::join_all;
use linli::{
    kernel::Day,
    ledger::{freeze, stars},
    platform::cron::{Chunk, Run},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{enter, entered, rules, switch};
use crate::helpers::{Expect, Person, TestApp, WENHUA, dump::texts, id};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Half past midnight on that day.
async fn on(app: &TestApp, text: &str) -> Run {
    let due_at = day(text).time(0, 30);
    app.clock.set(due_at);
    Run { job: "points".into(), period: text.into(), due_at, org_id: None, subject_id: None }
}

/// Works a job off; how many steps it took.
async fn works(app: &TestApp, run: &Run, stars_too: bool) -> usize {
    let (mut cursor, mut steps) = (None, 0);
    loop {
        let tx = app.state.db.write().await.unwrap();
        let done: Chunk = match stars_too {
            true => stars::chunk(&app.state, &tx, run, cursor).await.unwrap(),
            false => freeze::chunk(&app.state, &tx, run, cursor).await.unwrap(),
        };
        tx.commit().await.unwrap();
        steps += 1;
        cursor = done.cursor;
        if cursor.is_none() {
            return steps;
        }
    }
}

async fn closed(app: &TestApp, month: &str) -> bool {
    let found = points_freeze::Entity::find().filter(points_freeze::Column::Period.eq(month));
    found.one(app.state.db.read()).await.unwrap().is_some()
}

/// What a month was closed with, all people together.
async fn frozen(app: &TestApp) -> i64 {
    let rows = points_frozen::Entity::find().all(app.state.db.read()).await.unwrap();
    rows.iter().map(|row| row.amount).sum()
}

/// Closed months whose kept sums are not those of their entries.
async fn sums_agree(app: &TestApp) {
    let wrong = "SELECT f.period FROM points_freeze f WHERE \
        (SELECT COALESCE(SUM(s.amount), 0) FROM points_frozen s WHERE s.freeze_id = f.id) <> \
        (SELECT COALESCE(SUM(e.amount), 0) FROM points_entry e \
         WHERE e.org_id = f.org_id AND e.period = f.period)";
    assert_eq!(texts(app.state.db.read(), wrong).await, Vec::<String>::new());
}

/// Two points an hour for those who serve.
async fn counting(app: &TestApp) {
    switch(app, json!({"points_enabled": true})).await;
    rules(app, json!([{"kind": "base", "trigger": "service_hour", "amount": 2}])).await;
}

async fn me(app: &TestApp, who: &Person, path: &str) -> Value {
    app.sign_in(&who.name).await.get(path).await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_month_stands_and_what_comes_later_names_it() {
    let app = TestApp::spawn().await;
    counting(&app).await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    entered(&app, &[(li.id, 60), (zhao.id, 120)], day("2026-11-28")).await;
    let task = app.open_task(&app.office().await, 3).await;
    let first = on(&app, "2026-12-01").await;
    assert_eq!(works(&app, &first, false).await, 2, "one org's month, and a look for another");
    assert_eq!((works(&app, &first, false).await, frozen(&app).await), (1, 6), "once");

    app.clock.set(day("2026-12-03").time(9, 0));
    let tx = app.state.db.write().await.unwrap();
    enter(&app, &tx, &task, &[(li.id, 60)], day("2026-11-30")).await;
    tx.commit().await.unwrap();
    let mine = me(&app, &li, "/me/points").await;
    let late = &mine["items"][0];
    assert_eq!(
        (&late["occurred_on"], &late["corrects"]),
        (&json!("2026-12-03"), &json!("2026-11"))
    );
    let month =
        |period: &str, amount: i64| json!({"period": period, "kind": "base", "amount": amount});
    assert_eq!(mine["months"], json!([month("2026-12", 2), month("2026-11", 2)]));
    assert_eq!((mine["total"].as_i64(), frozen(&app).await), (Some(4), 6), "closed is closed");

    // The database refuses what would slip past.
    let found = points_entry::Entity::find().filter(points_entry::Column::Corrects.is_null());
    let entry = found.one(app.state.db.read()).await.unwrap().unwrap();
    let forged = points_entry::ActiveModel {
        id: Set(Uuid::from_u128(1)),
        trigger: Set(PointsTrigger::Lead),
        period: sea_orm::ActiveValue::NotSet,
        ..points_entry::ActiveModel::from(entry).reset_all()
    };
    let refused = forged.insert(app.state.db.read()).await.unwrap_err().to_string();
    assert!(refused.contains("this month is closed"), "{refused}");

    let second = on(&app, "2027-01-01").await;
    works(&app, &second, false).await;
    assert!(closed(&app, "2026-12").await && frozen(&app).await == 8);
    sums_agree(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_on_its_way_while_a_month_closes_is_in_it_or_names_it() {
    let app = TestApp::spawn().await;
    counting(&app).await;
    let names: Vec<_> = (1..=12).map(|i| format!("党员{i:03}")).collect();
    let people = app.members(&names).await;
    let office = app.office().await;
    let mut tasks = Vec::new();
    for _ in &people {
        tasks.push(app.open_task(&office, 3).await);
    }
    entered(&app, &[(people[0].id, 60)], day("2026-11-28")).await;
    let first = on(&app, "2026-12-01").await;
    let enters = join_all(people.iter().zip(&tasks).map(async |(person, task)| {
        let tx = app.state.db.write().await.unwrap();
        enter(&app, &tx, task, &[(person.id, 60)], day("2026-11-29")).await;
        tx.commit().await.unwrap();
    }));
    let closes = join_all((0..2).map(|_| async {
        let tx = app.state.db.write().await.unwrap();
        // Two replicas: the one that comes second may lose its turn.
        if freeze::chunk(&app.state, &tx, &first, None).await.is_ok() {
            tx.commit().await.unwrap();
        }
    }));
    tokio::join!(enters, closes);
    works(&app, &first, false).await;
    sums_agree(&app).await;
    let rows = points_entry::Entity::find().all(app.state.db.read()).await.unwrap();
    assert_eq!(rows.len(), people.len() + 1, "nobody's points are lost or doubled");
    for row in rows {
        assert_eq!(row.period == "2026-11", row.corrects.is_none(), "{row:?}");
    }
}

/// Stars of the second half of 2026 for 李建国 (2 stars), 赵敏 (none), as the timetable makes them.
async fn rated(app: &TestApp) -> (Person, Person) {
    counting(app).await;
    switch(app, json!({"star_1_points": 4, "star_2_points": 8, "star_3_points": 20})).await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    entered(app, &[(li.id, 120), (zhao.id, 60)], day("2026-11-28")).await;
    entered(app, &[(li.id, 120)], day("2026-12-31")).await;
    let run = on(app, "2027-01-01").await;
    works(app, &run, true).await;
    works(app, &run, true).await;
    (li, zhao)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_year_of_closed_months_makes_stars_once() {
    let app = TestApp::spawn().await;
    let (li, zhao) = rated(&app).await;
    let stars = me(&app, &li, "/me/stars").await;
    assert_eq!(stars["items"].as_array().unwrap().len(), 1, "{stars}");
    let rating = &stars["items"][0];
    let told = (&rating["period"], &rating["points"], &rating["stars"], &rating["appeal"]);
    assert_eq!(told, (&json!("2026-H2"), &json!(8), &json!(2), &Value::Null));
    assert_eq!(me(&app, &zhao, "/me/stars").await["items"][0]["stars"], 0);
    let path = format!("/orgs/{}/stars", app.org_id(WENHUA).await);
    let office = app.office().await;
    let all = office.get(&format!("{path}?period=2026-H2")).await.ok();
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    let none = office.get(&format!("{path}?period=2026-H1")).await.ok();
    assert_eq!(none["items"], json!([]));
    for wrong in ["2026", "2026-H3", "2026-07"] {
        let refused = office.get(&format!("{path}?period={wrong}")).await;
        refused.refused_field("period", "value");
    }
    sums_agree(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_points_are_switched_off_nobody_is_rated() {
    let app = TestApp::spawn().await;
    counting(&app).await;
    let li = app.member("李建国").await;
    entered(&app, &[(li.id, 600)], day("2026-12-31")).await;
    switch(&app, json!({"points_enabled": false})).await;
    let run = on(&app, "2027-01-01").await;
    works(&app, &run, true).await;
    assert_eq!(me(&app, &li, "/me/stars").await["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appeal_is_decided_by_somebody_else_and_in_time() {
    let app = TestApp::spawn().await;
    let (li, zhao) = rated(&app).await;
    let rating = id(&me(&app, &li, "/me/stars").await["items"][0]);
    let theirs = id(&me(&app, &zhao, "/me/stars").await["items"][0]);
    let why = json!({"reason": "夜间值守没有算进来"});
    let path = format!("/stars/{rating}/appeal");
    app.sign_in("赵敏").await.post(&path, why.clone()).await.refused(404, "not_found");
    let li = app.sign_in("李建国").await;
    let appeal = id(&li.post(&path, why.clone()).await.ok());
    li.post(&path, why.clone()).await.refused(409, "stars.appealed");
    assert!(!app.fingerprint(&[]).await.contains("夜间值守"), "the reason rests sealed");

    // He works at the office too by now; it is still somebody else's to decide.
    let role = json!({"user_id": li.id, "role": "dispatcher"});
    let roles = format!("/orgs/{}/roles", app.org_id(WENHUA).await);
    app.staff("leader").await.post(&roles, role).await.ok();
    let approve = format!("/star-appeals/{appeal}/approve");
    let three = json!({"stars": 3});
    let himself = app.sign_in("李建国").await;
    himself.post(&approve, three.clone()).await.refused(403, "second_person");
    app.staff("maocaopu").await.post(&approve, three.clone()).await.refused(404, "not_found");
    let office = app.office().await;
    office.post(&approve, json!({"stars": 2})).await.refused_field("stars", "value");
    let ruled = office.post(&approve, three.clone()).await.ok();
    assert_eq!((&ruled["stars"], &ruled["rated"]), (&json!(3), &json!(2)), "both stay to be seen");
    office.post(&approve, three).await.refused(409, "state.conflict");
    assert_eq!(me(&app, &li, "/me/stars").await["items"][0]["stars"], 3);

    // Sixteen days later it is settled.
    app.clock.set(day("2027-01-17").time(9, 0));
    let late = app.sign_in("赵敏").await.post(&format!("/stars/{theirs}/appeal"), why).await;
    late.refused(409, "stars.settled");
}
