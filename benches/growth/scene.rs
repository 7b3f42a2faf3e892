//! A city: members, open tasks in all of its communities, a service whose board is built, and phones that look and tap.

use std::time::Duration;

use ::entity::{org, task};
use linli::{
    kernel::{
        Day, Rng,
        clock::{SystemClock, Tells},
    },
    platform::Db,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use crate::{
    harness::{people, tokens, wire},
    helpers::{
        self, Expect, Reply, Stack, WENHUA, fresh_key, id,
        process::{Linli, Site},
        servers, stack,
    },
};

/// Members who look and tap.
const AWAKE: u64 = 2000;
/// Tasks for the whole street, whatever its size.
const FOR_ALL: usize = 50;
/// Tasks of one community.
const OF_ONE: usize = 50;
/// Rows of a statement.
const CHUNK: usize = 400;
const SLOTS: usize = 500;

/// Somewhere in the city, latitude and longitude.
#[allow(clippy::cast_precision_loss, reason = "hundreds")]
pub fn point(rng: &Rng) -> (f64, f64) {
    let thousandth = |from: f64| from + rng.below(600) as f64 / 1000.0;
    (thousandth(27.4), thousandth(106.64))
}

pub struct Scene {
    linli: Linli,
    _site: Site,
    rng: Rng,
    tokens: Vec<String>,
    office: String,
    community: String,
    days: i64,
    pub redis_bytes_a_task: f64,
}

/// Lists of requests, one for each phone.
type Lists = Vec<Vec<Vec<u8>>>;

impl Scene {
    pub async fn set(on: Stack, size: usize) -> Self {
        let url = on.database().await;
        let (db, rng, now) = (stack::open(&url).await, Rng::from_seed(1), SystemClock.now());
        people::crowd(&db, &rng, now, (WENHUA, "wxlinlidev"), size.max(AWAKE as usize)).await;
        let tokens = tokens::sign_in(&db, &rng, AWAKE).await;
        let mut site = Site::over(url);
        site.set("LOG__FILTER", "warn,linli::dispatch::board=info");
        site.set("AUTH__REMEMBER_SECONDS", "5");
        let community =
            org::Entity::find().filter(org::Column::Code.eq(WENHUA)).one(db.read()).await;
        let community = community.expect("orgs").expect("the community").id.to_string();
        site.set("LOOPS__ENABLED", "false");
        let first = site.serve(&[]).await;
        let office = first.staff("wenhua").await;
        let pattern = post(&first, &office, &community, 20, 9).await;
        drop(first);
        spread(&db, &rng, pattern.parse().expect("an id"), size - 1).await;
        let redis_bytes_a_task = build_board(&mut site, size).await;
        let linli = site.serve(&[]).await;
        helpers::eventually("what is near is known", async || {
            linli.log().contains("what is near is known")
        })
        .await;
        Self { linli, _site: site, rng, tokens, office, community, days: 3, redis_bytes_a_task }
    }

    pub fn linli_address(&self) -> String {
        self.linli.url.trim_start_matches("http://").to_owned()
    }

    /// Asks, and looks that every answer is the one that is expected.
    pub async fn ask(&self, address: &str, lists: Lists, status: u16) -> wire::Told {
        let a_tenth = lists.iter().map(Vec::len).sum::<usize>() / 10;
        let told = wire::ask_all(address, lists).await;
        let other: Vec<_> = told.heard.iter().filter(|(heard, _)| *heard != status).collect();
        // A card may change just then, and is then sent whole.
        let few = if status == 304 { a_tenth } else { 0 };
        assert!(other.len() <= few, "expected {status} and heard {:?}", other[0]);
        told
    }

    fn each(&self, lines: usize, n: usize, path: impl Fn() -> String, more: &str) -> Lists {
        let list = |token: &String| {
            let bearer = format!("Bearer {token}");
            let mut headers = vec![("Authorization", bearer.as_str())];
            if !more.is_empty() {
                headers.push(("If-None-Match", more));
            }
            (0..n).map(|_| wire::request("GET", &path(), &headers)).collect()
        };
        self.tokens[..lines].iter().map(list).collect()
    }

    /// The list as it opens.
    pub fn looks(&self, lines: usize, n: usize, tag: &str) -> Lists {
        self.each(lines, n, || "/api/v1/tasks".to_owned(), tag)
    }

    fn somewhere(&self) -> String {
        let (lat, lng) = point(&self.rng);
        format!("near={lat:.3},{lng:.3}")
    }

    /// What is near, each time somewhere else.
    pub fn near(&self, lines: usize, n: usize) -> Lists {
        self.each(lines, n, || format!("/api/v1/tasks?{}", self.somewhere()), "")
    }

    /// The same, of the floor.
    pub fn bare_looks(&self, lines: usize, n: usize) -> Lists {
        self.each(lines, n, || format!("/near?{}", self.somewhere()), "")
    }

    pub fn hello(&self, lines: usize, n: usize) -> Lists {
        self.each(lines, n, || "/hello".to_owned(), "")
    }

    /// What is near one place, by phones that have it.
    pub async fn near_unchanged(&self, lines: usize, n: usize) -> Lists {
        let path = format!("/api/v1/tasks?{}", self.somewhere());
        let mut lists = Vec::new();
        for token in &self.tokens[..lines] {
            let http = reqwest::Client::builder().no_proxy().build().expect("a client");
            let asked = http.get(format!("{}{path}", self.linli.url)).bearer_auth(token);
            let answer = asked.send().await.expect("an answer");
            let tag = answer.headers()["etag"].to_str().expect("a tag").to_owned();
            let bearer = format!("Bearer {token}");
            let headers = [("Authorization", bearer.as_str()), ("If-None-Match", tag.as_str())];
            lists.push(vec![wire::request("GET", &path, &headers); n]);
        }
        lists
    }

    /// So many claims of as many members, at so many a second; milliseconds each took from when it was due.
    pub async fn claims(&mut self, n: usize, rate: f64) -> Vec<f64> {
        self.days += 1;
        let task = post(&self.linli, &self.office, &self.community, SLOTS, self.days).await;
        let people = self.tokens.split_off(self.tokens.len() - n);
        let lists = people.iter().map(|token| vec![tap(&task, token)]).collect();
        let told = wire::ask_paced(&self.linli_address(), lists, rate).await;
        assert!(told.heard.iter().all(|(status, _)| *status == 201), "every claim is granted");
        told.waits
    }
}

fn tap(task: &str, token: &str) -> Vec<u8> {
    let headers = [
        ("Authorization", format!("Bearer {token}")),
        ("Idempotency-Key", fresh_key()),
        ("Attempt", "1".to_owned()),
    ];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    wire::request("POST", &format!("/api/v1/tasks/{task}/claims"), &headers)
}

/// An open task so many days from now; its id.
async fn post(linli: &Linli, office: &str, community: &str, slots: usize, days: i64) -> String {
    let day = Day::of(SystemClock.now()).plus(days);
    let task = json!({
        "org_id": community, "title": "消防安全巡查", "slots": slots, "publish": true,
        "starts_at": day.time(9, 0), "ends_at": day.time(11, 0),
        "place": {"name": "文化广场", "lat": 27.7012, "lng": 106.9387},
    });
    let sent = linli.request(reqwest::Method::POST, "/tasks", office);
    let reply = Reply::read(sent.json(&task).send().await.expect("an answer")).await;
    id(&reply.expect("a whole answer").ok())
}

/// Copies of a task, as many in each community of a street, and some for the whole street.
async fn spread(db: &Db, rng: &Rng, pattern: Uuid, n: usize) {
    let found = task::Entity::find_by_id(pattern).one(db.read()).await.expect("tasks");
    let pattern = found.expect("the pattern");
    let own = org::Entity::find_by_id(pattern.org_id).one(db.read()).await.expect("orgs");
    let above = own.and_then(|own| own.parent_id).expect("a street above");
    let street = org::Entity::find_by_id(above).one(db.read()).await.expect("orgs");
    let communities = communities(db, rng, &street.expect("the street"), n / OF_ONE + 1).await;
    // Nothing of them changed just now.
    let written = pattern.updated_at.minus(Duration::from_secs(3600));
    let copies: Vec<task::ActiveModel> = (0..n)
        .map(|at| {
            let (lat, lng) = point(rng);
            let ring = if at < FOR_ALL { above } else { communities[at % communities.len()] };
            let mut copy: task::ActiveModel = pattern.clone().into();
            copy.id = Set(rng.id(pattern.created_at));
            copy.ring_org_id = Set(ring);
            copy.org_id = Set(ring);
            (copy.lat, copy.lng) = (Set(Some(lat)), Set(Some(lng)));
            copy.updated_at = Set(written);
            copy.reset_all()
        })
        .collect();
    for some in copies.chunks(CHUNK) {
        let rows = task::Entity::insert_many(some.to_vec());
        rows.exec_without_returning(db.read()).await.expect("tasks");
    }
}

/// So many communities of a street.
async fn communities(db: &Db, rng: &Rng, street: &org::Model, n: usize) -> Vec<Uuid> {
    let rows: Vec<_> = (0..n)
        .map(|_| {
            let id = rng.id(street.created_at);
            org::ActiveModel {
                id: Set(id),
                parent_id: Set(Some(street.id)),
                kind: Set(org::OrgKind::Community),
                code: Set(None),
                name: Set("社区".into()),
                path: Set(format!("{}{}/", street.path, &id.simple().to_string()[20..])),
                created_at: Set(street.created_at),
            }
        })
        .collect();
    for some in rows.chunks(CHUNK) {
        let rows = org::Entity::insert_many(some.to_vec());
        rows.exec_without_returning(db.read()).await.expect("communities");
    }
    rows.into_iter().map(|row| row.id.unwrap()).collect()
}

/// Lets a process with loops build the board in an empty Redis; answers the bytes that each task takes there.
#[allow(clippy::cast_precision_loss)]
async fn build_board(site: &mut Site, size: usize) -> f64 {
    let client = redis::Client::open(servers::redis()).expect("Redis");
    let mut line = client.get_multiplexed_async_connection().await.expect("Redis");
    redis::cmd("FLUSHALL").exec_async(&mut line).await.expect("Redis");
    let mut used = async || {
        let told: String =
            redis::cmd("INFO").arg("memory").query_async(&mut line).await.expect("Redis");
        let bytes = told.lines().find_map(|line| line.strip_prefix("used_memory_dataset:"));
        let bytes = bytes.and_then(|bytes| bytes.trim().parse::<f64>().ok()).expect("bytes");
        let keys: usize = redis::cmd("DBSIZE").query_async(&mut line).await.expect("Redis");
        (bytes, keys)
    };
    let (before, _) = used().await;
    site.set("LOOPS__ENABLED", "true");
    let builder = site.serve(&[]).await;
    while used().await.1 < size {
        linli::kernel::clock::pause(Duration::from_millis(200)).await;
    }
    drop(builder);
    let (after, _) = used().await;
    site.set("LOOPS__ENABLED", "false");
    (after - before) / size as f64
}
