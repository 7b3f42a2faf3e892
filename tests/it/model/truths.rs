//! What holds in every state of every scene.

use super::{
    Model,
    planted::Planted,
    redis::Verdict,
    state::{Key, MEMBERS, Member, Offer, Request, Stage, State},
    step::tear_tickets,
};

/// A sentence, and whether it is so.
pub(super) type Truth = (&'static str, fn(&Model, &State) -> bool);

pub(super) const TRUTHS: [Truth; 14] = [
    ("seats given and kept are never more than there are", |_, state| {
        let kept = state.members.iter().filter(|member| member.offer != Offer::None);
        let given: u8 = state.members.iter().map(|member| member.seats).sum();
        let task = state.task;
        task.used + task.held <= task.slots && given + kept.count() as u8 <= task.slots
    }),
    ("counters equal counts", |_, state| {
        let kept = state.members.iter().filter(|member| member.offer != Offer::None);
        let given: u8 = state.members.iter().map(|member| member.seats).sum();
        (state.task.used, state.task.held) == (given, kept.count() as u8)
    }),
    ("nobody has two seats", |_, state| state.members.iter().all(|member| member.seats <= 1)),
    ("a claim that was acknowledged is there", |_, state| {
        state.members.iter().all(|member| {
            let told = member.keys.iter().fold(0, |all, key| all | key.told);
            told >> member.claims == 0 || !member.requests.iter().all(Option::is_none)
        })
    }),
    ("one key makes one claim", |_, state| keys(state).all(|key| key.made <= 1)),
    ("one key has one answer", |_, state| keys(state).all(|key| key.told.count_ones() <= 1)),
    ("who has won with a key is never refused with it", |_, state| !state.seen.refused_a_winner),
    ("nobody is told full before it was", |_, state| !state.seen.refused_too_soon),
    ("nobody who was offered a seat is refused it", |_, state| !state.seen.refused_an_invited),
    ("a sweep makes the gate say what is so", |model, state| {
        let (mut swept, word) = (*state, state.word(false));
        model.settle(&mut swept, word);
        swept.gate.is_none_or(|gate| gate == word)
    }),
    ("with everybody answered and nothing broken the gate says what is so", |model, state| {
        let nobody = state.members.iter().all(|member| member.requests == [None; 2]);
        let settled = nobody && state.word.is_none() && !model.scene.faults;
        !settled || state.gate.is_none_or(|gate| gate == state.word(false))
    }),
    ("a seat is never free while somebody waits", |_, state| {
        let waits = state.members.iter().any(|member| member.place > 0);
        !(state.task.open && state.task.free() && waits)
    }),
    ("nobody has a seat and another kept", |_, state| {
        state.members.iter().all(|member| member.seats == 0 || member.offer != Offer::Live)
    }),
    ("once what lies runs out a free seat is found and a full task says so", truthful_in_the_end),
];

fn keys(state: &State) -> impl Iterator<Item = &Key> {
    state.members.iter().flat_map(|member| &member.keys)
}

/// Nothing more breaks, all that runs out has run out, offers have ended; the sweeper has settled no gate. Then whoever
/// has no seat taps anew.
fn truthful_in_the_end(model: &Model, state: &State) -> bool {
    let mut end = *state;
    for member in &mut end.members {
        member.requests = [None; 2];
    }
    tear_tickets(&mut end);
    if model.planted != Planted::GateForEver {
        end.gate = None;
    }
    if model.planted != Planted::FlagForEver {
        end.flags = [None; 2];
    }
    while let Some(who) = (0..MEMBERS).find(|&who| end.members[who].offer != Offer::None) {
        model.end_offer(&mut end, who);
    }
    (0..MEMBERS).filter(|&who| end.members[who].seats == 0).all(|who| {
        (0..2).all(|at| {
            let mut asked = end;
            let request = Request {
                tap: 1,
                first: true,
                invited: false,
                awaited: true,
                at,
                stage: Stage::Sent,
            };
            asked.members[who] = Member { requests: [Some(request), None], ..Member::default() };
            let verdict = model.verdict(&asked, (who, 0), true);
            let before = matches!(verdict, Verdict::On(_));
            model.batch(&mut asked, &[(who, 0)]);
            let granted = before && asked.members[who].seats > 0;
            granted == (end.task.open && end.task.free())
        })
    })
}
