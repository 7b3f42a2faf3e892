//! The month of a branch, from the rule to the approved record.

use linli::themeday::job;
use serde_json::{Value, json};

use crate::helpers::{Expect, photo};

use super::{Scene, inbox, kinds, on, the_25th};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_branch_plans_its_day_people_come_and_the_org_above_approves_the_record() {
    let mut scene = Scene::set().await;
    let rule = scene.rules(the_25th()).await;
    assert_eq!(rule["next"][0], json!({"month": "2026-11", "date": "2026-11-25"}));
    assert_eq!(
        rule["steps"].as_array().unwrap().len(),
        5,
        "唱歌曲、讲党课、学模范、过生日、齐行动"
    );
    let text = json!({"title": "学习材料", "text": "认真读一读第三章"});
    let chosen = json!([{"title": "讲党课", "fixed": true}, {"title": "走访独居老人"}]);
    let day = json!({"theme": "学身边榜样", "materials": [text], "steps": chosen,
        "bring": ["笔记本"]});
    let day = format!("/theme-days/{}", scene.plans(day).await);
    scene.app.settle().await;
    let shown = scene.members[0].get(&day).await.ok();
    assert_eq!(shown["starts_at"], "2026-11-25T15:00:00+08:00");
    assert_eq!((&shown["place"], &shown["desk"]), (&json!("三楼会议室"), &Value::Null));
    assert_eq!(shown["steps"][1], json!({"title": "走访独居老人", "fixed": false, "note": null}));

    let answers = format!("{day}/attendance");
    scene.members[0].post(&answers, json!({"answer": "yes"})).await.ok();
    let leave = json!({"answer": "leave", "reason": "值夜班"});
    scene.members[1].post(&answers, leave).await.ok();

    // The evening before: who comes is reminded, who has not answered is asked, who is on leave is left alone.
    let planned = scene.app.state.clock.now();
    scene.at(on("2026-11-24", 19, 0)).await;
    assert_eq!(scene.ring(&job::REMIND, planned).await, 3);
    assert_eq!(scene.ring(&job::REMIND, planned).await, 0, "once");
    insta::assert_snapshot!(
        "the_evening_before",
        [
            inbox(&scene.members[0]).await.join("\n"),
            inbox(&scene.members[1]).await.join("\n"),
            inbox(&scene.members[2]).await.join("\n"),
            inbox(&scene.secretary).await.join("\n"),
        ]
        .join("\n--\n")
    );

    // It moves by a day: one notice, and everybody is asked anew.
    let moved = json!({"starts_at": "2026-11-26T16:00:00+08:00"});
    let moved = scene.secretary.put(&day, moved).await.ok();
    assert_eq!(
        (&moved["ends_at"], &moved["rev"]),
        (&json!("2026-11-26T18:00:00+08:00"), &json!(2))
    );
    scene.secretary.put(&day, json!({"notes": "请提前十分钟到"})).await.ok();
    scene.app.settle().await;
    for member in &scene.members {
        let told = inbox(member).await;
        assert!(told[0].contains("时间改为11月26日（周四）16:00"), "{told:?}");
        assert_eq!(told.iter().filter(|line| line.starts_with("theme_day.changed")).count(), 1);
    }
    let desk = scene.secretary.get(&day).await.ok()["desk"].clone();
    assert_eq!((&desk["open"], &desk["leave"]), (&json!(3), &json!(0)));
    scene.at(on("2026-11-25", 19, 0)).await;
    let eve = on("2026-11-24", 19, 0);
    assert_eq!(scene.ring(&job::REMIND, eve).await, 4, "three members, one list");

    // The day: the code on the wall, and one without a phone.
    scene.at(on("2026-11-26", 16, 5)).await;
    let code = scene.secretary.get(&day).await.ok()["desk"]["check_in_code"].clone();
    let come = format!("{day}/check-in");
    let wrong = scene.members[0].post(&come, json!({"code": "NOTTHIS1"})).await;
    wrong.refused_field("code", "value");
    for _ in 0..2 {
        let came = scene.members[0].post(&come, json!({"code": code})).await.ok();
        assert_eq!(came["mine"]["came_at"], "2026-11-26T16:05:00+08:00");
    }
    let old = json!({"person_ids": [scene.members[0].id, scene.members[2].id]});
    scene.secretary.post(&come, old).await.ok();
    let roster = scene.secretary.get(&format!("{day}/roster")).await.ok();
    let came_by = |name: &str| {
        let lines = roster["items"].as_array().unwrap();
        lines.iter().find(|line| line["name"] == name).unwrap()["came_by"].clone()
    };
    let found = ["李建国", "赵敏", "孙立"].map(came_by);
    assert_eq!(found, [json!("code"), Value::Null, json!("staff")]);

    let picture = scene.secretary.uploads(&photo()).await;
    let record = json!({"words": "学了三位榜样，走访两户老人。", "photo_ids": [picture]});
    let record = scene.secretary.post(&format!("{day}/record"), record).await.ok();
    assert_eq!((&record["record"]["expected"], &record["record"]["came"]), (&json!(3), &json!(2)));
    assert_eq!(record["record"]["on_time"], true);
    assert_eq!(
        record["has"],
        json!({"plan": true, "theme": true, "arrangement": true, "record": true})
    );
    scene.app.settle().await;
    assert_eq!(kinds(&scene.above).await, ["theme_day.recorded"]);

    let review = format!("{day}/review");
    let level = scene.secretary.post(&review, json!({"verdict": "approve"})).await;
    level.refused(403, "theme_day.from_above");
    let silent = scene.above.post(&review, json!({"verdict": "return"})).await;
    silent.refused_field("reason", "required");
    let back = json!({"verdict": "return", "reason": "请补上讲党课的内容"});
    scene.above.post(&review, back).await.ok();
    scene.app.settle().await;
    let told = inbox(&scene.secretary).await;
    assert!(told[0].starts_with("theme_day.returned") && told[0].contains("请补上讲党课的内容"));
    let again = json!({"words": "书记讲了第三章；学了三位榜样，走访两户老人。"});
    scene.secretary.post(&format!("{day}/record"), again).await.ok();
    let done = scene.above.post(&review, json!({"verdict": "approve"})).await.ok();
    assert_eq!((&done["state"], &done["state_text"]), (&json!("approved"), &json!("已通过")));
    scene.app.settle().await;
    assert_eq!(kinds(&scene.secretary).await[0], "theme_day.approved");
    let said = scene.members[0].post(&answers, json!({"answer": "no"})).await;
    said.refused(409, "state.conflict");

    let rates = format!("/orgs/{}/theme-days/rates?since=2026-11", scene.branch);
    let rates = scene.above.get(&rates).await.ok()["total"].clone();
    assert_eq!((&rates["due"], &rates["on_time_rate"]), (&json!(1), &json!(100.0)));
    assert_eq!(rates["attendance_rate"], 66.7);
    let circular = format!("/orgs/{}/theme-days/circular", scene.branch);
    let text = scene.above.get(&circular).await.ok();
    insta::assert_snapshot!("a_circular", format!("{}\n{}", text["title"], text["text"]));
}
