//! 任务池在 Redis: lists are right with it, without it, and whatever becomes of it.
//!
//! Where the stack has no Redis there is nothing to lose: the lists come from SQL, and these tests check that.

mod kept;
mod lost;
mod private;

use ::entity::task::{self, TaskState};
use linli::platform::redis::Redis;
use redis::{AsyncCommands, aio::MultiplexedConnection};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

/// The board as it lies in Redis.
struct Board {
    redis: Redis,
    line: MultiplexedConnection,
}

impl Board {
    /// None: this stack has no Redis.
    async fn of(app: &TestApp) -> Option<Self> {
        let url = app.state.settings.redis_url()?;
        let line = redis::Client::open(url).unwrap().get_multiplexed_async_connection().await;
        Some(Self { redis: app.state.redis.clone()?, line: line.unwrap() })
    }

    fn pool(&self, org: &str) -> String {
        let org: Uuid = org.parse().unwrap();
        self.redis.key(&format!("{{o{}}}:open", org.simple()))
    }

    fn card_key(&self, task: &str) -> String {
        let task: Uuid = task.parse().unwrap();
        self.redis.key(&format!("card:{}", task.simple()))
    }

    /// Every key of this installation.
    async fn keys(&mut self) -> Vec<String> {
        self.line.keys(self.redis.key("*")).await.unwrap()
    }

    /// All of it is gone, as after FLUSHALL; the server is shared with other tests.
    async fn empty(&mut self) {
        let keys = self.keys().await;
        assert!(!keys.is_empty());
        let _: usize = self.line.del(keys).await.unwrap();
    }

    /// Version and content of a card.
    async fn card(&mut self, task: &str) -> Option<(i64, Value)> {
        let stored: Option<String> = self.line.get(self.card_key(task)).await.unwrap();
        let stored = stored?;
        let (version, card) = stored.split_once('|').unwrap();
        Some((version.parse().unwrap(), serde_json::from_str(card).unwrap()))
    }

    async fn put(&mut self, task: &str, version: i64, card: &Value) {
        let _: () = self.line.set(self.card_key(task), format!("{version}|{card}")).await.unwrap();
    }

    /// Writes another title over a card, so that a list made from it can be told from one made from SQL.
    async fn mark(&mut self, task: &str) {
        let (version, mut card) = self.card(task).await.unwrap();
        card["title"] = json!("来自 Redis");
        self.put(task, version, &card).await;
    }

    async fn lose(&mut self, task: &str) {
        let _: usize = self.line.del(self.card_key(task)).await.unwrap();
    }

    async fn add_to_pool(&mut self, org: &str, task: &str) {
        let (pool, task): (_, Uuid) = (self.pool(org), task.parse().unwrap());
        let _: usize = self.line.zadd(pool, task.simple().to_string(), i64::MAX).await.unwrap();
    }
}

/// What a list says of a task.
type Line = (String, i64, i64);

/// The list as shown, and as SQL would have it.
async fn shown_and_true(app: &TestApp, who: &Person) -> (Value, Vec<Line>, Vec<Line>) {
    let list = who.get("/tasks?limit=100").await.ok();
    let ring: Uuid = app.org_id(WENHUA).await.parse().unwrap();
    let rows = task::Entity::find()
        .filter(task::Column::RingOrgId.eq(ring))
        .filter(task::Column::State.eq(TaskState::Open))
        .filter(task::Column::ClaimUntil.gt(app.state.clock.now()))
        .order_by_asc(task::Column::StartsAt)
        .order_by_asc(task::Column::Id)
        .all(app.state.db.read())
        .await
        .unwrap();
    let truth = rows.iter().map(|t| (t.id.to_string(), i64::from(t.used), t.ver)).collect();
    let number = |value: &Value| value.as_i64().unwrap();
    let items = list["items"].as_array().unwrap().iter();
    let shown = items.map(|c| (id(c), number(&c["filled"]), number(&c["ver"]))).collect();
    (list, shown, truth)
}

/// The list is the one SQL would give; answers it.
async fn right(app: &TestApp, who: &Person) -> Value {
    let (list, shown, truth) = shown_and_true(app, who).await;
    assert_eq!(shown, truth);
    list
}

async fn cancels(office: &Person, task: &str) {
    office.post(&format!("/tasks/{task}/cancel"), json!({"reason": "下雨"})).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_right_once_what_happened_is_settled() {
    let app = TestApp::spawn().await;
    let (office, li, zhao) =
        (app.office().await, app.member("李建国").await, app.member("赵敏").await);
    assert_eq!(right(&app, &zhao).await["items"], json!([]));
    let first = app.open_task(&office, 3).await;
    let second = app.open_task_at(&office, 2, (14, 15)).await;
    app.settle().await;
    right(&app, &zhao).await;
    let claim = id(&li.claims(&first).await.ok());
    app.settle().await;
    assert_eq!(right(&app, &zhao).await["items"][0]["filled"], 1);
    li.releases(&claim).await;
    office.post(&format!("/tasks/{second}/resize"), json!({"slots": 9})).await.ok();
    app.settle().await;
    assert_eq!(right(&app, &zhao).await["items"][1]["slots"], 9);
    cancels(&office, &first).await;
    app.settle().await;
    let left = right(&app, &zhao).await;
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
}
