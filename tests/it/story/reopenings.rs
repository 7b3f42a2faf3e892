//! Each way back: a story that did not end where it seemed to.

use linli::request::close_silent;
use serde_json::json;

use super::{Cast, DAY};
use crate::helpers::{Expect, id};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partly_and_not_done_bring_the_request_back_and_earned_hours_stay() {
    let mut cast = Cast::gather().await;
    let request = cast.asked().await;
    let path = format!("/requests/{request}/answer");
    for (day, verdict) in [(0, "partly"), (1, "not_done")] {
        let (task, _) = cast.served(&request, day).await;
        assert!(cast.told(&cast.wang).await.contains("办得怎么样？"));
        cast.wu.does(&format!("/tasks/{task}/confirm")).await.ok();
        let body = json!({"verdict": verdict, "words": "还差一半"});
        let answer = cast.wang.post(&path, body).await.ok();
        assert_eq!(answer["request"]["state"], "reopened", "{verdict}");
        assert_eq!(cast.told(&cast.chen).await, "「陪同去医院复查」回到了收件箱：还差一半");
        let again = cast.wang.post(&path, json!({"verdict": "done"})).await;
        assert_eq!(again.refused(409, "state.conflict")["state"], "reopened");
    }
    let hours = cast.li.get("/me/hours").await.ok();
    assert_eq!((&hours["total_minutes"], &hours["total_claims"]), (&json!(240), &json!(2)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_closes_as_unconfirmed_and_a_late_no_opens_it_again() {
    let mut cast = Cast::gather().await;
    let request = cast.asked().await;
    let (task, _) = cast.served(&request, 0).await;
    cast.wu.does(&format!("/tasks/{task}/confirm")).await.ok();
    cast.at(cast.app.saturday(11).plus(DAY * 7)).await;
    assert_eq!(close_silent(&cast.app.state).await.unwrap().closed, 1);
    assert!(cast.told(&cast.wang).await.contains("三十天内仍可评价"));
    assert!(cast.told(&cast.chen).await.contains("记为未确认"));
    let seen = cast.wang.get(&format!("/requests/{request}")).await.ok();
    assert_eq!((&seen["state"], &seen["unconfirmed"]), (&json!("closed"), &json!(true)));

    cast.at(cast.app.saturday(11).plus(DAY * 20)).await;
    let late = json!({"verdict": "not_done", "words": "复查的单子没拿到"});
    let answer = cast.wang.post(&format!("/requests/{request}/answer"), late).await.ok();
    assert_eq!(answer["request"]["state"], "reopened");
    assert!(cast.told(&cast.chen).await.ends_with("回到了收件箱：复查的单子没拿到"));
    assert_eq!(cast.li.get("/me/hours").await.ok()["total_minutes"], 120, "earned is earned");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_task_returns_its_request_to_the_inbox_and_it_is_dispatched_anew() {
    let cast = Cast::gather().await;
    let request = cast.asked().await;
    let task = cast.dispatched(&request).await;
    cast.zhao.claims(&task).await.ok();
    cast.chen.post(&format!("/tasks/{task}/cancel"), json!({"reason": "周六有暴雨"})).await.ok();
    assert!(cast.told(&cast.zhao).await.ends_with("取消了，您不用来了：周六有暴雨"));
    assert!(cast.told(&cast.wang).await.contains("社区正在重新安排"));
    let back = cast.wu.get("/requests?state=submitted,returned,reopened").await.ok();
    assert_eq!(
        (id(&back["items"][0]), &back["items"][0]["state"]),
        (request.clone(), &json!("returned"))
    );
    assert_eq!(back["items"][0]["reason"], "周六有暴雨");
    cast.dispatched(&request).await;
    cast.app.settle().await;
    assert_eq!(cast.became(&cast.wang, &request).await.0, "dispatched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn returned_by_the_office_its_task_is_called_off_and_another_takes_its_place() {
    let cast = Cast::gather().await;
    let request = cast.asked().await;
    let task = cast.dispatched(&request).await;
    let reason = json!({"reason": "人手不够，重新安排"});
    cast.chen.post(&format!("/requests/{request}/return"), reason).await.ok();
    assert!(cast.told(&cast.wang).await.ends_with("社区正在重新安排：人手不够，重新安排"));
    assert_eq!(cast.chen.get(&format!("/tasks/{task}")).await.ok()["state"], "cancelled");
    assert!(cast.told(&cast.li).await.contains("取消了"));
    let second = cast.dispatched(&request).await;
    assert_ne!(second, task);
    assert_eq!(cast.became(&cast.wang, &request).await.0, "dispatched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_published_story_comes_back_to_the_desk_when_somebody_shown_thinks_better_of_it() {
    let mut cast = Cast::gather().await;
    let request = cast.asked().await;
    let (task, _) = cast.served(&request, 0).await;
    cast.wu.does(&format!("/tasks/{task}/confirm")).await.ok();
    let answer = format!("/requests/{request}/answer");
    cast.wang.post(&answer, json!({"verdict": "done", "stars": 5})).await.ok();
    let draft =
        json!({"title": "周六陪诊", "words": "陪老人复查，来回平安。", "shown": [cast.wang.id]});
    let story = id(&cast.chen.post(&format!("/tasks/{task}/story"), draft).await.ok());
    let path = format!("/stories/{story}");
    cast.chen.does(&format!("{path}/submit")).await.ok();
    let says = async |answer: &str| {
        cast.wang.post(&format!("{path}/consent"), json!({"answer": answer})).await.ok()
    };
    says("yes").await;
    cast.secretary.does(&format!("{path}/approve")).await.ok();
    assert!(cast.told(&cast.wang).await.contains("的晒单发布了：「周六陪诊」"));
    assert_eq!(cast.app.get(&format!("/s/{story}")).await.status, 200);
    says("no").await;
    assert_eq!(cast.app.get(&format!("/s/{story}")).await.status, 404);
    for desk in [&cast.chen, &cast.secretary] {
        assert!(cast.told(desk).await.contains("有人撤回了出镜同意"));
    }
}
