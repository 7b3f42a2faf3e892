//! Messages as WeChat takes them on and refuses them.

use std::time::Duration;

use actix_web::rt;

use crate::{
    Fault,
    prompts::Asked,
    testing::{self, call, controls, logged_in, token},
};

use super::*;

const SEND: &str = "/cgi-bin/message/subscribe/send";

fn message(openid: &str) -> Value {
    json!({
        "touser": openid,
        "template_id": crate::template("主题党日提醒").unwrap(),
        "page": "pages/themeday/index?id=1",
        "miniprogram_state": "formal",
        "lang": "zh_CN",
        "data": {
            "thing1": { "value": "学习" },
            "time2": { "value": "2026年11月25日 14:30" },
            "thing3": { "value": "社区三楼" },
            "thing4": { "value": "请带学习资料" },
        },
    })
}

#[actix_web::test]
async fn nobody_is_sent_what_they_did_not_accept() {
    let controls = controls();
    let openid = logged_in(&controls, "张三").await;
    assert_eq!(call(&controls, SEND, message(&openid)).await["errcode"], 43101);
    controls.accept("张三", "主题党日提醒");
    let sent = call(&controls, SEND, message(&openid)).await;
    assert_eq!(sent["errcode"], 0);
    assert!(sent["msgid"].as_u64().unwrap() > 1 << 53);
    assert_eq!(call(&controls, SEND, message(&openid)).await["errcode"], 43101);

    let lies = controls.messages();
    assert_eq!(lies.len(), 1);
    assert_eq!((lies[0].title, lies[0].lines[2].1.as_str()), ("主题党日提醒", "社区三楼"));
    assert_eq!(lies[0].lines[0].0, "主题");
}

#[actix_web::test]
async fn what_is_wrong_with_a_message_is_named_and_costs_no_acceptance() {
    let controls = controls();
    let openid = logged_in(&controls, "张三").await;
    controls.accept("张三", "主题党日提醒");
    let with = |at: &str, value: Value| {
        let mut message = message(&openid);
        *message.pointer_mut(at).unwrap() = value;
        message
    };
    for (wrong, code) in [
        (with("/touser", "oNobody".into()), 40003),
        (with("/template_id", "no such".into()), 40037),
        (with("/page", "/pages/themeday/index".into()), 41030),
        (with("/page", "nowhere".into()), 41030),
        (with("/miniprogram_state", "release".into()), 40097),
        (with("/data/time2/value", "2026-11-25T14:30:00+08:00".into()), 47003),
        (with("/data/thing3/value", "".into()), 47003),
        (with("/data", json!({ "thing1": { "value": "学习" } })), 47003),
    ] {
        assert_eq!(call(&controls, SEND, wrong.clone()).await["errcode"], code, "{wrong}");
    }
    let named = call(&controls, SEND, with("/data/thing4/value", "一\n二".into())).await;
    let words = named["errmsg"].as_str().unwrap();
    assert!(words.starts_with("argument invalid! data.thing4.value invalid rid: "), "{words}");

    let bare = testing::post(&controls, SEND, message(&openid)).await;
    assert_eq!(bare.json["errcode"], 41001);
    controls.ban("主题党日提醒", true);
    assert_eq!(call(&controls, SEND, message(&openid)).await["errcode"], 43107);
    controls.ban("主题党日提醒", false);
    assert_eq!(call(&controls, SEND, message(&openid)).await["errcode"], 0);
}

#[actix_web::test]
async fn a_message_on_its_way_keeps_the_next_to_the_same_person_out() {
    let controls = controls();
    let openid = logged_in(&controls, "张三").await;
    controls.accept("张三", "主题党日提醒");
    controls.accept("张三", "主题党日提醒");
    let uri = format!("{SEND}?access_token={}", token(&controls).await);
    controls.sends_take(Duration::from_millis(200));
    let first = rt::spawn({
        let (controls, uri, message) = (controls.clone(), uri.clone(), message(&openid));
        async move { testing::post(&controls, &uri, message).await.json }
    });
    testing::until("the first is on its way", || !controls.messages().is_empty()).await;
    assert_eq!(testing::post(&controls, &uri, message(&openid)).await.json["errcode"], 43108);
    assert_eq!(first.await.unwrap()["errcode"], 0);
    assert_eq!(testing::post(&controls, &uri, message(&openid)).await.json["errcode"], 0);
}

#[actix_web::test]
async fn a_lost_call_leaves_no_message_and_a_refused_one_no_debt() {
    let controls = controls();
    let openid = logged_in(&controls, "张三").await;
    controls.accept("张三", "主题党日提醒");
    controls.fault(SEND, 1, Fault::Errcode(-1));
    assert_eq!(call(&controls, SEND, message(&openid)).await["errcode"], -1);
    controls.fault(SEND, 1, Fault::Lose);
    call(&controls, SEND, message(&openid)).await;
    assert_eq!(controls.messages().len(), 0);
    controls.fault(SEND, 1, Fault::Drop);
    call(&controls, SEND, message(&openid)).await;
    assert_eq!(controls.messages().len(), 1);
    assert_eq!(controls.balance("张三", "主题党日提醒"), 0);
}

#[actix_web::test]
async fn a_prompt_asks_once_and_remembers_what_was_said_for_good() {
    let controls = controls();
    let (theme, task) = ("主题党日提醒", "任务变更提醒");
    let Ok(Asked::Waits(id)) = controls.prompt("张三", &[theme, task]) else { panic!() };
    assert_eq!(controls.prompts()[0].templates.len(), 2);
    let verdicts = controls.tap(id, &[theme], true).unwrap();
    assert_eq!(verdicts[&crate::template(theme).unwrap()], "accept");
    assert_eq!(verdicts[&crate::template(task).unwrap()], "reject");
    assert!(controls.tap(id, &[theme], false).is_none(), "it is gone");

    let Ok(Asked::Settled(again)) = controls.prompt("张三", &[theme]) else { panic!() };
    assert_eq!(again[&crate::template(theme).unwrap()], "accept");
    assert_eq!(controls.balance("张三", theme), 2, "each silent yes counts");
    controls.refuse("张三", theme);
    assert_eq!(controls.balance("张三", theme), 0);

    let refused = |names: &[&str]| controls.prompt("李四", names).unwrap_err();
    assert_eq!(refused(&[]), 10001);
    assert_eq!(refused(&["没有的"]), 20001);
    assert_eq!(refused(&[theme, "政务服务进度通知"]), 20002);
    assert_eq!(refused(&[theme; 6]), 20003);
    controls.switch("李四", false);
    assert_eq!(refused(&[theme]), 20004);
}

#[actix_web::test]
async fn wechat_tells_of_prompts_refusals_and_what_became_of_messages() {
    let controls = controls();
    let openid = logged_in(&controls, "张三").await;
    controls.accept("张三", "主题党日提醒");
    let lost = Fate { error_code: 1003, error_status: "system failed".into(), after_seconds: 60 };
    controls.fates([lost]);
    let sent = call(&controls, SEND, message(&openid)).await;
    controls.refuse("张三", "主题党日提醒");
    let names = || -> Vec<_> {
        controls.told().iter().map(|told| told["Event"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(), ["subscribe_msg_popup_event", "subscribe_msg_change_event"]);
    controls.advance(Duration::from_secs(60));
    assert_eq!(names().len(), 3);
    let told = &controls.told()[1];
    assert_eq!(
        (&told["Event"], &told["List"]["MsgID"], &told["List"]["ErrorCode"]),
        (&json!("subscribe_msg_sent_event"), &sent["msgid"], &json!(1003))
    );
    assert_eq!(controls.messages_of("张三").len(), 0, "it never got there");
}
