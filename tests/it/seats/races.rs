//! Waiting, offers, releases, resizing and sweeping at once: the counters equal the counts at every sample, and every
//! answer was true.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    helpers::{Expect, Person, Reply, TestApp, eventually, fresh_key, id},
    races::Barrier,
};

/// Asks until the house has time.
async fn patiently(ask: impl AsyncFn() -> Reply) -> Reply {
    loop {
        let reply = ask().await;
        if reply.status != 503 && reply.code() != "idempotency.in_progress" {
            return reply;
        }
    }
}

async fn crowd(app: &TestApp, n: usize) -> Vec<Person> {
    let names: Vec<_> = (1..=n).map(|i| format!("党员{i:03}")).collect();
    app.members(&names).await
}

/// What somebody does on a task in their `turn`; whatever it is, the answer is one of those that can be.
async fn moves(who: &Person, task: &str, turn: usize) {
    let page = patiently(async || who.get(&format!("/tasks/{task}")).await).await.ok();
    let reply = if let Some(claim) = page["claim_id"].as_str() {
        patiently(async || who.releases(claim).await).await
    } else if let Some(offer) = page["my_offer"]["id"].as_str() {
        let answer = if turn.is_multiple_of(3) { "decline" } else { "accept" };
        let path = format!("/offers/{offer}/{answer}");
        let key = fresh_key();
        patiently(async || who.post_keyed(&path, &key, &Value::Null).await).await
    } else if !page["my_place"].is_null() && turn.is_multiple_of(4) {
        patiently(async || who.delete(&format!("/tasks/{task}/waitlist")).await).await
    } else if turn.is_multiple_of(2) {
        who.claims_patiently(task).await
    } else {
        let path = format!("/tasks/{task}/waitlist");
        let body = json!({"at_once": turn.is_multiple_of(5)});
        patiently(async || who.post(&path, body.clone()).await).await
    };
    let fits = reply.is_success()
        || [
            "task_full",
            "already_claimed",
            "offer.over",
            "waitlist.not_full",
            "waitlist.waiting",
            "state.conflict",
            "task_closed",
        ]
        .contains(&reply.code());
    assert!(fits, "{}: {reply:?}", who.name);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_of_claims_waits_offers_and_releases_stays_exact() {
    let app = TestApp::spawn().await;
    let (office, people) = (app.office().await, crowd(&app, 24).await);
    let mut tasks = Vec::new();
    for hours in [(9, 10), (11, 12), (14, 15)] {
        tasks.push(app.open_task_at(&office, 3, hours).await);
    }
    let path = format!("/orgs/{}/settings", app.org_id(crate::helpers::WENHUA).await);
    office.put(&path, json!({"daily_claims_max": 20, "waitlist_offer_minutes": 5})).await.ok();
    let (over, samples) = (AtomicBool::new(false), AtomicUsize::new(0));
    let storm = join_all(people.iter().enumerate().map(async |(n, who)| {
        for turn in 0..9 {
            moves(who, &tasks[(n + turn) % 3], n * 5 + turn).await;
        }
    }));
    let office_works = async {
        for turn in 0..12 {
            let path = format!("/tasks/{}/resize", tasks[turn % 3]);
            let body = json!({"slots": 2 + (turn * 5) % 4});
            let reply = patiently(async || office.post(&path, body.clone()).await).await;
            assert!(reply.is_success() || reply.code() == "task.below_taken", "{reply:?}");
        }
        let reason = json!({"reason": "下雨"});
        let path = format!("/tasks/{}/cancel", tasks[2]);
        patiently(async || office.post(&path, reason.clone()).await).await.ok();
    };
    let background = async {
        while !over.load(Ordering::SeqCst) {
            app.exact().await;
            samples.fetch_add(1, Ordering::SeqCst);
            linli::claim::sweep(&app.state).await.unwrap();
            linli::relay::relay(&app.state).await.unwrap();
        }
    };
    let all = async {
        tokio::join!(storm, office_works);
        over.store(true, Ordering::SeqCst);
    };
    tokio::join!(all, background);
    assert!(samples.load(Ordering::SeqCst) > 3);
    app.settle().await;
    app.sweep().await;
    app.exact().await;
    assert_eq!(app.seats(&tasks[2]).await, (0, 0), "called off");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_kept_seat_between_its_answer_and_its_end_goes_one_way() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao, sun) =
        (app.member("李建国").await, app.member("赵敏").await, app.member("孙立").await);
    let (task, claim) = app.full(&office, &li).await;
    zhao.waits(&task).await;
    sun.waits(&task).await;
    li.releases(&claim).await;
    let offer = zhao.offer(&task).await;
    let barrier = Barrier::raise(&app, &task).await;
    let (yes, no) = (format!("/offers/{offer}/accept"), format!("/offers/{offer}/decline"));
    let accept = patiently(async || zhao.does(&yes).await);
    let decline = patiently(async || zhao.does(&no).await);
    let other = sun.claims_patiently(&task);
    let (accepted, declined, full, ()) =
        tokio::join!(accept, decline, other, barrier.drop_when(&app, 3));
    assert_eq!(accepted.is_success(), !declined.is_success(), "{accepted:?} {declined:?}");
    app.settle().await;
    let seats = app.seats(&task).await;
    if accepted.is_success() {
        assert_eq!((full.code(), seats), ("task_full", (1, 0)));
    } else {
        // Declined first: it was kept for the next, who may have tapped in time.
        assert_eq!(seats.0 + seats.1, 1, "{full:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_while_a_seat_comes_free_is_not_forgotten() {
    let app = TestApp::spawn().await;
    let office = app.office().await;
    let (li, zhao) = (app.member("李建国").await, app.member("赵敏").await);
    for hours in [(8, 9), (10, 11), (12, 13), (14, 15)] {
        let task = app.open_task_at(&office, 1, hours).await;
        let claim = id(&li.claims(&task).await.ok());
        let barrier = Barrier::raise(&app, &task).await;
        let path = format!("/tasks/{task}/waitlist");
        let (joined, left, ()) = tokio::join!(
            patiently(async || zhao.post(&path, json!({})).await),
            patiently(async || li.releases(&claim).await),
            barrier.drop_when(&app, 2)
        );
        assert_eq!(left.status, 204);
        match joined.status {
            201 => assert_eq!(app.seats(&task).await, (0, 1), "joined in time and was asked"),
            _ => {
                joined.refused(409, "waitlist.not_full");
                assert_eq!(app.seats(&task).await, (0, 0));
            }
        }
    }
    eventually("nothing is left to do", async || app.sweep().await == 0).await;
}
