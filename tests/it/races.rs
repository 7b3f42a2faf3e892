//! Many hands on few seats. The interleaving is forced: a lock is held until everybody is inside, then let go.

use ::entity::{
    claim::{self, ClaimState},
    task,
};
use futures_util::future::join_all;
use linli::platform::{Db, config::DatabaseSettings, db::Use};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, SqliteTransactionMode,
    TransactionOptions, TransactionTrait, sea_query::LockType,
};
use serde_json::json;
use uuid::Uuid;

use crate::helpers::{
    Expect, Person, Reply, TestApp, WENHUA, dump::texts, eventually, fresh_key, id,
};

/// A lock that every claim of the task runs into: the whole database on SQLite, the task's row on PostgreSQL.
pub struct Barrier {
    held: DatabaseTransaction,
    _db: Db,
}

impl Barrier {
    pub async fn raise(app: &TestApp, task: &str) -> Self {
        Self::before(app, &[task]).await
    }

    /// The same before several tasks.
    async fn before(app: &TestApp, tasks: &[&str]) -> Self {
        let url = app.state.settings.database.url.clone();
        let settings = DatabaseSettings { url, max_connections: 2 };
        let db = Db::connect(&settings, Use::Upkeep).await.unwrap();
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let held = db.read().begin_with_options(options).await.unwrap();
        for task in tasks {
            let id: Uuid = task.parse().unwrap();
            task::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(&held).await.unwrap();
        }
        Self { held, _db: db }
    }

    /// Lets go once that many are inside and, on PostgreSQL, wait for a lock: all that comes before it is behind them.
    async fn drop_when_they_wait(self, app: &TestApp, many: usize) {
        if !app.state.db.is_sqlite() {
            let waiting = "SELECT pid::text FROM pg_stat_activity \
                WHERE datname = current_database() AND wait_event_type = 'Lock'";
            let all_wait = async || texts(app.state.db.read(), waiting).await.len() >= many;
            eventually("all wait for a lock", all_wait).await;
        }
        self.drop_when(app, many).await;
    }

    /// Lets go once that many requests are inside the service.
    pub async fn drop_when(self, app: &TestApp, inside: usize) {
        let state = &app.state;
        eventually("everybody is inside", async || state.lanes.inside() >= inside).await;
        self.held.rollback().await.unwrap();
    }
}

async fn crowd(app: &TestApp, n: usize) -> Vec<Person> {
    let names: Vec<_> = (1..=n).map(|i| format!("党员{i:03}")).collect();
    app.members(&names).await
}

fn granted(replies: &[Reply]) -> usize {
    replies.iter().filter(|reply| reply.status == 201).count()
}

/// Counters equal counts, and nobody sits on a seat that is not there.
async fn assert_exact(app: &TestApp, task: &str, seats: usize) {
    let id: Uuid = task.parse().unwrap();
    let db = app.state.db.read();
    let row = task::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
    let claims = claim::Entity::find().filter(claim::Column::TaskId.eq(id)).all(db).await.unwrap();
    let held: Vec<_> = claims
        .iter()
        .filter(|c| !matches!(c.state, ClaimState::Released | ClaimState::Cancelled))
        .collect();
    assert_eq!(held.len(), seats);
    assert_eq!(usize::try_from(row.used).unwrap(), seats, "the counter equals the count");
    assert!(row.used + row.held <= row.slots, "never over-booked");
    let mut people: Vec<_> = held.iter().map(|c| c.person_id).collect();
    people.sort_unstable();
    people.dedup();
    assert_eq!(people.len(), seats, "one seat per person");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_members_on_twenty_seats_in_one_burst() {
    let app = TestApp::spawn().await;
    let (office, people) = (app.office().await, crowd(&app, 200).await);
    let task = app.open_task(&office, 20).await;
    let barrier = Barrier::raise(&app, &task).await;
    let taps = join_all(people.iter().map(|who| who.claims_patiently(&task)));
    let (replies, ()) = tokio::join!(taps, barrier.drop_when(&app, 200));
    assert_eq!(granted(&replies), 20);
    assert!(replies.iter().all(|r| r.status == 201 || r.code() == "task_full"), "{replies:?}");
    assert_exact(&app, &task, 20).await;
    // Each "granted" is true afterwards, each "full" was.
    let checks = people.iter().zip(&replies).map(async |(who, reply)| {
        let mine = who.get("/me/claims").await.ok();
        let held = mine["items"].as_array().unwrap().len();
        assert_eq!(held, usize::from(reply.status == 201), "{}", who.name);
    });
    join_all(checks).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_member_twenty_times_at_once_gets_one_seat() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 20).await;
    let barrier = Barrier::raise(&app, &task).await;
    let taps = join_all((0..20).map(|_| li.claims_patiently(&task)));
    let (replies, ()) = tokio::join!(taps, barrier.drop_when(&app, 20));
    assert_eq!(granted(&replies), 1);
    let others = replies.iter().filter(|reply| reply.code() == "already_claimed").count();
    assert_eq!(others, 19, "{replies:?}");
    assert_exact(&app, &task, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_tap_repeated_at_once_gets_one_answer() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let task = app.open_task(&office, 3).await;
    let key = fresh_key();
    let barrier = Barrier::raise(&app, &task).await;
    let taps = join_all((0..10).map(async |_| {
        loop {
            let reply = li.claims_with(&task, &key).await;
            if reply.status == 201 {
                return reply;
            }
            assert!(
                ["overloaded", "idempotency.in_progress"].contains(&reply.code()),
                "the same tap is never refused: {reply:?}"
            );
        }
    }));
    let (replies, ()) = tokio::join!(taps, barrier.drop_when(&app, 10));
    assert!(replies.iter().all(|reply| reply.text == replies[0].text), "one answer for one key");
    assert_eq!(replies.iter().filter(|reply| reply.is_replay()).count(), 9);
    assert_exact(&app, &task, 1).await;
    let late = li.claims_with(&task, &key).await;
    assert!(late.is_replay() && late.text == replies[0].text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_member_on_two_overlapping_tasks_at_once_gets_one() {
    let app = TestApp::spawn().await;
    let (office, li) = (app.office().await, app.member("李建国").await);
    let first = app.open_task_at(&office, 5, (9, 11)).await;
    let second = app.open_task_at(&office, 5, (10, 12)).await;
    let barrier = Barrier::before(&app, &[&first, &second]).await;
    let (a, b, ()) = tokio::join!(
        li.claims_patiently(&first),
        li.claims_patiently(&second),
        barrier.drop_when_they_wait(&app, 2)
    );
    let codes = [a.status, b.status];
    assert!(codes == [201, 409] || codes == [409, 201], "{a:?} {b:?}");
    let refused = if a.status == 409 { a } else { b };
    let body = refused.refused(409, "time_clash");
    assert_eq!(body["clash"]["title"], "消防安全巡查");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn claims_and_releases_mixed_never_lose_or_double_a_seat() {
    let app = TestApp::spawn().await;
    let (office, people) = (app.office().await, crowd(&app, 60).await);
    let task = app.open_task(&office, 10).await;
    let rounds = people.iter().map(async |who| {
        let mut holds = false;
        for turn in 0..4 {
            let reply = who.claims_patiently(&task).await;
            match reply.status {
                201 if turn < 3 => {
                    let claim = id(&reply.body);
                    assert!(who.releases(&claim).await.is_success());
                    holds = false;
                }
                201 => holds = true,
                _ => assert_eq!(reply.code(), "task_full", "{reply:?}"),
            }
        }
        usize::from(holds)
    });
    let barrier = Barrier::raise(&app, &task).await;
    let (held, ()) = tokio::join!(join_all(rounds), barrier.drop_when(&app, 60));
    let held: usize = held.into_iter().sum();
    assert_exact(&app, &task, held).await;
    assert!(held <= 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_taken_away_during_the_burst_are_not_given() {
    let app = TestApp::spawn().await;
    let (office, people) = (app.office().await, crowd(&app, 60).await);
    let task = app.open_task(&office, 30).await;
    let barrier = Barrier::raise(&app, &task).await;
    let taps = join_all(people.iter().map(|who| who.claims_patiently(&task)));
    let resize = async {
        let path = format!("/tasks/{task}/resize");
        loop {
            let reply = office.post(&path, json!({"slots": 12})).await;
            if reply.status != 503 {
                return reply;
            }
        }
    };
    let (replies, resized, ()) = tokio::join!(taps, resize, barrier.drop_when(&app, 61));
    let seats = match resized.status {
        200 => 12,
        _ => {
            let body = resized.refused(409, "task.below_taken");
            assert!(body["taken"].as_u64().unwrap() > 12, "told truthfully");
            30
        }
    };
    assert_eq!(granted(&replies), seats);
    assert_exact(&app, &task, seats).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_offices_dispatch_the_same_request_and_one_is_told() {
    let app = TestApp::spawn().await;
    let (wang, first, second) =
        (app.resident("王阿姨").await, app.office().await, app.staff("wenhua2").await);
    let ask = json!({"org_id": app.org_id(WENHUA).await, "category": "维修", "title": "楼道灯坏了",
        "detail": "三单元二楼的灯不亮"});
    let request = id(&wang.post("/requests", ask).await.ok());
    let form = json!({"slots": 1, "starts_at": app.saturday(9), "ends_at": app.saturday(10)});
    let path = format!("/requests/{request}/dispatch");
    let (a, b) = tokio::join!(first.post(&path, form.clone()), second.post(&path, form.clone()));
    let mut codes = [a.status, b.status];
    codes.sort_unstable();
    assert_eq!(codes, [201, 409]);
    let told = if a.status == 409 { a } else { b };
    assert_eq!(told.refused(409, "state.conflict")["state"], "dispatched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_unseated_by_fewer_seats() {
    let app = TestApp::spawn().await;
    let (office, people) = (app.office().await, crowd(&app, 3).await);
    let task = app.open_task(&office, 5).await;
    for who in &people {
        who.claims(&task).await.ok();
    }
    let resize = async |slots: i32| {
        office.post(&format!("/tasks/{task}/resize"), json!({"slots": slots})).await
    };
    assert_eq!(resize(2).await.refused(409, "task.below_taken")["taken"], 3);
    resize(3).await.ok();
    assert_eq!(resize(4).await.ok()["slots"], 4);
    assert_exact(&app, &task, 3).await;
}
