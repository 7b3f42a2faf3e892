//! Each no on the way, as the one who hears it sees it: what it says, and what stays possible.

use linli::claim::sweep;
use serde_json::{Value, json};

use super::{Cast, DAY, HOUR};
use crate::helpers::{Expect, OTHER_COMMUNITY, id, photo};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn declined_with_words_the_resident_reads_and_only_once() {
    let cast = Cast::gather().await;
    let request = cast.asked().await;
    let path = format!("/requests/{request}/decline");
    cast.chen.post(&path, json!({"reason": "家属已能陪同"})).await.ok();
    assert_eq!(cast.became(&cast.wang, &request).await, ("declined".into(), json!("家属已能陪同")));
    assert_eq!(cast.told(&cast.wang).await, "「陪同去医院复查」没有受理：家属已能陪同");
    let again = cast.wu.post(&path, json!({"reason": "再来一次"})).await;
    assert_eq!(again.refused(409, "state.conflict")["state"], "declined");
    let late = cast.wang.does(&format!("/requests/{request}/withdraw")).await;
    assert_eq!(late.refused(409, "state.conflict")["state"], "declined");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn withdrawn_before_the_work_starts_calls_everything_off() {
    let cast = Cast::gather().await;
    let request = cast.asked().await;
    let task = cast.dispatched(&request).await;
    let claim = id(&cast.zhao.claims(&task).await.ok());
    cast.wang.does(&format!("/requests/{request}/withdraw")).await.ok();
    assert!(cast.told(&cast.zhao).await.contains("取消了，您不用来了"));
    assert!(cast.told(&cast.li).await.contains("取消了"), "the lead need not come either");
    assert_eq!(cast.told(&cast.chen).await, "「陪同去医院复查」已由居民撤回，不用再办。");
    let page = cast.chen.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!((&page["state"], &page["filled"]), (&json!("cancelled"), &json!(0)));
    assert_eq!(cast.zhao.get(&format!("/claims/{claim}")).await.ok()["state"], "cancelled");
    assert_eq!(cast.zhao.claims(&task).await.code(), "task_closed");
    assert_eq!(cast.became(&cast.wang, &request).await.0, "withdrawn");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_somebody_has_come_nobody_withdraws() {
    let mut cast = Cast::gather().await;
    let request = cast.asked().await;
    let task = cast.dispatched(&request).await;
    let claim = id(&cast.li.claims(&task).await.ok());
    cast.at(cast.app.saturday(9)).await;
    cast.checks_in(&cast.li, &task, &claim).await;
    let refused = cast.wang.does(&format!("/requests/{request}/withdraw")).await;
    assert_eq!(refused.refused(409, "state.conflict")["state"], "dispatched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn asked_back_it_waits_for_the_resident_and_is_not_dispatched() {
    let cast = Cast::gather().await;
    let request = cast.asked().await;
    let path = format!("/requests/{request}");
    cast.chen.post(&format!("{path}/ask"), json!({"question": "请问几点到医院？"})).await.ok();
    assert_eq!(
        cast.became(&cast.wang, &request).await,
        ("needs_info".into(), json!("请问几点到医院？"))
    );
    let early = cast.chen.post(&format!("{path}/dispatch"), cast.task(0, (9, 11), 2)).await;
    assert_eq!(early.refused(409, "state.conflict")["state"], "needs_info");
    cast.wang.put(&path, json!({"detail": "九点半到医院"})).await.ok();
    assert_eq!(cast.told(&cast.chen).await, "「陪同去医院复查」有了补充，请看一看。");
    assert_eq!(cast.became(&cast.wang, &request).await.0, "submitted");
    cast.dispatched(&request).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passed_to_another_community_it_is_theirs_alone() {
    let cast = Cast::gather().await;
    let request = cast.asked().await;
    let to =
        json!({"org_id": cast.app.org_id(OTHER_COMMUNITY).await, "reason": "这栋楼归茅草铺社区"});
    cast.chen.post(&format!("/requests/{request}/pass"), to).await.ok();
    assert!(cast.told(&cast.wang).await.ends_with("转给别的社区或街道办理：这栋楼归茅草铺社区"));
    let yang = cast.app.staff("maocaopu").await;
    assert_eq!(cast.told(&yang).await, "「陪同去医院复查」，请尽快处理。");
    let path = format!("/requests/{request}/decline");
    cast.chen.post(&path, json!({"reason": "不归我们"})).await.refused(404, "not_found");
    assert_eq!(cast.wang.get(&format!("/requests/{request}")).await.ok()["org_name"], "茅草铺社区");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn merged_it_is_done_with_the_neighbours_and_cannot_be_dispatched_by_itself() {
    let cast = Cast::gather().await;
    let kept = cast.asked().await;
    let merged = id(&cast.sun.post("/requests", cast.ask().await).await.ok());
    cast.chen.post(&format!("/requests/{merged}/merge"), json!({"into": kept})).await.ok();
    assert!(cast.told(&cast.sun).await.contains("合在一起办理"));
    assert!(cast.told(&cast.wang).await.contains("有邻居提出了同样的需求"));
    let alone =
        cast.chen.post(&format!("/requests/{merged}/dispatch"), cast.task(0, (9, 11), 2)).await;
    assert_eq!(alone.refused(409, "state.conflict")["state"], "merged");
    cast.dispatched(&kept).await;
    cast.app.settle().await;
    let seen = cast.sun.get(&format!("/requests/{merged}")).await.ok();
    assert_eq!(seen["merged_into"]["state"], "dispatched");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn seats_are_never_fewer_than_are_taken() {
    let cast = Cast::gather().await;
    let task = cast.planned(json!({})).await;
    for member in [&cast.li, &cast.zhao] {
        member.claims(&task).await.ok();
    }
    let refused = cast.chen.post(&format!("/tasks/{task}/resize"), json!({"slots": 1})).await;
    assert_eq!(refused.refused(409, "task.below_taken")["taken"], 2);
    assert_eq!(cast.zhao.get(&format!("/tasks/{task}")).await.ok()["claim_state"], "active");
}

/// The same words on the page before the tap and in the answer to it.
async fn no_seat(cast: &Cast, task: &str, code: &str) {
    let page = cast.zhao.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!((&page["can_claim"], &page["refusal"]["code"]), (&json!(false), &json!(code)));
    let said = cast.zhao.claims(task).await;
    assert_eq!(
        (said.code(), &said.body["detail"]),
        (code, &page["refusal"]["message"]),
        "{said:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_seat_where_it_is_full_or_another_thing_is_on_or_a_skill_is_missing_or_it_is_closed() {
    let cast = Cast::gather().await;
    let full = cast.planned(json!({"slots": 1})).await;
    cast.li.claims(&full).await.ok();
    no_seat(&cast, &full, "task_full").await;
    let first_aid = cast.planned(json!({"skills": ["急救"]})).await;
    no_seat(&cast, &first_aid, "needs_skill").await;
    let off = cast.planned(json!({})).await;
    cast.chen.post(&format!("/tasks/{off}/cancel"), json!({"reason": "下雨"})).await.ok();
    cast.app.settle().await;
    assert_eq!(cast.zhao.claims(&off).await.code(), "task_closed");
    let (one, other) = (cast.planned(json!({})).await, cast.planned(json!({})).await);
    cast.zhao.claims(&one).await.ok();
    no_seat(&cast, &other, "time_clash").await;
    no_seat(&cast, &one, "already_claimed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_nobody_answers_is_over_and_its_owner_is_told() {
    let cast = Cast::gather().await;
    let task = cast.planned(json!({"slots": 1})).await;
    let claim = id(&cast.li.claims(&task).await.ok());
    cast.zhao.post(&format!("/tasks/{task}/waitlist"), json!({})).await.ok();
    cast.li.releases(&claim).await;
    let offer = id(&cast.zhao.get(&format!("/tasks/{task}")).await.ok()["my_offer"]);
    cast.app.advance(HOUR / 2);
    sweep(&cast.app.state).await.unwrap();
    let zhao = cast.app.sign_in("赵敏").await;
    assert!(cast.told(&zhao).await.contains("留给您的名额已失效"));
    let late = zhao.does(&format!("/offers/{offer}/accept")).await;
    assert_eq!(late.refused(409, "offer.over")["state"], "expired");
    cast.app.sign_in("陈志强").await.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn checking_in_takes_the_right_time_and_the_code_at_the_door() {
    let mut cast = Cast::gather().await;
    let task = cast.planned(json!({})).await;
    let claim = id(&cast.zhao.claims(&task).await.ok());
    let path = format!("/claims/{claim}/check-in");
    let code = json!({"code": cast.code(&task).await});
    cast.at(cast.app.saturday(8)).await;
    cast.zhao.post(&path, code.clone()).await.refused(409, "check_in.not_now");
    cast.at(cast.app.saturday(9)).await;
    cast.zhao.post(&path, json!({"code": "WRONG"})).await.refused(422, "check_in.wrong_code");
    for _ in 0..2 {
        assert_eq!(cast.zhao.post(&path, code.clone()).await.ok()["state"], "checked_in");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_did_not_come_explains_and_a_second_person_decides_the_appeal() {
    let mut cast = Cast::gather().await;
    let task = cast.planned(json!({})).await;
    let claim = id(&cast.zhao.claims(&task).await.ok());
    cast.at(cast.app.saturday(10)).await;
    let path = format!("/claims/{claim}");
    cast.chen.does(&format!("{path}/no-show")).await.ok();
    assert!(cast.told(&cast.zhao).await.contains("没有您的签到"));
    cast.zhao.post(&format!("{path}/excuse"), json!({"reason": "孩子发烧去了医院"})).await.ok();
    assert!(cast.told(&cast.wu).await.contains("说明了不能参加"));
    let why = json!({"reason": "没有提前说"});
    cast.chen.post(&format!("{path}/excuse/refuse"), why.clone()).await.ok();
    assert!(cast.told(&cast.zhao).await.contains("可以申诉一次"));
    cast.zhao.post(&format!("{path}/appeal"), json!({"reason": "凌晨五点，来不及"})).await.ok();
    assert!(cast.told(&cast.secretary).await.contains("申诉"), "whoever may decide is told");
    cast.chen.post(&format!("{path}/appeal/accept"), why).await.refused(403, "absence.same_person");
    let accept = json!({"reason": "情况属实"});
    cast.wu.post(&format!("{path}/appeal/accept"), accept).await.ok();
    assert!(cast.told(&cast.zhao).await.contains("已认可，不计缺席"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_times_not_there_pauses_claiming_and_says_until_when() {
    let mut cast = Cast::gather().await;
    for day in 0..3 {
        let mut form = cast.task(day, (9, 11), 2);
        form["org_id"] = json!(cast.app.org_id(crate::helpers::WENHUA).await);
        form["title"] = json!("消防安全巡查");
        let task = id(&cast.chen.post("/tasks", form).await.ok());
        let claim = id(&cast.zhao.claims(&task).await.ok());
        cast.at(cast.app.saturday(10).plus(DAY * u32::try_from(day).unwrap())).await;
        cast.chen.does(&format!("/claims/{claim}/no-show")).await.ok();
    }
    let mut form = cast.task(5, (9, 11), 2);
    form["org_id"] = json!(cast.app.org_id(crate::helpers::WENHUA).await);
    form["title"] = json!("大扫除");
    let task = id(&cast.chen.post("/tasks", form).await.ok());
    cast.app.settle().await;
    no_seat(&cast, &task, "suspended_until").await;
    cast.li.claims(&task).await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_confirms_their_own_work_and_a_forgotten_check_out_is_flagged() {
    let mut cast = Cast::gather().await;
    let task = cast.planned(json!({})).await;
    let claim = id(&cast.li.claims(&task).await.ok());
    let missed = id(&cast.zhao.claims(&task).await.ok());
    cast.at(cast.app.saturday(9)).await;
    cast.checks_in(&cast.li, &task, &claim).await;
    cast.at(cast.app.saturday(20)).await;
    cast.chen.post(&format!("/tasks/{task}/report"), json!({"words": "巡查完成"})).await.ok();
    assert!(cast.told(&cast.wu).await.contains("请另一位同事确认"));
    let path = format!("/tasks/{task}/confirm");
    cast.chen.does(&path).await.refused(403, "confirm.own_work");
    cast.li.does(&path).await.refused(403, "auth.forbidden");
    cast.wu.does(&path).await.ok();
    assert!(cast.told(&cast.li).await.contains("核定 120 分钟"));
    let claim = cast.li.get(&format!("/claims/{claim}")).await.ok();
    assert_eq!((&claim["flagged"], &claim["minutes"]), (&json!(true), &json!(120)));
    assert_eq!(cast.zhao.get(&format!("/claims/{missed}")).await.ok()["state"], "no_show");
    assert_eq!(cast.zhao.get("/me/hours").await.ok()["total_minutes"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_that_is_refused_leaves_the_hours_and_tells_the_member() {
    let mut cast = Cast::gather().await;
    let request = cast.asked().await;
    let (task, claim) = cast.served(&request, 0).await;
    cast.wu.does(&format!("/tasks/{task}/confirm")).await.ok();
    let body = json!({"minutes": 30, "reason": "有人说他早走"});
    let correction = id(&cast.chen.post(&format!("/claims/{claim}/correct"), body).await.ok());
    assert!(cast.told(&cast.li).await.contains("有人提出更正"));
    assert!(cast.told(&cast.wu).await.contains("有一条时长更正"));
    let reason = json!({"reason": "王阿姨说他一直在"});
    cast.wu.post(&format!("/hours/{correction}/refuse"), reason).await.ok();
    assert!(cast.told(&cast.li).await.contains("不作更正"));
    assert_eq!(cast.li.get("/me/hours").await.ok()["total_minutes"], 120);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_story_waits_for_the_answer_for_those_shown_and_for_a_second_person() {
    let mut cast = Cast::gather().await;
    let request = cast.asked().await;
    let (task, _) = cast.served(&request, 0).await;
    let own = cast.chen.uploads(&photo()).await;
    let draft = json!({"title": "周六陪诊", "words": "党员陪老人复查，来回平安。", "photo_ids": [own],
        "shown": [cast.wang.id], "resident_consents": true});
    let path = format!("/tasks/{task}/story");
    let story = id(&cast.chen.post(&path, draft.clone()).await.ok());
    cast.chen.post(&path, draft).await.refused(409, "story.exists");
    let path = format!("/stories/{story}");
    cast.chen.does(&format!("{path}/submit")).await.ok();
    let approve = format!("{path}/approve");
    cast.chen.does(&approve).await.refused(403, "story.own_work");
    cast.secretary.does(&approve).await.refused(409, "story.waits");
    cast.wu.does(&format!("/tasks/{task}/confirm")).await.ok();
    let answer = format!("/requests/{request}/answer");
    cast.wang.post(&answer, json!({"verdict": "done"})).await.ok();

    // 王阿姨 is glad, and would rather not be shown.
    assert!(cast.told(&cast.wang).await.contains("里有您的照片或名字"));
    cast.wang.post(&format!("{path}/consent"), json!({"answer": "no"})).await.ok();
    assert!(cast.told(&cast.chen).await.contains("有人不同意出镜"));
    let waits = cast.secretary.does(&approve).await.refused(409, "story.waits");
    assert_eq!(waits["consents_refused"], 1);
    let reason = json!({"reason": "请去掉王阿姨的照片"});
    cast.secretary.post(&format!("{path}/reject"), reason).await.ok();
    assert!(cast.told(&cast.chen).await.ends_with("没有通过：请去掉王阿姨的照片"));
    cast.chen.put(&path, json!({"shown": [], "photo_ids": []})).await.ok();
    cast.chen.does(&format!("{path}/submit")).await.ok();
    cast.app.get(&format!("/s/{story}")).await;
    cast.secretary.does(&approve).await.ok();
    let page = cast.app.get(&format!("/api/v1{path}")).await.ok();
    assert_eq!((&page["minutes"], &page["photos"]), (&json!(120), &json!([])));
    cast.wu.does(&format!("{path}/withdraw")).await.ok();
    cast.app.get(&format!("/api/v1{path}")).await.refused(404, "not_found");
    assert_eq!(page["author"], Value::Null, "nobody is named");
}
