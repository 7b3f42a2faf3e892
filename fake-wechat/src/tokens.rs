//! Access tokens and their two worlds: `stable_token` repeats one until its last five minutes, `token` makes a
//! new one each time and leaves the old one five minutes. Neither touches the other's.

use std::collections::HashMap;

use crate::{answer::Refused, ids::Ids};

const SECOND_MS: i64 = 1000;
const LIFE_MS: i64 = 7200 * SECOND_MS;
const OVERLAP_MS: i64 = 300 * SECOND_MS;
const FORCE_APART_MS: i64 = 30 * SECOND_MS;
const FORCED_A_DAY: usize = 20;
const DAY_MS: i64 = 24 * 3600 * SECOND_MS;
/// WeChat's midnight is in China.
const ZONE_MS: i64 = 8 * 3600 * SECOND_MS;
/// As long as WeChat asks us to make room for.
const LENGTH: usize = 512;

#[derive(Debug, Default)]
pub(crate) struct Tokens {
    issued: HashMap<String, Issued>,
    stable: String,
    plain: String,
    forced_ms: Vec<i64>,
}

#[derive(Debug)]
struct Issued {
    dies_ms: i64,
    revoked: bool,
}

/// A token and the seconds it has left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Granted {
    pub(crate) token: String,
    pub(crate) expires_in: i64,
}

impl Tokens {
    /// The stable call.
    pub(crate) fn stable(
        &mut self,
        force: bool,
        ids: &mut Ids,
        now_ms: i64,
    ) -> Result<Granted, Refused> {
        let forced = force && self.force(now_ms)?;
        match self.issued.get_mut(&self.stable) {
            Some(old) if forced => old.revoked = true,
            Some(same) if same.dies_ms - now_ms > OVERLAP_MS => {
                return Ok(same.granted(&self.stable, now_ms));
            }
            _ => {}
        }
        let granted = self.issue(ids, now_ms);
        self.stable.clone_from(&granted.token);
        Ok(granted)
    }

    /// The old call.
    pub(crate) fn plain(&mut self, ids: &mut Ids, now_ms: i64) -> Granted {
        if let Some(old) = self.issued.get_mut(&self.plain) {
            old.dies_ms = old.dies_ms.min(now_ms + OVERLAP_MS);
        }
        let granted = self.issue(ids, now_ms);
        self.plain.clone_from(&granted.token);
        granted
    }

    /// Whether a call may pass with this token.
    pub(crate) fn check(&self, token: &str, now_ms: i64) -> Result<(), Refused> {
        match self.issued.get(token) {
            _ if token.is_empty() => Err(Refused(41001)),
            None => Err(Refused(40001)),
            Some(issued) if issued.revoked => Err(Refused(40001)),
            Some(issued) if issued.dies_ms <= now_ms => Err(Refused(42001)),
            Some(_) => Ok(()),
        }
    }

    /// Every token dies now.
    pub(crate) fn expire(&mut self, now_ms: i64) {
        for issued in self.issued.values_mut() {
            issued.dies_ms = issued.dies_ms.min(now_ms);
        }
    }

    /// Whether the forced call refreshes. Within half a minute of the last one it does not, and answers as if
    /// it had not been forced; after the day's last one it is refused.
    fn force(&mut self, now_ms: i64) -> Result<bool, Refused> {
        if self.forced_ms.last().is_some_and(|last| now_ms - last < FORCE_APART_MS) {
            return Ok(false);
        }
        let day = |ms: i64| (ms + ZONE_MS).div_euclid(DAY_MS);
        self.forced_ms.retain(|&ms| day(ms) == day(now_ms));
        if self.forced_ms.len() >= FORCED_A_DAY {
            return Err(Refused(45009));
        }
        self.forced_ms.push(now_ms);
        Ok(true)
    }

    fn issue(&mut self, ids: &mut Ids, now_ms: i64) -> Granted {
        // A day after its death WeChat no longer knows a token either.
        self.issued.retain(|_, issued| issued.dies_ms + DAY_MS > now_ms);
        let token = ids.draw("access token", LENGTH);
        let issued = Issued { dies_ms: now_ms + LIFE_MS, revoked: false };
        let granted = issued.granted(&token, now_ms);
        self.issued.insert(token, issued);
        granted
    }
}

impl Issued {
    fn granted(&self, token: &str, now_ms: i64) -> Granted {
        let left = (self.dies_ms - now_ms).unsigned_abs().div_ceil(SECOND_MS.unsigned_abs());
        Granted { token: token.to_owned(), expires_in: left.cast_signed() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-22, noon in China.
    const NOON: i64 = 1_795_320_000_000;

    fn stable(tokens: &mut Tokens, ids: &mut Ids, force: bool, now_ms: i64) -> Granted {
        tokens.stable(force, ids, now_ms).unwrap()
    }

    #[test]
    fn the_stable_token_stays_until_its_last_five_minutes_and_then_overlaps() {
        let (mut tokens, mut ids) = (Tokens::default(), Ids::default());
        let first = stable(&mut tokens, &mut ids, false, 0);
        assert_eq!((first.token.len(), first.expires_in), (LENGTH, 7200));
        let later = stable(&mut tokens, &mut ids, false, LIFE_MS - OVERLAP_MS - 1);
        assert_eq!((&later.token, later.expires_in), (&first.token, 301));

        let renewed = stable(&mut tokens, &mut ids, false, LIFE_MS - OVERLAP_MS);
        assert_ne!(renewed.token, first.token);
        assert_eq!(tokens.check(&first.token, LIFE_MS - 1), Ok(()));
        assert_eq!(tokens.check(&first.token, LIFE_MS), Err(Refused(42001)));
        assert_eq!(tokens.check(&renewed.token, LIFE_MS), Ok(()));
    }

    #[test]
    fn the_old_call_renews_each_time_and_leaves_the_stable_one_alone() {
        let (mut tokens, mut ids) = (Tokens::default(), Ids::default());
        let kept = stable(&mut tokens, &mut ids, false, 0).token;
        let (one, two) = (tokens.plain(&mut ids, 0).token, tokens.plain(&mut ids, 0).token);
        assert_ne!(one, two);
        assert_eq!(tokens.check(&one, OVERLAP_MS - 1), Ok(()));
        assert_eq!(tokens.check(&one, OVERLAP_MS), Err(Refused(42001)));
        assert_eq!(tokens.check(&two, OVERLAP_MS), Ok(()));
        assert_eq!(stable(&mut tokens, &mut ids, false, OVERLAP_MS).token, kept);
    }

    #[test]
    fn force_kills_the_last_token_but_not_twice_within_half_a_minute() {
        let (mut tokens, mut ids) = (Tokens::default(), Ids::default());
        let first = stable(&mut tokens, &mut ids, false, NOON).token;
        let second = stable(&mut tokens, &mut ids, true, NOON).token;
        assert_eq!(tokens.check(&first, NOON), Err(Refused(40001)));
        assert_eq!(stable(&mut tokens, &mut ids, true, NOON + FORCE_APART_MS - 1).token, second);
        assert_ne!(stable(&mut tokens, &mut ids, true, NOON + FORCE_APART_MS).token, second);
    }

    #[test]
    fn force_is_counted_by_the_day() {
        let (mut tokens, mut ids) = (Tokens::default(), Ids::default());
        for n in 0..20 {
            stable(&mut tokens, &mut ids, true, NOON + n * FORCE_APART_MS);
        }
        let next = NOON + 20 * FORCE_APART_MS;
        assert_eq!(tokens.stable(true, &mut ids, next), Err(Refused(45009)));
        assert!(tokens.stable(false, &mut ids, next).is_ok());
        assert!(tokens.stable(true, &mut ids, NOON + DAY_MS / 2).is_ok(), "midnight has passed");
    }

    #[test]
    fn unknown_missing_and_killed_tokens_are_told_apart() {
        let (mut tokens, mut ids) = (Tokens::default(), Ids::default());
        let token = stable(&mut tokens, &mut ids, false, 0).token;
        tokens.expire(1);
        assert_eq!(tokens.check(&token, 1), Err(Refused(42001)));
        assert_eq!(tokens.check("made up", 1), Err(Refused(40001)));
        assert_eq!(tokens.check("", 1), Err(Refused(41001)));
        assert_ne!(stable(&mut tokens, &mut ids, false, 1).token, token);
    }
}
