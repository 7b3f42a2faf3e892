//! Replicas over one database and one Redis, tasks with few places, and members with a phone each.

use std::sync::{
    RwLock,
    atomic::{AtomicBool, Ordering},
};

use ::entity::task;
use linli::{
    kernel::{
        Rng,
        clock::{SystemClock, Tells},
    },
    platform::Db,
};
use reqwest::Method;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Statement};
use serde_json::json;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{Size, account::Account, phone::Phone};
use crate::helpers::{
    Expect, Reply, Stack, TestApp, WENHUA, id,
    process::{Linli, Site},
    stack,
};

/// Places of the tasks.
const SLOTS: [usize; 4] = [1, 3, 10, 50];

pub struct Place {
    replicas: Mutex<Vec<Linli>>,
    urls: RwLock<Vec<String>>,
    site: Site,
    pub db: Db,
    /// Task and its places.
    pub tasks: Vec<(Uuid, usize)>,
    pub account: Account,
    pub rng: Rng,
    over: AtomicBool,
}

impl Place {
    /// As many replicas as the database may have, with its members' phones. `settings` as in `Site::set`.
    pub async fn open(
        size: Size,
        database: String,
        settings: &[(&str, String)],
    ) -> (Self, Vec<Phone>) {
        println!("{size:?}");
        let on = Stack::from_env();
        let names: Vec<_> = (1..=size.phones).map(|i| format!("党员{i:03}")).collect();
        let org = {
            let app = TestApp::over(on, database.clone(), &[]).await;
            app.members(&names).await;
            app.org_id(WENHUA).await
        };
        let mut site = Site::over(database);
        for (key, value) in settings {
            site.set(key, value);
        }
        let mut replicas = Vec::new();
        for _ in 0..if on.postgres { 3 } else { 1 } {
            replicas.push(site.serve(&[]).await);
        }
        let office = replicas[0].staff("wenhua").await;
        let mut tasks = Vec::new();
        for (slots, day) in SLOTS.into_iter().zip(2u64..) {
            let hours =
                |n| SystemClock.now().plus(std::time::Duration::from_secs((day * 24 + n) * 3600));
            let form = json!({"org_id": org, "title": format!("{slots} 个名额"), "slots": slots,
                "publish": true, "starts_at": hours(0), "ends_at": hours(2)});
            let task = id(&replicas[0].post("/tasks", &office, form).await.ok());
            tasks.push((task.parse().expect("an id"), slots));
        }
        let rng = Rng::from_seed(size.seed);
        let mut phones = Vec::new();
        for name in &names {
            let token = replicas[0].sign_in(name).await;
            let me = replicas[0].request(Method::GET, "/me", &token).send().await;
            let me = Reply::read(me.expect("it answers")).await.expect("a whole answer").ok();
            phones.push(Phone::new(name, id(&me).parse().expect("an id"), token, &rng));
        }
        let urls = RwLock::new(replicas.iter().map(|replica| replica.url.clone()).collect());
        let db = stack::open(&site.database).await;
        let account = Account::default();
        let replicas = Mutex::new(replicas);
        (
            Self { replicas, urls, site, db, tasks, account, rng, over: AtomicBool::new(false) },
            phones,
        )
    }

    /// The address of any replica, drawn.
    pub fn any(&self, rng: &Rng) -> String {
        let urls = self.urls.read().expect("nobody panics with it");
        urls[draw(rng, urls.len())].clone()
    }

    pub fn urls(&self) -> Vec<String> {
        self.urls.read().expect("nobody panics with it").clone()
    }

    /// Whether phones still act.
    pub fn goes_on(&self) -> bool {
        !self.over.load(Ordering::SeqCst)
    }

    pub fn ends(&self) {
        self.over.store(true, Ordering::SeqCst);
    }

    /// kill -9 of a replica, and another one in its place.
    pub async fn kill_one(&self) {
        let mut replicas = self.replicas.lock().await;
        let one = draw(&self.rng, replicas.len());
        replicas[one].signal("KILL");
        replicas[one].ended().await;
        replicas[one] = self.site.serve(&[]).await;
        let url = replicas[one].url.clone();
        self.urls.write().expect("nobody panics with it")[one] = url;
    }

    /// Seats of a task that are taken, as stored.
    pub async fn filled(&self, task: Uuid) -> i64 {
        let task = task::Entity::find_by_id(task).one(self.db.read()).await;
        task.expect("the database answers").expect("the task").used.into()
    }

    /// The first column of every row; an error where the database is away.
    pub async fn texts(&self, sql: &str) -> Result<Vec<String>, DbErr> {
        let asked = Statement::from_string(self.db.read().get_database_backend(), sql);
        let rows = self.db.read().query_all_raw(asked).await?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect()
    }
}

/// Below `n`.
pub fn draw(rng: &Rng, n: usize) -> usize {
    usize::try_from(rng.below(n as u64)).expect("below n")
}
