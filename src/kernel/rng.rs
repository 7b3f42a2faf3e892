//! Chance, handed in: seeded by the machine in service and by hand in tests.

use std::sync::{Arc, Mutex, PoisonError};

use entity::At;
use rand::{Rng as _, SeedableRng, rngs::StdRng};
use uuid::{Builder, Uuid};

/// Letters and digits that nobody confuses when read aloud or off a poster.
const PLAIN: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/// The smallest id of an instant: ids of rows made then or later are not below it.
pub fn first_id_at(at: At) -> Uuid {
    Builder::from_unix_timestamp_millis(at.ms().max(0).unsigned_abs(), &[0; 10]).into_uuid()
}

#[derive(Debug)]
struct Inner {
    chance: StdRng,
    last_ms: i64,
    counter: u16,
}

/// A source of randomness and of ids.
#[derive(Clone, Debug)]
pub struct Rng(Arc<Mutex<Inner>>);

impl Rng {
    /// Seeded by the operating system.
    pub fn from_system() -> Self {
        Self::with(rand::make_rng())
    }

    /// The same sequence for the same seed.
    pub fn from_seed(seed: u64) -> Self {
        Self::with(StdRng::seed_from_u64(seed))
    }

    fn with(chance: StdRng) -> Self {
        Self(Arc::new(Mutex::new(Inner { chance, last_ms: 0, counter: 0 })))
    }

    fn draw<T>(&self, f: impl FnOnce(&mut Inner) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        self.draw(|inner| {
            let mut bytes = [0; N];
            inner.chance.fill_bytes(&mut bytes);
            bytes
        })
    }

    /// A UUIDv7 of that instant. Ids drawn here within one millisecond keep their order, so facts of one
    /// transaction read in the order they were recorded.
    pub fn id(&self, at: At) -> Uuid {
        self.draw(|inner| {
            inner.counter =
                if at.ms() == inner.last_ms { inner.counter.saturating_add(1) } else { 0 };
            inner.last_ms = at.ms();
            let mut random = [0; 10];
            inner.chance.fill_bytes(&mut random);
            random[..2].copy_from_slice(&inner.counter.min(0x0fff).to_be_bytes());
            Builder::from_unix_timestamp_millis(at.ms().max(0).unsigned_abs(), &random).into_uuid()
        })
    }

    /// A code of `len` plain letters and digits, easy to read aloud.
    pub fn code(&self, len: usize) -> String {
        self.draw(|inner| {
            let mut one = [0u8];
            let mut code = String::with_capacity(len);
            while code.len() < len {
                inner.chance.fill_bytes(&mut one);
                // Reject the tail of the range, so that every sign is equally likely.
                if usize::from(one[0]) < 256 - 256 % PLAIN.len() {
                    code.push(char::from(PLAIN[usize::from(one[0]) % PLAIN.len()]));
                }
            }
            code
        })
    }

    /// A number in `0..below`; 0 where `below` is 0.
    pub fn below(&self, below: u64) -> u64 {
        self.draw(|inner| if below == 0 { 0 } else { inner.chance.next_u64() % below })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_millisecond_keep_their_order_and_differ() {
        let rng = Rng::from_seed(7);
        let ids: Vec<_> = (0..500).map(|_| rng.id(At(1_764_000_000_000))).collect();
        assert!(ids.is_sorted());
        assert_eq!(ids.iter().collect::<std::collections::HashSet<_>>().len(), 500);
        assert_eq!(ids[0].get_version_num(), 7);
    }

    #[test]
    fn the_same_seed_tells_the_same_story() {
        assert_eq!(Rng::from_seed(1).code(8), Rng::from_seed(1).code(8));
        assert_ne!(Rng::from_seed(1).code(8), Rng::from_seed(2).code(8));
    }
}
