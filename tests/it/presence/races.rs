//! Everybody at once: whatever the order, the claims, the seats and the hours agree.

use futures_util::future::join_all;
use linli::claim::{close_forgotten, confirm_due};
use serde_json::json;

use super::{Saturday, check_in, check_out};
use crate::helpers::{Expect, dump::texts};

/// `used` of each task is the number of its claims that hold a seat, and hours stand only where they belong.
async fn assert_exact(saturday: &Saturday) {
    let db = saturday.app.state.db.read();
    let wrong = "SELECT title FROM task WHERE used <> (SELECT count(*) FROM claim WHERE task_id = task.id \
                 AND claim.state NOT IN ('released', 'cancelled'))";
    assert_eq!(texts(db, wrong).await, [""; 0], "seats and claims differ");
    let hours = "SELECT claim.state FROM hours_entry JOIN claim ON claim.id = claim_id \
                 WHERE claim.state <> 'confirmed'";
    assert_eq!(texts(db, hours).await, [""; 0], "hours without a confirmed claim");
    let missed = "SELECT claim.state FROM claim LEFT JOIN absence ON absence.claim_id = claim.id \
                  WHERE (claim.state = 'no_show') <> (absence.missed_at IS NOT NULL)";
    assert_eq!(texts(db, missed).await, [""; 0], "absences and no-shows differ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn coming_and_leaving_at_once_ends_in_one_of_the_two() {
    let mut saturday = Saturday::planned(5).await;
    saturday.go_to(8, 35).await;
    let (li, claim) = (&saturday.li, &saturday.li_claim);
    let (path, one) = (check_in(claim), format!("/claims/{claim}"));
    let code = json!({"code": saturday.code});
    let (came, gone) = tokio::join!(li.post(&path, code), li.delete(&one));
    assert!(came.is_success() != gone.is_success(), "{came:?} {gone:?}");
    assert_exact(&saturday).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checking_in_while_the_task_is_called_off_leaves_nobody_between() {
    let saturday = Saturday::planned(5).await.at(9, 0).await;
    let Saturday { app, office, lead, li, zhao, task, li_claim, zhao_claim, code, .. } = &saturday;
    let (a, b) = (check_in(li_claim), check_in(zhao_claim));
    let both = json!({"claim_ids": [li_claim, zhao_claim]});
    let (cancel, many) =
        (format!("/tasks/{task}/cancel"), format!("/tasks/{task}/roster/check-in"));
    let (off, ..) = tokio::join!(
        office.post(&cancel, json!({"reason": "下暴雨了"})),
        li.post(&a, json!({"code": code})),
        zhao.post(&b, json!({"code": code})),
        lead.post(&many, both),
    );
    off.ok();
    app.settle().await;
    for claim in [li_claim, zhao_claim] {
        let state = saturday.line(claim).await["state"].clone();
        assert!(state == "cancelled" || state == "confirmed", "{state}");
    }
    assert_exact(&saturday).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_of_the_office_confirm_while_the_rounds_run_and_each_claim_is_settled_once() {
    let mut saturday = Saturday::planned(5).await.at(9, 0).await;
    saturday.checks_in(&saturday.li, &saturday.li_claim).await;
    saturday.go_to(11, 0).await;
    saturday.li.does(&check_out(&saturday.li_claim)).await.ok();
    let path = format!("/tasks/{}", saturday.task);
    saturday.lead.post(&format!("{path}/report"), json!({"words": "巡查完成"})).await.ok();
    saturday.go_days_on(8).await;
    let second = saturday.app.staff("wenhua2").await;
    let (state, confirm) = (&saturday.app.state, format!("{path}/confirm"));
    let mark = format!("/claims/{}/no-show", saturday.zhao_claim);
    let (a, b, c, d, e) = tokio::join!(
        saturday.office.does(&confirm),
        second.does(&confirm),
        confirm_due(state),
        close_forgotten(state),
        second.does(&mark),
    );
    let by_people = [&a, &b].into_iter().filter(|reply| reply.is_success()).count();
    assert_eq!(by_people + c.unwrap(), 1, "{a:?} {b:?}");
    d.unwrap();
    assert!(e.status == 200, "marked by one or the other: {e:?}");
    assert_exact(&saturday).await;
    let facts =
        "SELECT kind FROM event WHERE kind IN ('claim.confirmed', 'claim.missed') ORDER BY kind";
    let facts = texts(saturday.app.state.db.read(), facts).await;
    assert_eq!(facts, ["claim.confirmed", "claim.missed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_free_seat_and_many_who_just_came() {
    let mut saturday = Saturday::planned(3).await;
    let names: Vec<_> = (0..8).map(|n| format!("邻居{n}")).collect();
    let people = saturday.app.members(&names).await;
    saturday.go_to(9, 10).await;
    let path = format!("/tasks/{}/walk-ins", saturday.task);
    let by = |n: usize| if n.is_multiple_of(2) { &saturday.lead } else { &saturday.office };
    let taps =
        people.iter().enumerate().map(|(n, who)| by(n).post(&path, json!({"user_id": who.id})));
    let replies = join_all(taps).await;
    assert_eq!(replies.iter().filter(|reply| reply.is_success()).count(), 1, "{replies:?}");
    assert_exact(&saturday).await;
}
