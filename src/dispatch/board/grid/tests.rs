use proptest::prelude::*;

use super::*;
use crate::dispatch::view::{CoarsePlace, Wanted};

const NOW: At = At(1_795_312_800_000);

fn card(id: u128, pool: u128, at: Option<Point>) -> Card {
    let ends_at = At(NOW.0 + 7_200_000);
    let wanted = Wanted { slots: 3, starts_at: At(NOW.0 + 3_600_000), ends_at };
    let mut card = Card::beforehand(Uuid::from_u128(pool), wanted, NOW);
    card.id = Uuid::from_u128(id);
    card.place = at.map(|(lat, lng)| CoarsePlace {
        name: "文化广场".into(),
        lat: Some(lat),
        lng: Some(lng),
    });
    card
}

fn filled(cards: Vec<Card>) -> Grid {
    let grid = Grid::default();
    grid.show(cards, NOW);
    grid.set_ready(true);
    grid
}

fn ids(found: Option<Vec<(Rank, Arc<Card>)>>) -> Vec<u128> {
    found.unwrap().into_iter().map(|(_, card)| card.id.as_u128()).collect()
}

fn everything(at: Point) -> Near {
    Near { at, radius: None, after: None, limit: 100 }
}

fn place() -> impl Strategy<Value = Option<Point>> {
    let thousandth = |n: i32| f64::from(n) / 1000.0;
    let near =
        (27_400..28_000, 106_700..107_300).prop_map(move |(a, b)| (thousandth(a), thousandth(b)));
    let far =
        (20_000..40_000, 90_000..120_000).prop_map(move |(a, b)| (thousandth(a), thousandth(b)));
    prop_oneof![1 => Just(None), 12 => near.prop_map(Some), 1 => far.prop_map(Some)]
}

proptest! {
    #[test]
    fn it_finds_what_looking_at_every_card_finds(
        places in prop::collection::vec((place(), 0_u128..3), 0..400),
        at in (27_400..28_000, 106_700..107_300),
        radius in prop::option::of(0_i64..80_000),
        limit in 1_usize..40,
        page in 0_usize..3,
    ) {
        let cards: Vec<_> = (1..).zip(&places).map(|(id, (at, pool))| card(id, *pool, *at)).collect();
        let at = (f64::from(at.0) / 1000.0, f64::from(at.1) / 1000.0);
        let mine = [Uuid::from_u128(0), Uuid::from_u128(2)];
        let mut all: Vec<Rank> = cards
            .iter()
            .filter(|card| mine.contains(&card.ring_org_id))
            .map(|card| (point(card).map_or(i64::MAX, |place| metres(at, place)), card.id))
            .filter(|rank| radius.is_none_or(|radius| rank.0 <= radius))
            .collect();
        all.sort_unstable();
        let after = (page * limit).checked_sub(1).and_then(|last| all.get(last).copied());
        let near = Near { at, radius, after, limit };
        let found = filled(cards).near(&mine, near, |_| true).unwrap();
        let found: Vec<Rank> = found.into_iter().map(|(rank, _)| rank).collect();
        let wanted: Vec<Rank> =
            all.into_iter().filter(|rank| after.is_none_or(|after| *rank > after)).take(limit).collect();
        prop_assert_eq!(found, wanted);
    }
}

#[test]
fn an_older_card_never_hangs_over_a_newer_one() {
    let here = (27.7, 106.99);
    let mut newer = card(1, 0, Some((27.71, 106.99)));
    newer.ver = 2;
    let grid = filled(vec![newer]);
    grid.show(vec![card(1, 0, Some(here))], NOW);
    let found = grid.near(&[Uuid::nil()], everything(here), |_| true).unwrap();
    assert_eq!((found.len(), found[0].1.ver), (1, 2));
}

#[test]
fn what_is_offered_no_more_or_for_named_people_alone_hangs_nowhere() {
    let here = (27.7, 106.99);
    let mut lent = card(3, 0, Some(here));
    lent.lent_by = vec![Uuid::from_u128(9)];
    let grid = filled(vec![card(1, 0, Some(here)), card(2, 0, None), lent]);
    let both = [Uuid::nil(), Uuid::from_u128(9)];
    assert_eq!(ids(grid.near(&both, everything(here), |_| true)), [1, 3, 2], "a borrowed one once");
    let mut named = card(1, 0, Some(here));
    named.named = true;
    let mut over = card(2, 0, None);
    over.claim_until = NOW;
    grid.show(vec![named, over], NOW);
    assert_eq!(ids(grid.near(&both, everything(here), |_| true)), [3]);
    grid.hide(Uuid::from_u128(3));
    assert_eq!((grid.len(), grid.read().pools.len()), (0, 0), "nothing is left behind");
}

#[test]
fn it_says_nothing_before_it_is_filled_and_after_the_line_broke() {
    let grid = Grid::default();
    let ask =
        |grid: &Grid| grid.near(&[Uuid::nil()], everything((27.7, 106.99)), |_| true).is_some();
    grid.show(vec![card(1, 0, None)], NOW);
    assert!(!ask(&grid));
    grid.set_ready(true);
    assert!(ask(&grid));
    grid.set_ready(false);
    assert!(!ask(&grid) && grid.len() == 0);
}
