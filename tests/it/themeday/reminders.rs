//! What is due, and who is told: those who are members now, each once, in chunks.

use ::entity::{
    membership::{self, MembershipKind, MembershipState},
    notice,
};
use linli::{identity::people, themeday::job};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::helpers::{Expect, TestApp, WENHUA, id};

use super::{Scene, carry_out, due, inbox, kinds, on, ring, the_25th};

/// Members who never open the mini program.
pub async fn crowd(app: &TestApp, branch: &str, n: usize) {
    let (state, now) = (&app.state, app.state.clock.now());
    let tx = state.db.write().await.unwrap();
    for _ in 0..n {
        let person = people::add(&tx, state, people::NewPerson::default()).await.unwrap();
        let place = membership::ActiveModel {
            id: Set(state.rng.id(now)),
            person_id: Set(person),
            org_id: Set(branch.parse().unwrap()),
            kind: Set(MembershipKind::HomeBranch),
            state: Set(MembershipState::Confirmed),
            reason: Set(None),
            decided_by: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        };
        membership::Entity::insert(place).exec_without_returning(&*tx).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub async fn count(app: &TestApp, kind: &str) -> u64 {
    let rows = notice::Entity::find().filter(notice::Column::Kind.eq(kind));
    rows.count(app.state.db.read()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_over_several_orgs_is_told_in_chunks_and_each_once() {
    let scene = Scene::set().await;
    let (app, community) = (&scene.app, scene.app.org_id(WENHUA).await);
    crowd(app, &scene.branch, 430).await;
    let leader = app.staff("leader").await;
    let group = json!({"parent_id": scene.branch, "kind": "group", "name": "第一党小组"});
    let group = id(&leader.post("/orgs", group).await.ok());
    crowd(app, &group, 210).await;
    let plan = json!({"theme": "联合学习", "starts_at": "2026-11-25T15:00:00+08:00"});
    let plans = format!("/orgs/{community}/theme-days");
    scene.above.post(&plans, plan).await.ok();
    app.settle().await;
    assert_eq!(count(app, "theme_day.planned").await, 643, "branch and group, all");
    let planned = app.state.clock.now();
    app.clock.set(on("2026-11-25", 8, 0));
    // The evening before is late by thirteen hours: the engine decides that, here both are run.
    for _ in 0..2 {
        ring(app, &job::REMIND, planned).await;
        assert_eq!(count(app, "theme_day.ask").await, 2 * 643);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_joins_hears_and_whoever_left_or_died_does_not() {
    let mut scene = Scene::set().await;
    scene.rules(the_25th()).await;
    scene.plans(json!({"theme": "学身边榜样"})).await;
    scene.app.settle().await;
    let end = format!("/memberships/{}/end", scene.place("赵敏").await);
    scene.above.post(&end, json!({"reason": "转到外地"})).await.ok();
    let quiet = format!("/orgs/{}/members/{}/quiet", scene.branch, scene.members[2].id);
    scene.above.put(&quiet, json!({"quiet": true, "reason": "去世"})).await.ok();
    let newcomer = scene.app.member("周强").await;
    assert!(kinds(&newcomer).await.is_empty());
    let planned = scene.app.state.clock.now();
    scene.at(on("2026-11-25", 8, 0)).await;
    scene.ring(&job::REMIND, planned).await;
    let newcomer = scene.app.sign_in("周强").await;
    assert_eq!(kinds(&newcomer).await, ["theme_day.ask", "theme_day.ask"]);
    for left in [&scene.members[1], &scene.members[2]] {
        assert_eq!(kinds(left).await, ["theme_day.planned"], "nothing after");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_day_reminds_nobody_and_tells_those_who_would_have_come() {
    let mut scene = Scene::set().await;
    scene.rules(the_25th()).await;
    let day = format!("/theme-days/{}", scene.plans(json!({"theme": "学身边榜样"})).await);
    scene.app.settle().await;
    let no = json!({"answer": "no"});
    scene.members[1].post(&format!("{day}/attendance"), no).await.ok();
    let planned = scene.app.state.clock.now();
    scene.secretary.post(&format!("{day}/cancel"), json!({"reason": "突降暴雨"})).await.ok();
    scene.app.settle().await;
    scene.at(on("2026-11-25", 8, 0)).await;
    assert_eq!(scene.ring(&job::REMIND, planned).await, 0);
    let told = inbox(&scene.members[0]).await;
    assert!(told[0].starts_with("theme_day.cancelled") && told[0].ends_with("取消了：突降暴雨"));
    assert_eq!(kinds(&scene.members[1]).await, ["theme_day.planned"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_no_plan_or_no_record_is_asked_and_the_org_above_sees_a_list() {
    let mut scene = Scene::set().await;
    scene.rules(the_25th()).await;
    // 25 December is a Friday: ten days before is the 15th.
    scene.plans(json!({"theme": "学身边榜样"})).await;
    scene.app.settle().await;
    let start = scene.app.state.clock.now();
    scene.at(on("2026-12-15", 9, 0)).await;
    assert_eq!(scene.ring(&job::PLAN, start).await, 1);
    assert_eq!(scene.ring(&job::PLAN, start).await, 0, "once");
    assert!(inbox(&scene.secretary).await[0].starts_with("theme_day.unplanned"));

    // November's day passed without a record: on the 28th, and weekly from then on.
    scene.at(on("2026-11-28", 9, 0)).await;
    assert_eq!(scene.ring(&job::RECORD, start).await, 1, "the secretary alone at first");
    scene.at(on("2026-12-05", 9, 0)).await;
    let first = on("2026-11-28", 9, 0);
    assert_eq!(scene.ring(&job::RECORD, first).await, 2, "and the org above a week later");
    let told = inbox(&scene.above).await;
    assert!(told[0].starts_with("theme_day.overdue") && told[0].contains("文化社区第一党支部"));
    let overdue = format!("/orgs/{}/theme-days/overdue", scene.app.org_id(WENHUA).await);
    let list = scene.above.get(&overdue).await.ok();
    assert_eq!(list[0]["standing"], "record_missing");
    assert_eq!((&list[0]["month"], &list[1]), (&json!("2026-11"), &serde_json::Value::Null));

    // A pause ends the asking for plans.
    let mut paused = the_25th();
    paused["paused"] = json!(true);
    let path = format!("/orgs/{}/theme-day-rule", scene.branch);
    scene.secretary.put(&path, paused.clone()).await.refused_field("paused_reason", "required");
    paused["paused_reason"] = json!("支部换届");
    scene.secretary.put(&path, paused).await.ok();
    scene.at(on("2027-01-15", 9, 0)).await;
    assert_eq!(scene.ring(&job::PLAN, on("2026-12-15", 9, 0)).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_that_waits_while_its_day_moves_says_nothing() {
    let mut scene = Scene::set().await;
    scene.rules(the_25th()).await;
    let day = format!("/theme-days/{}", scene.plans(json!({"theme": "学身边榜样"})).await);
    let planned = scene.app.state.clock.now();
    scene.at(on("2026-11-24", 19, 0)).await;
    let waiting = due(&scene.app, &job::REMIND, planned).await;
    assert_eq!(waiting.len(), 1);
    let moved = json!({"starts_at": "2026-11-27T15:00:00+08:00"});
    scene.secretary.put(&day, moved).await.ok();
    assert_eq!(carry_out(&scene.app, &job::REMIND, &waiting[0]).await, 0);
    let other = due(&scene.app, &job::REMIND, planned).await;
    assert!(other.iter().all(|run| run.period != waiting[0].period), "{other:?}");
    // Begun is begun: a run that comes late reminds nobody.
    let late = due(&scene.app, &job::REMIND, planned).await;
    scene.at(on("2026-11-27", 15, 1)).await;
    for run in &late {
        assert_eq!(carry_out(&scene.app, &job::REMIND, run).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_timetable_rings_once_for_each_time() {
    let mut scene = Scene::set().await;
    scene.app.ring("theme_day.remind").await.unwrap();
    scene.rules(the_25th()).await;
    scene.plans(json!({"theme": "学身边榜样"})).await;
    scene.at(on("2026-11-24", 18, 59)).await;
    assert_eq!(scene.app.ring("theme_day.remind").await.unwrap(), 0, "too early");
    for minute in [0, 1] {
        scene.at(on("2026-11-24", 19, minute)).await;
        scene.app.ring("theme_day.remind").await.unwrap();
        assert_eq!(count(&scene.app, "theme_day.ask").await, 3);
    }
}
