//! 常客: what this process keeps at hand for those who look for tasks: the cards near them, and for some seconds what was
//! known of them and of the rules, as `identity::Known` does. Whoever changes anything here is forgotten at once.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use uuid::Uuid;

use crate::{
    dispatch::board::{self, Grid},
    identity::Resident,
    kernel::{Error, clock::Stopwatch},
    org::{self, OrgSettings},
    platform::AppState,
};

use super::{facts, model::Member};

/// People, and orgs, remembered at most.
const MOST: usize = 20_000;

/// Some values for some seconds.
#[derive(Debug)]
struct Lately<K, V>(Mutex<HashMap<K, (V, Stopwatch)>>);

impl<K, V> Default for Lately<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq, V: Clone> Lately<K, V> {
    fn get(&self, key: &K, life: Duration) -> Option<V> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(key).filter(|(_, since)| since.elapsed() < life).map(|(value, _)| value.clone())
    }

    fn keep(&self, key: K, value: V, life: Duration) {
        if life.is_zero() {
            return;
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, (_, since)| since.elapsed() < life);
        }
        if all.len() < MOST {
            all.insert(key, (value, Stopwatch::start()));
        }
    }

    fn forget(&self, key: &K) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

/// For the lists of one process.
#[derive(Debug)]
pub struct Pools {
    pub(super) grid: Arc<Grid>,
    life: Duration,
    members: Lately<Uuid, Arc<Member>>,
    rules: Lately<Uuid, Arc<OrgSettings>>,
}

impl Pools {
    /// Begins to follow the board, on the runtime this is called on.
    pub fn start(state: &AppState) -> Self {
        Self {
            grid: board::follow(state),
            life: Duration::from_secs(state.settings.auth.remember_seconds),
            members: Lately::default(),
            rules: Lately::default(),
        }
    }

    /// Somebody did something here.
    pub(super) fn forget(&self, who: Uuid) {
        self.members.forget(&who);
    }

    /// What `judge` asks of the caller. Of staff it is read each time.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(super) async fn member(
        &self,
        state: &AppState,
        me: &Resident,
    ) -> Result<Arc<Member>, Error> {
        if let Some(member) = self.members.get(&me.id(), self.life) {
            return Ok(member);
        }
        let member = facts::member(state.db.read(), me.id(), state.clock.now()).await?;
        let member = Arc::new(member);
        if me.caller().roles.is_empty() {
            self.members.keep(me.id(), member.clone(), self.life);
        }
        Ok(member)
    }

    /// The rules of orgs.
    ///
    /// # Errors
    /// When they cannot be read.
    pub(super) async fn rules(
        &self,
        state: &AppState,
        orgs: impl Iterator<Item = Uuid>,
    ) -> Result<HashMap<Uuid, Arc<OrgSettings>>, Error> {
        let mut known = HashMap::new();
        let mut missing = Vec::new();
        for org in orgs {
            match self.rules.get(&org, self.life) {
                Some(rules) => drop(known.insert(org, rules)),
                None => missing.push(org),
            }
        }
        if !missing.is_empty() {
            for (org, rules) in org::settings_of(state.db.read(), missing).await? {
                let rules = Arc::new(rules);
                self.rules.keep(org, rules.clone(), self.life);
                known.insert(org, rules);
            }
        }
        Ok(known)
    }
}
