//! 积分: counted by the org's own rules, once, in the transaction that makes their source true.

use futures_util::future::join_all;
use linli::kernel::Day;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{enter, entered, rules, served, sums_agree, switch};
use crate::helpers::{Expect, OTHER_COMMUNITY, Person, TestApp, WENHUA, id};

async fn points(app: &TestApp, who: &Person) -> Value {
    app.sign_in(&who.name).await.get("/me/points").await.ok()
}

/// Kinds and amounts, the newest first.
fn told(points: &Value) -> Vec<(String, i64)> {
    let items = points["items"].as_array().unwrap().iter();
    let line = |item: &Value| {
        let text = |name: &str| item[name].as_str().unwrap().to_owned();
        (format!("{} {}", text("kind"), text("trigger")), item["amount"].as_i64().unwrap())
    };
    items.map(line).collect()
}

fn base(trigger: &str, amount: i32) -> Value {
    json!({"kind": "base", "trigger": trigger, "amount": amount})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_are_off_until_the_org_switches_them_on() {
    let app = TestApp::spawn().await;
    rules(&app, json!([base("service_hour", 2)])).await;
    let li = app.member("李建国").await;
    served(&app, &[&li], &[]).await;
    assert_eq!(points(&app, &li).await["items"], json!([]));
    switch(&app, json!({"points_enabled": true})).await;
    served(&app, &[&li], &[]).await;
    assert_eq!(told(&points(&app, &li).await), [("base service_hour".into(), 2)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_occasion_counts_by_the_nearest_rule_and_says_where_it_comes_from() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"points_enabled": true})).await;
    let district = format!("/orgs/{}/points-rules", app.org_id("520302").await);
    let above = json!({"rules": [base("service_hour", 9), base("task_confirmed", 3),
        {"kind": "pioneer", "trigger": "lead", "amount": 4},
        {"kind": "deduction", "trigger": "no_show", "amount": 5}]});
    app.staff("leader").await.put(&district, above).await.ok();
    rules(&app, json!([base("service_hour", 2)])).await;
    let own = format!("/orgs/{}/points-rules", app.org_id(WENHUA).await);
    let view = app.office().await.get(&own).await.ok();
    assert_eq!(
        (view["enabled"].as_bool(), view["rules"].as_array().unwrap().len()),
        (Some(true), 4)
    );

    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let (task, claims) = served(&app, &[&li, &zhao], &[&sun]).await;
    let mine = points(&app, &li).await;
    let mut all = told(&mine);
    all.sort();
    let expected = [("base service_hour", 2), ("base task_confirmed", 3), ("pioneer lead", 4)];
    assert_eq!(all, expected.map(|(text, amount)| (text.to_owned(), amount)));
    assert_eq!(mine["total"], 9);
    assert_eq!(
        mine["months"],
        json!([{"period": "2026-11", "kind": "base", "amount": 5},
        {"period": "2026-11", "kind": "pioneer", "amount": 4}])
    );
    assert_eq!(
        (&mine["items"][0]["task_id"], &mine["items"][0]["claim_id"]),
        (&json!(task), &json!(claims[0]))
    );
    assert_eq!(points(&app, &zhao).await["total"], 5);
    assert_eq!(told(&points(&app, &sun).await), [("deduction no_show".into(), -5)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_has_its_cap_even_when_tasks_are_confirmed_at_the_same_moment() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"points_enabled": true})).await;
    rules(
        &app,
        json!([{"kind": "base", "trigger": "service_hour", "amount": 2, "monthly_cap": 7}]),
    )
    .await;
    let (li, office) = (app.member("李建国").await, app.office().await);
    let day = Day::of(app.state.clock.now());
    let mut tasks = Vec::new();
    for _ in 0..4 {
        tasks.push(app.open_task(&office, 3).await);
    }
    join_all(tasks.iter().map(async |task| {
        let tx = app.state.db.write().await.unwrap();
        enter(&app, &tx, task, &[(li.id, 90)], day).await;
        tx.commit().await.unwrap();
    }))
    .await;
    assert_eq!(points(&app, &li).await["total"], 7, "three each until seven are full");
    sums_agree(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_are_entered_together_and_once() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"points_enabled": true})).await;
    rules(
        &app,
        json!([base("service_hour", 1),
        {"kind": "pioneer", "trigger": "task_confirmed", "amount": 1, "monthly_cap": 50}]),
    )
    .await;
    let names: Vec<_> = (0..40).map(|i| format!("党员{i:03}")).collect();
    let people = app.members(&names).await;
    let all: Vec<(Uuid, i32)> = people.iter().map(|person| (person.id, 60)).collect();
    for week in 0..3 {
        entered(&app, &all, Day::of(app.state.clock.now()).plus(week)).await;
    }
    assert_eq!(app.fingerprint(&[]).await.count("points_entry"), 3 * 2 * all.len());
    assert_eq!(points(&app, &people[7]).await["total"], 6);
    sums_agree(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_ends_at_midnight_in_shanghai() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"points_enabled": true})).await;
    rules(&app, json!([base("service_hour", 1)])).await;
    let li = app.member("李建国").await;
    let midnight = "2026-12-01".parse::<Day>().unwrap().start();
    for before in [1, 0] {
        let at = ::entity::At(midnight.ms() - before);
        entered(&app, &[(li.id, 60)], Day::of(at)).await;
    }
    let months = points(&app, &li).await["months"].clone();
    assert_eq!(
        months,
        json!([{"period": "2026-12", "kind": "base", "amount": 1},
        {"period": "2026-11", "kind": "base", "amount": 1}])
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hours_added_by_hand_earn_nothing_by_default_and_hours_taken_away_take_their_points() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"points_enabled": true})).await;
    rules(&app, json!([base("service_hour", 3)])).await;
    let li = app.member("李建国").await;
    let (_, claims) = served(&app, &[&li], &[]).await;
    let path = format!("/claims/{}/correct", claims[0]);
    let correct = async |minutes: i32| {
        let body = json!({"minutes": minutes, "reason": "核对签到记录"});
        let correction = id(&app.office().await.post(&path, body).await.ok());
        app.staff("wenhua2").await.does(&format!("/hours/{correction}/approve")).await.ok();
        points(&app, &li).await["total"].as_i64().unwrap()
    };
    assert_eq!(correct(40).await, 2, "a third of an hour goes back");
    assert_eq!(correct(60).await, 2, "and does not come again by hand");
    assert_eq!(correct(0).await, 0);
    switch(&app, json!({"corrected_hours_earn_points": true})).await;
    assert_eq!(correct(60).await, 3);
    assert_eq!(correct(0).await, 0);
    sums_agree(&app).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_by_hand_take_two_people_too() {
    let app = TestApp::spawn().await;
    let (office, second) = (app.office().await, app.staff("wenhua2").await);
    let li = app.member("李建国").await;
    let path = format!("/orgs/{}/points", app.org_id(WENHUA).await);
    let gift = |who: &Person, kind: &str| json!({"user_id": who.id, "kind": kind, "amount": 8, "reason": "连夜抢险"});
    office.post(&path, gift(&li, "pioneer")).await.refused(409, "points.off");
    switch(&app, json!({"points_enabled": true})).await;
    office.post(&path, gift(&office, "pioneer")).await.refused(403, "second_person");
    let gift_id = id(&office.post(&path, gift(&li, "pioneer")).await.ok());
    assert_eq!(points(&app, &li).await["total"], 0);
    let approve = format!("/points/{gift_id}/approve");
    office.does(&approve).await.refused(403, "second_person");
    let said = join_all((0..6).map(|_| second.does(&approve))).await;
    assert_eq!(said.iter().filter(|reply| reply.status == 200).count(), 1, "{said:?}");
    let taken = id(&office.post(&path, gift(&li, "deduction")).await.ok());
    second.does(&format!("/points/{taken}/approve")).await.ok();
    let mine = points(&app, &li).await;
    assert_eq!(told(&mine), [("deduction manual".into(), -8), ("pioneer manual".into(), 8)]);
    let refused = id(&office.post(&path, gift(&li, "base")).await.ok());
    let reason = json!({"reason": "已经记过了"});
    second.post(&format!("/points/{refused}/refuse"), reason).await.ok();
    assert_eq!(points(&app, &li).await["total"], 0);
    let open = office.get(&format!("{path}?state=refused")).await.ok();
    assert_eq!(open["items"][0]["answer"], "已经记过了");

    let role = json!({"user_id": li.id, "role": "dispatcher"});
    let roles = format!("/orgs/{}/roles", app.org_id(WENHUA).await);
    app.staff("leader").await.post(&roles, role).await.ok();
    let own = id(&office.post(&path, gift(&li, "base")).await.ok());
    let approve = format!("/points/{own}/approve");
    app.sign_in("李建国").await.does(&approve).await.refused(403, "second_person");

    let other = app.staff("maocaopu").await;
    let theirs = format!("/orgs/{}/points", app.org_id(OTHER_COMMUNITY).await);
    other.post(&theirs, gift(&li, "base")).await.refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_stars_and_a_story_count_whether_the_answer_or_the_confirmation_came_first() {
    let app = TestApp::spawn().await;
    switch(&app, json!({"points_enabled": true})).await;
    rules(&app, json!([base("answer_five_stars", 6), base("story", 2)])).await;
    let request = asks(&app, &app.resident("王阿姨").await).await;
    let li = app.member("李建国").await;
    let task = dispatches(&app, &app.office().await, &request, &li).await;
    let claims = [(&li, id(&li.claims(&task).await.ok()))];
    serves(&app, &task, &claims).await;
    let li = app.sign_in("李建国").await;
    li.post(&format!("/tasks/{task}/report"), json!({"words": "完成"})).await.ok();
    let verdict = json!({"verdict": "done", "stars": 5});
    let path = format!("/requests/{request}/answer");
    app.sign_in("王阿姨").await.post(&path, verdict).await.ok();
    app.settle().await;
    assert_eq!(points(&app, &li).await["items"], json!([]), "what was served is not confirmed");
    app.office().await.does(&format!("/tasks/{task}/confirm")).await.ok();
    app.settle().await;
    let stars = ("base answer_five_stars".to_owned(), 6);
    assert_eq!(told(&points(&app, &li).await), std::slice::from_ref(&stars));

    let draft = json!({"title": "周六陪诊", "words": "陪老人复查，来回平安。"});
    let story = id(&li.post(&format!("/tasks/{task}/story"), draft).await.ok());
    li.does(&format!("/stories/{story}/submit")).await.ok();
    let office = app.office().await;
    office.does(&format!("/stories/{story}/approve")).await.ok();
    let shown = ("base story".to_owned(), 2);
    assert_eq!(told(&points(&app, &li).await), [shown, stars]);
    let reason = json!({"reason": "照片要换"});
    office.post(&format!("/stories/{story}/withdraw"), reason).await.ok();
    assert_eq!(points(&app, &li).await["total"], 6, "taken down, it does not count");
}

async fn asks(app: &TestApp, who: &Person) -> String {
    let request = json!({
        "org_id": app.org_id(WENHUA).await, "category": "助老", "title": "陪母亲去医院复查",
        "detail": "母亲八十二岁，腿脚不便，周六上午要去市医院复查", "urgent": false,
        "place": {"name": "文化小区", "lat": 27.70123, "lng": 106.93871, "address": "文化路 8 号 3 单元 502"},
    });
    id(&who.post("/requests", request).await.ok())
}

async fn dispatches(app: &TestApp, office: &Person, request: &str, lead: &Person) -> String {
    let task = saturday_task(app, Some(lead), 2);
    id(&office.post(&format!("/requests/{request}/dispatch"), task).await.ok())
}

/// Saturday morning: they come, check in, serve, and leave.
async fn serves(app: &TestApp, task: &str, claims: &[(&Person, String)]) {
    app.clock.set(app.saturday(9));
    let page = app.office().await.get(&format!("/tasks/{task}")).await.ok();
    let code = page["check_in_code"].as_str().unwrap().to_owned();
    for (who, claim) in claims {
        let who = renewed(app, who).await;
        let body = json!({"code": code.to_lowercase()});
        who.post(&format!("/claims/{claim}/check-in"), body).await.ok();
    }
    app.clock.set(app.saturday(11));
    for (who, claim) in claims {
        renewed(app, who).await.does(&format!("/claims/{claim}/check-out")).await.ok();
    }
}

fn saturday_task(app: &TestApp, lead: Option<&Person>, slots: i32) -> Value {
    json!({
        "slots": slots, "starts_at": app.saturday(9), "ends_at": app.saturday(11),
        "lead_id": lead.map(|lead| lead.id), "notes": "九点在小区东门集合", "publish": true,
    })
}

/// Days have passed: the app signs in again.
async fn renewed(app: &TestApp, who: &Person) -> Person {
    app.sign_in(&who.name).await
}
