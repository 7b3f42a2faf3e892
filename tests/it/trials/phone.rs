//! A phone as the mini program behaves: one key for one tap, the first try marked, repeated until there is an answer.

use std::time::Duration;

use linli::{
    kernel::{Rng, clock::pause},
    stage::{Reply, fresh_key},
};
use reqwest::{Client, Method};
use uuid::Uuid;

use super::place::{Place, draw};

/// Longer than any answer takes that still comes.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a tap is repeated before somebody has to be told.
const REPEATS: usize = 150;
/// What may be said to a tap in the end; everything else is a fault.
const REFUSALS: [&str; 5] =
    ["task_full", "task_closed", "already_claimed", "too_many_open_claims", "daily_limit"];

/// A tap that won its place, and whether the place was given back since.
struct Won {
    task: Uuid,
    key: String,
    claim: Uuid,
    released: bool,
}

pub struct Phone {
    pub name: String,
    person: Uuid,
    token: String,
    won: Vec<Won>,
    rng: Rng,
    http: Client,
}

impl Phone {
    pub fn new(name: &str, person: Uuid, token: String, rng: &Rng) -> Self {
        // A phone's line does not outlive its replica.
        let http = Client::builder().no_proxy().timeout(PATIENCE).pool_max_idle_per_host(0);
        Self {
            name: name.to_owned(),
            person,
            token,
            won: Vec::new(),
            rng: Rng::from_seed(rng.below(u64::MAX)),
            http: http.build().expect("a client"),
        }
    }

    /// Something a person does: mostly a tap, at times a place given back, or a repetition the network held up.
    pub async fn acts(&mut self, place: &Place) {
        match self.rng.below(10) {
            0..3 => self.gives_back(place).await,
            3 => self.repeats_late(place).await,
            _ => {
                let (task, _) = place.tasks[draw(&self.rng, place.tasks.len())];
                self.taps(place, task).await;
            }
        }
    }

    /// A tap on 接单, until there is an answer.
    pub async fn taps(&mut self, place: &Place, task: Uuid) {
        let key = fresh_key();
        place.account.tapped(self.person);
        if let Some(claim) = self.insists(place, task, &key).await {
            self.keeps(task, key, claim);
        }
    }

    pub fn person(&self) -> Uuid {
        self.person
    }

    /// Remembers a place that was won.
    pub fn keeps(&mut self, task: Uuid, key: String, claim: Uuid) {
        self.won.push(Won { task, key, claim, released: false });
    }

    /// The claim; None after a refusal.
    pub async fn insists(&self, place: &Place, task: Uuid, key: &str) -> Option<Uuid> {
        let mut first = true;
        for _ in 0..REPEATS {
            let reply = self.claims(&place.any(&self.rng), task, key, first).await;
            let code = reply.as_ref().map(|reply| reply.code().to_owned()).unwrap_or_default();
            match reply {
                Some(reply) if reply.status == 201 => {
                    let claim = claim_of(&reply);
                    place.account.granted(key, self.person, task, claim);
                    return Some(claim);
                }
                Some(_) if REFUSALS.contains(&code.as_str()) => {
                    place.account.refused(code);
                    return None;
                }
                // Another try of the same tap is still being answered.
                Some(_) if code == "idempotency.in_progress" => place.account.refused(code.clone()),
                Some(reply) => {
                    assert_eq!(reply.status, 503, "{} hears {reply:?}", self.name);
                    place.account.refused(code.clone());
                }
                None => place.account.unanswered(),
            }
            first = code == "try_again";
            pause(Duration::from_millis(50)).await;
        }
        panic!("{}: no answer to tap {key} on {task} after {REPEATS} tries", self.name);
    }

    /// One try; None: the line broke before the answer was whole.
    pub async fn claims(&self, url: &str, task: Uuid, key: &str, first: bool) -> Option<Reply> {
        let tap = self.http.post(format!("{url}/api/v1/tasks/{task}/claims"));
        let mut tap = tap.bearer_auth(&self.token).header("Idempotency-Key", key);
        if first {
            tap = tap.header("Attempt", "1");
        }
        Reply::read(tap.send().await.ok()?).await.ok()
    }

    /// Leaves a task, until it is done.
    pub async fn gives_back(&mut self, place: &Place) {
        let Some(won) = self.won.iter_mut().find(|won| !won.released) else { return };
        let path = format!("/api/v1/claims/{}", won.claim);
        for _ in 0..REPEATS {
            let release =
                self.http.request(Method::DELETE, format!("{}{path}", place.any(&self.rng)));
            if let Ok(reply) = release.bearer_auth(&self.token).send().await {
                match reply.status().as_u16() {
                    204 => {
                        won.released = true;
                        place.account.released(won.claim);
                        return;
                    }
                    status => assert_eq!(status, 503, "{} gives a place back", self.name),
                }
            }
            pause(Duration::from_millis(50)).await;
        }
        panic!("{}: the place of {} could not be given back", self.name, won.claim);
    }

    /// A repetition of a tap whose place was given back long ago: the stored answer, and no new claim.
    async fn repeats_late(&self, place: &Place) {
        let Some(won) = self.won.iter().find(|won| won.released) else { return };
        let reply = self.claims(&place.any(&self.rng), won.task, &won.key, false).await;
        if let Some(reply) = reply.filter(|reply| reply.status != 503) {
            assert!(reply.status == 201 && reply.is_replay(), "{}: {reply:?}", self.name);
            assert_eq!(
                claim_of(&reply),
                won.claim,
                "{}: another claim for the same tap",
                self.name
            );
        }
    }

    /// What the list shows of a task: filled and places; None where it is not in the list.
    pub async fn sees(&self, url: &str, task: Uuid) -> Option<(i64, i64)> {
        let list = self.http.get(format!("{url}/api/v1/tasks?scope=open&limit=100"));
        let reply = Reply::read(list.bearer_auth(&self.token).send().await.ok()?).await.ok()?;
        let (items, task) = (reply.body["items"].as_array()?, task.to_string());
        let card = items.iter().find(|card| card["id"] == task.as_str())?;
        Some((card["filled"].as_i64()?, card["slots"].as_i64()?))
    }
}

fn claim_of(reply: &Reply) -> Uuid {
    linli::stage::id(&reply.body).parse().expect("a claim's id")
}
