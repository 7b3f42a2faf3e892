//! Checking in by place, and by hand.

use serde_json::json;

use super::{Saturday, check_in, check_out};
use crate::helpers::Expect;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_place_checks_in_only_where_the_org_says_so_and_only_who_is_near() {
    let saturday = Saturday::planned(5).await.at(8, 40).await;
    let Saturday { li, li_claim, .. } = &saturday;
    let path = check_in(li_claim);
    let here = json!({"lat": 27.7013, "lng": 106.9389});
    li.post(&path, here.clone()).await.refused(403, "check_in.by_place_off");
    saturday.settings(json!({"check_in_by_place": true})).await;
    let far = json!({"lat": 27.7050, "lng": 106.9387});
    assert_eq!(li.post(&path, far).await.refused(422, "check_in.not_here")["radius_m"], 200);
    li.post(&path, json!({"lat": 27.7})).await.refused_field("lng", "required");
    li.post(&path, json!({})).await.refused_field("code", "required");
    let both = json!({"code": saturday.code, "lat": 27.7013, "lng": 106.9389});
    li.post(&path, both).await.refused_field("lat", "value");
    let claim = li.post(&path, here).await.ok();
    assert_eq!((&claim["state"], &claim["came_by"]), (&json!("checked_in"), &json!("place")));
    assert!(!claim.to_string().contains("27.7013"), "where somebody was is forgotten");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lead_checks_others_in_and_out_and_never_themselves() {
    let mut saturday = Saturday::planned(5).await;
    let lead_claim = saturday.lead.claims(&saturday.task).await.ok();
    let lead_claim = lead_claim["id"].as_str().unwrap().to_owned();
    saturday.go_to(8, 20).await;
    let (li_claim, zhao_claim) = (saturday.li_claim.clone(), saturday.zhao_claim.clone());
    let early = saturday.lead.post(&check_in(&li_claim), json!({})).await;
    early.refused(409, "check_in.not_now");

    saturday.go_to(9, 0).await;
    let Saturday { lead, li, zhao, office, task, .. } = &saturday;
    let coded = lead.post(&check_in(&li_claim), json!({"code": saturday.code})).await;
    coded.refused_field("body", "value");
    zhao.post(&check_in(&li_claim), json!({})).await.refused(404, "not_found");
    let claim = lead.post(&check_in(&li_claim), json!({})).await.ok();
    assert_eq!((&claim["state"], &claim["came_by"]), (&json!("checked_in"), &json!("staff")));
    lead.post(&check_in(&lead_claim), json!({})).await.refused_field("code", "required");

    let roster = format!("/tasks/{task}/roster");
    let with_own = json!({"claim_ids": [zhao_claim, lead_claim]});
    let refused = lead.post(&format!("{roster}/check-in"), with_own).await;
    refused.refused_field("claim_ids", "value");
    assert_eq!(saturday.line(&zhao_claim).await["state"], "active", "all of them or none");
    let all = json!({"claim_ids": [li_claim, zhao_claim, zhao_claim]});
    let seen = office.post(&format!("{roster}/check-in"), all.clone()).await.ok();
    let inside = seen["items"].as_array().unwrap().iter().filter(|l| l["state"] == "checked_in");
    assert_eq!(inside.count(), 2);
    li.post(&format!("{roster}/check-out"), all.clone()).await.refused(404, "not_found");
    office.post(&format!("{roster}/check-out"), all.clone()).await.ok();
    office.post(&format!("{roster}/check-out"), all.clone()).await.ok();
    let back = office.post(&format!("{roster}/check-in"), all).await;
    assert_eq!(back.refused(409, "state.conflict")["state"], "checked_out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_was_marked_missing_too_soon_is_taken_back() {
    let mut saturday = Saturday::planned(5).await.at(9, 29).await;
    let claim = saturday.li_claim.clone();
    let mark = format!("/claims/{claim}/no-show");
    let early = saturday.office.does(&mark).await.refused(409, "no_show.too_early");
    assert!(early["from"].as_str().unwrap().contains("T09:30:00"));
    saturday.li.does(&mark).await.refused(403, "auth.forbidden");
    saturday.go_to(9, 30).await;
    assert_eq!(saturday.office.does(&mark).await.ok()["state"], "no_show");
    saturday.office.does(&mark).await.ok();
    assert_eq!(saturday.line(&claim).await["absence"], "unexplained");
    let code = json!({"code": saturday.code});
    let refused = saturday.li.post(&check_in(&claim), code).await;
    assert_eq!(refused.refused(409, "state.conflict")["state"], "no_show");
    saturday.lead.post(&check_in(&claim), json!({})).await.ok();
    let line = saturday.line(&claim).await;
    assert_eq!((&line["state"], &line["absence"]), (&json!("checked_in"), &json!(null)));
    saturday.go_to(10, 0).await;
    saturday.lead.does(&check_out(&claim)).await.ok();
    saturday.office.does(&mark).await.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_that_got_about_is_renewed_and_the_old_one_is_worth_nothing() {
    let saturday = Saturday::planned(5).await.at(9, 0).await;
    let Saturday { li, lead, office, task, li_claim, code, .. } = &saturday;
    let renew = format!("/tasks/{task}/poster/renew");
    lead.does(&renew).await.refused(403, "auth.forbidden");
    let new = office.does(&renew).await.ok()["check_in_code"].clone();
    assert_ne!(new, json!(code));
    let old = li.post(&check_in(li_claim), json!({"code": code})).await;
    old.refused(422, "check_in.wrong_code");
    li.post(&check_in(li_claim), json!({"code": new})).await.ok();
}
