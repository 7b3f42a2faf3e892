//! Each planted fault, a truth it breaks, and the shortest way there.

use stateright::{Checker, Model as _};

use super::{
    Model, here,
    planted::Planted::{self, *},
    scene::{ABSENT, BATCH, CALM, FLAGS, LEAVING, QUEUE, RACE, Scene},
};

/// The fault, where it is planted, the truth it breaks, the way.
const WAYS: &[(Planted, Scene, &str, &str)] = &[
    (
        CheckThenInsert,
        RACE,
        "seats given and kept are never more than there are",
        "A taps · A is at the gate · A looks · A commits · B taps · B is at the gate \
         · B looks · C taps · C is at the gate · C looks · B commits · C commits",
    ),
    (
        GateGrants,
        RACE,
        "seats given and kept are never more than there are",
        "A taps · A is at the gate · A looks · A commits · A settled, told · B taps \
         · B is at the gate · B looks · C taps · C finds no gate · C looks · C commits \
         · B commits",
    ),
    (ResizeBlind, QUEUE, "seats given and kept are never more than there are", "1 seats"),
    (CounterFirst, BATCH, "counters equal counts", "A taps · A retries · A and A′ commit as one"),
    (
        RowStays,
        RACE,
        "counters equal counts",
        "A taps · A is at the gate · A looks · A commits · B taps · B is at the gate \
         · B looks · C taps · C is at the gate · C looks · B commits · C commits",
    ),
    (ExpiryKeepsSeat, QUEUE, "counters equal counts", "A waits · B leaves · settled · A declines"),
    (
        NoIndex,
        ABSENT,
        "nobody has two seats",
        "A taps · A taps again · A looks · A′ looks · A commits · A′ commits",
    ),
    (
        AnsweredEarly,
        ABSENT,
        "a claim that was acknowledged is there",
        "A taps · A looks · A is told before the commit · A dies",
    ),
    (
        AnswerApart,
        ABSENT,
        "one key makes one claim",
        "A taps · A retries · A looks · A commits · A leaves · A′ looks · A′ commits",
    ),
    (
        AnswerApart,
        ABSENT,
        "one key has one answer",
        "A taps · A retries · A looks · A commits · A settled, told · A leaves · A′ looks \
         · A′ commits · A′ settled, told",
    ),
    (
        AnswerApart,
        ABSENT,
        "who has won with a key is never refused with it",
        "A taps · A retries · A looks · A commits · A′ looks",
    ),
    (
        RetriesGated,
        RACE,
        "who has won with a key is never refused with it",
        "A taps · A retries · A is at the gate · A looks · A commits · B taps \
         · B is at the gate · B looks · B commits · B settled, told · A′ is at the gate",
    ),
    (
        ProxyRepeats,
        RACE,
        "who has won with a key is never refused with it",
        "A taps · A retries · A is at the gate · A looks · A commits · B taps \
         · B is at the gate · B looks · B commits · B settled, told · A′ is at the gate",
    ),
    (
        FlagForAll,
        FLAGS,
        "who has won with a key is never refused with it",
        "A taps · A retries · A is at the gate · A commits · B taps · B is at the gate \
         · B commits · B settled, told · A′ is at the gate",
    ),
    (
        FlagForAllButHolders,
        FLAGS,
        "who has won with a key is never refused with it",
        "A taps · A retries · A is at the gate · A commits · A leaves · B taps \
         · B is at the gate · B commits · C taps · C is at the gate · C commits \
         · C settled, told · A′ is at the gate",
    ),
    (
        TicketsAreSeats,
        RACE,
        "nobody is told full before it was",
        "A taps · B taps · C taps · swept · A is at the gate · B is at the gate \
         · C is at the gate",
    ),
    (
        InvitedGated,
        LEAVING,
        "nobody who was offered a seat is refused it",
        "A waits · B leaves · A taps · settled · A is at the gate",
    ),
    (
        OfferKeepsNothing,
        LEAVING,
        "nobody who was offered a seat is refused it",
        "A waits · B taps again · B is at the gate · B leaves · A taps · A is at the gate \
         · B commits · A commits",
    ),
    (
        ReleaseKeepsVersion,
        RACE,
        "a sweep makes the gate say what is so",
        "A taps · A is at the gate · A looks · A commits · A settled, told · A leaves",
    ),
    (
        SettleUnguarded,
        CALM,
        "with everybody answered and nothing broken the gate says what is so",
        "A taps · A is at the gate · A looks · A commits · A leaves · settled \
         · A settled, told",
    ),
    (ReleaseOffersNobody, QUEUE, "a seat is never free while somebody waits", "A waits · B leaves"),
    (
        KeptOverlooked,
        QUEUE,
        "nobody has a seat and another kept",
        "A taps · A waits · B leaves · settled · C leaves · A looks · A commits",
    ),
    (
        GateForEver,
        LEAVING,
        "once what lies runs out a free seat is found and a full task says so",
        "swept · B leaves",
    ),
    (
        FlagForEver,
        FLAGS,
        "once what lies runs out a free seat is found and a full task says so",
        "A taps · A is at the gate · A commits · B taps · B is at the gate · B commits \
         · A leaves · B settled, told",
    ),
];

#[test]
fn every_planted_fault_breaks_a_truth_by_its_shortest_way() {
    if !here() {
        return;
    }
    for &(planted, scene, truth, expected) in WAYS {
        let model = Model { scene, planted, only: Some(truth) };
        let path = model.checker().spawn_bfs().join().discovery(truth);
        let steps = path.map(|path| path.into_actions()).unwrap_or_default();
        let way: Vec<_> = steps.iter().map(ToString::to_string).collect();
        println!("{planted:?} · {truth} · {} steps\n    {}", way.len(), way.join(" · "));
        assert_eq!(way.join(" · "), expected, "{planted:?}: {truth}");
    }
}
