//! Messages to phones: who gets one, who does not, and what is left of a grant.

mod desk;
pub mod grants;
mod queue;
mod settled;
mod storm;

use std::time::Duration;

use ::entity::push::{Column, Entity, Model};
use linli::notify::{self, Matter, Notice, Subject};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Map, Value, json};

use uuid::Uuid;

use crate::helpers::{Expect, Person, TestApp, WENHUA, id};

pub const CHANGE: &str = "任务变更提醒";
pub const CANCEL: &str = "任务取消通知";

/// The id of a template of the stand-in, from the settings.
pub fn template(app: &TestApp, kind: &str) -> String {
    app.state.settings.wechat.templates[kind].id.clone()
}

/// Somebody says yes on their phone, and the page reports it.
pub async fn agrees(app: &TestApp, who: &Person, kind: &str, title: &str) {
    assert!(app.wechat.accept(&who.name, title));
    let results = Map::from_iter([(template(app, kind), json!("accept"))]);
    let report = json!({"results": Value::from(results)});
    assert_eq!(who.post("/subscriptions/report", report).await.status, 204);
}

/// Everything that was written down for phones, in order.
pub async fn pushes(app: &TestApp, kind: &str) -> Vec<Model> {
    let rows = Entity::find().filter(Column::Kind.eq(kind)).order_by_asc(Column::Id);
    rows.all(app.state.db.read()).await.unwrap()
}

/// A task with one who holds a seat, who has agreed to hear of its end.
pub async fn held(app: &TestApp, office: &Person, name: &str) -> (Person, String) {
    let member = app.member(name).await;
    let task = app.open_task(office, 2).await;
    id(&member.claims(&task).await.ok());
    agrees(app, &member, "task_cancel", CANCEL).await;
    (member, task)
}

pub async fn cancel(app: &TestApp, office: &Person, task: &str) {
    office.post(&format!("/tasks/{task}/cancel"), json!({"reason": "下雨"})).await.ok();
    app.settle().await;
}

/// Tells some people of something that begins in two days; `occasion` makes it one of a kind.
pub async fn tells_of(app: &TestApp, subject: Subject, occasion: &str, org: &str, people: &[Uuid]) {
    tell(app, subject, (occasion, Uuid::nil()), org, people).await;
}

/// The same about something with an id of its own, which the page of the message names.
pub async fn tells(app: &TestApp, subject: Subject, about: Uuid, people: &[Uuid]) {
    tell(app, subject, (&about.to_string(), about), WENHUA, people).await;
}

async fn tell(
    app: &TestApp,
    subject: Subject,
    (occasion, about): (&str, Uuid),
    org: &str,
    people: &[Uuid],
) {
    let notice = Notice {
        subject,
        matter: Matter::default(),
        occasion: occasion.to_owned(),
        org_id: app.org_id(org).await.parse().unwrap(),
        request_id: None,
        task_id: (!about.is_nil()).then_some(about),
        subject_id: about,
        begins_at: Some(app.state.clock.now().plus(Duration::from_secs(48 * 3600))),
    };
    let tx = app.state.db.write().await.unwrap();
    notify::tell(&tx, &app.state, &notice, people).await.unwrap();
    tx.commit().await.unwrap();
}
