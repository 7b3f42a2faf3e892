//! 撤回授权: what somebody takes back in WeChat goes, and everything else stays where it is.

use std::collections::BTreeMap;

use ::entity::file;
use linli::identity::consents::{Purpose, holds};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::{called, event, told};
use crate::helpers::{Expect, Person, TestApp, WENHUA, id, photo};

const PHONE: &str = "13987654321";

/// 柳青青, who has given away all that WeChat can take back.
struct Open {
    app: TestApp,
    her: Person,
    request: String,
    task: String,
}

impl Open {
    async fn hearted() -> Self {
        let app = TestApp::spawn().await;
        let her = app.resident("柳青青").await;
        her.post("/me/phone", json!({"code": format!("dev:{PHONE}")})).await.ok();
        for purpose in ["location", "photo"] {
            let agrees = json!({"purpose": purpose, "version": "2026-11"});
            her.post("/me/consents", agrees).await.ok();
        }
        let org = app.org_id(WENHUA).await;
        let place = json!({"name": "桃溪小区", "lat": 27.70123, "lng": 106.93871, "address": "桃溪路 8 号"});
        let photo = her.uploads(&photo()).await;
        let ask = json!({"org_id": org, "category": "维修", "title": "灯坏了", "detail": "三单元的灯不亮",
            "place": place, "photo_ids": [photo]});
        let request = id(&her.post("/requests", ask).await.ok());
        her.put("/me/request-draft", json!({"org_id": org, "detail": "还有门铃", "place": place}))
            .await
            .ok();
        let office = app.office().await;
        let form = json!({"slots": 1, "starts_at": app.saturday(9), "ends_at": app.saturday(10), "publish": true});
        let task = id(&office.post(&format!("/requests/{request}/dispatch"), form).await.ok());
        app.settle().await;
        Self { app, her, request, task }
    }

    async fn takes_back(&self, numbers: &str) {
        let openid = self.app.wechat.openid("柳青青");
        let fields = json!({"RevokeInfo": numbers, "PluginID": "", "OpenPID": ""});
        told(&self.app, &event("user_authorization_revoke", &format!(" {openid}"), fields)).await;
    }

    /// What is there of hers, by kind.
    async fn has(&self) -> BTreeMap<&'static str, Value> {
        let (app, her) = (&self.app, &self.her);
        let db = app.state.db.read();
        let me = her.get("/me").await.ok();
        let request = her.get(&format!("/requests/{}", self.request)).await.ok();
        let draft = her.get("/me/request-draft").await.ok();
        let task = app.office().await.get(&format!("/tasks/{}", self.task)).await.ok();
        let kept = file::Entity::find().filter(file::Column::PersonId.eq(her.id));
        let kept = kept.filter(file::Column::DiscardedAt.is_null()).count(db).await.unwrap();
        let consent = async |purpose| holds(db, her.id, purpose).await.unwrap();
        BTreeMap::from([
            ("name", json!(me["name"] == "柳青青")),
            ("phone", me["phone"].clone()),
            ("point", request["place"]["lat"].clone()),
            ("point of the task", task["place"]["lat"].clone()),
            ("point of the draft", draft["draft"]["place"]["lat"].clone()),
            ("looking where she is", json!(consent(Purpose::Location).await)),
            ("photos", json!([kept, request["photos"].as_array().map(Vec::len)])),
            ("being shown", json!(consent(Purpose::Photo).await)),
            ("address", request["place"]["address"].clone()),
            ("words", json!([request["detail"], draft["draft"]["detail"], request["state"]])),
        ])
    }

    /// Takes back, and tells what is different then.
    async fn loses(&self, numbers: &str) -> Vec<&'static str> {
        let before = self.has().await;
        self.takes_back(numbers).await;
        let after = self.has().await;
        before.keys().copied().filter(|key| before[key] != after[key]).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exactly_what_is_named_goes() {
    let open = Open::hearted().await;
    let all = open.has().await;
    for (what, there) in &all {
        assert!(!there.is_null() && *there != json!(false), "{what} was never there: {all:?}");
    }
    assert_eq!(open.loses("16, 99, x").await, [""; 0], "a mail address was never asked for");
    assert_eq!(open.loses("8").await, ["phone"]);
    assert_eq!(
        open.loses("13").await,
        ["looking where she is", "point", "point of the draft", "point of the task"]
    );
    assert_eq!(open.loses("14").await, ["photos"]);
    assert_eq!(open.loses("6").await, ["name"]);
    let verdict = linli::audit::verify(open.app.state.db.read()).await.unwrap();
    assert!(matches!(verdict, linli::audit::Verdict::Sound { .. }), "{verdict:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_go_at_once_and_nothing_of_them_is_left_in_kept_answers() {
    let open = Open::hearted().await;
    let lost = open.loses("6,8,13,14,19,20").await;
    let stays = ["address", "being shown", "words"];
    assert_eq!(lost.len() + stays.len(), open.has().await.len(), "{lost:?}");
    assert!(stays.iter().all(|what| !lost.contains(what)), "{lost:?}");
    let held = crate::privacy::everything(&open.app).await;
    for canary in [PHONE, "27.70123", "柳青青"] {
        let line = held.lines().find(|line| line.contains(canary));
        assert!(line.is_none(), "{canary} is left in {line:?}");
    }
    open.her.post("/me/phone", json!({"code": format!("dev:{PHONE}")})).await.ok();
    let me = open.her.get("/me").await.ok();
    assert_eq!(me["phone"], "139****4321", "it may be given again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_takes_nothing_back_and_nobody_elses() {
    let open = Open::hearted().await;
    let zhao = open.app.resident("赵敏").await;
    for openid in ["oNobody", "", &open.app.wechat.openid("王阿姨")] {
        let fields = json!({"RevokeInfo": "6,8,13,14"});
        told(&open.app, &event("user_authorization_revoke", openid, fields)).await;
        told(&open.app, &event("user_authorization_cancellation", openid, json!({}))).await;
    }
    assert_eq!(called(&zhao).await, "赵敏");
    assert_eq!(called(&open.her).await, "柳青青");
    let zhao_openid = open.app.wechat.openid("赵敏");
    told(&open.app, &event("user_info_modified", &zhao_openid, json!({}))).await;
    assert_ne!(called(&zhao).await, "赵敏");
    assert_eq!(called(&open.her).await, "柳青青");
}
