//! Where there is no signal: the phone keeps code, time and voucher, and sends them later.

use linli::claim::confirm_due;
use serde_json::{Value, json};

use super::{Saturday, check_in, check_out};
use crate::helpers::{Expect, Person};

async fn voucher(who: &Person, task: &str) -> Value {
    who.get(&format!("/tasks/{task}")).await.ok()["offline"]["proof"].clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_in_kept_by_the_phone_is_taken_later_and_marked() {
    let mut saturday = Saturday::planned(5).await;
    assert_eq!(voucher(&saturday.li, &saturday.task).await, Value::Null, "not a week ahead");
    saturday.go_to(7, 0).await;
    let proof = voucher(&saturday.li, &saturday.task).await;
    assert_eq!(voucher(&saturday.li, &saturday.task).await, proof, "a page stays the same");
    assert_eq!(voucher(&saturday.office, &saturday.task).await, Value::Null);
    let taken_at = saturday.app.saturday(9);
    let kept = json!({"code": saturday.code, "taken_at": taken_at, "proof": proof});
    let ahead = saturday.li.post(&check_in(&saturday.li_claim), kept.clone()).await;
    ahead.refused(409, "check_in.not_now");

    saturday.go_to(15, 0).await;
    let (li, claim) = (&saturday.li, &saturday.li_claim);
    let taken = li.post(&check_in(claim), kept.clone()).await.ok();
    assert_eq!((&taken["checked_in_at"], &taken["late_sent"]), (&json!(taken_at), &json!(true)));
    assert_eq!(saturday.line(claim).await["late_sent"], true);
    let words = json!({"words": "巡查完成"});
    saturday.lead.post(&format!("/tasks/{}/report", saturday.task), words).await.ok();
    let again = li.post(&check_in(claim), kept).await.ok();
    assert_eq!((&again["state"], &again["flagged"]), (&json!("checked_out"), &json!(true)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_have_been_is_not_taken() {
    let mut saturday = Saturday::planned(5).await.at(9, 10).await;
    let late = voucher(&saturday.li, &saturday.task).await;
    let others = voucher(&saturday.zhao, &saturday.task).await;
    let (at_nine, at_ten) = (saturday.app.saturday(9), saturday.app.saturday(10));
    let before = json!(at_nine.minus(std::time::Duration::from_secs(60)));
    saturday.go_to(12, 0).await;
    let (li, path, code) = (&saturday.li, check_in(&saturday.li_claim), &saturday.code);
    let with = |taken_at: Value, proof: &Value| json!({"code": code, "taken_at": taken_at, "proof": proof});
    // The voucher of nine o'clock vouches for nothing before it.
    li.post(&path, with(before, &late)).await.refused_field("proof", "value");
    li.post(&path, with(json!(at_ten), &others)).await.refused_field("proof", "value");
    let mended = json!(late.as_str().unwrap().replacen('1', "2", 1));
    li.post(&path, with(json!(at_ten), &mended)).await.refused_field("proof", "value");
    li.post(&path, with(json!(at_ten), &json!("x"))).await.refused_field("proof", "value");
    let after = json!(saturday.app.saturday(12));
    li.post(&path, with(after, &late)).await.refused(409, "check_in.not_now");
    let wrong = json!({"code": "WRONG", "taken_at": at_ten, "proof": late});
    li.post(&path, wrong).await.refused(422, "check_in.wrong_code");
    let half = json!({"code": code, "taken_at": at_ten});
    li.post(&path, half).await.refused_field("proof", "required");

    // A day after the end is still in time; an hour later is not.
    saturday
        .app
        .clock
        .set(saturday.app.saturday(11).plus(std::time::Duration::from_secs(24 * 3600)));
    saturday.again().await;
    let kept = |proof: &Value| json!({"code": saturday.code, "taken_at": at_ten, "proof": proof});
    saturday.li.post(&check_in(&saturday.li_claim), kept(&late)).await.ok();
    let too_late = kept(&others);
    saturday.go_days_on(1).await;
    let refused = saturday.zhao.post(&check_in(&saturday.zhao_claim), too_late).await;
    refused.refused(409, "check_in.late_closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_sent_later_counts_once_somebody_has_looked() {
    let mut saturday = Saturday::planned(5).await;
    saturday.go_to(8, 45).await;
    let proof = voucher(&saturday.li, &saturday.task).await;
    saturday.go_to(10, 0).await;
    let kept = json!({"code": saturday.code, "taken_at": saturday.app.saturday(9), "proof": proof});
    saturday.li.post(&check_in(&saturday.li_claim), kept).await.ok();
    saturday.checks_in(&saturday.zhao, &saturday.zhao_claim).await;
    saturday.go_to(11, 0).await;
    for (who, claim) in [(&saturday.li, &saturday.li_claim), (&saturday.zhao, &saturday.zhao_claim)]
    {
        who.does(&check_out(claim)).await.ok();
    }
    let li = saturday.line(&saturday.li_claim).await;
    assert_eq!((&li["late_sent"], &li["flagged"]), (&json!(true), &json!(false)));
    let path = format!("/tasks/{}", saturday.task);
    saturday.lead.post(&format!("{path}/report"), json!({"words": "巡查完成"})).await.ok();
    saturday.go_days_on(8).await;
    assert_eq!(confirm_due(&saturday.app.state).await.unwrap(), 1, "nobody confirmed");

    let minutes = async |who: &Person| who.get("/me/hours").await.ok()["total_minutes"].clone();
    assert_eq!(minutes(&saturday.zhao).await, 60);
    assert_eq!(minutes(&saturday.li).await, 0, "the house does not stand for a phone's word");
    assert_eq!(saturday.line(&saturday.li_claim).await["state"], "checked_out");
    saturday.office.does(&format!("{path}/confirm")).await.ok();
    assert_eq!(minutes(&saturday.li).await, 120);
}
