//! 满员牌: what this process knows to be full or closed, for a moment, so that a crowd is answered without asking anybody.
//! A sign may only refuse, never grant; whoever has a seat, or for whom one is kept, is let by. What it says is believed
//! for `claims.sign_ms`; then it still says whom it may be told, until it comes down by itself.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use uuid::Uuid;

use crate::kernel::clock::Stopwatch;

/// How long a sign hangs that nobody confirms.
const LIFE: Duration = Duration::from_secs(5);
/// Signs at most; one more is not hung until old ones have come down.
const MOST: usize = 10_000;

/// What a sign says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Full,
    Closed,
}

/// One thing's sign.
#[derive(Debug)]
pub struct Sign {
    pub says: Says,
    /// Of the thing when it was looked at; whoever knows a newer one takes the sign down.
    pub ver: i64,
    /// Who is let by: they have a seat, or one is kept for them.
    pub let_by: HashSet<Uuid>,
    /// Path of the org whose staff may know of the thing.
    pub office: String,
    /// Paths of the orgs whose people may know of it.
    pub pools: Vec<String>,
}

/// A sign as somebody reads it.
#[derive(Clone, Debug)]
pub struct Read {
    pub sign: Arc<Sign>,
    /// It was true a moment ago; otherwise somebody has to be asked.
    pub is_sure: bool,
}

/// Each with the time since it was known to be true.
type Hung = HashMap<Uuid, (Arc<Sign>, Stopwatch)>;

/// The signs of one process.
#[derive(Clone, Debug)]
pub struct Signs {
    /// How long a sign is believed: as long a free seat may look taken on another replica at most.
    belief: Duration,
    hung: Arc<Mutex<Hung>>,
}

impl Signs {
    pub fn new(belief: Duration) -> Self {
        Self { belief, hung: Arc::default() }
    }

    fn all(&self) -> MutexGuard<'_, Hung> {
        self.hung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sign of a thing, while it hangs.
    pub fn read(&self, id: Uuid) -> Option<Read> {
        let all = self.all();
        let (sign, since) = all.get(&id)?;
        let age = since.elapsed();
        (age < LIFE).then(|| Read { sign: sign.clone(), is_sure: age < self.belief })
    }

    /// What a sign of that version says was found true again.
    pub fn confirm(&self, id: Uuid, ver: i64) {
        if let Some((_, since)) = self.all().get_mut(&id).filter(|(sign, _)| sign.ver == ver) {
            *since = Stopwatch::start();
        }
    }

    /// Hangs a sign, unless a newer one hangs.
    pub fn hang(&self, id: Uuid, sign: Sign) {
        let mut all = self.all();
        if all.len() >= MOST {
            all.retain(|_, (_, since)| since.elapsed() < LIFE);
        }
        let newer = all.get(&id).is_some_and(|(old, _)| old.ver > sign.ver);
        if !newer && all.len() < MOST {
            all.insert(id, (Arc::new(sign), Stopwatch::start()));
        }
    }

    /// The thing is of that version now: a sign about an older one comes down.
    pub fn heard(&self, id: Uuid, ver: i64) {
        let mut all = self.all();
        if all.get(&id).is_some_and(|(sign, _)| sign.ver < ver) {
            all.remove(&id);
        }
    }

    /// Something changed about it.
    pub fn take_down(&self, id: Uuid) {
        self.all().remove(&id);
    }

    pub fn take_all_down(&self) {
        self.all().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(ver: i64) -> Sign {
        let (let_by, office, pools) = (HashSet::new(), String::new(), Vec::new());
        Sign { says: Says::Full, ver, let_by, office, pools }
    }

    #[test]
    fn a_sign_gives_way_to_what_is_newer_and_to_nothing_older() {
        let (signs, id) = (Signs::new(LIFE), Uuid::from_u128(7));
        signs.hang(id, sign(3));
        signs.hang(id, sign(2));
        signs.heard(id, 3);
        assert_eq!(signs.read(id).map(|read| read.sign.ver), Some(3));
        signs.heard(id, 4);
        assert!(signs.read(id).is_none());
        signs.hang(id, sign(4));
        signs.take_down(id);
        assert!(signs.read(id).is_none());
    }

    #[test]
    fn a_sign_that_is_not_believed_still_hangs_until_it_is_confirmed() {
        let (signs, id) = (Signs::new(Duration::ZERO), Uuid::from_u128(7));
        signs.hang(id, sign(3));
        signs.confirm(id, 3);
        assert!(signs.read(id).is_some_and(|read| !read.is_sure));
    }

    #[test]
    fn there_are_never_more_signs_than_may_hang() {
        let signs = Signs::new(LIFE);
        for n in 0..MOST as u128 + 5 {
            signs.hang(Uuid::from_u128(n), sign(1));
        }
        assert!(signs.all().len() <= MOST);
    }
}
