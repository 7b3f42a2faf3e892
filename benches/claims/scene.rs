//! A community, very many members who are signed in, tasks with room, and a full one.

use ::entity::org;
use linli::{
    kernel::{
        Day, Rng,
        clock::{SystemClock, Tells},
    },
    platform::Db,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::{
    harness::{people, tokens, wire},
    helpers::{
        Expect, Reply, Stack, WENHUA, fresh_key, id,
        process::{Linli, Site},
        stack,
    },
};

/// Tasks one member takes one after another, a week apart.
pub const IN_A_ROW: usize = 4;
/// Places of a task.
const SLOTS: usize = 500;

pub struct Scene {
    linli: Linli,
    /// The same service, which asks Redis at each tap on a full task; where there is PostgreSQL, for several processes.
    asking: Option<Linli>,
    /// The same service with Redis away.
    alone: Option<Linli>,
    _site: Site,
    db: Db,
    tokens: Vec<String>,
    office: String,
    community: String,
}

impl Scene {
    pub async fn set(on: Stack, members: usize) -> Self {
        let url = on.database().await;
        let (db, rng, now) = (stack::open(&url).await, Rng::from_seed(1), SystemClock.now());
        people::crowd(&db, &rng, now, (WENHUA, "wxlinlidev"), members).await;
        let tokens = tokens::sign_in(&db, &rng, members as u64).await;
        let mut site = Site::over(url);
        site.set("LOG__FILTER", "warn");
        // As an installation has it; tests look at everybody anew.
        site.set("AUTH__REMEMBER_SECONDS", "5");
        // What follows a claim is another process's work: here claims are measured.
        site.set("LOOPS__ENABLED", "false");
        let linli = site.serve(&[]).await;
        let (mut asking, mut alone) = (None, None);
        if on.postgres {
            site.set("CLAIMS__SIGN_MS", "0");
            asking = Some(site.serve(&[]).await);
            site.set("REDIS__URL", "");
            alone = Some(site.serve(&[]).await);
        }
        let office = linli.staff("wenhua").await;
        let found = org::Entity::find().filter(org::Column::Code.eq(WENHUA)).one(db.read()).await;
        let community = found.expect("orgs").expect("the community").id.to_string();
        Self { linli, asking, alone, _site: site, db, tokens, office, community }
    }

    pub fn address(&self) -> String {
        at(&self.linli)
    }

    pub fn asking(&self) -> String {
        at(self.asking.as_ref().expect("several processes"))
    }

    pub fn alone(&self) -> String {
        at(self.alone.as_ref().expect("several processes"))
    }

    /// An open task so many days from now.
    async fn task(&self, slots: usize, days: i64) -> String {
        let day = Day::of(SystemClock.now()).plus(days);
        let task = json!({
            "org_id": self.community, "title": "消防安全巡查", "slots": slots, "publish": true,
            "starts_at": day.time(9, 0), "ends_at": day.time(11, 0),
            "place": {"name": "文化广场", "lat": 27.7012, "lng": 106.9387},
        });
        let sent = self.linli.request(reqwest::Method::POST, "/tasks", &self.office);
        let reply = Reply::read(sent.json(&task).send().await.expect("an answer")).await;
        id(&reply.expect("a whole answer").ok())
    }

    /// Members whose turn it is: so many, who have not claimed yet.
    pub fn fresh(&mut self, n: usize) -> Vec<String> {
        self.tokens.split_off(self.tokens.len() - n)
    }

    /// Taps of members, each taking several tasks in a row, spread over connections.
    pub async fn claims(&mut self, members: usize, lines: usize) -> Vec<Vec<Vec<u8>>> {
        let people = self.fresh(members);
        let mut tasks = Vec::new();
        for _ in 0..members.div_ceil(SLOTS) {
            let mut row = Vec::new();
            for week in 0..IN_A_ROW {
                row.push(self.task(SLOTS, 5 + 7 * i64::try_from(week).expect("few")).await);
            }
            tasks.push(row);
        }
        let mut lists = vec![Vec::new(); lines];
        for (place, token) in people.iter().enumerate() {
            let list = &mut lists[place % lines];
            list.extend(tasks[place / SLOTS].iter().map(|task| tap(task, token)));
        }
        lists
    }

    /// A task that is full, and taps of members who have no seat of it.
    pub async fn full(&mut self, taps: usize, lines: usize) -> Vec<Vec<Vec<u8>>> {
        let task = self.task(1, 3).await;
        let people = self.fresh(lines + 1);
        let first = wire::ask_all(&self.address(), vec![vec![tap(&task, &people[0])]]).await;
        assert_eq!(first.heard[0].0, 201, "the one seat is taken");
        let list = |token: &String| vec![tap(&task, token); taps / lines];
        people[1..].iter().map(list).collect()
    }

    /// A task with few seats, and a crowd who tap it several times each at once.
    pub async fn race(
        &mut self,
        people: usize,
        taps: usize,
        seats: usize,
    ) -> (String, Vec<Vec<Vec<u8>>>) {
        let task = self.task(seats, 4).await;
        let lists = self.fresh(people);
        (
            task.clone(),
            lists.iter().map(|token| (0..taps).map(|_| tap(&task, token)).collect()).collect(),
        )
    }

    /// Claims of a task as they are stored.
    pub async fn claimed(&self, task: &str) -> u64 {
        let task: Uuid = task.parse().expect("an id");
        let claims = ::entity::claim::Entity::find();
        let claims = claims.filter(::entity::claim::Column::TaskId.eq(task));
        claims.count(self.db.read()).await.expect("claims")
    }
}

fn at(linli: &Linli) -> String {
    linli.url.trim_start_matches("http://").to_owned()
}

/// A first try, with a key of its own.
fn tap(task: &str, token: &str) -> Vec<u8> {
    let headers = [
        ("Authorization", format!("Bearer {token}")),
        ("Idempotency-Key", fresh_key()),
        ("Attempt", "1".to_owned()),
    ];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    wire::request("POST", &format!("/api/v1/tasks/{task}/claims"), &headers)
}
