//! 附近: every card that is offered, in the memory of this replica, by pool and by squares of the map, so that the
//! nearest are found without asking anybody. Redis is never asked for what is near: with many tasks it would answer
//! nobody else meanwhile.
//!
//! It is read from SQL when this replica begins to hear the news of the others, kept by these, and repaired by rounds
//! (`follow`). Until then, and where there is no news, the list is made as without it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use entity::At;
use uuid::Uuid;

use crate::kernel::place::metres;

use super::super::view::Card;

/// A square's side, degrees: about a kilometre.
const SIDE: f64 = 0.01;
/// Metres of a degree of latitude, a little less than it is.
const DEGREE: f64 = 110_000.0;
/// A pool of so few cards is looked through whole.
const FEW: usize = 64;

type Square = (i32, i32);
/// Latitude and longitude, GCJ-02, degrees.
type Point = (f64, f64);

/// A place in the order of nearness: metres, and the task's id.
pub type Rank = (i64, Uuid);

/// What is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Near {
    pub at: Point,
    /// Metres; None: however far.
    pub radius: Option<i64>,
    /// Only what comes after.
    pub after: Option<Rank>,
    pub limit: usize,
}

/// The cards of one pool.
#[derive(Debug, Default)]
struct Pool {
    squares: HashMap<Square, Vec<Arc<Card>>>,
    nowhere: BTreeMap<Uuid, Arc<Card>>,
    placed: usize,
}

#[derive(Debug, Default)]
struct Inner {
    ready: bool,
    cards: HashMap<Uuid, Arc<Card>>,
    pools: HashMap<Uuid, Pool>,
}

/// The cards of one replica.
#[derive(Debug, Default)]
pub struct Grid(RwLock<Inner>);

fn point(card: &Card) -> Option<Point> {
    let place = card.place.as_ref()?;
    Some((place.lat?, place.lng?))
}

#[allow(clippy::cast_possible_truncation, reason = "degrees")]
fn square((lat, lng): Point) -> Square {
    ((lat / SIDE).floor() as i32, (lng / SIDE).floor() as i32)
}

impl Grid {
    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Shows cards as they are now, and takes down those that are offered no more. An older version is never shown
    /// over a newer one. What is for named people hangs nowhere.
    pub(super) fn show(&self, cards: Vec<Card>, now: At) {
        let mut all = self.write();
        for card in cards {
            if all.cards.get(&card.id).is_some_and(|known| known.ver > card.ver) {
                continue;
            }
            all.take_down(card.id);
            if card.is_offered(now) && !card.named {
                all.hang(Arc::new(card));
            }
        }
    }

    /// Takes a card down.
    pub(super) fn hide(&self, id: Uuid) {
        self.write().take_down(id);
    }

    /// Whether it is to be believed: it was filled, and hears the news.
    pub(super) fn set_ready(&self, ready: bool) {
        let mut all = self.write();
        if !ready {
            *all = Inner::default();
        }
        all.ready = ready;
    }

    /// Cards there are.
    pub(super) fn len(&self) -> usize {
        self.read().cards.len()
    }

    /// The nearest cards of some pools that `fits`, nearest first; without a radius those without a place come last.
    /// None: it is not to be believed now.
    pub fn near(
        &self,
        pools: &[Uuid],
        near: Near,
        fits: impl Fn(&Card) -> bool,
    ) -> Option<Vec<(Rank, Arc<Card>)>> {
        let all = self.read();
        if !all.ready {
            return None;
        }
        let mut found = BTreeMap::new();
        let mut take = |rank: Rank, card: &Arc<Card>| {
            let far = near.radius.is_some_and(|radius| rank.0 > radius);
            if !far && near.after.is_none_or(|after| rank > after) && fits(card) {
                found.insert(rank, card.clone());
                if found.len() > near.limit {
                    found.pop_last();
                }
            }
            let full = found.len() == near.limit;
            found.last_key_value().filter(|_| full).map(|(rank, _)| rank.0)
        };
        for pool in pools.iter().filter_map(|pool| all.pools.get(pool)) {
            pool.walk(near, &mut take);
        }
        Some(found.into_iter().collect())
    }
}

impl Inner {
    fn take_down(&mut self, id: Uuid) {
        let Some(card) = self.cards.remove(&id) else { return };
        for org in card.pools() {
            let Some(pool) = self.pools.get_mut(&org) else { continue };
            match point(&card) {
                None => drop(pool.nowhere.remove(&id)),
                Some(at) => {
                    let at = square(at);
                    let Some(there) = pool.squares.get_mut(&at) else { continue };
                    let before = there.len();
                    there.retain(|other| other.id != id);
                    pool.placed -= before - there.len();
                    if there.is_empty() {
                        pool.squares.remove(&at);
                    }
                }
            }
            if pool.placed == 0 && pool.nowhere.is_empty() {
                self.pools.remove(&org);
            }
        }
    }

    fn hang(&mut self, card: Arc<Card>) {
        for org in card.pools() {
            let pool = self.pools.entry(org).or_default();
            match point(&card) {
                None => drop(pool.nowhere.insert(card.id, card.clone())),
                Some(at) => {
                    pool.squares.entry(square(at)).or_default().push(card.clone());
                    pool.placed += 1;
                }
            }
        }
        self.cards.insert(card.id, card);
    }
}

impl Pool {
    /// Shows its cards to `take`, square by square outwards, until nothing nearer can come. `take` answers how far what
    /// it has reaches, once it has enough.
    fn walk(&self, near: Near, take: &mut impl FnMut(Rank, &Arc<Card>) -> Option<i64>) {
        let (row, column) = square(near.at);
        let (mut seen, mut reach) = (0, None);
        for ring in 0.. {
            // Rather all that are left than more empty squares than that.
            let side = 2 * usize::try_from(ring).unwrap_or(usize::MAX) + 1;
            if self.placed <= FEW || side * side > 2 * self.squares.len() + 9 {
                let inside =
                    |at: &Square| (at.0 - row).abs() < ring && (at.1 - column).abs() < ring;
                let rest = self.squares.iter().filter(|(at, _)| !inside(at));
                for (_, cards) in rest {
                    look(cards, near, take);
                }
                break;
            }
            for cards in around((row, column), ring).filter_map(|at| self.squares.get(&at)) {
                seen += cards.len();
                reach = look(cards, near, take);
            }
            let left = nearest_outside(near.at.0, ring);
            let far = |most: i64| left > most;
            if seen >= self.placed || near.radius.is_some_and(far) || reach.is_some_and(far) {
                break;
            }
        }
        if near.radius.is_none() {
            for card in self.nowhere.values() {
                take((i64::MAX, card.id), card);
            }
        }
    }
}

/// Shows the cards of a square to `take`, and answers what it does.
fn look(
    cards: &[Arc<Card>],
    near: Near,
    take: &mut impl FnMut(Rank, &Arc<Card>) -> Option<i64>,
) -> Option<i64> {
    let ranked =
        cards.iter().filter_map(|card| Some(((metres(near.at, point(card)?), card.id), card)));
    ranked.fold(None, |_, (rank, card)| take(rank, card))
}

/// The squares at that many steps around one.
fn around((row, column): Square, steps: i32) -> impl Iterator<Item = Square> {
    (-steps..=steps).flat_map(move |down| {
        let across = if down.abs() == steps { 1 } else { 2 * steps };
        (-steps..=steps)
            .step_by(usize::try_from(across).unwrap_or(1))
            .map(move |right| (row + down, column + right))
    })
}

/// Metres to the nearest point outside of the squares within so many steps, at least.
#[allow(clippy::cast_possible_truncation, reason = "a few thousand kilometres")]
fn nearest_outside(lat: f64, steps: i32) -> i64 {
    let away = f64::from(steps) * SIDE;
    let narrowest = (lat.abs() + away + SIDE).min(89.0).to_radians().cos();
    (away * DEGREE * narrowest) as i64
}

#[cfg(test)]
mod tests;
