//! Replies that never arrive: cut lines, repetitions at several replicas at once, and repetitions that come late.

use futures_util::future::join_all;
use linli::stage::fresh_key;
use uuid::Uuid;

use super::{
    Size,
    account::reckons_up,
    cutter::Cutter,
    phone::Phone,
    place::{Place, draw},
};
use crate::helpers::Stack;

/// Repetitions of one tap at once.
const AT_ONCE: usize = 4;

/// One claim per key and one answer, however often and wherever it is asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_replies_and_repetitions_everywhere_make_one_claim_per_key_with_one_answer() {
    let (size, on) = (Size::from_env(4), Stack::from_env());
    let (place, mut phones) = Place::open(size, on.database().await, &[]).await;
    let mut lines = Vec::new();
    for url in place.urls() {
        lines.push(Cutter::before(&url, &place.rng).await);
    }
    let rounds = size.taps.div_ceil(2 * size.phones);
    join_all(phones.iter_mut().map(async |phone| {
        for _ in 0..rounds {
            one_tap(&place, phone, &lines).await;
            phone.acts(&place).await;
        }
    }))
    .await;
    reckons_up(size, &place).await;
}

/// The same tap over broken lines at the same time, then over a whole one: nobody heard anything else.
async fn one_tap(place: &Place, phone: &mut Phone, lines: &[Cutter]) {
    let (task, _) = place.tasks[draw(&place.rng, place.tasks.len())];
    let key = fresh_key();
    place.account.tapped(phone.person());
    let tries = (0..AT_ONCE).map(|_| {
        let line = &lines[draw(&place.rng, lines.len())];
        phone.claims(&line.url, task, &key, false)
    });
    let replies = join_all(tries).await;
    replies.iter().filter(|reply| reply.is_none()).for_each(|_| place.account.unanswered());
    let heard: Vec<Uuid> = replies.into_iter().filter_map(granted).collect();
    let claim = phone.insists(place, task, &key).await;
    assert!(heard.iter().all(|one| Some(*one) == claim), "{heard:?}, then {claim:?}");
    if let Some(claim) = claim {
        phone.keeps(task, key, claim);
    }
}

/// The claim that somebody heard of; None where the line broke or it was refused.
fn granted(reply: Option<linli::stage::Reply>) -> Option<Uuid> {
    let reply = reply.filter(|reply| reply.status == 201)?;
    linli::stage::id(&reply.body).parse().ok()
}
