//! Codes that work once and live five minutes, as the phone hands them to a mini program.

use std::collections::HashMap;

const LIFE_MS: i64 = 5 * 60 * 1000;

/// Codes handed out, and what each stands for.
#[derive(Debug)]
pub(crate) struct Codes<T>(HashMap<String, Issued<T>>);

#[derive(Debug)]
struct Issued<T> {
    stands_for: T,
    dies_ms: i64,
    used: bool,
}

/// Why a code opens nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// Never handed out, or dead.
    Unknown,
    Used,
}

impl<T> Default for Codes<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Clone> Codes<T> {
    pub(crate) fn issue(&mut self, code: String, stands_for: T, now_ms: i64) {
        self.0.retain(|_, issued| issued.dies_ms > now_ms);
        self.0.insert(code, Issued { stands_for, dies_ms: now_ms + LIFE_MS, used: false });
    }

    pub(crate) fn redeem(&mut self, code: &str, now_ms: i64) -> Result<T, Unusable> {
        let issued = self.0.get_mut(code).filter(|issued| issued.dies_ms > now_ms);
        let issued = issued.ok_or(Unusable::Unknown)?;
        if std::mem::replace(&mut issued.used, true) {
            return Err(Unusable::Used);
        }
        Ok(issued.stands_for.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_works_once_and_dies_after_five_minutes() {
        let mut codes = Codes::default();
        codes.issue("a".into(), 1, 0);
        codes.issue("b".into(), 2, 0);
        assert_eq!(codes.redeem("a", LIFE_MS - 1), Ok(1));
        assert_eq!(codes.redeem("a", LIFE_MS - 1), Err(Unusable::Used));
        assert_eq!(codes.redeem("b", LIFE_MS), Err(Unusable::Unknown));
        assert_eq!(codes.redeem("c", 0), Err(Unusable::Unknown));
    }
}
