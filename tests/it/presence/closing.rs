//! What ends by itself, and what a person must look at first.

use linli::{
    claim::{close_forgotten, confirm_due},
    content::photo,
};
use serde_json::{Value, json};

use super::{Saturday, check_out};
use crate::helpers::{Expect, WENHUA, id, photo as pixels};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_check_out_is_closed_once_the_grace_is_over() {
    let mut saturday = Saturday::planned(5).await.at(9, 0).await;
    saturday.checks_in(&saturday.li, &saturday.li_claim).await;
    saturday.checks_in(&saturday.zhao, &saturday.zhao_claim).await;
    saturday.go_to(12, 59).await;
    assert_eq!(close_forgotten(&saturday.app.state).await.unwrap(), 0, "two hours are theirs");
    saturday.zhao.does(&check_out(&saturday.zhao_claim)).await.ok();
    saturday.go_to(13, 0).await;
    let state = &saturday.app.state;
    let (a, b) = tokio::join!(close_forgotten(state), close_forgotten(state));
    assert_eq!(a.unwrap() + b.unwrap(), 1, "two replicas, one closing");
    assert_eq!(close_forgotten(state).await.unwrap(), 0);
    let li = saturday.claim(&saturday.li, &saturday.li_claim).await;
    let out = &li["checked_out_at"];
    assert_eq!((&li["flagged"], out), (&json!(true), &json!(saturday.app.saturday(11))));
    let zhao = saturday.claim(&saturday.zhao, &saturday.zhao_claim).await;
    assert_eq!(zhao["flagged"], false);
    let late = saturday.li.does(&check_out(&saturday.li_claim)).await.ok();
    assert_eq!(&late["checked_out_at"], out, "closed is closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_confirms_confirms_itself_but_for_what_wants_a_look() {
    let mut saturday = Saturday::planned(5).await;
    let sun = saturday.app.member("孙立").await;
    let sun_claim = id(&sun.claims(&saturday.task).await.ok());
    saturday.go_to(9, 0).await;
    saturday.checks_in(&saturday.li, &saturday.li_claim).await;
    saturday.checks_in(&saturday.zhao, &saturday.zhao_claim).await;
    saturday.go_to(10, 30).await;
    saturday.li.does(&check_out(&saturday.li_claim)).await.ok();
    saturday.go_to(12, 0).await;
    let path = format!("/tasks/{}", saturday.task);
    saturday.lead.post(&format!("{path}/report"), json!({"words": "巡查完成"})).await.ok();
    let state = saturday.app.state.clone();
    saturday.app.clock.advance(std::time::Duration::from_secs(7 * 24 * 3600 - 1));
    assert_eq!(confirm_due(&state).await.unwrap(), 0, "six days and a bit");
    saturday.go_days_on(7).await;
    let (a, b) = tokio::join!(confirm_due(&state), confirm_due(&state));
    assert_eq!(a.unwrap() + b.unwrap(), 1);
    assert_eq!(confirm_due(&state).await.unwrap(), 0);

    assert_eq!(saturday.li.get(&path).await.ok()["state"], "confirmed");
    assert_eq!(saturday.li.get("/me/hours").await.ok()["total_minutes"], 90);
    assert_eq!(saturday.zhao.get("/me/hours").await.ok()["total_minutes"], 0, "nobody looked");
    assert_eq!(saturday.line(&sun_claim).await["state"], "no_show");
    let page = saturday.zhao.get(&path).await.ok();
    assert_eq!(page["place_name"], Value::Null, "the place is gone with the confirmation");

    saturday.lead.does(&format!("{path}/confirm")).await.refused(403, "auth.forbidden");
    saturday.office.does(&format!("{path}/confirm")).await.ok();
    assert_eq!(saturday.zhao.get("/me/hours").await.ok()["total_minutes"], 120);
    saturday.office.does(&format!("{path}/confirm")).await.refused(409, "state.conflict");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_says_of_each_whether_they_came() {
    let mut saturday = Saturday::planned(5).await;
    let sun = saturday.app.member("孙立").await;
    let sun_claim = id(&sun.claims(&saturday.task).await.ok());
    saturday.go_to(9, 0).await;
    saturday.checks_in(&saturday.li, &saturday.li_claim).await;
    saturday.checks_in(&saturday.zhao, &saturday.zhao_claim).await;
    saturday.go_to(12, 0).await;
    let path = format!("/tasks/{}", saturday.task);
    saturday.lead.post(&format!("{path}/report"), json!({"words": "巡查完成"})).await.ok();
    let foreign = json!({"claims": [{"id": saturday.app.org_id("52").await, "came": true}]});
    let confirm = format!("{path}/confirm");
    saturday.office.post(&confirm, foreign).await.refused_field("claims", "value");
    let each = json!({"claims": [
        {"id": saturday.li_claim, "came": false}, {"id": sun_claim, "came": true},
    ]});
    saturday.office.post(&confirm, each).await.ok();
    let state = async |claim: &str| saturday.line(claim).await;
    assert_eq!(state(&saturday.li_claim).await["state"], "no_show", "a friend had the code");
    let sun = state(&sun_claim).await;
    assert_eq!(
        (&sun["state"], &sun["minutes"]),
        (&json!("confirmed"), &json!(0)),
        "no made-up hours"
    );
    assert_eq!(state(&saturday.zhao_claim).await["minutes"], 120);
    assert_eq!(saturday.li.get("/me/hours").await.ok()["total_minutes"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_shows_the_photos_of_who_reports_and_wants_them_only_where_the_org_does() {
    let mut saturday = Saturday::planned(5).await.at(9, 0).await;
    saturday.checks_in(&saturday.li, &saturday.li_claim).await;
    saturday.go_to(12, 0).await;
    saturday.settings(json!({"photos_required": true})).await;
    let path = format!("/tasks/{}", saturday.task);
    let report = format!("{path}/report");
    let words = json!({"words": "巡查完成"});
    saturday.lead.post(&report, words).await.refused_field("photo_ids", "required");
    let lis = saturday.li.uploads(&pixels()).await;
    let foreign = json!({"words": "巡查完成", "photo_ids": [lis]});
    saturday.lead.post(&report, foreign).await.refused_field("photo_ids", "value");
    assert_eq!(saturday.li.get(&path).await.ok()["state"], "open", "nothing of it happened");
    let own = saturday.lead.uploads(&pixels()).await;
    let with = json!({"words": "巡查完成", "photo_ids": [own]});
    saturday.lead.post(&report, with).await.ok();
    let page = saturday.li.get(&path).await.ok();
    assert_eq!(page["report_photos"], json!([]), "nobody has looked at it yet");
    let page = saturday.lead.get(&path).await.ok();
    assert_eq!(page["report_photos"][0]["id"], json!(own), "but who took it sees it");
    photo::ask(&saturday.app.state).await.unwrap();
    let queue = format!("/orgs/{}/content", saturday.app.org_id(WENHUA).await);
    let waits = id(&saturday.office.get(&queue).await.ok()["items"][0]);
    saturday.office.does(&format!("/content/{waits}/pass")).await.ok();
    let page = saturday.li.get(&path).await.ok();
    assert_eq!(page["report_photos"][0]["id"], json!(own));
    let stranger = saturday.app.member("孙立").await;
    assert_eq!(stranger.get(&path).await.ok()["report_photos"], json!([]));
}
