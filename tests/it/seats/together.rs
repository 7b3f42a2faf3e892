//! Claims written together are answered as if each had been written by itself, and leave the same behind.

use ::entity::{person, task};
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect, TransactionTrait, sea_query::LockType};
use serde_json::json;

use crate::{
    helpers::{Expect, OTHER_COMMUNITY, Person, Reply, TestApp, WENHUA, fresh_key, id},
    races::Barrier,
};

const BATCH: &str = "claims.batch";

async fn crowd(app: &TestApp, n: usize) -> Vec<Person> {
    let names: Vec<_> = (1..=n).map(|i| format!("党员{i:03}")).collect();
    app.members(&names).await
}

async fn version(app: &TestApp, task: &str) -> i64 {
    let row =
        task::Entity::find_by_id(task.parse::<uuid::Uuid>().unwrap()).one(app.state.db.read());
    row.await.unwrap().unwrap().ver
}

/// A crowd of all kinds taps at once; answers who heard what, and how often the task changed.
async fn taps_of_all_kinds(batch: &str) -> (Vec<(String, String)>, i64) {
    let app = TestApp::with(&[(BATCH, batch.to_owned())]).await;
    let (office, people) = (app.office().await, crowd(&app, 10).await);
    let task = app.open_task_at(&office, 8, (9, 11)).await;
    let others = ["李建国", "赵敏", "孙立", "钱来"].map(str::to_owned);
    let others = app.members(&others).await;
    let [li, zhao, sun, qian] = &others[..] else { unreachable!("four") };
    let far = app.members_of(OTHER_COMMUNITY, &["邻居".to_owned()]).await;
    // 李建国 has a seat; 赵敏 is elsewhere at that time; for 孙立 one is kept; 钱来 repeats an earlier tap.
    li.claims(&task).await.ok();
    let elsewhere = app.open_task_at(&office, 1, (10, 12)).await;
    zhao.claims(&elsewhere).await.ok();
    let kept = app.open_task_at(&office, 1, (14, 15)).await;
    let ask = json!({"user_ids": [sun.id], "expires_at": app.saturday(8)});
    office.post(&format!("/tasks/{kept}/offers"), ask).await.ok();
    let (early, key) = (app.open_task_at(&office, 1, (16, 17)).await, fresh_key());
    let first = qian.claims_with(&early, &key).await;
    let skilled = json!({"org_id": app.org_id(WENHUA).await, "title": "水电维修", "slots": 1,
        "publish": true, "skills": ["电工"], "starts_at": app.saturday(18), "ends_at": app.saturday(19)});
    let skilled = id(&office.post("/tasks", skilled).await.ok());

    let before = version(&app, &task).await;
    let mut taps: Vec<(&Person, &str, String)> =
        people[..9].iter().map(|who| (who, task.as_str(), fresh_key())).collect();
    taps.extend([
        (li, task.as_str(), fresh_key()),
        (zhao, &task, fresh_key()),
        (sun, &kept, fresh_key()),
        (qian, &early, key),
        (&people[9], &skilled, fresh_key()),
        (&far[0], &task, fresh_key()),
    ]);
    let barrier = Barrier::raise(&app, &task).await;
    let all = join_all(taps.iter().map(async |(who, task, key)| who.claims_with(task, key).await));
    let (replies, ()) = tokio::join!(all, barrier.drop_when(&app, 12));
    assert!(replies[12].is_replay() && replies[12].text == first.text, "{:?}", replies[12]);
    let word = |who: &Person, reply: &Reply| {
        let name = if who.name.starts_with("党员") { "党员" } else { &who.name };
        let code = if reply.is_success() { "201" } else { reply.code() };
        (name.to_owned(), code.to_owned())
    };
    let mut heard: Vec<_> =
        taps.iter().zip(&replies).map(|((who, ..), reply)| word(who, reply)).collect();
    heard.sort();
    // What each winner was shown is a seat more than the one before.
    let shown = replies[..9].iter().filter_map(|reply| reply.body["task"]["filled"].as_i64());
    let mut shown: Vec<_> = shown.collect();
    shown.sort_unstable();
    assert_eq!(shown, [2, 3, 4, 5, 6, 7, 8]);
    for (who, task, _) in &taps {
        let page = who.get(&format!("/tasks/{task}")).await;
        let won =
            heard.contains(&(who.name.clone(), "201".into())) && !page.body["claim_id"].is_null();
        assert!(
            won || !heard.contains(&(who.name.clone(), "201".into())),
            "{}: {page:?}",
            who.name
        );
    }
    assert_eq!(app.seats(&task).await, (8, 0));
    assert_eq!(app.seats(&kept).await, (1, 0), "the seat that was kept is taken");
    (heard, version(&app, &task).await - before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_all_kinds_hears_the_same_together_and_one_by_one() {
    let (together, few) = taps_of_all_kinds("128").await;
    let (alone, many) = taps_of_all_kinds("1").await;
    assert_eq!(together, alone);
    let count = |name: &str, code: &str| {
        together.iter().filter(|(who, said)| who == name && said == code).count()
    };
    assert_eq!((count("党员", "201"), count("党员", "task_full")), (7, 2));
    let one_each = [
        ("李建国", "already_claimed"),
        ("赵敏", "time_clash"),
        ("孙立", "201"),
        ("钱来", "201"),
        ("党员", "needs_skill"),
        ("邻居", "not_found"),
    ];
    for (name, code) in one_each {
        assert_eq!(count(name, code), 1, "{name}: {together:?}");
    }
    assert_eq!(many, 7, "one by one, each seat is a change of its own");
    assert!(few < many, "together, several seats are one change: {few}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_that_cannot_be_written_spoils_no_other() {
    let app = TestApp::with(&[(BATCH, "128".to_owned())]).await;
    let (office, people) = (app.office().await, crowd(&app, 12).await);
    let task = app.open_task(&office, 12).await;
    let spoilt = if app.state.db.is_sqlite() {
        "CREATE TRIGGER spoil BEFORE INSERT ON claim \
            WHEN (SELECT name FROM person WHERE id = NEW.person_id) = '党员005' \
            BEGIN SELECT RAISE(ABORT, 'spoilt'); END"
    } else {
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
            IF (SELECT name FROM person WHERE id = NEW.person_id) = '党员005' \
            THEN RAISE EXCEPTION 'spoilt'; END IF; RETURN NEW; END $$; \
            CREATE TRIGGER spoil BEFORE INSERT ON claim FOR EACH ROW EXECUTE FUNCTION spoil()"
    };
    app.state.db.read().execute_unprepared(spoilt).await.unwrap();
    let barrier = Barrier::raise(&app, &task).await;
    let taps = join_all(people.iter().map(|who| who.claims_patiently(&task)));
    let (replies, ()) = tokio::join!(taps, barrier.drop_when(&app, 12));
    for (who, reply) in people.iter().zip(&replies) {
        let expected = if who.name == "党员005" { 500 } else { 201 };
        assert_eq!(reply.status, expected, "{}: {reply:?}", who.name);
    }
    assert_eq!(app.seats(&task).await, (11, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_waits_for_somebody_elses_other_doings() {
    let app = TestApp::with(&[(BATCH, "128".to_owned())]).await;
    if app.state.db.is_sqlite() {
        return;
    }
    let (office, people) = (app.office().await, crowd(&app, 6).await);
    let task = app.open_task(&office, 6).await;
    // The first is busy with something else, which takes its time.
    let busy = app.state.db.read().begin().await.unwrap();
    let first = people[0].id;
    person::Entity::find_by_id(first).lock(LockType::NoKeyUpdate).one(&busy).await.unwrap();
    let others = async {
        let taps = join_all(people[1..].iter().map(|who| who.claims(&task))).await;
        assert!(taps.iter().all(|reply| reply.status == 201), "{taps:?}");
        busy.rollback().await.unwrap();
    };
    let (waited, ()) = tokio::join!(people[0].claims_patiently(&task), others);
    assert_eq!(waited.status, 201, "{waited:?}");
    assert_eq!(app.seats(&task).await, (6, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claiming_goes_on_while_everything_else_waits_for_a_connection() {
    let remembered = ("auth.remember_seconds", "5".to_owned());
    let app = TestApp::with(&[remembered, ("database.max_connections", "3".to_owned())]).await;
    if app.state.db.is_sqlite() {
        return;
    }
    let (office, people) = (app.office().await, crowd(&app, 4).await);
    let task = app.open_task(&office, 3).await;
    app.settle().await;
    for who in &people {
        who.get("/home").await.ok();
    }
    let mut taken = Vec::new();
    for _ in 0..3 {
        taken.push(app.state.db.read().begin().await.unwrap());
    }
    let taps = join_all(people.iter().map(async |who| who.taps(&task, &fresh_key()).await));
    let (replies, other) = tokio::join!(taps, office.get("/home"));
    let mut said: Vec<_> = replies.iter().map(|reply| reply.status).collect();
    said.sort_unstable();
    assert_eq!(said, [201, 201, 201, 409], "{replies:?}");
    assert_eq!(other.status, 503, "there was really none left: {other:?}");
}
