//! People to act as: they sign in as real ones do and speak over HTTP.

use std::ops::Deref;

use ::entity::{
    At,
    membership::{self, MembershipKind, MembershipState},
    org, wechat_identity,
};
use futures_util::{StreamExt, stream};
use linli::{
    identity::people,
    kernel::Day,
    stage::{Actor, Reply, fresh_key, id},
};
use reqwest::Method;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::{
    app::TestApp,
    reply::Expect,
    world::{self, PASSWORD, WENHUA},
};

/// Somebody with a token, whose line to the service never breaks.
#[derive(Clone, Debug)]
pub struct Person(Actor);

impl Deref for Person {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

impl TestApp {
    /// A neighbour who opens the mini program.
    pub async fn resident(&self, name: &str) -> Person {
        let person = self.sign_in(name).await;
        person.put("/me", json!({"name": name})).await.ok();
        person
    }

    /// A Party member of 文化社区's first branch.
    pub async fn member(&self, name: &str) -> Person {
        self.members(&[name.to_owned()]).await.remove(0)
    }

    /// Many of them, as the roster would make them; each signs in through WeChat.
    pub async fn members(&self, names: &[String]) -> Vec<Person> {
        self.members_of(WENHUA, names).await
    }

    /// Party members of the branch below a community.
    pub async fn members_of(&self, community: &str, names: &[String]) -> Vec<Person> {
        let parent = world::by_code(&self.state, community).await;
        let branch = org::Entity::find()
            .filter(org::Column::ParentId.eq(parent.id))
            .one(self.state.db.read())
            .await
            .expect("read the branch")
            .expect("the community has a branch");
        let (state, now) = (&self.state, self.state.clock.now());
        let tx = state.db.write().await.expect("begin");
        for name in names {
            let new = people::NewPerson { name: Some(name.clone()), ..Default::default() };
            let person = people::add(&tx, state, new).await.expect("add a member");
            let identity = wechat_identity::ActiveModel {
                app_id: Set("wxlinlidev".into()),
                openid: Set(self.wechat.openid(name)),
                person_id: Set(person),
                created_at: Set(now),
            };
            wechat_identity::Entity::insert(identity)
                .exec_without_returning(&*tx)
                .await
                .expect("bind");
            let place = membership::ActiveModel {
                id: Set(state.rng.id(now)),
                person_id: Set(person),
                org_id: Set(branch.id),
                kind: Set(MembershipKind::HomeBranch),
                state: Set(MembershipState::Confirmed),
                reason: Set(None),
                decided_by: Set(None),
                created_at: Set(now),
                updated_at: Set(now),
                ..Default::default()
            };
            membership::Entity::insert(place).exec_without_returning(&*tx).await.expect("place");
        }
        tx.commit().await.expect("commit");
        stream::iter(names).map(|name| self.sign_in(name)).buffered(16).collect().await
    }

    /// Opens the mini program, the first time or again.
    pub async fn sign_in(&self, name: &str) -> Person {
        Person(self.enter(name).await.expect("sign in"))
    }

    /// Whoever that token says, good or not.
    pub fn bearer(&self, token: &str) -> Person {
        self.signed_in(&json!({"user": {"id": uuid::Uuid::nil()}, "access_token": token}))
    }

    /// From the answer to a sign-in.
    pub fn signed_in(&self, answer: &Value) -> Person {
        Person(self.actor("", answer).expect("an answer to a sign-in"))
    }

    /// A member of staff of the world, by user name.
    pub async fn staff(&self, username: &str) -> Person {
        Person(self.enter_with_password(username, PASSWORD).await.expect("sign in"))
    }

    /// 文化社区's office.
    pub async fn office(&self) -> Person {
        self.staff("wenhua").await
    }

    pub async fn org_id(&self, code: &str) -> String {
        world::by_code(&self.state, code).await.id.to_string()
    }

    /// The branch below a community.
    pub async fn branch_id(&self, community: &str) -> String {
        let parent = self.org_id(community).await;
        let below = self.get(&format!("/api/v1/orgs?parent_id={parent}")).await.ok();
        id(&below["items"][0])
    }

    /// A time next Saturday by the wall clock in Shanghai.
    pub fn saturday(&self, hour: u32) -> At {
        Day::of(world::NOW).next_saturday().time(hour, 0)
    }

    /// An open task of 文化社区 next Saturday from 9 to 11.
    pub async fn open_task(&self, office: &Person, slots: i32) -> String {
        self.open_task_at(office, slots, (9, 11)).await
    }

    pub async fn open_task_at(&self, office: &Person, slots: i32, hours: (u32, u32)) -> String {
        let task = json!({
            "org_id": self.org_id(WENHUA).await, "title": "消防安全巡查", "slots": slots,
            "starts_at": self.saturday(hours.0), "ends_at": self.saturday(hours.1), "publish": true,
            "place": {"name": "文化广场", "lat": 27.7012, "lng": 106.9387},
        });
        id(&office.post("/tasks", task).await.ok())
    }
}

impl Person {
    pub async fn get(&self, path: &str) -> Reply {
        self.look(path).await.expect("an answer")
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.act(path, &body).await.expect("an answer")
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.change(path, &body).await.expect("an answer")
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.undo(path).await.expect("an answer")
    }

    /// An action without a body.
    pub async fn does(&self, path: &str) -> Reply {
        self.tap(path).await.expect("an answer")
    }

    /// A creating POST under a key of the caller's choice.
    pub async fn post_keyed(&self, path: &str, key: &str, body: &Value) -> Reply {
        let request = self.request(Method::POST, path).header("Idempotency-Key", key);
        self.send(request.json(body)).await.expect("an answer")
    }

    /// One tap on 接单.
    pub async fn claims(&self, task: &str) -> Reply {
        self.claims_with(task, &fresh_key()).await
    }

    /// The same tap again: the same key.
    pub async fn claims_with(&self, task: &str, key: &str) -> Reply {
        self.claim(task, key).await.expect("an answer")
    }

    /// The first try of a tap, marked as such.
    pub async fn taps(&self, task: &str, key: &str) -> Reply {
        self.first_try(task, key).await.expect("an answer")
    }

    /// A tap as the app makes it.
    pub async fn claims_patiently(&self, task: &str) -> Reply {
        self.claim_patiently(task).await.expect("an answer")
    }

    /// Sends a file in the form's field of that name.
    pub async fn uploads_as(&self, field: &str, path: &str, bytes: &[u8]) -> Reply {
        let request = super::form(self.request(Method::POST, path), field, bytes);
        self.send(request).await.expect("an answer")
    }

    /// Uploads a photo; its id.
    pub async fn uploads(&self, bytes: &[u8]) -> String {
        id(&self.uploads_as("file", "/files", bytes).await.ok())
    }

    pub async fn releases(&self, claim: &str) -> Reply {
        self.delete(&format!("/claims/{claim}")).await
    }
}
