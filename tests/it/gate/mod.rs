//! 门: who is stopped before the database, who never is, and that a wrong gate costs nobody a seat for long.
//!
//! Where the stack has no Redis there is no gate; the same must hold, and is checked there too.

mod races;
mod signs;

use linli::{claim::gate, platform::redis::Redis};
use redis::{AsyncCommands, aio::MultiplexedConnection};
use serde_json::Value;
use uuid::Uuid;

use crate::helpers::{Expect, Person, Reply, TestApp, fresh_key, id};

/// The gates as they lie in Redis.
struct Gates {
    redis: Redis,
    line: MultiplexedConnection,
}

impl Gates {
    /// None: this stack has no Redis.
    async fn of(app: &TestApp) -> Option<Self> {
        let url = app.state.settings.redis_url()?;
        let line = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await;
        Some(Self { redis: app.state.redis.clone()?, line: line.unwrap() })
    }

    fn key(&self, task: &str, what: &str) -> String {
        let task: Uuid = task.parse().unwrap();
        self.redis.key(&format!("{{t{}}}:{what}", task.simple()))
    }

    async fn field(&mut self, task: &str, field: &str) -> Option<i64> {
        self.line.hget(self.key(task, "gate"), field).await.unwrap()
    }

    async fn set(&mut self, task: &str, field: &str, value: i64) {
        let _: i64 = self.line.hset(self.key(task, "gate"), field, value).await.unwrap();
    }

    async fn tickets(&mut self, task: &str) -> usize {
        self.line.zcard(self.key(task, "tickets")).await.unwrap()
    }

    async fn lose(&mut self, task: &str) {
        let _: usize = self.line.del(self.key(task, "gate")).await.unwrap();
    }
}

async fn taps(who: &Person, task: &str) -> Reply {
    who.taps(task, &fresh_key()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_task_is_refused_at_the_gate_and_a_free_seat_opens_it_at_once() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 1).await;
    let claim = id(&taps(&li, &task).await.ok());
    taps(&zhao, &task).await.refused(409, "task_full");
    let Some(mut gates) = Gates::of(&app).await else { return };
    assert_eq!((gates.field(&task, "taken").await, gates.tickets(&task).await), (Some(1), 0));
    // The gate alone says so: in the database there would be room.
    gates.set(&task, "slots", 3).await;
    gates.set(&task, "taken", 3).await;
    taps(&zhao, &task).await.refused(409, "task_full");
    li.releases(&claim).await;
    app.settle().await;
    assert_eq!(gates.field(&task, "taken").await, Some(0));
    taps(&zhao, &task).await.ok();
    assert_eq!(gates.field(&task, "taken").await, Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_is_never_stopped_and_hears_what_was_said_before() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    let task = app.open_task(&office, 1).await;
    let key = fresh_key();
    let first = li.taps(&task, &key).await;
    let again = li.claims_with(&task, &key).await;
    assert!(again.is_replay() && again.text == first.text, "{again:?}");
    zhao.claims(&task).await.refused(409, "task_full");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_a_seat_is_kept_for_passes_a_gate_that_is_full() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let task = app.open_task(&office, 1).await;
    let claim = id(&li.claims(&task).await.ok());
    zhao.post(&format!("/tasks/{task}/waitlist"), Value::Object(Default::default())).await.ok();
    li.releases(&claim).await;
    app.settle().await;
    taps(&sun, &task).await.refused(409, "task_full");
    taps(&zhao, &task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gate_says_nothing_of_a_task_to_those_who_may_not_know_of_it() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let li = app.member("李建国").await;
    let task = app.open_task(&office, 1).await;
    taps(&li, &task).await.ok();
    let stranger = app.resident("王阿姨").await;
    taps(&stranger, &task).await.refused(404, "not_found");
    office.post(&format!("/tasks/{task}/cancel"), serde_json::json!({"reason": "下雨"})).await.ok();
    app.settle().await;
    taps(&stranger, &task).await.refused(404, "not_found");
    let zhao = app.member("赵敏").await;
    taps(&zhao, &task).await.refused(409, "task_closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gate_that_is_gone_or_older_than_the_database_stops_nobody_for_long() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let task = app.open_task(&office, 3).await;
    taps(&li, &task).await.ok();
    let Some(mut gates) = Gates::of(&app).await else { return };
    gates.lose(&task).await;
    taps(&zhao, &task).await.ok();
    assert_eq!(gates.field(&task, "taken").await, Some(2), "there again after the first claim");
    // Back in an older state, and wrong: the next round brings what is newer.
    let ver = gates.field(&task, "ver").await.unwrap();
    gates.set(&task, "ver", ver - 1).await;
    gates.set(&task, "taken", 3).await;
    taps(&sun, &task).await.refused(409, "task_full");
    assert!(gate::round(&app.state).await.unwrap() > 0);
    taps(&sun, &task).await.ok();
    // Of the same version it says what is not so: it is mended.
    gates.set(&task, "taken", 1).await;
    gate::round(&app.state).await.unwrap();
    assert_eq!(gates.field(&task, "taken").await, Some(3));
    // What is older than the gate never lies over it.
    gates.set(&task, "ver", ver + 100).await;
    gates.set(&task, "taken", 0).await;
    gate::round(&app.state).await.unwrap();
    assert_eq!(gates.field(&task, "taken").await, Some(0));
    let ttl: i64 = gates.line.pttl(gates.key(&task, "gate")).await.unwrap();
    assert!(ttl > 0 && ttl <= 15_000, "and it ends by itself: {ttl}");
}
