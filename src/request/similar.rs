//! Whether two requests ask for the same: how near the places are, how close in time, how alike the words. Chinese
//! has no blanks, so words are compared by their pairs of neighbouring signs.

use std::collections::HashSet;

use entity::At;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::kernel::place::metres;

/// Places farther apart than this are not near.
const NEAR_M: i64 = 300;
/// Times farther apart than this are not close.
const CLOSE_MS: u64 = 48 * 3600 * 1000;

/// What is compared of a request.
#[derive(Clone, Debug)]
pub struct Asked {
    pub title: String,
    pub detail: String,
    pub category: String,
    /// Latitude and longitude.
    pub place: Option<(f64, f64)>,
    /// When help is wanted, or else when it was asked for.
    pub at: At,
    pub requester: Uuid,
}

/// Why two look alike, in words for the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LikenessReason {
    /// `person`, `near`, `time`, `words` or `category`.
    pub code: &'static str,
    pub text: String,
}

/// How alike two requests are.
#[derive(Clone, Debug, PartialEq)]
pub struct Likeness {
    pub score: f64,
    pub reasons: Vec<LikenessReason>,
}

/// How alike two requests are; None where they are not.
pub fn likeness(one: &Asked, other: &Asked) -> Option<Likeness> {
    let apart = one.place.zip(other.place).map(|(a, b)| metres(a, b)).filter(|m| *m <= NEAR_M);
    let close = one.at.ms().abs_diff(other.at.ms()) <= CLOSE_MS;
    let category = one.category == other.category;
    let person = one.requester == other.requester;
    let whole = |asked: &Asked| format!("{} {}", asked.title, asked.detail);
    let words = alike(&one.title, &other.title).max(alike(&whole(one), &whole(other)));
    let same = words >= 0.6
        || (words >= 0.2 && apart.is_some())
        || (words >= 0.3 && person)
        || (apart.is_some() && close && category);
    if !same {
        return None;
    }
    let mut reasons = Vec::new();
    let mut score = words;
    let mut because = |weight: f64, code, text: String| {
        score += weight;
        reasons.push(LikenessReason { code, text });
    };
    if person {
        because(0.3, "person", "同一个人提出".into());
    }
    if let Some(apart) = apart {
        because(0.4, "near", format!("相距约 {} 米", (apart + 5) / 10 * 10));
    }
    if close {
        because(0.1, "time", "时间相近".into());
    }
    if words >= 0.2 {
        because(0.0, "words", format!("文字有 {:.0}% 相近", words * 100.0));
    }
    if category {
        because(0.1, "category", "类别相同".into());
    }
    Some(Likeness { score, reasons })
}

/// From 0 (no pair of signs in common) to 1 (all of them).
fn alike(one: &str, other: &str) -> f64 {
    let (one, other) = (pairs(one), pairs(other));
    if one.is_empty() || other.is_empty() {
        return 0.0;
    }
    let common = one.intersection(&other).count();
    #[allow(clippy::cast_precision_loss)]
    let share = 2.0 * common as f64 / (one.len() + other.len()) as f64;
    share
}

/// Pairs of neighbouring letters, digits and signs, across whatever stands between them.
fn pairs(text: &str) -> HashSet<(char, char)> {
    let signs = text.chars().filter(|sign| sign.is_alphanumeric());
    let signs: Vec<_> = signs.flat_map(char::to_lowercase).collect();
    signs.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked(title: &str, place: Option<(f64, f64)>, hours: i64) -> Asked {
        Asked {
            title: title.into(),
            detail: String::new(),
            category: "维修".into(),
            place,
            at: At(hours * 3_600_000),
            requester: Uuid::from_u128(u128::from(hours.unsigned_abs()) + 1),
        }
    }

    fn codes(one: &Asked, other: &Asked) -> Vec<&'static str> {
        let found = likeness(one, other).map(|likeness| likeness.reasons);
        found.unwrap_or_default().into_iter().map(|reason| reason.code).collect()
    }

    #[test]
    fn the_same_lamp_is_found_however_it_is_called() {
        let (here, beside) = (Some((27.7012, 106.9387)), Some((27.7020, 106.9387)));
        let lamp = asked("三单元楼道灯坏了", here, 0);
        let again = asked("楼道的灯坏了，三单元", beside, 5);
        assert_eq!(codes(&lamp, &again), ["near", "time", "words", "category"]);
        let score = |other: &Asked| likeness(&lamp, other).unwrap().score;
        assert!(score(&again) > score(&asked("路灯不亮", beside, 5)), "nearer in words first");
    }

    #[test]
    fn another_matter_elsewhere_is_not_the_same() {
        let lamp = asked("三单元楼道灯坏了", Some((27.7012, 106.9387)), 0);
        let far = asked("水管漏水", Some((27.75, 106.99)), 1);
        assert_eq!(codes(&lamp, &far), [""; 0]);
        let mut elsewhere = asked("陪母亲去医院", Some((27.7012, 106.9387)), 1);
        elsewhere.category = "助老".into();
        assert_eq!(codes(&lamp, &elsewhere), [""; 0], "the same house, another need");
    }

    proptest! {
        /// Likeness looks the same from both sides, and never breaks on whatever people write.
        #[test]
        fn it_is_mutual(a in ".{0,40}", b in ".{0,40}", lat in 27.0f64..28.0, hours in 0i64..90) {
            let (one, other) = (asked(&a, Some((27.5, 106.9)), 0), asked(&b, Some((lat, 106.9)), hours));
            let (there, back) = (likeness(&one, &other), likeness(&other, &one));
            prop_assert_eq!(there.clone().map(|l| l.reasons), back.map(|l| l.reasons));
            prop_assert!(there.is_none_or(|l| l.score >= 0.0 && l.score <= 2.0));
        }
    }
}
