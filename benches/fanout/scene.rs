//! A community of very many members, its secretary, and people who claim; the service as a process of its own.

use std::time::Duration;

use ::entity::{At, telling};
use linli::{
    kernel::{
        Day, Rng,
        clock::{SystemClock, Tells, pause},
    },
    platform::Db,
};
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    harness::{load::Load, people},
    helpers::{
        Expect, Reply, Stack, WENHUA, id,
        process::{Linli, Site},
        stack,
    },
};

const CLAIMERS: usize = 16;
const TASKS: usize = 8;
const NEVER: At = At(i64::MAX);

pub struct Scene {
    pub linli: Linli,
    /// Its WeChat answers for as long as it is held.
    _site: Site,
    db: Db,
    rng: Rng,
    community: Uuid,
    branch: Uuid,
    /// Months ahead for which something is planned.
    months: i64,
}

impl Scene {
    pub async fn set(on: Stack, members: usize) -> Self {
        let url = on.database().await;
        let (db, rng, now) = (stack::open(&url).await, Rng::from_seed(1), SystemClock.now());
        people::crowd(&db, &rng, now, (WENHUA, "wxlinlidev"), members).await;
        let mut site = Site::over(url);
        site.set("LOG__FILTER", "warn");
        let linli = site.serve(&[]).await;
        let leader = linli.staff("leader").await;
        let (community, branch) = places(&db).await;
        let scene = Self { linli, _site: site, db, rng, community, branch, months: 0 };
        scene.keep_phones_quiet(&leader).await;
        scene
    }

    /// The announcement's rows are measured, not what a stand-in answers: messages wait until the night is over.
    async fn keep_phones_quiet(&self, leader: &str) {
        let now = SystemClock.now();
        let minute = (now.ms() - Day::of(now).start().ms()) / 60_000;
        let quiet =
            json!({"quiet_from": (minute + 1380) % 1440, "quiet_until": (minute + 720) % 1440});
        let path = format!("/orgs/{}/settings", self.community);
        self.send(Method::PUT, &path, leader, quiet).await.ok();
    }

    async fn send(&self, method: Method, path: &str, token: &str, body: Value) -> Reply {
        let sent = self.linli.request(method, path, token).json(&body).send().await;
        Reply::read(sent.expect("an answer")).await.expect("a whole answer")
    }

    /// Plans the theme day of the next month that has none, and waits until its announcement begins.
    pub async fn announce(&mut self) {
        self.months += 1;
        let month = Day::of(SystemClock.now()).plus(31 * self.months);
        let secretary = self.linli.staff("secretary").await;
        let plan =
            json!({"theme": "学身边榜样", "starts_at": month.time(15, 0), "place": "三楼会议室"});
        let path = format!("/orgs/{}/theme-days", self.community);
        self.send(Method::POST, &path, &secretary, plan).await.ok();
        while self.is_over().await {
            pause(Duration::from_millis(5)).await;
        }
    }

    async fn newest(&self) -> Option<telling::Model> {
        let newest = telling::Entity::find().order_by_desc(telling::Column::EventId);
        newest.one(self.db.read()).await.expect("tellings")
    }

    /// Whether as many announcements are over as were made.
    pub async fn is_over(&self) -> bool {
        let all = telling::Entity::find().all(self.db.read()).await.expect("tellings");
        all.len() != usize::try_from(self.months).unwrap_or_default()
            || all.iter().all(|row| row.ended_at.is_some())
    }

    /// How many the newest announcement has told.
    pub async fn told(&self) -> i64 {
        self.newest().await.map_or(0, |row| row.told)
    }

    /// From now on nobody is told anything, until it goes on.
    pub async fn hold_back(&self) {
        self.due(NEVER).await;
    }

    async fn due(&self, at: At) {
        telling::Entity::update_many()
            .col_expr(telling::Column::DueAt, Expr::value(at))
            .filter(telling::Column::EndedAt.is_null())
            .exec(self.db.read())
            .await
            .expect("hold an announcement back");
    }

    /// Goes on with the announcement, or makes another where too few are left; how many have heard it already.
    pub async fn go_on(&mut self, members: usize) -> i64 {
        let left = self.newest().await.filter(|row| row.ended_at.is_none());
        let half = i64::try_from(members / 2).unwrap_or(i64::MAX);
        match left {
            Some(row) if row.told < half => self.due(At(0)).await,
            _ => {
                self.due(At(0)).await;
                while !self.is_over().await {
                    pause(Duration::from_millis(50)).await;
                }
                self.announce().await;
            }
        }
        self.told().await
    }

    /// Members who have signed in, and tasks that have room for all of them.
    pub async fn claimers(&self) -> Load {
        let mut tokens = Vec::new();
        let mut people = Vec::new();
        for n in 0..CLAIMERS {
            let code = json!({"code": format!("dev:接单人{n}")});
            let answer = self.linli.post("/auth/wechat", "", code).await.ok();
            tokens.push(answer["access_token"].as_str().expect("a token").to_owned());
            people.push(id(&answer["user"]).parse().expect("an id"));
        }
        people::enlist(&self.db, &self.rng, SystemClock.now(), self.branch, &people).await;
        let office = self.linli.staff("wenhua").await;
        let day = Day::of(SystemClock.now()).plus(5);
        let mut tasks = Vec::new();
        for _ in 0..TASKS {
            let task = json!({
                "org_id": self.community, "title": "消防安全巡查", "slots": 50, "publish": true,
                "starts_at": day.time(9, 0), "ends_at": day.time(11, 0),
                "place": {"name": "文化广场", "lat": 27.7012, "lng": 106.9387},
            });
            tasks.push(id(&self.send(Method::POST, "/tasks", &office, task).await.ok()));
        }
        Load { tokens, tasks }
    }
}

/// The community and the branch that was there before the crowd.
async fn places(db: &Db) -> (Uuid, Uuid) {
    use ::entity::org::{Column, Entity};
    let community = Entity::find().filter(Column::Code.eq(WENHUA)).one(db.read()).await;
    let community = community.expect("orgs").expect("the community");
    let branch = Entity::find().filter(Column::ParentId.eq(community.id)).one(db.read()).await;
    (community.id, branch.expect("orgs").expect("a branch").id)
}
