//! A need and a candidate as most are, for the tests of this room.

use std::time::Duration;

use entity::At;
use uuid::Uuid;

use super::{Answer, Asked, Candidate, Distance, Free, Need};

/// 2026-11-23 10:00 in Zunyi.
pub(super) const NOW: At = At(1_795_399_200_000);

/// First aid on a Monday morning, three hours to answer.
pub(super) fn need(open: usize) -> Need {
    let by = NOW.plus(Duration::from_secs(3 * 3600));
    Need { open, skills: vec!["急救".to_owned()], now: NOW, by, waiting: Vec::new(), later: 0 }
}

/// Knows first aid, lives in walking distance, was never asked.
pub(super) fn candidate(id: u128) -> Candidate {
    Candidate {
        id: Uuid::from_u128(id),
        skills: ["急救".to_owned()].into(),
        alike: 0,
        distance: Distance::Walk,
        free: Free::Unknown,
        last_served: None,
        kept: 0,
        missed: 0,
        has_grant: true,
        asked: Vec::new(),
        against: None,
    }
}

/// So many messages without an answer, one a day until yesterday.
pub(super) fn silent(times: u64) -> Vec<Asked> {
    let at = |days| NOW.minus(Duration::from_secs(days * 86_400));
    (1..=times).rev().map(|days| Asked { at: at(days), answer: Answer::Silence }).collect()
}
