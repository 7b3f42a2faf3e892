//! The list a phone sees: what I can take now, and for what I cannot, why.

use ::entity::At;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    dispatch::{Card, board},
    identity::Resident,
    kernel::{Error, place::metres},
    platform::{
        AppState,
        http::{Page, Problem},
    },
};

use super::{
    model::{Member, judge, open_on},
    pools::Pools,
    queue,
};

/// Most live offers of one person that are looked at.
pub(super) const OFFERS: u64 = 100;

/// Why not, as the card says it before the tap.
#[derive(Debug, Serialize, ToSchema)]
pub struct Why {
    /// As in the refusal of a claim.
    pub code: &'static str,
    pub message: String,
}

/// A card and what it means for the one who looks.
#[derive(Debug, Serialize, ToSchema)]
pub struct PoolCard {
    #[serde(flatten)]
    pub card: Card,
    /// From `near`; null without it or without a place.
    pub distance_m: Option<i64>,
    pub can_claim: bool,
    pub refusal: Option<Why>,
}

/// A point in GCJ-02, rounded to about 100 m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    lat: f64,
    lng: f64,
}

impl Near {
    /// From `lat,lng`.
    ///
    /// # Errors
    /// A `validation` problem naming `near`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let parse = || {
            let (lat, lng) = text.split_once(',')?;
            let (lat, lng): (f64, f64) = (lat.trim().parse().ok()?, lng.trim().parse().ok()?);
            let inside = (3.0..=54.0).contains(&lat) && (73.0..=136.0).contains(&lng);
            let round = |degrees: f64| (degrees * 1000.0).round() / 1000.0;
            inside.then(|| Self { lat: round(lat), lng: round(lng) })
        };
        parse().ok_or_else(|| {
            Problem::field("near", "value", "near 要写成「纬度,经度」", "near must be lat,lng")
        })
    }
}

/// Which cards of the pools.
#[derive(Debug, Default)]
pub struct Wanted {
    pub org_id: Option<Uuid>,
    pub near: Option<Near>,
    /// Metres; with `near` alone.
    pub radius_m: Option<i64>,
    /// Starting at or after.
    pub from: Option<At>,
    pub skill: Option<String>,
    pub limit: u64,
    pub cursor: Option<String>,
}

impl Wanted {
    fn fits(&self, card: &Card) -> bool {
        self.org_id.is_none_or(|org| card.org_id == org)
            && self.from.is_none_or(|from| card.starts_at >= from)
            && self.skill.as_ref().is_none_or(|skill| card.skills.contains(skill))
    }
}

/// A place in the order of the list: nearest first with `near`, else soonest first.
type Key = (i64, Uuid);

fn open_cursor(text: &str) -> Result<Key, Problem> {
    let parse = || {
        let bytes = B64.decode(text).ok()?;
        let (rank, id) = bytes.split_at_checked(8)?;
        Some((i64::from_be_bytes(rank.try_into().ok()?), Uuid::from_slice(id).ok()?))
    };
    parse().ok_or_else(|| {
        Problem::field("cursor", "value", "翻页标记不对，请从头再看", "Not a cursor of this list")
    })
}

fn close_cursor(key: Key) -> String {
    B64.encode([key.0.to_be_bytes().as_slice(), key.1.as_bytes()].concat())
}

/// One page of what the caller's pools offer.
///
/// # Errors
/// A cursor that is none; SQL away.
pub async fn offered(
    state: &AppState,
    pools: &Pools,
    me: &Resident,
    wanted: Wanted,
) -> Result<Page<PoolCard>, Problem> {
    let after = wanted.cursor.as_deref().map(open_cursor).transpose()?;
    let now = state.clock.now();
    let member = pools.member(state, me).await?;
    let mut cards = cards(state, pools, (me, &member), &wanted, after).await?;
    cards.retain(|card| wanted.fits(card));
    let mut ranked: Vec<(Key, Option<i64>, Card)> = cards
        .into_iter()
        .map(|card| {
            let distance = distance(&card, wanted.near);
            let rank = match wanted.near {
                Some(_) => distance.unwrap_or(i64::MAX),
                None => card.starts_at.ms(),
            };
            ((rank, card.id), distance, card)
        })
        .filter(|(key, distance, _)| {
            let far = wanted
                .radius_m
                .zip(wanted.near)
                .is_some_and(|(radius, _)| distance.is_none_or(|metres| metres > radius));
            !far && after.is_none_or(|after| *key > after)
        })
        .collect();
    ranked.sort_by_key(|(key, ..)| *key);
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let more = ranked.len() > limit;
    ranked.truncate(limit);
    let next_cursor = ranked.last().filter(|_| more).map(|(key, ..)| close_cursor(*key));

    let rules = pools.rules(state, ranked.iter().map(|(_, _, card)| card.org_id)).await?;
    let kept = match ranked.iter().any(|(_, _, card)| card.held > 0) {
        true => queue::my_live(state.db.read(), &me.own_scope(), OFFERS).await?,
        false => Vec::new(),
    };
    let items = ranked.into_iter().map(|(_, distance_m, card)| {
        let rules = rules.get(&card.org_id).cloned().unwrap_or_default();
        let mut to_me = card.clone();
        open_on(&mut to_me, kept.iter().find(|offer| offer.task_id == card.id), now);
        let refusal = judge(&to_me, &member, &rules, now).err();
        PoolCard {
            card,
            distance_m,
            can_claim: refusal.is_none(),
            refusal: refusal.map(|why| Why { code: why.kind().code, message: why.zh() }),
        }
    });
    Ok(Page { items: items.collect(), next_cursor })
}

/// What there is to choose from: the nearest, from this replica's grid, where `near` is asked; all on the board otherwise.
async fn cards(
    state: &AppState,
    pools: &Pools,
    (me, member): (&Resident, &Member),
    wanted: &Wanted,
    after: Option<Key>,
) -> Result<Vec<Card>, Error> {
    let (rings, now) = (member.rings(), state.clock.now());
    let nearest = wanted.near.and_then(|near| {
        let near = board::Near {
            at: (near.lat, near.lng),
            radius: wanted.radius_m,
            after,
            // One more says whether there is more.
            limit: usize::try_from(wanted.limit).unwrap_or(usize::MAX).saturating_add(1),
        };
        pools.grid.near(&rings, near, |card| card.is_offered(now) && wanted.fits(card))
    });
    let mut cards = match nearest {
        Some(nearest) => nearest.iter().map(|(_, card)| Card::clone(card)).collect(),
        None => board::offered(state, &me.scope(), &rings).await?,
    };
    if !member.named_for.is_empty() {
        cards.extend(board::by_name(state, &me.scope(), &rings).await?);
    }
    Ok(cards)
}

fn distance(card: &Card, near: Option<Near>) -> Option<i64> {
    let place = card.place.as_ref()?;
    let near = near?;
    Some(metres((near.lat, near.lng), (place.lat?, place.lng?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_rounded_and_bounded() {
        assert_eq!(Near::parse("27.70049, 106.99951").unwrap(), Near { lat: 27.7, lng: 107.0 });
        for bad in ["", "27.7", "27.7;106.9", "95,106", "NaN,106.9", "27.7,1e9"] {
            assert!(Near::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_cursor_opens_to_what_was_closed() {
        let key = (-5, Uuid::from_u128(7));
        assert_eq!(open_cursor(&close_cursor(key)).unwrap(), key);
        assert!(open_cursor("x").is_err());
    }
}
