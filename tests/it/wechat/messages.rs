//! Subscribe messages: what arrives, what is refused, and what is never sent twice.

use std::time::Duration;

use fake_wechat::Fault;
use linli::{
    kernel::Rng,
    platform::wechat::{Class, Data, Message, WechatError},
};

use super::World;
use crate::helpers::servers::OwnRedis;

const SEND: &str = "/cgi-bin/message/subscribe/send";
const REMINDER: &str = "活动开始提醒";

impl World {
    async fn template(&self, title: &str) -> String {
        let list = self.replicas[0].templates().await.expect("the templates");
        list.into_iter().find(|one| one.title == title).expect("a template of that title").id
    }

    async fn sends(&self, openid: &str, template_id: &str, data: &Data) -> Result<(), WechatError> {
        let page = Some("pages/task/task?id=1");
        let message = Message { openid, template_id, page, data };
        self.replicas[0].send_subscribe(&message).await.map(drop)
    }
}

fn reminder(title: &str) -> Data {
    let data = Data::default().with("thing1", title).and_then(|data| data.with("time2", "11:00"));
    let data = data.and_then(|data| data.with("thing3", "社区三楼"));
    data.and_then(|data| data.with("thing4", "请带手套")).expect("good fields")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_grant_is_one_message() {
    let world = World::with(1, None);
    let (openid, template) = (world.opens("王阿姨").await, world.template(REMINDER).await);
    assert!(world.wechat.accept("王阿姨", REMINDER));
    world.sends(&openid, &template, &reminder(&"楼道大扫除".repeat(5))).await.unwrap();
    let lines = &world.wechat.messages_of("王阿姨")[0].lines;
    assert_eq!(lines[0].1, "楼道大扫除楼道大扫除楼道大扫除楼道大扫…");
    let error = world.sends(&openid, &template, &reminder("又一次")).await.unwrap_err();
    assert_eq!(error.class(), Class::Refused);
    assert!(!error.is_unknown());
    assert_eq!(world.count(SEND), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_gets_lost_leaves_one_message_and_no_second_try() {
    let world = World::with(1, None);
    let (openid, template) = (world.opens("王阿姨").await, world.template(REMINDER).await);
    world.wechat.accept("王阿姨", REMINDER);
    world.wechat.accept("王阿姨", REMINDER);
    world.wechat.fault(SEND, 1, Fault::Drop);
    let error = world.sends(&openid, &template, &reminder("楼道大扫除")).await.unwrap_err();
    assert!(error.is_unknown(), "{error}");
    assert_eq!(world.wechat.messages_of("王阿姨").len(), 1, "it had arrived all the same");
    assert_eq!(world.wechat.balance("王阿姨", REMINDER), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_banned_template_rests_and_the_others_go_on() {
    let world = World::with(1, None);
    let openid = world.opens("王阿姨").await;
    let (reminds, changes) = (world.template(REMINDER).await, world.template("任务取消通知").await);
    world.wechat.accept("王阿姨", REMINDER);
    world.wechat.accept("王阿姨", "任务取消通知");
    world.wechat.ban(REMINDER, true);
    for _ in 0..3 {
        let error = world.sends(&openid, &reminds, &reminder("大扫除")).await.unwrap_err();
        assert_eq!(error.class(), Class::Template);
    }
    assert_eq!(world.count(SEND), 1, "WeChat was asked once");
    let change = Data::default().with("thing1", "大扫除").and_then(|d| d.with("thing2", "下雨"));
    let change = change.and_then(|d| d.with("time3", "2026年11月25日 09:00")).unwrap();
    world.sends(&openid, &changes, &change).await.unwrap();

    world.wechat.ban(REMINDER, false);
    world.advance(Duration::from_secs(60));
    world.sends(&openid, &reminds, &reminder("大扫除")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_up_day_stops_every_replica_until_midnight_in_shanghai() {
    let redis = OwnRedis::start();
    let world = World::with(2, Some(&redis.url()));
    let (openid, template) = (world.opens("王阿姨").await, world.template(REMINDER).await);
    for _ in 0..3 {
        world.wechat.accept("王阿姨", REMINDER);
    }
    world.wechat.fault(SEND, 1, Fault::Errcode(45009));
    let error = world.sends(&openid, &template, &reminder("大扫除")).await.unwrap_err();
    assert_eq!(error.class(), Class::Quota);
    let data = reminder("大扫除");
    let message = Message { openid: &openid, template_id: &template, page: None, data: &data };
    for replica in &world.replicas {
        let error = replica.send_subscribe(&message).await.unwrap_err();
        assert!(matches!(error, WechatError::Held(Class::Quota)), "{error}");
    }
    assert_eq!(world.count(SEND), 1);
    let verdict = world.replicas[1].templates().await;
    assert!(verdict.is_ok(), "another kind of call goes on");
    world.advance(Duration::from_secs(24 * 3600));
    for replica in &world.replicas {
        replica.send_subscribe(&message).await.unwrap();
    }
}

/// The stand-in keeps WeChat's rules for values in code of its own: whatever ours lets through it must take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_our_rules_let_through_wechat_takes() {
    const PIECES: &[&str] = &[
        "大扫除",
        "已安排",
        "a",
        "Z",
        "09:00",
        "2026年11月25日",
        "2026-11-25",
        " ",
        "~",
        "\n",
        "…",
        "1",
        "25",
        ".",
        "😀",
        "，",
        "T",
        "-",
        "/",
        "3.50",
        "九〇",
        "é",
        "\u{2028}",
        "𠮷",
    ];
    const TEMPLATES: [(&str, &[&str]); 5] = [
        ("服务进度提醒", &["thing1", "phrase2", "time3", "thing4"]),
        ("生日祝福提醒", &["thing1", "date2", "thing3"]),
        ("待办事项提醒", &["thing1", "time2", "number3"]),
        ("政务服务进度通知", &["thing1", "enum2", "time3", "character_string4"]),
        ("主题党日提醒", &["thing1", "time2", "thing3", "thing4"]),
    ];
    let good = |key: &str| match key.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "phrase" => "已经安排",
        "time" => "2026年11月25日 09:00",
        "date" => "2026年11月25日",
        "number" => "3",
        "enum" => "已受理",
        "character_string" => "LL1",
        _ => "大扫除",
    };
    let (world, chance) = (World::with(1, None), Rng::from_seed(20));
    let openid = world.opens("王阿姨").await;
    let mut taken = 0;
    for _ in 0..1500 {
        let (title, keys) = TEMPLATES[usize::try_from(chance.below(5)).unwrap()];
        let odd = usize::try_from(chance.below(keys.len() as u64)).unwrap();
        let piece = |_| PIECES[usize::try_from(chance.below(PIECES.len() as u64)).unwrap()];
        let text: String = (0..=chance.below(6)).map(piece).collect();
        let fill = |data: Data, (n, key): (usize, &&str)| {
            data.with(key, if n == odd { &text } else { good(key) })
        };
        let Ok(data) = keys.iter().enumerate().try_fold(Data::default(), fill) else { continue };
        let template = world.template(title).await;
        world.wechat.accept("王阿姨", title);
        match world.sends(&openid, &template, &data).await {
            Ok(()) => taken += 1,
            // The list of a field says which words there are; ours keeps to it before anything is sent.
            Err(WechatError::Value { field, .. }) => assert_eq!(field, "enum2"),
            Err(error) => panic!("{title} {} = {text:?}: {error}", keys[odd]),
        }
    }
    assert!(taken > 300, "{taken}");
}
