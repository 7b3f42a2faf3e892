//! What WeChat tells of a message after it took it on, and what it tells where its answer was lost.

use std::time::Duration;

use ::entity::push::{Model, PushState};
use fake_wechat::Fault;
use linli::notify::{Subject, push::deliver};
use serde_json::json;
use uuid::Uuid;

use super::{CHANGE, agrees, grants::balance_of, pushes, tells, template};
use crate::{
    helpers::{Person, TestApp},
    pushed::{event, told},
};

const SEND: &str = "/cgi-bin/message/subscribe/send";

async fn hears(app: &TestApp, who: &Person, message_id: &str, code: i64) {
    let openid = app.wechat.openid(&who.name);
    let list = json!({"TemplateId": template(app, "task_change"), "MsgID": message_id,
        "ErrorCode": code.to_string(), "ErrorStatus": "said"});
    let fields = json!({"FromUserName": openid, "List": list});
    told(app, &event("subscribe_msg_sent_event", "", fields)).await;
}

/// Messages to one person, each of which meets that fault.
async fn sent(app: &TestApp, count: u128, fault: Option<Fault>) -> Person {
    let li = app.member("李建国").await;
    for n in 1..=count {
        agrees(app, &li, "task_change", CHANGE).await;
        tells(app, Subject::TaskChanged, Uuid::from_u128(n), &[li.id]).await;
        if let Some(fault) = fault {
            app.wechat.fault(SEND, 1, fault);
        }
        app.settle().await;
    }
    li
}

async fn all(app: &TestApp) -> Vec<Model> {
    pushes(app, "task.changed").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_is_found_again_where_only_one_message_can_be_meant() {
    let app = TestApp::spawn().await;
    let li = sent(&app, 1, Some(Fault::Drop)).await;
    assert_eq!(all(&app).await[0].state, PushState::Unknown);
    app.advance(Duration::from_secs(30));
    hears(&app, &li, "7001", 0).await;
    let row = &all(&app).await[0];
    assert_eq!((row.state, row.msg_id.as_deref()), (PushState::Sent, Some("7001")));
    hears(&app, &li, "7002", 9).await;
    assert_eq!(all(&app).await[0].state, PushState::Sent, "that is about another message");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_lost_answers_nobody_guesses_and_nor_after_an_hour() {
    let app = TestApp::spawn().await;
    let li = sent(&app, 2, Some(Fault::Drop)).await;
    hears(&app, &li, "7001", 0).await;
    let states = async || all(&app).await.iter().map(|row| row.state).collect::<Vec<_>>();
    assert_eq!(states().await, [PushState::Unknown; 2]);

    let late = TestApp::spawn().await;
    let li = sent(&late, 1, Some(Fault::Drop)).await;
    late.advance(Duration::from_secs(2 * 3600 + 1));
    hears(&late, &li, "7001", 0).await;
    assert_eq!(all(&late).await[0].state, PushState::Unknown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_word_may_come_before_what_it_is_about_is_written_down() {
    let app = TestApp::spawn().await;
    let li = app.member("李建国").await;
    agrees(&app, &li, "task_change", CHANGE).await;
    tells(&app, Subject::TaskChanged, Uuid::from_u128(1), &[li.id]).await;
    let openid = app.wechat.openid(&li.name);
    let list = json!({"TemplateId": template(&app, "task_change"), "MsgID": 7001, "ErrorCode": 0});
    let fields = json!({"FromUserName": openid, "List": list});
    app.wechat.fault(SEND, 1, Fault::Drop);
    // It is heard of first, and sent in the same round.
    told(&app, &event("subscribe_msg_sent_event", "", fields)).await;
    let row = &all(&app).await[0];
    assert_eq!((row.state, row.msg_id.as_deref()), (PushState::Sent, Some("7001")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_fails_later_was_not_sent_and_its_grant_is_gone() {
    for (code, state) in [(9, PushState::Dead), (43101, PushState::Refused)] {
        let app = TestApp::spawn().await;
        let li = sent(&app, 1, None).await;
        let number = all(&app).await[0].msg_id.clone().expect("WeChat's number");
        hears(&app, &li, &number, 0).await;
        assert_eq!(all(&app).await[0].state, PushState::Sent, "it arrived: nothing new");
        hears(&app, &li, &format!("{number}1"), code).await;
        assert_eq!(all(&app).await[0].state, PushState::Sent, "another's number");
        let other = TestApp::spawn().await;
        let li = sent(&other, 1, None).await;
        let number = all(&other).await[0].msg_id.clone().expect("WeChat's number");
        hears(&other, &li, &number, code).await;
        let row = &all(&other).await[0];
        assert_eq!((row.state, row.last_class.clone()), (state, Some(format!("failed_{code}"))));
        assert_eq!(balance_of(&other, &li, "task_change").await, 0, "WeChat took one");
        deliver(&other.state).await.unwrap();
        assert_eq!(other.wechat.messages().len(), 1, "it is not sent again by itself");
    }
}
