//! The story, whole: 孙叔叔 asks for 王阿姨; she says "partly"; a second Sunday; and the page everybody can read.

use serde_json::{Value, json};

use super::Cast;
use crate::{
    helpers::{Expect, Person, WENHUA, id, photo},
    ledger::rules,
};

/// 文化社区's desk: what it takes to help old people, and which switches are on.
async fn prepares(cast: &Cast) {
    let care = json!({"name": "助老", "two_people": true, "adult_with_minors": true,
        "insurance_note": "社区已投志愿者意外险"});
    let path = format!("/orgs/{}/categories", cast.app.org_id(WENHUA).await);
    cast.chen.post(&path, care).await.ok();
    cast.settings(json!({"points_enabled": true, "ranking_enabled": true, "ranking_min_group": 2}))
        .await;
    rules(&cast.app, json!([{"kind": "base", "trigger": "service_hour", "amount": 2}])).await;
    for member in [&cast.li, &cast.zhao] {
        member.put("/me", json!({"ranked": true})).await.ok();
    }
}

/// 点单: 孙叔叔 asks, with a photo and 王阿姨's word; 小陈 asks back and from then on owns it.
async fn asks(cast: &Cast) -> String {
    let Cast { sun, wang, chen, zhao, .. } = cast;
    let mut form = cast.ask().await;
    form["on_behalf_of"] = json!({"name": "王阿姨", "phone": super::WANG, "consent": "当面同意"});
    form["photo_ids"] = json!([sun.uploads(&photo()).await]);
    let request = id(&sun.post("/requests", form).await.ok());
    let path = format!("/requests/{request}");
    assert_eq!(wang.get(&path).await.ok()["beneficiary"]["name"], "王阿姨");
    zhao.get(&path).await.refused(404, "not_found");

    chen.post(&format!("{path}/ask"), json!({"question": "几点到医院？"})).await.ok();
    assert_eq!(cast.told(wang).await, "关于「陪同去医院复查」：几点到医院？");
    sun.put(&path, json!({"detail": "周六九点半到市医院，下楼要人搀扶"})).await.ok();
    let seen = wang.get(&path).await.ok();
    assert_eq!(
        (&seen["state"], &seen["owner"]["name"]),
        (&json!("submitted"), &json!("文化社区小陈"))
    );
    request
}

/// 派单: nobody goes alone to somebody's home.
async fn dispatches(cast: &Cast, request: &str) -> String {
    let path = format!("/requests/{request}/dispatch");
    let alone = cast.task(0, (9, 11), 1);
    cast.chen.post(&path, alone).await.refused_field("slots", "range");
    let mut unled = cast.task(0, (9, 11), 2);
    unled["lead_id"] = Value::Null;
    cast.chen.post(&path, unled).await.refused_field("lead_id", "required");
    let task = cast.dispatched(request).await;
    cast.app.settle().await;
    let card = cast.zhao.get("/tasks?scope=open").await.ok()["items"][0].clone();
    assert_eq!((id(&card), &card["can_claim"]), (task.clone(), &json!(true)));
    let safety = json!({"two_people": true, "adult_with_minors": true, "insurance_note": "社区已投志愿者意外险"});
    assert_eq!(card["safety"], safety);
    assert_eq!(card["place"], json!({"name": "文化社区", "lat": 27.701, "lng": 106.939}));
    assert!(!card.to_string().contains("文化路"), "the address waits for the claim");
    task
}

/// 接单: 陈志强 was quicker, then cannot come; the seat is kept for 赵敏, who waited.
async fn claim(cast: &Cast, task: &str) -> (String, String) {
    let Cast { li, zhao, zhiqiang, .. } = cast;
    let li_claim = id(&li.claims(task).await.ok());
    let his = id(&zhiqiang.claims(task).await.ok());
    zhao.claims(task).await.refused(409, "task_full");
    zhao.post(&format!("/tasks/{task}/waitlist"), json!({})).await.ok();
    zhiqiang.releases(&his).await;
    assert!(cast.told(zhao).await.contains("有一个名额留给您"));
    let path = format!("/tasks/{task}");
    let offer = id(&zhao.get(&path).await.ok()["my_offer"]);
    zhiqiang.claims(task).await.refused(409, "task_full");
    zhao.does(&format!("/offers/{offer}/accept")).await.ok();
    let page = zhao.get(&path).await.ok();
    assert_eq!(page["contact"], json!({"name": "王阿姨", "phone": super::WANG}));
    assert_eq!(page["address"], "文化路 8 号 3 单元 502");
    assert_eq!(page["request_photos"].as_array().unwrap().len(), 1);
    assert_eq!(page["check_in_code"], Value::Null, "the code is shown at the place");
    (li_claim, page["claim_id"].as_str().unwrap().to_owned())
}

/// They come, leave at the end, and 李建国 reports with a photo; 小吴, who had no part in it, confirms.
async fn serve(cast: &mut Cast, task: &str, days: i64, came: [(&str, (u32, u32)); 2], end: u32) {
    let day = linli::kernel::Day::of(cast.app.saturday(9)).plus(days);
    let [(li_claim, first), (zhao_claim, second)] = came;
    cast.at(day.time(first.0, first.1)).await;
    cast.checks_in(&cast.li, task, li_claim).await;
    cast.at(day.time(second.0, second.1)).await;
    cast.checks_in(&cast.zhao, task, zhao_claim).await;
    cast.at(day.time(end, 0)).await;
    cast.li.does(&format!("/claims/{li_claim}/check-out")).await.ok();
    cast.zhao.does(&format!("/claims/{zhao_claim}/check-out")).await.ok();
    let report =
        json!({"words": "陪同复查并送回家中", "photo_ids": [cast.li.uploads(&photo()).await]});
    cast.li.post(&format!("/tasks/{task}/report"), report).await.ok();
    cast.wu.does(&format!("/tasks/{task}/confirm")).await.ok();
    let page = cast.zhao.get(&format!("/tasks/{task}")).await.ok();
    assert_eq!(page["address"], Value::Null, "after the confirmation the address is gone again");
    cast.app.settle().await;
}

async fn answers(cast: &Cast, request: &str, verdict: Value) -> Value {
    let path = format!("/requests/{request}/answer");
    let answer = cast.wang.post(&path, verdict).await.ok();
    cast.app.settle().await;
    answer["request"]["state"].clone()
}

/// 赵敏's phone was slow on Saturday: 小陈 asks for the quarter of an hour, 小吴 approves.
async fn corrects(cast: &Cast, claim: &str) {
    let body = json!({"minutes": 105, "reason": "人到了，手机没信号，晚签到一刻钟"});
    let correction = id(&cast.chen.post(&format!("/claims/{claim}/correct"), body).await.ok());
    let path = format!("/hours/{correction}/approve");
    cast.chen.does(&path).await.refused(403, "second_person");
    cast.wu.does(&path).await.ok();
    cast.app.settle().await;
}

/// 晒单: drafted from the ledger by 李建国, agreed to by those shown, approved by 李书记.
async fn shows(cast: &Cast, task: &str) -> String {
    let Cast { app, li, zhao, wang, secretary, .. } = cast;
    let photos = li.get(&format!("/tasks/{task}")).await.ok()["report_photos"].clone();
    let draft = json!({"photo_ids": [id(&photos[0])], "shown": [zhao.id, wang.id], "resident_consents": true});
    let draft = li.post(&format!("/tasks/{task}/story"), draft).await.ok();
    let facts = "11月29日下午，2 名志愿者在文化社区完成了「陪同去医院复查」，服务时长合计 2 小时。\n\n居民评价：5 星。";
    assert_eq!(draft["words"], facts);
    let path = format!("/stories/{}", id(&draft));
    li.does(&format!("{path}/submit")).await.ok();
    app.settle().await;
    li.does(&format!("{path}/approve")).await.refused(403, "auth.forbidden");
    secretary.does(&format!("{path}/approve")).await.refused(409, "story.waits");
    for shown in [zhao, wang] {
        shown.post(&format!("{path}/consent"), json!({"answer": "yes"})).await.ok();
    }
    app.settle().await;
    secretary.does(&format!("{path}/approve")).await.ok();
    app.settle().await;
    id(&draft)
}

/// What everybody can read, and what the members see of themselves.
async fn everybody_sees(cast: &Cast, story: &str) {
    let feed = cast.app.get("/api/v1/stories").await.ok();
    let first = &feed["items"][0];
    assert_eq!(
        (id(first), &first["people"], &first["minutes"]),
        (story.into(), &json!(2), &json!(120))
    );
    let page = cast.app.get(&format!("/s/{story}")).await;
    assert!(page.status == 200 && page.text.contains("居民评价：5 星"), "{page:?}");
    for name in ["王阿姨", "赵敏", "李建国", "文化路"] {
        assert!(!page.text.contains(name), "{name} is nobody's business");
    }
    let path = format!("/rankings?org_id={}&period=2026-11", cast.app.org_id(WENHUA).await);
    let ranking = cast.zhao.get(&path).await.ok();
    let line =
        |n: usize| (ranking["items"][n]["name"].clone(), ranking["items"][n]["amount"].clone());
    assert_eq!([line(0), line(1)], [(json!("李建国"), json!(180)), (json!("赵敏"), json!(165))]);
    let total = async |who: &Person, of: &str| who.get(of).await.ok();
    assert_eq!(total(&cast.zhao, "/me/hours").await["total_minutes"], 165);
    assert_eq!(total(&cast.li, "/me/points").await["total"], 6, "two an hour");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_neighbour_asks_for_another_and_in_the_end_everybody_can_read_what_became_of_it() {
    let mut cast = Cast::gather().await;
    prepares(&cast).await;

    let request = asks(&cast).await;
    let first = dispatches(&cast, &request).await;
    let (li_claim, zhao_claim) = claim(&cast, &first).await;
    serve(&mut cast, &first, 0, [(&li_claim, (9, 0)), (&zhao_claim, (9, 30))], 11).await;

    let partly = json!({"verdict": "partly", "stars": 3, "words": "药还没取"});
    assert_eq!(answers(&cast, &request, partly).await, "reopened");
    let again = cast.task(1, (14, 15), 2);
    let again = cast.chen.post(&format!("/requests/{request}/dispatch"), again).await.ok();
    let second = id(&again);
    let li_claim = id(&cast.li.claims(&second).await.ok());
    let zhao_second = id(&cast.zhao.claims(&second).await.ok());
    serve(&mut cast, &second, 1, [(&li_claim, (14, 0)), (&zhao_second, (14, 0))], 15).await;
    let done = json!({"verdict": "done", "stars": 5, "words": "多亏你们"});
    assert_eq!(answers(&cast, &request, done).await, "closed");

    corrects(&cast, &zhao_claim).await;
    let story = shows(&cast, &second).await;
    everybody_sees(&cast, &story).await;
    one_timeline_tells_it(&cast, &request).await;
    everybody_heard(&cast).await;
}

/// One timeline for the whole, as 王阿姨 reads it.
async fn one_timeline_tells_it(cast: &Cast, request: &str) {
    let timeline = cast.wang.get(&format!("/requests/{request}/timeline")).await.ok();
    let items = timeline["items"].as_array().unwrap().iter();
    let told: Vec<_> = items.map(|item| item["kind"].as_str().unwrap()).collect();
    let asked = ["request.submitted", "request.asked", "request.amended"];
    let planned = ["request.dispatched", "task.opened", "claim.granted", "claim.granted"];
    let handed_on = ["claim.released", "claim.granted"];
    let served = [
        "claim.checked_in",
        "claim.checked_in",
        "claim.checked_out",
        "claim.checked_out",
        "task.reported",
        "request.fulfilled",
        "task.confirmed",
        "claim.confirmed",
        "claim.confirmed",
    ];
    let whole = [
        &asked[..],
        &planned,
        &handed_on,
        &served,
        &["request.reopened"],
        &planned,
        &served,
        &["request.closed", "story.published"],
    ];
    assert_eq!(told, whole.concat());
}

/// What each was told, and nothing else.
async fn everybody_heard(cast: &Cast) {
    let comes = "有人接单了";
    let reads: [(&Person, &[&str]); 8] = [
        (
            &cast.sun,
            &[
                "社区想多了解一点",
                "已经安排了",
                comes,
                comes,
                comes,
                "请您评价",
                "还没办好，重新办理",
                "已经安排了",
                comes,
                comes,
                "请您评价",
                "需求办结了",
                "您的需求有了晒单",
            ],
        ),
        (
            &cast.wang,
            &[
                "有人替您点了单",
                "社区想多了解一点",
                "已经安排了",
                comes,
                comes,
                comes,
                "请您评价",
                "已经安排了",
                comes,
                comes,
                "请您评价",
                "晒单里有您，请确认",
                "您的需求有了晒单",
            ],
        ),
        (
            &cast.chen,
            &[
                "有新的需求",
                "需求有补充",
                "有任务等待确认",
                "居民说还没办好",
                "有任务等待确认",
                "居民说办好了",
                "服务时长已更正",
                "有晒单等待审核",
            ],
        ),
        (
            &cast.wu,
            &[
                "有新的需求",
                "有任务等待确认",
                "有任务等待确认",
                "有时长更正等待审批",
                "有晒单等待审核",
            ],
        ),
        (
            &cast.li,
            &[
                "社区请您带队",
                "有人退出了任务",
                "服务时长已核定",
                "社区请您带队",
                "服务时长已核定",
                "晒单已发布",
            ],
        ),
        (
            &cast.zhao,
            &[
                "有名额留给您",
                "服务时长已核定",
                "服务时长已核定",
                "有人提出更正您的时长",
                "服务时长已更正",
                "晒单里有您，请确认",
                "晒单已发布",
            ],
        ),
        (&cast.zhiqiang, &[]),
        (&cast.secretary, &["有晒单等待审核"]),
    ];
    for (who, titles) in reads {
        assert_eq!(cast.inbox(who).await, titles, "{}", who.name);
    }
}
