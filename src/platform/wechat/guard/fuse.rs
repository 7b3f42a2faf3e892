//! A fuse: after so many failures in a row nobody asks for a while; then one goes to look, and the others wait for
//! what it says. Each time it fails again the rest is twice as long. A fuse that works again is thrown away.

use std::time::Duration;

use entity::At;

/// When a fuse blows and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    after: u32,
    rest: Duration,
    longest: Duration,
}

/// Nobody answers: networks come back soon.
pub(super) const HOST: Limits =
    Limits { after: 5, rest: Duration::from_secs(5), longest: Duration::from_secs(60) };

/// Something is not set up or banned: a person mends it.
pub(super) const SETUP: Limits =
    Limits { after: 1, rest: Duration::from_secs(60), longest: Duration::from_secs(3600) };

#[derive(Debug)]
pub(super) struct Fuse {
    limits: Limits,
    failures: u32,
    rest: Duration,
    /// It is blown, and nobody asks before.
    until: Option<At>,
    /// Since it blew, one went to look.
    probed: bool,
}

impl Fuse {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, failures: 0, rest: limits.rest, until: None, probed: false }
    }

    /// Whether one may ask. The first after the rest may; those behind it wait again, so that a look that nobody
    /// hears of again costs one more rest.
    pub(super) fn may(&mut self, now: At) -> bool {
        let Some(until) = self.until else { return true };
        // A clock that was set back must not hold anybody longer than the longest rest.
        if now < until && until <= now.plus(self.limits.longest) {
            return false;
        }
        self.until = Some(now.plus(self.rest));
        self.probed = true;
        true
    }

    /// Counts a failure. How long it rests, where this one made it blow; those that were still on their way when it
    /// blew say nothing new.
    pub(super) fn blow(&mut self, now: At) -> Option<Duration> {
        self.failures = self.failures.saturating_add(1);
        match (self.until, self.probed) {
            (None, _) if self.failures < self.limits.after => return None,
            (None, _) => {}
            (Some(_), true) => self.rest = (self.rest * 2).min(self.limits.longest),
            (Some(_), false) => return None,
        }
        self.until = Some(now.plus(self.rest));
        self.probed = false;
        Some(self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: At = At(1_795_312_800_000);

    fn after(seconds: u64) -> At {
        NOW.plus(Duration::from_secs(seconds))
    }

    fn blown() -> Fuse {
        let mut fuse = Fuse::new(HOST);
        for _ in 0..4 {
            assert_eq!(fuse.blow(NOW), None);
            assert!(fuse.may(NOW));
        }
        assert_eq!(fuse.blow(NOW), Some(HOST.rest));
        fuse
    }

    #[test]
    fn each_look_that_fails_doubles_the_rest_up_to_an_end() {
        let (mut fuse, mut now, mut rests) = (blown(), NOW, Vec::new());
        let mut rest = HOST.rest;
        for _ in 0..6 {
            now = now.plus(rest);
            assert!(fuse.may(now));
            rest = fuse.blow(now).unwrap();
            rests.push(rest.as_secs());
        }
        assert_eq!(rests, [10, 20, 40, 60, 60, 60]);
    }

    #[test]
    fn failures_on_their_way_prolong_nothing() {
        let mut fuse = blown();
        assert_eq!(fuse.blow(after(4)), None);
        assert!(!fuse.may(after(4)));
        assert!(fuse.may(after(5)));
        assert!(!fuse.may(after(9)), "one looks");
        assert!(fuse.may(after(10)), "and was never heard of");
    }

    #[test]
    fn a_clock_set_back_shuts_nobody_out() {
        let mut fuse = blown();
        assert!(fuse.may(At(NOW.ms() - 3_600_000)));
    }
}
