//! The access token in this process, and the forced refreshes it made on its own.

use std::time::Duration;

use entity::At;

use super::super::Secret;

/// Must stay under the 300 s that every token handed out has left.
const MARGIN_S: i64 = 120;
const LEAST_S: i64 = 30;

/// WeChat allows 20 forced refreshes a day, 30 s apart, to all replicas together.
pub(super) const FORCED_A_DAY: usize = 10;
pub(super) const FORCED_APART: Duration = Duration::from_secs(30);
pub(super) const DAY: Duration = Duration::from_secs(24 * 3600);

/// How long a process goes by its own copy before it looks at what the replicas share.
const GLANCE: Duration = Duration::from_secs(5);

/// A token and until when it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    pub token: Secret,
    pub fetched_at: At,
    pub until: At,
}

impl Kept {
    /// `expires_in` in seconds, as WeChat said when it was asked at `fetched_at`.
    pub(super) fn new(token: Secret, expires_in: i64, fetched_at: At) -> Self {
        Self { token, fetched_at, until: fetched_at.plus(life(expires_in)) }
    }
}

/// How long we use a token that WeChat says has that many seconds left.
fn life(expires_in: i64) -> Duration {
    Duration::from_secs(expires_in.saturating_sub(MARGIN_S).max(LEAST_S).unsigned_abs())
}

#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// The second: until when this process asks nobody about it.
    kept: Option<(Kept, At)>,
    forced: Vec<At>,
}

impl Shelf {
    pub(super) fn look(&self, now: At) -> Option<Secret> {
        let (kept, until) = self.kept.as_ref()?;
        (now < *until).then(|| kept.token.clone())
    }

    /// Keeps it to its end, or, where replicas share one, for a glance.
    pub(super) fn put(&mut self, kept: Kept, is_shared: bool, now: At) {
        let until = if is_shared { kept.until.min(now.plus(GLANCE)) } else { kept.until };
        self.kept = Some((kept, until));
    }

    /// Compares first: another caller may have replaced it already.
    pub(super) fn discard(&mut self, refused: &Secret) {
        self.kept.take_if(|(kept, _)| kept.token == *refused);
    }

    /// Whether a refresh may be forced now; if so, it counts.
    pub(super) fn may_force(&mut self, now: At) -> bool {
        self.forced.retain(|at| now < at.plus(DAY));
        let apart = self.forced.last().is_none_or(|last| now >= last.plus(FORCED_APART));
        let may = apart && self.forced.len() < FORCED_A_DAY;
        if may {
            self.forced.push(now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(token: &str, until: i64) -> Kept {
        Kept { token: Secret::new(token), fetched_at: At(0), until: At(until) }
    }

    #[test]
    fn a_token_is_used_until_shortly_before_its_end() {
        assert_eq!([7200, 300, 60, -5].map(|s| life(s).as_secs()), [7080, 180, 30, 30]);
        let mut shelf = Shelf::default();
        assert_eq!(shelf.look(At(0)), None);
        shelf.put(kept("a", 1000), false, At(0));
        assert_eq!(shelf.look(At(999)), Some(Secret::new("a")));
        assert_eq!(shelf.look(At(1000)), None);
    }

    #[test]
    fn a_shared_token_is_looked_up_again_soon() {
        let mut shelf = Shelf::default();
        shelf.put(kept("a", 1_000_000), true, At(0));
        assert!(shelf.look(At(4999)).is_some());
        assert_eq!(shelf.look(At(5000)), None);
    }

    #[test]
    fn only_the_refused_token_is_discarded() {
        let mut shelf = Shelf::default();
        shelf.put(kept("new", 1000), false, At(0));
        shelf.discard(&Secret::new("old"));
        assert!(shelf.look(At(0)).is_some());
        shelf.discard(&Secret::new("new"));
        assert_eq!(shelf.look(At(0)), None);
    }

    #[test]
    fn force_is_rare() {
        let mut shelf = Shelf::default();
        let at = |n: u32| At(0).plus(FORCED_APART * n);
        assert!(shelf.may_force(at(0)));
        assert!(!shelf.may_force(At(at(1).ms() - 1)));
        for n in 1..10 {
            assert!(shelf.may_force(at(n)), "{n}");
        }
        assert!(!shelf.may_force(at(10)));
        assert!(shelf.may_force(At(0).plus(DAY)));
    }
}
