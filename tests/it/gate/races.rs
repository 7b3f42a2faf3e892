//! Many first tries at once: few more get in than there are seats, and nobody is told a thing that is not so.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;

use super::Gates;
use crate::{
    helpers::{Expect, Reply, TestApp, eventually, fresh_key},
    races::Barrier,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn few_more_than_there_are_seats_get_in_and_the_others_are_asked_to_come_again() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names: Vec<_> = (1..=60).map(|i| format!("党员{i:03}")).collect();
    let people = app.members(&names).await;
    let task = app.open_task(&office, 4).await;
    app.settle().await;
    let Some(mut gates) = Gates::of(&app).await else { return };
    assert_eq!(gates.field(&task, "slots").await, Some(4), "an open task has its gate");
    let barrier = Barrier::raise(&app, &task).await;
    let sent_away = AtomicUsize::new(0);
    let taps = join_all(people.iter().map(async |who| {
        let key = fresh_key();
        let reply = who.taps(&task, &key).await;
        if reply.code() == "try_again" {
            sent_away.fetch_add(1, Ordering::SeqCst);
        }
        (key, reply)
    }));
    // Those who got in wait until somebody else was sent away: otherwise the seats may be gone before the crowd is there.
    let opens = async {
        let crowded = async || sent_away.load(Ordering::SeqCst) > 0;
        eventually("somebody is asked to come again", crowded).await;
        barrier.drop_when(&app, 4).await;
    };
    let (replies, ()) = tokio::join!(taps, opens);
    let busy = |(_, reply): &&(String, Reply)| reply.code() == "try_again";
    let waits = replies.iter().find(busy).map(|(_, reply)| &reply.headers["retry-after"]);
    assert!(
        waits.is_some_and(|seconds| seconds == "1"),
        "whoever is asked to come again hears when"
    );
    // Who comes again, with the same key and as a first try, hears the truth. On a slow machine some of those inside
    // waited too long for the lock; they come again like the others.
    let (mut won, mut full) = (0, 0);
    for (who, (key, reply)) in people.iter().zip(replies) {
        let reply = if reply.status == 503 { who.taps(&task, &key).await } else { reply };
        match (reply.status, reply.code()) {
            (201, _) => won += 1,
            (409, "task_full") => full += 1,
            _ => panic!("{reply:?}"),
        }
    }
    assert_eq!((won, full), (4, 56));
    assert_eq!(gates.tickets(&task).await, 0, "every ticket was given back");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_people_who_tap_as_their_app_does_fill_twenty_seats_and_hear_the_truth() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let names: Vec<_> = (1..=200).map(|i| format!("党员{i:03}")).collect();
    let people = app.members(&names).await;
    let task = app.open_task(&office, 20).await;
    app.settle().await;
    let taps = join_all(people.iter().map(|who| who.tap_patiently(&task)));
    let replies: Vec<_> = taps.await.into_iter().map(|reply| reply.expect("an answer")).collect();
    let won = replies.iter().filter(|reply| reply.status == 201).count();
    let full = replies.iter().filter(|reply| reply.code() == "task_full").count();
    assert_eq!((won, full), (20, 180), "{replies:?}");
    for (who, reply) in people.iter().zip(&replies) {
        let mine = who.get("/me/claims").await.ok();
        let held = mine["items"].as_array().unwrap().len();
        assert_eq!(held, usize::from(reply.status == 201), "{}", who.name);
    }
}
