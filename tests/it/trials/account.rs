//! What phones were told, and the reckoning with what is stored.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Mutex,
    time::Duration,
};

use ::entity::claim::{self, ClaimState};
use futures_util::future::join_all;
use linli::kernel::clock::pause;
use sea_orm::EntityTrait;
use uuid::Uuid;

use super::{Size, phone::Phone, place::Place};
use crate::helpers::eventually;

/// Tasks whose counters and counts differ, or that have more people than places. One statement sees one moment.
const WRONG: &str = "SELECT t.title || ' · used ' || CAST(t.used AS text) || ' held ' || CAST(t.held AS text) FROM task t \
    WHERE t.used + t.held > t.slots \
    OR t.used <> (SELECT COUNT(*) FROM claim c WHERE c.task_id = t.id AND c.state NOT IN ('released', 'cancelled')) \
    OR t.held <> (SELECT COUNT(*) FROM offer o WHERE o.task_id = t.id AND o.state = 'live' AND o.kind <> 'hand_over')";
/// Somebody who holds two places of one task.
const DOUBLE: &str = "SELECT CAST(COUNT(*) AS text) FROM claim WHERE state NOT IN ('released', 'cancelled') \
    GROUP BY task_id, person_id HAVING COUNT(*) > 1";
/// Claims without their fact: the timeline and all notices come from it.
const UNTOLD: &str = "SELECT CAST(c.claimed_at AS text) FROM claim c WHERE NOT EXISTS \
    (SELECT 1 FROM event e WHERE e.subject_id = c.id AND e.kind = 'claim.granted')";
#[derive(Debug)]
struct Grant {
    task: Uuid,
    claim: Uuid,
    person: Uuid,
}

#[derive(Debug, Default)]
struct Told {
    taps: HashMap<Uuid, usize>,
    /// By key.
    granted: HashMap<String, Grant>,
    released: HashSet<Uuid>,
    refused: BTreeMap<String, usize>,
    unanswered: usize,
    samples: usize,
}

/// What all phones together were told.
#[derive(Debug, Default)]
pub struct Account(Mutex<Told>);

impl Account {
    fn note<T>(&self, f: impl FnOnce(&mut Told) -> T) -> T {
        f(&mut self.0.lock().expect("nobody panics with it"))
    }

    pub fn tapped(&self, person: Uuid) {
        self.note(|told| *told.taps.entry(person).or_default() += 1);
    }

    pub fn granted(&self, key: &str, person: Uuid, task: Uuid, claim: Uuid) {
        let grant = Grant { task, claim, person };
        let before = self.note(|told| told.granted.insert(key.to_owned(), grant));
        assert!(before.is_none_or(|before| before.claim == claim), "two answers for tap {key}");
    }

    pub fn released(&self, claim: Uuid) {
        self.note(|told| told.released.insert(claim));
    }

    pub fn refused(&self, code: String) {
        self.note(|told| *told.refused.entry(code).or_default() += 1);
    }

    pub fn unanswered(&self) {
        self.note(|told| told.unanswered += 1);
    }

    /// Answers of any kind so far.
    pub fn heard(&self) -> usize {
        self.note(|told| {
            told.granted.len() + told.released.len() + told.refused.values().sum::<usize>()
        })
    }

    pub fn grants(&self) -> usize {
        self.note(|told| told.granted.len())
    }
}

/// Everybody acts until all taps are done, while blows fall (`Place::goes_on` says how long), and what may never be is
/// looked at all the while.
pub async fn plays(
    size: Size,
    place: &Place,
    phones: &mut [Phone],
    blows: impl Future<Output = ()>,
) {
    let each = size.taps.div_ceil(phones.len());
    let crowd = async {
        join_all(phones.iter_mut().map(async |phone| {
            for _ in 0..each {
                phone.acts(place).await;
            }
        }))
        .await;
        place.ends();
    };
    let looks = async {
        loop {
            // While the database is away there is nothing to see.
            if let Ok(wrong) = place.texts(WRONG).await {
                assert!(wrong.is_empty(), "seed {}: {wrong:?}", size.seed);
                place.account.note(|told| told.samples += 1);
            }
            pause(Duration::from_millis(50)).await;
        }
    };
    tokio::select! {
        _ = async { tokio::join!(crowd, blows) } => (),
        () = looks => (),
    }
}

/// What was acknowledged is there, what was not is there once at most, and counters equal counts.
pub async fn reckons_up(size: Size, place: &Place) {
    let seed = size.seed;
    eventually("the database answers", async || place.texts(WRONG).await.is_ok()).await;
    for (sql, what) in [
        (WRONG, "counters and counts differ"),
        (DOUBLE, "two places of one task for one person"),
        (UNTOLD, "a claim without its fact"),
    ] {
        let found = place.texts(sql).await.expect(sql);
        assert!(found.is_empty(), "seed {seed}: {what}: {found:?}");
    }
    let stored = claim::Entity::find().all(place.db.read()).await.expect("the claims");
    let mut claims = HashMap::<Uuid, usize>::new();
    for claim in &stored {
        *claims.entry(claim.person_id).or_default() += 1;
    }
    let stored: HashMap<_, _> = stored.into_iter().map(|claim| (claim.id, claim)).collect();
    let told = place.account.note(std::mem::take);
    println!(
        "seed {seed}: {} taps, {} granted, {} given back, {} unanswered, {:?}, looked at {} times",
        told.taps.values().sum::<usize>(),
        told.granted.len(),
        told.released.len(),
        told.unanswered,
        told.refused,
        told.samples
    );
    for (key, grant) in &told.granted {
        let found = stored.get(&grant.claim);
        let claim = found.unwrap_or_else(|| panic!("seed {seed}: lost: {grant:?}"));
        let theirs = (claim.task_id, claim.person_id);
        assert_eq!(theirs, (grant.task, grant.person), "seed {seed}: tap {key}");
        let released = told.released.contains(&grant.claim);
        assert_eq!(released, claim.state == ClaimState::Released, "seed {seed}: {claim:?}");
    }
    for (person, claims) in claims {
        let taps = told.taps.get(&person).copied().unwrap_or_default();
        assert!(claims <= taps, "seed {seed}: {claims} claims of {taps} taps for {person}");
    }
}
