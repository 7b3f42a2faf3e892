//! The day itself: once a year, on the right day, at the branch's hour.

use serde_json::json;

use super::Branch;
use crate::helpers::{Expect, WENHUA, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_member_is_greeted_on_the_day_at_eight_and_once() {
    let branch = Branch::new().await;
    branch.member("李建国", "2001-12-01").await;
    branch.at("2026-11-30", 23).await;
    branch.at("2026-12-01", 7).await;
    assert!(branch.greeted("李建国").await.is_empty(), "not before the day, nor before eight");
    branch.at("2026-12-01", 8).await;
    let told = branch.greeted("李建国").await;
    assert!(
        told[0].starts_with("12月1日是您的政治生日，25 周年，是个值得好好纪念的日子。"),
        "{told:?}"
    );
    branch.rings().await;
    branch.at("2026-12-01", 9).await;
    branch.at("2026-12-02", 8).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1, "however often it is rung");
    branch.at("2027-12-01", 8).await;
    let told = branch.greeted("李建国").await;
    assert!(told.len() == 2 && told[0].contains("26 周年。"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_missed_in_the_morning_is_made_up_for_until_the_evening() {
    let branch = Branch::new().await;
    branch.member("李建国", "2001-12-01").await;
    branch.at("2026-12-01", 19).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1);
    branch.member("赵敏", "2001-12-03").await;
    branch.at("2026-12-04", 7).await;
    assert!(branch.greeted("赵敏").await.is_empty(), "a greeting of yesterday comes too late");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joined_on_29_february_is_greeted_on_28_february_in_common_years() {
    let branch = Branch::new().await;
    branch.member("李建国", "2004-02-29").await;
    branch.at("2027-02-28", 8).await;
    assert!(branch.greeted("李建国").await[0].contains("2月28日是您的政治生日，23 周年"));
    branch.at("2028-02-28", 8).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1, "a leap year has the day itself");
    branch.at("2028-02-29", 8).await;
    assert!(branch.greeted("李建国").await[0].contains("2月29日是您的政治生日，24 周年"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_year_of_joining_is_no_anniversary() {
    let branch = Branch::new().await;
    branch.member("李建国", "2026-12-01").await;
    branch.at("2026-12-01", 8).await;
    assert!(branch.greeted("李建国").await.is_empty());
    branch.at("2027-12-01", 8).await;
    assert!(branch.greeted("李建国").await[0].contains("1 周年"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_the_two_dates_the_org_chooses_which_counts() {
    let branch = Branch::new().await;
    let li = branch.app.member("李建国").await;
    let record = json!({"joined_on": "2001-12-01", "full_on": "2002-12-05", "consented": true});
    branch.keeps(&li, record).await;
    branch.member("赵敏", "2001-12-01").await;
    branch.set(json!({"birthday_by_full_date": true})).await;
    branch.at("2026-12-01", 8).await;
    assert!(branch.greeted("李建国").await.is_empty());
    assert!(branch.greeted("赵敏").await.is_empty(), "who has no 转正 date has no day there");
    branch.at("2026-12-05", 8).await;
    assert!(branch.greeted("李建国").await[0].contains("12月5日是您的政治生日，24 周年"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_org_may_choose_another_hour() {
    let branch = Branch::new().await;
    branch.member("李建国", "2001-12-01").await;
    branch.set(json!({"birthday_hour": 18})).await;
    branch.at("2026-12-01", 17).await;
    assert!(branch.greeted("李建国").await.is_empty());
    branch.at("2026-12-01", 18).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_corrected_date_gives_no_second_greeting_in_the_same_year() {
    let branch = Branch::new().await;
    let li = branch.member("李建国", "2001-12-01").await;
    branch.at("2026-12-01", 8).await;
    branch.keeps(&li, json!({"joined_on": "2001-12-10", "consented": true})).await;
    branch.at("2026-12-10", 8).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1, "the wrong day was greeted already");
    branch.at("2027-12-01", 8).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1, "the old date is forgotten");
    branch.at("2027-12-10", 8).await;
    assert_eq!(branch.greeted("李建国").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_moved_between_branches_is_greeted_once_and_on_the_way_by_the_old_one() {
    let branch = Branch::new().await;
    for name in ["李建国", "赵敏"] {
        branch.member(name, "2001-12-01").await;
    }
    let operator = branch.app.staff("operator").await;
    let second = json!({"parent_id": branch.app.org_id(WENHUA).await, "kind": "branch", "name": "第二党支部"});
    let second = id(&operator.post("/orgs", second).await.ok());
    branch.at("2026-12-01", 8).await;
    let mover = branch.secretary().await;
    let to = json!({"org_id": second, "reason": "搬家了"});
    let place = branch.place("李建国").await;
    mover.post(&format!("/memberships/{place}/move"), to).await.ok();
    branch.at("2026-12-01", 12).await;
    assert_eq!(branch.greeted("李建国").await.len(), 1, "the new branch says nothing again");
    branch.at("2027-12-01", 8).await;
    assert_eq!(branch.greeted("李建国").await.len(), 2, "the new branch greets a year later");

    // Across to another district nobody confirms at once.
    let far = branch.app.branch_id(crate::helpers::OTHER_COMMUNITY).await;
    let (mover, place) = (branch.secretary().await, branch.place("赵敏").await);
    let to = json!({"org_id": far, "reason": "工作调动"});
    let moved = mover.post(&format!("/memberships/{place}/move"), to).await.ok();
    assert_eq!(moved["state"], "pending");
    branch.at("2028-12-01", 8).await;
    assert_eq!(branch.greeted("赵敏").await.len(), 3, "nobody falls between two branches");
}
